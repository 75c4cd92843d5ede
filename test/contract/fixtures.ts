import { expect, onTestFinished } from 'vitest';
import type { RefusalCode } from '../../src/core/outcome.ts';
import type { Filters } from '../../src/core/settings.ts';
import type { AdvanceAnswer, AdvanceRequest, ClaimedNotice, FinishedNotice } from '../../src/ports/deliveries.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { OpenedRun, Runner, TaskPast } from '../../src/ports/opening.ts';
import type { PlanChunk, PlanQuery, WatermarkMove } from '../../src/ports/plan.ts';
import type { Engine, LedgerOptions, Site } from './engine.ts';

export const BOT = '7000000001';
export const TASK = 'main';
const FINGERPRINT = 'fingerprint';
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

let numbers = 0;

/** A name that was never used before: run ids, claim ids. */
function fresh(kind: string): string {
  numbers += 1;
  return `${kind}-${numbers}`;
}

/** A site that is gone when the test ends. */
export async function makeSite(engine: Engine): Promise<Site> {
  const site = await engine.makeSite();
  onTestFinished(async () => site.close());
  return site;
}

/** A ledger that is closed when the test ends. */
export async function openLedger(site: Site, options?: LedgerOptions): Promise<Ledger> {
  const ledger = await site.openLedger(options);
  onTestFinished(async () => ledger.close());
  return ledger;
}

export function runner(change: Partial<Runner> = {}): Runner {
  return {
    runId: fresh('run'),
    botId: BOT,
    host: 'till-1',
    pid: 4711,
    keyFingerprint: FINGERPRINT,
    remembered: null,
    startedBy: 'since_last',
    ...change,
  };
}

export async function startRun(ledger: Ledger, change: Partial<Runner> = {}, tasks: readonly string[] = [TASK]): Promise<OpenedRun> {
  const answer = await ledger.openRun(runner(change), tasks);
  if (answer.answer !== 'opened') throw new Error(`not opened: ${JSON.stringify(answer)}`);
  return answer;
}

/** A ledger with a run under the lock. */
export async function heldLedger(site: Site, options?: LedgerOptions): Promise<Ledger> {
  const ledger = await openLedger(site, options);
  await startRun(ledger);
  return ledger;
}

export async function finish(ledger: Ledger, servedWakeNo?: number): Promise<{ readonly again: boolean }> {
  return ledger.finishRun({ exitCode: 0, summary: '{}' }, servedWakeNo ?? (await ledger.readWords()).wakeNo);
}

export const EVERYTHING: Filters = { startDate: null, accountTypes: [], customerGroups: [], sign: 'any', threshold: 0n };

/** A look over everything, as `--since` takes it: no age, no choice to wait for. */
export function query(site: Site, change: Partial<PlanQuery> = {}): PlanQuery {
  return {
    botId: BOT,
    taskId: TASK,
    look: 'hot',
    from: null,
    until: null,
    filters: EVERYTHING,
    admittedOnly: false,
    customers: null,
    operations: null,
    timeToLiveMs: null,
    ageAt: site.wall(),
    ageFloor: null,
    lateBefore: null,
    unsubscribed: 'skip',
    revive: false,
    inviting: false,
    markOnly: false,
    freshFrom: null,
    digestGapMs: MINUTE,
    ...change,
  };
}

export interface PlanWish {
  readonly limit?: number | null;
  readonly move?: WatermarkMove | null;
  readonly after?: PlanChunk['next'];
}

export async function planChunk(ledger: Ledger, look: PlanQuery, wish: PlanWish = {}): Promise<PlanChunk> {
  const answer = await ledger.plan({ query: look, after: null, limit: null, move: null, ...wish });
  if (answer.answer === 'lock_lost') throw new Error('lock_lost');
  return answer;
}

/** All chunks of a look, as a run plans them. */
export async function planAll(ledger: Ledger, look: PlanQuery, wish: PlanWish = {}): Promise<readonly PlanChunk[]> {
  const chunks: PlanChunk[] = [];
  let notices = 0;
  for (let after: PlanChunk['next'] = null; ;) {
    const limit = wish.limit === undefined || wish.limit === null ? null : wish.limit - notices;
    const chunk = await planChunk(ledger, look, { ...wish, limit, after });
    chunks.push(chunk);
    notices += chunk.head.notices;
    after = chunk.next;
    if (after === null) return chunks;
  }
}

