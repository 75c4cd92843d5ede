import type { Finding, TaskSettings } from '../../core/settings.ts';
import type { TaskId } from '../../core/glossary.ts';
import { chooseValues, type Chosen, type EffectiveValue } from './effective.ts';
import { giveValue, type Given, type Layer } from './given.ts';
import type { TaskParameters } from './parameters.ts';
import type { Surroundings } from './places.ts';
import { problemAt, sourceText, type SettingsProblem } from './problem.ts';
import { checkSms, checkSmsKey, findSmsAdvice } from './sms-checks.ts';
import { buildTask } from './task.ts';

export interface ResolvedTask {
  /** Null where problems forbid it. */
  readonly task: TaskSettings | null;
  readonly problems: readonly SettingsProblem[];
  /** Secrets and files that could not be read, where that is let pass. */
  readonly unread: readonly SettingsProblem[];
  readonly effective: readonly EffectiveValue[];
}

export interface TaskLayers {
  /** Flags, then the environment, then the task's own part of the file: what wins over task parameters. */
  readonly above: readonly Layer[];
  /** The rest of the file. */
  readonly below: Layer;
  readonly parameters: TaskParameters | null;
  readonly surroundings: Surroundings;
  readonly requireToken: boolean;
}

/** Settles one task: flags > environment > its part of the file > its parameters > the rest of the file > defaults. */
export function resolveTask(taskId: TaskId, layers: TaskLayers): ResolvedTask {
  const { layer, problems: wrong, findings: told } = takeParameters(taskId, layers);
  const chosen = chooseValues([...layers.above, layer, layers.below], { taskId, surroundings: layers.surroundings });
  const hard = [
    ...wrong,
    ...checkRate(chosen),
    ...checkSms(chosen.settled),
    ...(layers.requireToken ? [...chosen.problems, ...checkToken(taskId, chosen), ...checkSmsKey(taskId, chosen)] : []),
  ];
  const findings = [...told, ...chosen.findings, ...findAdvice(taskId, chosen)];
  return {
    task: hard.length > 0 || chosen.refused ? null : buildTask(taskId, chosen.settled, findings),
    problems: hard,
    unread: layers.requireToken ? [] : chosen.problems,
    effective: chosen.effective,
  };
}

/** Parameters that are shadowed are named, not judged: whoever overrides a broken one has mended it. */
function takeParameters(
  taskId: TaskId,
  { above, parameters }: TaskLayers,
): { readonly layer: Layer; readonly problems: readonly SettingsProblem[]; readonly findings: readonly Finding[] } {
  const layer = new Map<string, Given>();
  const problems: SettingsProblem[] = [];
  const findings: Finding[] = (parameters?.unknown ?? []).map((parameter) => ({
    code: 'parameter_unknown',
    args: { task: taskId, parameter },
  }));
  if (parameters?.damaged === true) problems.push({ path: null, taskId, source: null, code: 'parameters_damaged', args: {} });
  for (const { field, parameter, written } of parameters?.taken ?? []) {
    const winner = above.map((one) => one.get(field.path)).find((given) => given !== undefined);
    if (winner !== undefined)
      findings.push({ code: 'parameter_shadowed', args: { task: taskId, parameter, path: field.path, source: sourceText(winner.source) } });
    else {
      const answer = giveValue(field, written, { from: 'parameter', taskId, parameter });
      layer.set(field.path, answer.given);
      problems.push(...answer.problems);
    }
  }
  return { layer, problems, findings };
}

/** Telegram's own limits, not ours: above them it answers 429 and stops everybody. An own server may have others. */
function checkRate({ settled }: Chosen): readonly SettingsProblem[] {
  const rate = settled.get('telegram.rate');
  const limit = settled.get('telegram.broadcast')?.value === 'paid' ? 1000 : 30;
  const root = settled.get('telegram.apiRoot')?.value;
  if (rate === undefined || typeof root !== 'string' || new URL(root).hostname !== 'api.telegram.org') return [];
  const value = rate.value as number;
  return value > 0 && value <= limit ? [] : [problemAt('telegram.rate', rate.source, { code: 'rate_above_limit', args: { value, limit } })];
}

function checkToken(taskId: TaskId, { settled, effective }: Chosen): readonly SettingsProblem[] {
  // A token that was refused is absent from both, and told already.
  const isUnset = !settled.has('telegram.token') && effective.some(({ path }) => path === 'telegram.token');
  return isUnset ? [{ path: 'telegram.token', taskId, source: null, code: 'token_missing', args: {} }] : [];
}

function findAdvice(taskId: TaskId, { settled }: Chosen): readonly Finding[] {
  const lengthOf = (path: string): number | undefined => (settled.get(path)?.value as readonly unknown[] | undefined)?.length;
  return [
    ...(lengthOf('filters.accountTypes') === 0 ? [{ code: 'all_account_types', args: { task: taskId } }] : []),
    ...(lengthOf('filters.customerGroups') === 0 ? [{ code: 'all_customer_groups', args: { task: taskId } }] : []),
    ...(settled.get('mode')?.value === 'test' ? [{ code: 'test_mode', args: { task: taskId, customers: lengthOf('allow') ?? 0 } }] : []),
    ...findSmsAdvice(taskId, settled),
  ];
}
