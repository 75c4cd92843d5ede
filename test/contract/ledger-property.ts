import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SubscriptionState } from '../../src/core/glossary.ts';
import type { ClaimedNotice, FinishedNotice } from '../../src/ports/deliveries.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { PlannedRow, PlanQuery } from '../../src/ports/plan.ts';
import type { Engine, NewOperation, Site } from './engine.ts';
import {
  advance,
  BOT,
  EVERYTHING,
  finished,
  HOUR,
  IN_DOUBT,
  MINUTE,
  moveTo,
  openLedger,
  planAll,
  query,
  refusal,
  startRun,
  TASK,
  UNREACHABLE,
} from './fixtures.ts';

const RUNS = 25;
const STATES: readonly (SubscriptionState | null)[] = ['active', 'active', 'active', 'suspended', 'stopped', 'cleared', null];

interface Wish {
  readonly customers: readonly number[];
  readonly operations: readonly { readonly who: number; readonly minute: number; readonly sum: number }[];
}

const wishes: fc.Arbitrary<Wish> = fc.record({
  customers: fc.array(fc.nat(STATES.length - 1), { minLength: 1, maxLength: 6 }),
  // Few minutes for many operations, so that dates are often alike and visits are long.
  operations: fc.array(fc.record({ who: fc.nat(), minute: fc.nat(40), sum: fc.integer({ min: -3, max: 3 }) }), { maxLength: 40 }),
});

const looks = fc.record({
  from: fc.option(fc.nat(40)),
  until: fc.option(fc.nat(40)),
  sign: fc.constantFrom('any' as const, 'credit' as const, 'debit' as const),
  threshold: fc.nat(3),
  ttl: fc.option(fc.nat(40)),
  floor: fc.option(fc.nat(40)),
  late: fc.option(fc.nat(40)),
  leave: fc.boolean(),
  markOnly: fc.boolean(),
});

type LookWish = typeof looks extends fc.Arbitrary<infer T> ? T : never;

interface Filled {
  readonly states: readonly (SubscriptionState | null)[];
  readonly operations: readonly (NewOperation & { readonly id: string; readonly state: SubscriptionState | null })[];
}

/** Does the work on a site of its own. */
async function onSite(engine: Engine, work: (site: Site) => Promise<void>): Promise<void> {
  const site = await engine.makeSite();
  try {
    await work(site);
  } finally {
    await site.close();
  }
}

async function fill(site: Site, wish: Wish): Promise<Filled> {
  const states = wish.customers.map((index) => STATES[index] ?? null);
  const customers: string[] = [];
  for (const [index, state] of states.entries()) {
    const customer = await site.addCustomer();
    if (state !== null) await site.subscribe(BOT, { customerId: customer, chatId: `9${index}`, state });
    customers.push(customer);
  }
  const operations = wish.operations.map(({ who, minute, sum }) => ({
    customer: customers[who % customers.length] ?? '',
    date: dateOf(site, minute),
    sum: BigInt(sum),
  }));
  const ids = await site.addOperations(operations);
  return {
    states,
    operations: operations.map((operation, index) => ({
      ...operation,
      id: ids[index] ?? '',
      state: states[customers.indexOf(operation.customer)] ?? null,
    })),
  };
}

/** Minutes from two hours ago on. */
function dateOf(site: Site, minute: number): string {
  return site.wall(minute * MINUTE - 2 * HOUR);
}

function lookOf(site: Site, wish: LookWish): PlanQuery {
  const at = (minute: number | null): string | null => (minute === null ? null : dateOf(site, minute));
  return query(site, {
    from: at(wish.from),
    until: at(wish.until),
    filters: { ...EVERYTHING, sign: wish.sign, threshold: BigInt(wish.threshold) },
    timeToLiveMs: wish.ttl === null ? null : wish.ttl * MINUTE + 80 * MINUTE,
    ageFloor: at(wish.floor),
    lateBefore: at(wish.late),
    unsubscribed: wish.leave ? 'leave' : 'skip',
    markOnly: wish.markOnly,
  });
}

