import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { Engine, Site } from './engine.ts';
import {
  addGuest,
  advance,
  claimOne,
  finished,
  heldLedger,
  HOUR,
  IN_DOUBT,
  makeSite,
  MINUTE,
  openLedger,
  planAll,
  query,
  startRun,
  TASK,
} from './fixtures.ts';

const SECOND = 1_000;

/** One guest's operations at these seconds around an hour ago, planned. */
async function planVisit(
  site: Site,
  ledger: Ledger,
  seconds: readonly number[],
): Promise<{ readonly customer: string; readonly ids: readonly string[] }> {
  const { customer } = await addGuest(site);
  const ids = await site.addOperations(seconds.map((second) => ({ customer, date: site.wall(second * SECOND - HOUR) })));
  await planAll(ledger, query(site));
  return { customer, ids };
}

/** How many operations each notice tells, claimed one after the other. */
async function claimSizes(site: Site, ledger: Ledger, digestGapMs = MINUTE): Promise<readonly number[]> {
  const sizes: number[] = [];
  for (;;) {
    const { notices } = await advance(ledger, { digestGapMs });
    const [notice] = notices;
    if (notice === undefined) return sizes;
    sizes.push(notice.operations.length);
    await advance(ledger, { want: 0, finished: [finished(notice)] });
    site.pass(SECOND);
  }
}

export function describeDigest(engine: Engine): void {
  describe('a digest', () => {
    it('holds one visit: operations at most the gap apart', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planVisit(site, ledger, [0, 60, 120, 181, 600]);
      expect(await claimSizes(site, ledger)).toEqual([3, 1, 1]);
    });

    it('is off with a gap of nothing, even for operations of one millisecond', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planVisit(site, ledger, [0, 0]);
      expect(await claimSizes(site, ledger, 0)).toEqual([1, 1]);
    });

    it('holds at most twenty operations', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planVisit(
        site,
        ledger,
        Array.from({ length: 45 }, (_, index) => index),
      );
      expect(await claimSizes(site, ledger)).toEqual([20, 20, 5]);
    });

    it('tells its operations oldest first', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { ids } = await planVisit(site, ledger, [30, 0, 15]);
      const { operations } = await claimOne(ledger);
      expect(operations.map((operation) => operation.id)).toEqual([ids[1], ids[2], ids[0]]);
    });

    it('shares one attempt and is recorded whole', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planVisit(site, ledger, [0, 10]);
      const notice = await claimOne(ledger);
      await advance(ledger, { want: 0, finished: [finished(notice)] });
      expect(await site.deliveries()).toMatchObject([
        { state: 'delivered', attemptNo: notice.attemptNo },
        { state: 'delivered', attemptNo: notice.attemptNo },
      ]);
      expect(await site.attempts()).toHaveLength(1);
    });

    it('doesn’t mix tasks', async () => {
      const site = await makeSite(engine);
      const ledger = await openLedger(site);
      await startRun(ledger, {}, [TASK, 'other']);
      const { customer } = await addGuest(site);
      const [first = ''] = await site.addOperations([0, 10].map((second) => ({ customer, date: site.wall(second * SECOND - HOUR) })));
      await planAll(ledger, query(site, { operations: [first], taskId: 'other' }));
      await planAll(ledger, query(site));
      expect(await claimOne(ledger)).toMatchObject({ taskId: 'other', operations: [{ id: first }] });
    });

    it('waits after its newest operation', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { customer } = await addGuest(site);
      await site.addOperations([-12, -4].map((seconds) => ({ customer, date: site.wall(seconds * SECOND) })));
      await planAll(ledger, query(site));
      expect(await advance(ledger)).toMatchObject({ notices: [], nextDue: site.now() + 6 * SECOND });
      site.pass(6 * SECOND - 1);
      expect((await advance(ledger)).notices).toEqual([]);
      site.pass(1);
      expect((await claimOne(ledger)).operations).toHaveLength(2);
    });

    it('takes in what joins it while it waits', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall() }]);
      await planAll(ledger, query(site));
      site.pass(8 * SECOND);
      await site.addOperations([{ customer, date: site.wall() }]);
      await planAll(ledger, query(site));
      site.pass(8 * SECOND);
      expect((await advance(ledger)).notices).toEqual([]);
      site.pass(2 * SECOND);
      expect((await claimOne(ledger)).operations).toHaveLength(2);
    });

    it('isn’t held up by a date in the future', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall(9 * HOUR) }]);
      await planAll(ledger, query(site));
      expect(await advance(ledger)).toMatchObject({ notices: [], nextDue: site.now() + 10 * SECOND });
      site.pass(10 * SECOND);
      expect((await advance(ledger)).notices).toHaveLength(1);
    });

    it('isn’t held up by a date at the end of all years', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: '9999-12-31 23:59:59.997' }]);
      await planAll(ledger, query(site));
      site.pass(10 * SECOND);
      expect((await advance(ledger)).notices).toHaveLength(1);
    });

    it('isn’t held up by a clock that is set back an hour', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall() }]);
      await planAll(ledger, query(site));
      site.pass(10 * SECOND - HOUR);
      expect((await advance(ledger)).notices).toHaveLength(1);
    });

    it('is told again as it was, though operations have come in between', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { customer, ids } = await planVisit(site, ledger, [0, 40]);
      const doubted = await claimOne(ledger);
      await advance(ledger, { want: 0, finished: [finished(doubted, { outcome: IN_DOUBT })] });
      const [between = ''] = await site.addOperations([{ customer, date: site.wall(20 * SECOND - HOUR) }]);
      await planAll(ledger, query(site));
      site.pass(15 * MINUTE);
      expect(await ledger.recover({ inDoubt: 'repeat', repeatAfterMs: 15 * MINUTE })).toMatchObject({ toRepeat: 2 });
      const again = await claimOne(ledger, { digestGapMs: 0 });
      expect(again).toMatchObject({ repeat: true, tries: 1 });
      expect(again.operations.map((operation) => operation.id)).toEqual(ids);
      await advance(ledger, { want: 0, finished: [finished(again)] });
      site.pass(SECOND);
      expect(await claimOne(ledger)).toMatchObject({ repeat: false, operations: [{ id: between }] });
    });
  });
}
