import { describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import {
  addGuest,
  addNotices,
  DAY,
  fates,
  heldLedger,
  HOUR,
  makeSite,
  MINUTE,
  moveTo,
  pastOf,
  planAll,
  planChunk,
  query,
  TASK,
} from './fixtures.ts';

export function describeLimit(engine: Engine): void {
  describe('a limit', () => {
    it('plans the oldest notices and stops where the next one would begin', async () => {
      const site = await makeSite(engine);
      const ids = await addNotices(site, 5);
      const ledger = await heldLedger(site);
      const chunk = await planChunk(ledger, query(site), { limit: 2, move: moveTo(site.wall()) });
      expect(chunk).toMatchObject({ next: null, last: { id: ids[1], date: site.wall(-4 * MINUTE) }, head: { planned: 2, notices: 2 } });
      expect(await pastOf(ledger)).toEqual({
        taskId: TASK,
        watermark: site.wall(-4 * MINUTE),
        firstLookDone: false,
        overlapLookAt: null,
        deepLookAt: null,
        brakeHeldAt: null,
      });
    });

    it('counts notices, not operations', async () => {
      const site = await makeSite(engine);
      const [one, two] = [await addGuest(site), await addGuest(site)];
      const visits = [0, 30, 60].map((seconds) => ({ customer: one.customer, date: site.wall(seconds * 1_000 - HOUR) }));
      await site.addOperations([...visits, { customer: two.customer, date: site.wall() }]);
      const { head } = await planChunk(await heldLedger(site), query(site), { limit: 1 });
      expect(head).toMatchObject({ planned: 3, notices: 1 });
    });

    it('records skips on its way, which count for nothing', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const unknown = await site.addCustomer();
      await site.addOperations([
        { customer: unknown, date: site.wall(-4 * HOUR) },
        { customer, date: site.wall(-3 * HOUR) },
        { customer: unknown, date: site.wall(-2 * HOUR) },
        { customer, date: site.wall(-HOUR) },
        { customer: unknown, date: site.wall() },
      ]);
      const { head, last } = await planChunk(await heldLedger(site), query(site), { limit: 1 });
      expect(head).toMatchObject({ planned: 1, skipped: { not_subscribed: 2 } });
      expect(last?.date).toBe(site.wall(-2 * HOUR));
    });

    it('is no limit when it is just enough', async () => {
      const site = await makeSite(engine);
      await addNotices(site, 2);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site), { limit: 2, move: moveTo(site.wall()) });
      expect(await pastOf(ledger)).toMatchObject({ watermark: site.wall(), firstLookDone: true });
    });

    it('of nothing plans nothing, and moves nothing', async () => {
      const site = await makeSite(engine);
      await addNotices(site, 2);
      const ledger = await heldLedger(site);
      const chunk = await planChunk(ledger, query(site), { limit: 0, move: moveTo(site.wall()) });
      expect(chunk).toMatchObject({ next: null, last: null, head: { planned: 0, notices: 0 } });
      expect(await pastOf(ledger)).toMatchObject({ watermark: null });
    });

    it('that is used up by one chunk ends the look with the next', async () => {
      const site = await makeSite(engine);
      const ids = await addNotices(site, 6);
      const ledger = await heldLedger(site, { chunkRows: 2 });
      const chunks = await planAll(ledger, query(site), { limit: 4, move: moveTo(site.wall()) });
      expect(chunks.map((chunk) => chunk.head.notices)).toEqual([2, 2, 0]);
      expect(chunks.at(-1)?.last?.id).toBe(ids[3]);
      expect(await pastOf(ledger)).toMatchObject({ watermark: site.wall(-3 * MINUTE) });
    });

    it('never moves the watermark back, nor the stamp of a look that wasn’t finished', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site), { move: moveTo(site.wall(-HOUR)) });
      const { customer } = await addGuest(site);
      await site.addOperations([-3, -2].map((days) => ({ customer, date: site.wall(days * DAY) })));
      await ledger.holdBrake(TASK, site.wall(-HOUR));
      await planAll(ledger, query(site), { limit: 1, move: moveTo(site.wall(), { overlapLookAt: site.wall() }) });
      expect(await pastOf(ledger)).toMatchObject({
        watermark: site.wall(-HOUR),
        firstLookDone: true,
        overlapLookAt: null,
        brakeHeldAt: site.wall(-HOUR),
      });
    });

    it('never moves the watermark past the server’s clock because of a row dated in the future', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([1, 2].map((days) => ({ customer, date: site.wall(days * DAY) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site), { limit: 1, move: moveTo(site.wall()) });
      expect(await pastOf(ledger)).toMatchObject({ watermark: site.wall() });
    });

    it('loses nothing over many runs: each goes on where the last one stopped', async () => {
      const site = await makeSite(engine);
      const ids = await addNotices(site, 7);
      const ledger = await heldLedger(site);
      for (let run = 0; run < 4; run += 1) {
        const from = (await pastOf(ledger))?.watermark ?? null;
        await planAll(ledger, query(site, { from }), { limit: 2, move: moveTo(site.wall()) });
      }
      expect(Object.keys(await fates(site)).toSorted()).toEqual(ids.toSorted());
      expect(await pastOf(ledger)).toMatchObject({ watermark: site.wall(), firstLookDone: true });
    });
  });
}