/** What the contract says of an operation, in plain words of another language than SQL; null = no row. */
function expectedVerdict(site: Site, wish: LookWish, operation: Filled['operations'][number]): string | null {
  const minute = wishMinute(site, operation.date);
  const sum = Number(operation.sum ?? 0n);
  if ((wish.from !== null && minute < wish.from) || (wish.until !== null && minute >= wish.until)) return null;
  if ((wish.sign === 'credit' && sum <= 0) || (wish.sign === 'debit' && sum >= 0) || Math.abs(sum) < wish.threshold) return null;
  if (wish.markOnly) return 'marked';
  const age = 120 - Math.max(minute, wish.floor ?? 0);
  if (wish.ttl !== null && age > wish.ttl + 80) return 'too_old';
  if (wish.late !== null && minute < wish.late) return 'late';
  if (operation.state === 'active') return 'planned';
  if (operation.state === 'suspended') return 'suspended';
  if (operation.state !== null) return 'opted_out';
  return wish.leave ? null : 'not_subscribed';
}

function wishMinute(site: Site, date: string): number {
  return Array.from({ length: 41 }, (_, minute) => minute).find((minute) => dateOf(site, minute) === date) ?? -1;
}

async function previewAll(ledger: Ledger, look: PlanQuery, limit: number): Promise<readonly PlannedRow[]> {
  const rows: PlannedRow[] = [];
  for (let after = null as Awaited<ReturnType<Ledger['preview']>>['next']; ;) {
    const page = await ledger.preview(look, { after, limit, balance: 'off' });
    rows.push(...page.rows);
    after = page.next;
    if (after === null) return rows;
  }
}

