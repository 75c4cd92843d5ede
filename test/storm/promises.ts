import { wallAt } from '../../src/core/wall-time.ts';
import type { Action } from './action.ts';
import type { Ground } from './ground.ts';
import { DAY_CAP } from './play.ts';

interface Row {
  readonly state: string;
  readonly reason: string | null;
  readonly repeat: number;
  readonly attemptNo: number | null;
  readonly resolved: string | null;
}

interface Copies {
  readonly plain: number;
  readonly marked: number;
}

/** Everything that was promised, held against the ledger and, above all, against Telegram's own record. */
export function findBroken(ground: Ground, actions: readonly Action[]): string[] {
  const rows = readRows(ground);
  const told = countTold(ground);
  const broken: string[] = [];
  const tell = (sentence: string): void => void broken.push(sentence);
  for (const operation of ground.operations) {
    const row = rows.get(operation.id);
    const copies = told.get(operation.mark) ?? { plain: 0, marked: 0 };
    checkLost(operation, row, tell);
    if (row !== undefined) checkOutcome(operation.mark, { row, copies, again: actions.filter((one) => one.do === 'resolve').length }, tell);
    if (copies.plain > 1) tell(`${operation.mark} was told ${copies.plain} times without a mark`);
    if (mustBeTold(ground, { operation, row, actions }) && copies.plain + copies.marked === 0)
      tell(`${operation.mark} was never told though its guest was there all the time: ${JSON.stringify(row)}`);
  }
  checkCalm(actions, { told, rows }, tell);
  checkDoubts(ground, actions, tell);
  checkPrivacy(ground, tell);
  checkSilence(ground, actions, tell);
  checkMoney(ground, tell);
  if (ground.world.clock.stalls > 0) tell('time moved on while work was under way: the storm itself is unsound');
  return broken;
}

/** By the operator's own record: caps, one invitation a guest, nobody who is known, not at night, not because Telegram was down. */
function checkMoney({ operator, misinvited, world }: Ground, tell: Tell): void {
  for (const sentence of misinvited) tell(sentence);
  const days = new Map<string, number>();
  for (const { at, segments } of operator.accepted) {
    const day = wallAt(at, 'Europe/Moscow').slice(0, 10);
    days.set(day, (days.get(day) ?? 0) + segments);
  }
  for (const [day, segments] of days) if (segments > DAY_CAP) tell(`${segments} segments on ${day}, cap ${DAY_CAP}`);
  const sending = Number(world.database.prepare("select count(*) as n from invitation where state = 'sending'").get()?.['n']);
  if (sending > 0) tell(`${sending} invitations are sending for good`);
}

type Tell = (sentence: string) => void;

function checkLost(operation: Ground['operations'][number], row: Row | undefined, tell: Tell): void {
  if (row === undefined && !operation.removed) tell(`${operation.mark} has no row in the ledger: lost`);
  if (row?.state === 'planned' || row?.state === 'sending') tell(`${operation.mark} is ${row.state} for good`);
}

function checkOutcome(mark: string, at: { readonly row: Row; readonly copies: Copies; readonly again: number }, tell: Tell): void {
  const { row, copies, again } = at;
  const sum = copies.plain + copies.marked;
  if (row.state === 'delivered' && row.resolved === null && sum === 0) tell(`${mark} is delivered, and nobody has it`);
  if (row.state === 'skipped' && row.attemptNo === null && sum > 0) tell(`${mark} is skipped (${row.reason}), and somebody was told`);
  if (copies.marked > 1 + again) tell(`${mark} was repeated ${copies.marked} times`);
  if (copies.plain > 0 && copies.marked > 0 && row.repeat === 0) tell(`${mark} was told twice, and the ledger doesn’t know it`);
  if (row.state === 'in_doubt' && row.repeat === 0) tell(`${mark} stays in doubt though it may still be repeated`);
}

/** A guest who was there before the operation and whom nothing touched since; and nobody marked, resolved or removed anything by hand. */
function mustBeTold(
  ground: Ground,
  {
    operation,
    row,
    actions,
  }: { readonly operation: Ground['operations'][number]; readonly row: Row | undefined; readonly actions: readonly Action[] },
): boolean {
  const byHand = actions.some((one) => one.do === 'resolve' || (one.do === 'run' && one.how === 'mark_only'));
  const bond = ground.bonds[operation.customer];
  const shaken = operation.expectedSince === null || bond?.steady === null || bond?.shakes !== operation.expectedSince;
  // Told twice into the void, it is shown and waits for a person.
  const shown = row?.state === 'in_doubt' && row.repeat === 1;
  return !shaken && !shown && !operation.removed && !byHand && row?.reason !== 'removed';
}

