import { fault, remark } from './text-problem.ts';
import type { TextProblem } from './text-problem.ts';

/** The tables whose changes start a task. One was seen in each text; several, divided by `;`, are a guess. */
export function readEvents(text: string): { readonly tables: readonly string[]; readonly problems: readonly TextProblem[] } {
  const problems: TextProblem[] = [];
  const tables: string[] = [];
  let at = 0;
  for (const table of text.split(';')) {
    if (/^tp_[A-Za-z]\w*$/i.test(table)) tables.push(table);
    else if (table !== '' || at === 0) problems.push(fault('event_table', at, { found: table.slice(0, 40) }));
    at += table.length + 1;
  }
  if (tables.length > 1) problems.push(remark('event_several', 0, { tables: tables.join(', ') }));
  return { tables, problems };
}
