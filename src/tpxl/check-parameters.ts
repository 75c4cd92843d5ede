import type { SqlParameter } from './sql-parameters.ts';
import { fault, remark } from './text-problem.ts';
import type { TextProblem } from './text-problem.ts';
import type { Wizard } from './wizard.ts';

/** Tillypad gives it to every script, without a step. */
const BUILT_IN = 'taskid';

/** What the script reads must be given by the wizard, and be read where a parameter surely is one. */
export function checkSqlParameters(used: readonly SqlParameter[], wizard: Wizard | null): readonly TextProblem[] {
  const needed = new Set(wizard?.neededParams.map((name) => name.toLowerCase()));
  const problems: TextProblem[] = [];
  const unknown = new Set<string>();
  for (const { name, at, within } of used) {
    const known = needed.has(name.toLowerCase()) || name.toLowerCase() === BUILT_IN;
    if (within === 'quoted' && known) problems.push(fault('parameter_quoted', at, { parameter: name }));
    else if (within !== 'code' && known) problems.push(remark('parameter_in_text', at, { parameter: name }));
    else if (within === 'code' && !known && !unknown.has(name.toLowerCase())) {
      unknown.add(name.toLowerCase());
      problems.push(fault('parameter_unknown', at, { parameter: name }));
    }
  }
  const names = [...needed];
  for (const name of names) {
    const longer = names.find((other) => other !== name && other.startsWith(name));
    const first = used.find((one) => one.name.toLowerCase() === name);
    if (longer !== undefined && first !== undefined) problems.push(remark('parameter_prefix', first.at, { parameter: name, longer }));
  }
  return problems;
}