export function moveTo(watermark: string, change: Partial<WatermarkMove> = {}): WatermarkMove {
  return { watermark, firstLookDone: true, overlapLookAt: null, deepLookAt: null, brakeHeldAt: null, ...change };
}

export function advanceRequest(change: Partial<AdvanceRequest> = {}): AdvanceRequest {
  return {
    claimId: fresh('claim'),
    finished: [],
    want: 10,
    customers: null,
    operations: null,
    digestGapMs: MINUTE,
    digestWaitMs: 10_000,
    timeToLiveMs: 72 * HOUR,
    balance: 'off',
    quietUntil: null,
    ...change,
  };
}

export type Claimed = Extract<AdvanceAnswer, { answer: 'claimed' }>;

export async function advance(ledger: Ledger, change: Partial<AdvanceRequest> = {}): Promise<Claimed> {
  const answer = await ledger.advance(advanceRequest(change));
  if (answer.answer === 'lock_lost') throw new Error('lock_lost');
  return answer;
}

/** The one notice that is there to be claimed. */
export async function claimOne(ledger: Ledger, change: Partial<AdvanceRequest> = {}): Promise<ClaimedNotice> {
  const { notices } = await advance(ledger, change);
  expect(notices).toHaveLength(1);
  const [notice] = notices;
  if (notice === undefined) throw new Error('nothing was claimed');
  return notice;
}

export function finished(notice: Pick<ClaimedNotice, 'attemptNo'>, change: Partial<FinishedNotice> = {}): FinishedNotice {
  return {
    attemptNo: notice.attemptNo,
    outcome: { outcome: 'delivered', messageId: '31' },
    released: [],
    suspendChat: false,
    notBefore: null,
    length: 120,
    ...change,
  };
}

export const IN_DOUBT = { outcome: 'in_doubt', code: 'timeout', detail: 'no answer in 30 s' } as const;
export const UNREACHABLE = { outcome: 'retry', code: 'unreachable', notBefore: null, detail: 'ECONNREFUSED' } as const;

export function refusal(code: RefusalCode): FinishedNotice['outcome'] {
  return { outcome: 'refused', code, whose: 'guest', detail: code };
}

/** A subscribed customer with a chat of their own. */
export async function addGuest(site: Site, chatId = fresh('9')): Promise<{ readonly customer: string; readonly chatId: string }> {
  const customer = await site.addCustomer();
  await site.subscribe(BOT, { customerId: customer, chatId });
  return { customer, chatId };
}

/** One operation an hour ago (or `ago` milliseconds) of a new guest, planned. */
export async function planOne(
  site: Site,
  ledger: Ledger,
  ago = HOUR,
): Promise<{ readonly customer: string; readonly chatId: string; readonly operation: string }> {
  const guest = await addGuest(site);
  const [operation = ''] = await site.addOperations([{ customer: guest.customer, date: site.wall(-ago) }]);
  await planChunk(ledger, query(site));
  return { ...guest, operation };
}

/** What became of each operation: state, or state(reason). */
export async function fates(site: Site): Promise<Readonly<Record<string, string>>> {
  const deliveries = await site.deliveries();
  return Object.fromEntries(
    deliveries.map(({ operationId, state, reason }) => [operationId, reason === null ? state : `${state}(${reason})`]),
  );
}

export async function pastOf(ledger: Ledger): Promise<TaskPast | undefined> {
  const [past] = await ledger.readTasks(BOT, [TASK]);
  return past;
}

/** One guest each, so that every operation is a notice of its own; a minute apart, oldest first. */
export async function addNotices(site: Site, count: number): Promise<readonly string[]> {
  const guests = await Promise.all(Array.from({ length: count }, async () => addGuest(site)));
  return site.addOperations(guests.map(({ customer }, index) => ({ customer, date: site.wall((index - count) * MINUTE) })));
}