/** Where nothing went wrong, nothing is repeated and nothing is in doubt. */
function checkCalm(
  actions: readonly Action[],
  at: { readonly told: ReadonlyMap<string, Copies>; readonly rows: ReadonlyMap<string, Row> },
  tell: Tell,
): void {
  if (actions.some(isMishap)) return;
  for (const [mark, { marked }] of at.told) if (marked > 0) tell(`${mark} was repeated though nothing had gone wrong`);
  for (const row of at.rows.values()) if (row.state === 'in_doubt' || row.repeat === 1) tell('a doubt without a mishap');
}

function isMishap(action: Action): boolean {
  if (action.do === 'run' || action.do === 'race') return action.kill !== null;
  return action.do === 'fault' || action.do === 'outage';
}

/** Each mishap leaves at most one batch in doubt. */
function checkDoubts({ world }: Ground, actions: readonly Action[], tell: Tell): void {
  const doubts = Number(world.database.prepare("select count(*) as n from attempt where outcome = 'in_doubt'").get()?.['n']);
  const most = actions.filter(isMishap).length * 3;
  if (doubts > most) tell(`${doubts} calls in doubt after at most ${most} that a mishap could reach`);
}

function checkPrivacy(ground: Ground, tell: Tell): void {
  const marks = new Map(ground.operations.map((operation) => [operation.mark, operation.customer]));
  for (const { chatId, text, at } of ground.world.telegram.messages) {
    const person = ground.people.findIndex((one) => one.chatId === chatId);
    const notices = marksIn(text);
    for (const mark of notices) {
      const bond = ground.bonds[marks.get(mark) ?? -1];
      if (bond?.people.has(person) !== true) tell(`${mark} was told to a chat that never had its customer's link`);
    }
    const since = ground.silent.get(person);
    if (notices.length > 0 && since !== undefined && at > since)
      tell(`chat ${person} was told of ${notices.join()} after its stop was learnt of`);
  }
}

/**
 * After a 429 nobody calls until it is over. Left out: storms in which a host's clock was set forward, a lie that nobody can see through; and a 429
 * whose only witness died before it could tell.
 */
function checkSilence({ world, killed }: Ground, actions: readonly Action[], tell: Tell): void {
  if (actions.some((action) => action.do === 'jump')) return;
  const waits = actions.flatMap((action) => (action.do === 'limit' ? [action.retryAfter] : []));
  const limited = world.telegram.calls.filter((call) => call.fault === 'storm429');
  for (const [index, { at }] of limited.entries()) {
    const until = at + (waits[index] ?? 0) * 1000;
    // What was on its way when the answer came had begun before.
    if (killed.some(({ from, to }) => at >= from && at <= to)) continue;
    const early = world.telegram.calls.filter((call) => call.at > at + GRACE_MS && call.at < until);
    if (early.length > 0) tell(`${early.length} calls in the ${waits[index]} s that Telegram had asked to wait`);
  }
}
const GRACE_MS = 2_500;

function readRows({ world }: Ground): ReadonlyMap<string, Row> {
  const rows = world.database
    .prepare('select operation_id as id, state, reason, repeat, attempt_no as attemptNo, resolved from delivery')
    .all();
  return new Map(rows.map((row) => [String(row['id']), row as unknown as Row]));
}

function countTold({ world }: Ground): ReadonlyMap<string, Copies> {
  const told = new Map<string, { plain: number; marked: number }>();
  for (const { text } of world.telegram.messages) {
    const isMarked = /повтор/i.test(text);
    for (const mark of marksIn(text)) {
      const copies = told.get(mark) ?? { plain: 0, marked: 0 };
      copies[isMarked ? 'marked' : 'plain'] += 1;
      told.set(mark, copies);
    }
  }
  return told;
}

function marksIn(text: string): string[] {
  return [...text.matchAll(/#(op-\d+)#/gu)].map(([, mark = '']) => mark);
}
