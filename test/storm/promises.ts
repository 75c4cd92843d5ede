import { isMishap, TASKS } from './action.ts';
import type { Action } from './action.ts';
import { ask } from './ground.ts';
import type { Ground, Known } from './ground.ts';

interface Row {
  readonly state: string;
  readonly reason: string | null;
  readonly repeat: number;
  readonly attemptNo: number | null;
  readonly resolved: string | null;
}

type Tell = (sentence: string) => void;

/** What only the end can show, against the ledger and, above all, against Telegram's own record. */
export function judgeEnd(ground: Ground, actions: readonly Action[]): void {
  const { operations, broken, world, counts, bonds } = ground;
  const rows = readRows(ground);
  const tell: Tell = (sentence) => void broken.add(sentence);
  for (const operation of operations) {
    const row = rows.get(operation.id);
    judgeLost(operation, row, tell);
    if (row !== undefined) judgeOutcome(operation, row, tell);
    if (mustBeTold(ground, operation, row)) {
      counts.due += 1;
      if (operation.plain + operation.marked === 0)
        tell(`${operation.mark} was never told though its guest was there all the time: ${JSON.stringify(row)}`);
    }
    counts.seen += Number(operation.seen);
    counts.keptOut += Number(operation.plain + operation.marked === 0 && (operation.removed || operation.seen || row?.reason === 'marked'));
  }
  if (!actions.some(isMishap)) judgeCalm(operations, rows, tell);
  counts.calm += Number(!actions.some(isMishap));
  counts.operations += operations.length;
  counts.ended += bonds.ended();
  const sending = ask(ground, "select 1 as found from invitation where state = 'sending'").length;
  if (sending > 0) tell(`${sending} invitations are sending for good`);
  if (world.clock.stalls > 0) tell('time moved on while work was under way: the storm itself is unsound');
}

/** Before anybody asks for the past: what was chosen when it was made is in the ledger, whatever had stopped it on the way. */
export function judgeAdmitted(ground: Ground): void {
  const rows = readRows(ground);
  for (const operation of ground.operations) {
    if (operation.removed || !TASKS.some((task) => task === operation.type && ground.admission.surelyAdmits(operation, task))) continue;
    ground.counts.admitted += 1;
    if (!rows.has(operation.id)) ground.broken.add(`${operation.mark} has no row though its type was chosen when it was made: lost`);
  }
}

function judgeLost(operation: Known, row: Row | undefined, tell: Tell): void {
  if (row === undefined && !operation.removed) tell(`${operation.mark} has no row in the ledger: lost`);
  if (row?.state === 'planned' || row?.state === 'sending') tell(`${operation.mark} is ${row.state} for good`);
}

function judgeOutcome({ mark, plain, marked, removed, mayBeSeen }: Known, row: Row, tell: Tell): void {
  const sum = plain + marked;
  if (row.state === 'delivered' && row.resolved === null && sum === 0) tell(`${mark} is delivered, and nobody has it`);
  if (row.state === 'skipped' && row.attemptNo === null && sum > 0) tell(`${mark} is skipped (${row.reason}), and somebody was told`);
  if (plain > 0 && marked > 0 && row.repeat === 0) tell(`${mark} was told twice, and the ledger doesn’t know it`);
  if (row.state === 'in_doubt' && row.repeat === 0) tell(`${mark} stays in doubt though it may still be repeated`);
  if (row.reason === 'removed' && !removed) tell(`${mark} is skipped as removed, and nobody removed it: never told`);
  if (row.reason === 'marked' && !mayBeSeen) tell(`${mark} is marked as seen, and nobody marked anything since it was made: never told`);
}

/** Its guest was there when it was made and nothing came between; nobody removed it, marked it as seen or settled it by hand. */
function mustBeTold({ bonds }: Ground, operation: Known, row: Row | undefined): boolean {
  const { steadiness, customer, removed, verdicts } = operation;
  const last = verdicts.at(-1);
  // Told twice into the void, it is shown and waits for a person.
  const isShown = row?.state === 'in_doubt' && row.repeat === 1;
  return (
    steadiness !== null &&
    bonds.steadiness(customer) === steadiness &&
    !removed &&
    !isShown &&
    row?.reason !== 'marked' &&
    last !== 'delivered' &&
    last !== 'refused'
  );
}

/** Where nothing went wrong, nothing is repeated and nothing is in doubt. */
function judgeCalm(operations: readonly Known[], rows: ReadonlyMap<string, Row>, tell: Tell): void {
  for (const { mark, marked } of operations) if (marked > 0) tell(`${mark} was repeated though nothing had gone wrong`);
  for (const row of rows.values()) if (row.state === 'in_doubt' || row.repeat === 1) tell('a doubt without a mishap');
}

function readRows(ground: Ground): ReadonlyMap<string, Row> {
  const rows = ask(ground, 'select operation_id as id, state, reason, repeat, attempt_no as attemptNo, resolved from delivery');
  return new Map(rows.map((row) => [String(row['id']), row as unknown as Row]));
}