export function describeProperties(engine: Engine): void {
  describe('for any site and any look', () => {
    it('preview, measure and plan agree with each other and with the contract', async () => {
      const sizes = fc.record({ page: fc.integer({ min: 1, max: 9 }), chunkRows: fc.integer({ min: 1, max: 9 }) });
      await fc.assert(
        fc.asyncProperty(wishes, looks, sizes, async (wish, lookWish, { page, chunkRows }) =>
          onSite(engine, async (site) => {
            const { operations } = await fill(site, wish);
            const ledger = await openLedger(site, { chunkRows });
            await startRun(ledger);
            const look = lookOf(site, lookWish);
            const expected = new Map(operations.map((operation) => [operation.id, expectedVerdict(site, lookWish, operation)]));
            const measured = await ledger.measure(look, site.wall());
            const previewed = await previewAll(ledger, look, page);
            const chunks = await planAll(ledger, look);
            const planned = await site.deliveries();

            const told = [...expected].filter(([, verdict]) => verdict !== null);
            expect(Object.fromEntries(previewed.map((row) => [row.operation.id, row.verdict]))).toEqual(Object.fromEntries(told));
            expect(planned.map((row) => [row.operationId, row.reason ?? row.state])).toEqual(
              previewed.map((row) => [row.operation.id, row.verdict]),
            );
            expect(chunks.reduce((sum, chunk) => sum + chunk.head.planned, 0)).toBe(measured.planned);
            expect(chunks.reduce((sum, chunk) => sum + chunk.head.notices, 0)).toBe(measured.notices);
            expect(measured.planned).toBe(told.filter(([, verdict]) => verdict === 'planned').length);
            await ledger.close();
          }),
        ),
        { numRuns: RUNS },
      );
    });

    it('runs with any limits, one after the other, plan each operation once and lose none', async () => {
      await fc.assert(
        fc.asyncProperty(wishes, fc.array(fc.nat(4), { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), async (wish, limits, chunkRows) =>
          onSite(engine, async (site) => {
            const { operations } = await fill(site, wish);
            const ledger = await openLedger(site, { chunkRows });
            await startRun(ledger);
            for (const limit of [...limits, null]) {
              const [past] = await ledger.readTasks(BOT, [TASK]);
              const chunks = await planAll(ledger, query(site, { from: past?.watermark ?? null }), { limit, move: moveTo(site.wall()) });
              if (limit !== null) expect(chunks.reduce((sum, chunk) => sum + chunk.head.notices, 0)).toBeLessThanOrEqual(limit);
            }
            const rows = (await site.deliveries()).map((row) => row.operationId);
            expect(rows.toSorted()).toEqual(operations.map((operation) => operation.id).toSorted());
            expect((await ledger.readTasks(BOT, [TASK]))[0]).toMatchObject({ watermark: site.wall(), firstLookDone: true });
            await ledger.close();
          }),
        ),
        { numRuns: RUNS },
      );
    });
  });

  describe('for any fate of calls and runs', () => {
    const events = fc.array(
      fc.record({
        act: fc.constantFrom('claim', 'claim', 'claim', 'die', 'wait', 'recover', 'ask again'),
        want: fc.integer({ min: 0, max: 4 }),
        outcomes: fc.array(fc.constantFrom('delivered', 'delivered', 'in_doubt', 'in_doubt, sent', 'retry', 'refused', 'released'), {
          minLength: 4,
          maxLength: 4,
        }),
      }),
      { maxLength: 25 },
    );

    it.runIf(engine.capabilities.judgesOrphansAtOnce)(
      'every operation comes to its end, and none is told twice without the mark',
      async () => {
        await fc.assert(
          fc.asyncProperty(wishes, events, async (wish, happening) =>
            onSite(engine, async (site) => {
              const { operations } = await fill(site, { ...wish, customers: wish.customers.map(() => 0) });
              const guests = new Guests();
              let ledger = await openLedger(site);
              await startRun(ledger);
              await planAll(ledger, query(site));
              let unrecorded: readonly FinishedNotice[] = [];
              for (const { act, want, outcomes } of happening) {
                if (act === 'wait') site.pass(MINUTE);
                if (act === 'recover') await ledger.recover({ inDoubt: 'repeat', repeatAfterMs: 2 * MINUTE });
                if (act === 'die') {
                  await ledger.close();
                  ledger = await openLedger(site);
                  await startRun(ledger);
                  await ledger.recover({ inDoubt: 'repeat', repeatAfterMs: 2 * MINUTE });
                  unrecorded = [];
                }
                if (act === 'claim' || act === 'ask again') {
                  const claimId = `${guests.calls}-${site.now()}-${happening.length}`;
                  const answer = await advance(ledger, { claimId, want, finished: unrecorded });
                  const again = act === 'ask again' ? await advance(ledger, { claimId, want, finished: unrecorded }) : answer;
                  expect(again.notices).toEqual(answer.notices);
                  unrecorded = answer.notices.map((notice, index) =>
                    guests.receive(notice, outcomes[index % outcomes.length] ?? 'delivered'),
                  );
                  site.pass(400);
                }
              }
              await drain(site, ledger, { unrecorded, guests });
              const ends = await site.deliveries();
              expect(ends.map((row) => row.operationId).toSorted()).toEqual(operations.map((operation) => operation.id).toSorted());
              expect(ends.filter((row) => ['planned', 'sending'].includes(row.state))).toEqual([]);
              expect(guests.silentlyDoubled).toEqual([]);
              // Whatever the ledger calls delivered has arrived; a doubt may stay, but a second one only.
              expect(ends.filter((row) => row.state === 'delivered' && !guests.received.has(row.operationId))).toEqual([]);
              expect(ends.filter((row) => row.state === 'in_doubt' && !row.repeat)).toEqual([]);
              await ledger.close();
            }),
          ),
          { numRuns: RUNS },
        );
      },
    );
  });
}

/** Telegram and the guests behind it: who got which operation, and whether a second message was marked. */
class Guests {
  readonly received = new Set<string>();
  readonly silentlyDoubled: string[] = [];
  calls = 0;

  receive(notice: ClaimedNotice, outcome: string): FinishedNotice {
    this.calls += 1;
    const [first, ...rest] = notice.operations;
    const released = outcome === 'released' ? rest.map((operation) => operation.row) : [];
    const arrived = outcome === 'delivered' || outcome === 'in_doubt, sent' || outcome === 'released';
    for (const { id } of arrived && first !== undefined ? (outcome === 'released' ? [first] : notice.operations) : []) {
      if (this.received.has(id) && !notice.repeat) this.silentlyDoubled.push(id);
      this.received.add(id);
    }
    if (outcome.startsWith('in_doubt')) return finished(notice, { outcome: IN_DOUBT });
    if (outcome === 'retry') return finished(notice, { outcome: UNREACHABLE });
    if (outcome === 'refused') return finished(notice, { outcome: refusal('bad_text') });
    return finished(notice, { released });
  }
}

/** Lets everything that is still open come to its end, every call delivered. */
async function drain(site: Site, ledger: Ledger, open: { unrecorded: readonly FinishedNotice[]; readonly guests: Guests }): Promise<void> {
  for (let quiet = 0; quiet < 2;) {
    site.pass(5 * MINUTE);
    const { toRepeat } = await ledger.recover({ inDoubt: 'repeat', repeatAfterMs: 2 * MINUTE });
    const { notices } = await advance(ledger, { want: 10, finished: open.unrecorded });
    open.unrecorded = notices.map((notice) => open.guests.receive(notice, 'delivered'));
    quiet = notices.length + toRepeat === 0 ? quiet + 1 : 0;
  }
}
