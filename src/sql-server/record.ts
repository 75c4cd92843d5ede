import type { Outcome } from '../core/outcome.ts';
import type { FinishedNotice } from '../ports/deliveries.ts';
import { table } from './values.ts';
import type { Cell, TypedValue } from './values.ts';

const LONGEST_DETAIL = 1_000;

/** The calls that ended, in their order. */
export function finishedList(finished: readonly FinishedNotice[]): TypedValue {
  return table(
    'finished_list_1',
    {
      seq: 'number',
      attempt_no: 'number',
      outcome: 'text',
      code: 'text',
      detail: 'text',
      message_id: 'text',
      length: 'number',
      suspend_chat: 'flag',
      not_before_utc: 'instant',
    },
    finished.map((one, index) => [
      index,
      one.attemptNo,
      ...outcomeCells(one.outcome),
      one.length,
      one.suspendChat,
      one.notBefore ?? (one.outcome.outcome === 'retry' ? one.outcome.notBefore : null),
    ]),
  );
}

/** The rows that were claimed and not in the message. */
export function releasedList(finished: readonly FinishedNotice[]): TypedValue {
  const rows = finished.flatMap((one) => [...new Set(one.released)].map((row) => [one.attemptNo, row] as const));
  const unique = new Map(rows.map((row) => [row.join('/'), row]));
  return table('released_list_1', { attempt_no: 'number', delivery_no: 'number' }, [...unique.values()]);
}

/** outcome, code, detail, message id. */
function outcomeCells(outcome: Outcome): readonly Cell[] {
  if (outcome.outcome === 'delivered') return [outcome.outcome, null, null, outcome.messageId];
  return [outcome.outcome, outcome.code, outcome.detail.slice(0, LONGEST_DETAIL), null];
}
