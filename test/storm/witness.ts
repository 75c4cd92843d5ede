import { hourIn, wallAt } from '../../src/core/wall-time.ts';
import { readPayload } from '../../src/core/start-payload.ts';
import type { AcceptedSms } from '../../src/simulators/sms/record.ts';
import type { DeliveredMessage } from '../../src/simulators/telegram/record.ts';
import type { Ground, Known } from './ground.ts';

/** Segments; an invitation takes two, so each cap is met within a few of them. */
export const CAPS = { run: 4, day: 6, month: 8, customer: 2 };

type Tell = (sentence: string) => void;

/** A message in the very moment when it stands in a chat. */
export function judgeMessage(ground: Ground, { chatId, text, call }: DeliveredMessage): void {
  const tell: Tell = (sentence) => void ground.broken.add(sentence);
  const told = [...text.matchAll(/#(op-\d+)# ([^\n]*)/gu)].flatMap(([, mark = '', amount = '']) => {
    const operation = ground.byMark.get(mark);
    return operation === undefined ? [] : [{ operation, sum: readSum(amount) }];
  });
  const isMarked = /повтор/i.test(text);
  for (const { operation } of told) countCopy(ground, operation, isMarked);
  // A call of a run that died earlier: what has happened since doesn't bind it.
  if (call <= ground.before.telegram) return;
  if (ground.paused) tell(`a chat was written to while all was paused: ${text.slice(0, 40)}`);
  if (ground.running.every(({ how }) => how === 'mark_only')) tell(`a run that only marks wrote to a chat: ${text.slice(0, 40)}`);
  const person = ground.people.findIndex((one) => one.chatId === chatId);
  for (const { operation, sum } of told) {
    judgeTold(operation, tell);
    if (!ground.bonds.mayTell(operation.customer, person))
      tell(`${operation.mark} was told to chat ${person}, which is not its customer’s (any more)`);
    if (sum !== operation.sum) tell(`${operation.mark} was told with ${sum}, and it stands at ${operation.sum}`);
    if (operation.edited) ground.counts.edited += 1;
  }
}

function countCopy({ counts, broken }: Ground, operation: Known, isMarked: boolean): void {
  operation[isMarked ? 'marked' : 'plain'] += 1;
  counts.told += 1;
  counts.repeats += Number(isMarked);
  if (operation.plain > 1) broken.add(`${operation.mark} was told ${operation.plain} times without a mark`);
  const allowed = 1 + operation.verdicts.filter((verdict) => verdict === 'again').length;
  if (operation.marked > allowed) broken.add(`${operation.mark} was repeated ${operation.marked} times, ${allowed} allowed`);
}

function judgeTold(operation: Known, tell: Tell): void {
  const { mark, verdicts } = operation;
  const last = verdicts.at(-1);
  if (operation.removed) tell(`${mark} was told after it had been removed`);
  if (operation.seen) tell(`${mark} was told though it was marked as seen`);
  if (last === 'delivered' || last === 'refused') tell(`${mark} was told after a person had said ${last}`);
  if (!operation.meant) tell(`${mark} was told though no task’s filters ever let it through`);
  if (!operation.admitted) tell(`${mark} was told though its type was chosen after it`);
}

/** `+250 ₽`, `−120 ₽`. */
function readSum(amount: string): number {
  return Number(amount.replace(/[−–-]/u, '-').replaceAll(/[^\d-]/gu, ''));
}

/** An SMS in the very moment when the operator takes it: by its own count of segments. */
export function judgeSms(ground: Ground, { number, text, segments, no }: AcceptedSms): void {
  const { world, bonds, customers, operator, outages, counts, running } = ground;
  const tell: Tell = (sentence) => void ground.broken.add(sentence);
  const customer = Number(number.at(-1));
  const server = world.serverNow();
  const day = wallAt(server, world.zone).slice(0, 10);
  counts.invited += 1;
  const spent = ground.spent;
  const sums = {
    run: spend(spent, 'run', segments),
    day: spend(spent, `day ${day}`, segments),
    month: spend(spent, `month ${day.slice(0, 7)}`, segments),
    customer: spend(spent, `customer ${number}`, segments),
  };
  for (const [cap, sum] of Object.entries(sums) as [keyof typeof CAPS, number][]) {
    // Two runs at once are one after the other, each with a cap of its own.
    if (sum > CAPS[cap] * (cap === 'run' ? running.length : 1))
      tell(`customer ${customer} was invited over the cap of a ${cap}: ${sum} segments`);
  }
  counts.cappedRun += Number(sums.run === CAPS.run);
  counts.cappedDay += Number(sums.day === CAPS.day);
  counts.cappedMonth += Number(sums.month === CAPS.month);
  counts.cappedCustomer += Number(sums.customer === CAPS.customer);
  const payload = readPayload(/start=([\w-]+)/.exec(text)?.[1] ?? '');
  if (payload.kind !== 'signed' || payload.customerId !== customers[customer]) tell(`customer ${customer} got another one’s link`);
  const sameNumber = operator.accepted.filter((one) => one.number === number && one.no !== no).length;
  if (sameNumber > 0) tell(`customer ${customer} was invited twice`);
  const begun = operator.calls.findLast(({ phone }) => phone === number)?.number ?? 0;
  if (begun <= ground.before.operator) return;
  const hour = hourIn(server, world.zone);
  const at = world.clock.trueNow();
  if (hour < 9 || hour >= 23) tell(`customer ${customer} was invited at ${hour} o’clock`);
  if (bonds.isKnown(customer)) tell(`customer ${customer} was invited though their chat is known`);
  if (hasNote(ground, customer)) tell(`customer ${customer} was invited though a note names their chat`);
  if (outages.some(({ from, to }) => at > from && at < to)) tell(`customer ${customer} was invited while Telegram was down`);
  if (ground.paused) tell(`customer ${customer} was invited while all was paused`);
  if (!ground.invites) tell(`customer ${customer} was invited though invitations are off`);
  if (running.every(({ how }) => how === 'mark_only')) tell(`customer ${customer} was invited by a run that only marks`);
}

function spend(spent: Map<string, number>, key: string, segments: number): number {
  const sum = (spent.get(key) ?? 0) + segments;
  spent.set(key, sum);
  return sum;
}

function hasNote({ world, customers }: Ground, customer: number): boolean {
  const note = world.database.prepare('select note_Value as text from tp_Notes where note_obj_ID = ?').get(customers[customer] ?? '');
  return typeof note?.['text'] === 'string' && note['text'] !== '';
}
