import { randomUUID } from 'node:crypto';

import type { Filters } from '../../src/core/settings.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { AdvanceRequest, ClaimedNotice } from '../../src/ports/deliveries.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { Runner } from '../../src/ports/opening.ts';
import type { PlanQuery } from '../../src/ports/plan.ts';
import type { DeskSite } from './desk-engine.ts';

export const BOT = '7000000001';
export const OTHER_BOT = '7000000002';
export const TASK = 'main';
const KEY = 'fingerprint';

export const ALL: Filters = { startDate: null, accountTypes: [], customerGroups: [], sign: 'any', threshold: 0n };

export function runner(wish: Partial<Runner> = {}): Runner {
  return {
    runId: randomUUID(),
    botId: BOT,
    host: 'till-1',
    pid: 4242,
    keyFingerprint: KEY,
    remembered: null,
    startedBy: 'since_last',
    ...wish,
  };
}

/** A run that plans all operations of the site; who opened it closes the ledger. */
export async function planAll(
  site: DeskSite,
  wish: { readonly filters?: Filters; readonly runner?: Partial<Runner>; readonly task?: string } = {},
): Promise<{ readonly ledger: Ledger; readonly runNo: number; readonly runId: string }> {
  const ledger = await site.openLedger();
  const who = runner(wish.runner);
  const task = wish.task ?? TASK;
  const opened = await ledger.openRun(who, [task]);
  if (opened.answer !== 'opened') throw new Error(opened.answer);
  const filters = wish.filters ?? ALL;
  await ledger.admit(task, filters);
  await ledger.plan({
    query: { ...queryOf(site, who.botId, filters), taskId: task },
    after: null,
    limit: null,
    move: { watermark: site.wall(), firstLookDone: true, overlapLookAt: null, deepLookAt: null, brakeHeldAt: null },
  });
  return { ledger, runNo: opened.runNo, runId: who.runId };
}

function queryOf(site: DeskSite, botId: string, filters: Filters): PlanQuery {
  return {
    botId,
    taskId: TASK,
    look: 'first',
    from: null,
    until: null,
    filters,
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
    digestGapMs: 0,
  };
}

function advanceOf(wish: Partial<AdvanceRequest>): AdvanceRequest {
  return {
    claimId: randomUUID(),
    finished: [],
    want: 0,
    customers: null,
    operations: null,
    digestGapMs: 0,
    digestWaitMs: 0,
    timeToLiveMs: 3_600_000,
    balance: 'after',
    quietUntil: null,
    ...wish,
  };
}

/** Claims the next notice. */
export async function claimOne(ledger: Ledger): Promise<ClaimedNotice> {
  const answer = await ledger.advance(advanceOf({ want: 1 }));
  const [notice] = answer.answer === 'claimed' ? answer.notices : [];
  if (notice === undefined) throw new Error('nothing to claim');
  return notice;
}

export async function finish(ledger: Ledger, notice: ClaimedNotice, outcome: Outcome): Promise<void> {
  await ledger.advance(
    advanceOf({ finished: [{ attemptNo: notice.attemptNo, outcome, released: [], suspendChat: false, notBefore: null, length: 50 }] }),
  );
}

/** One customer, subscribed, with so many operations a second apart, all planned; the first ended as said. */
export async function oneInDoubt(
  site: DeskSite,
  operations = 1,
): Promise<{ readonly customer: string; readonly ids: readonly string[]; readonly ledger: Ledger; readonly row: number }> {
  const customer = await site.addCustomer({ name: 'Иван' });
  await site.subscribe(BOT, { customerId: customer, chatId: '500' });
  const ids = await site.addOperations(
    Array.from({ length: operations }, (_none, at) => ({ customer, date: site.wall(-60_000 + at * 1000), sum: 1_000_000n })),
  );
  const { ledger } = await planAll(site);
  const notice = await claimOne(ledger);
  await finish(ledger, notice, { outcome: 'in_doubt', code: 'timeout', detail: 'no answer in 30 s' });
  return { customer, ids, ledger, row: notice.operations[0]?.row ?? 0 };
}
