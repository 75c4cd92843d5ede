import { describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import {
  addGuest,
  addNotices,
  BOT,
  fates,
  finish,
  heldLedger,
  HOUR,
  makeSite,
  MINUTE,
  moveTo,
  openLedger,
  pastOf,
  planAll,
  planChunk,
  query,
  startRun,
  TASK,
} from './fixtures.ts';

export function describeChunks(engine: Engine): void {
  describe('planning in chunks', () => {
    it('plans everything once, whatever the chunk’s size', async () => {
      const site = await makeSite(engine);
      const ids = await addNotices(site, 7);
      const ledger = await heldLedger(site, { chunkRows: 3 });
      const chunks = await planAll(ledger, query(site));
      expect(chunks.map((chunk) => chunk.head.planned)).toEqual([3, 3, 1]);
      expect(Object.keys(await fates(site)).toSorted()).toEqual(ids.toSorted());
    });

    it('goes on after the last row where dates are alike', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const ids = await site.addOperations(Array.from({ length: 5 }, () => ({ customer, date: site.wall() })));
      const ledger = await heldLedger(site, { chunkRows: 2 });
      const chunks = await planAll(ledger, query(site));
      expect(chunks.map((chunk) => chunk.head.planned)).toEqual([2, 2, 1]);
      expect(chunks[0]?.next).toEqual({ date: site.wall(), id: ids[1] });
    });

    it('counts a visit that two chunks share as one notice', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([0, 1, 2, 3].map((index) => ({ customer, date: site.wall(index * 30_000 - HOUR) })));
      const ledger = await heldLedger(site, { chunkRows: 3 });
      const chunks = await planAll(ledger, query(site));
      expect(chunks.map((chunk) => chunk.head.notices)).toEqual([1, 0]);
    });

    it('ends without a further chunk when the last one is full', async () => {
      const site = await makeSite(engine);
      await addNotices(site, 3);
      const ledger = await heldLedger(site, { chunkRows: 3 });
      expect((await planChunk(ledger, query(site))).next).toBeNull();
    });

    it('tells the oldest operation that it planned', async () => {
      const site = await makeSite(engine);
      await addNotices(site, 3);
      const { head } = await planChunk(await heldLedger(site), query(site));
      expect(head.oldest).toBe(site.wall(-3 * MINUTE));
    });
  });

  describe('the watermark', () => {
    it('moves with the last chunk, and not before', async () => {
      const site = await makeSite(engine);
      await addNotices(site, 3);
      const ledger = await heldLedger(site, { chunkRows: 2 });
      const move = moveTo(site.wall(), { overlapLookAt: site.wall(-10), deepLookAt: site.wall(-20) });
      const first = await planChunk(ledger, query(site), { move });
      expect(await pastOf(ledger)).toMatchObject({ watermark: null, firstLookDone: false });
      await planChunk(ledger, query(site), { move, after: first.next });
      expect(await pastOf(ledger)).toEqual({ taskId: TASK, ...move });
    });

    it('stays where the look says nothing of it', async () => {
      const site = await makeSite(engine);
      await addNotices(site, 1);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      expect(await pastOf(ledger)).toMatchObject({ watermark: null, firstLookDone: false });
    });

    it('moves also when there was nothing to plan', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site), { move: moveTo(site.wall()) });
      expect(await pastOf(ledger)).toMatchObject({ watermark: site.wall(), firstLookDone: true });
    });

    it('keeps the stamps of looks that the move says nothing of', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site), { move: moveTo(site.wall(), { overlapLookAt: site.wall(), deepLookAt: site.wall() }) });
      await planAll(ledger, query(site), { move: moveTo(site.wall(HOUR), { firstLookDone: false }) });
      expect(await pastOf(ledger)).toMatchObject({
        watermark: site.wall(HOUR),
        firstLookDone: true,
        overlapLookAt: site.wall(),
        deepLookAt: site.wall(),
      });
    });

    it('is a task’s own', async () => {
      const site = await makeSite(engine);
      const ledger = await openLedger(site);
      await startRun(ledger, {}, [TASK, 'other']);
      await planAll(ledger, query(site), { move: moveTo(site.wall()) });
      expect(await ledger.readTasks(BOT, ['other', TASK, 'unknown'])).toMatchObject([
        { taskId: 'other', watermark: null },
        { taskId: TASK, watermark: site.wall() },
        { taskId: 'unknown', watermark: null, firstLookDone: false },
      ]);
    });

    it('survives the run', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site), { move: moveTo(site.wall()) });
      await finish(ledger);
      expect((await startRun(ledger)).tasks).toMatchObject([{ watermark: site.wall() }]);
    });

    it('doesn’t age what the brake holds, from its first stop on', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      expect(await ledger.holdBrake(TASK, site.wall(-HOUR))).toBe('saved');
      expect(await ledger.holdBrake(TASK, site.wall())).toBe('saved');
      expect(await pastOf(ledger)).toMatchObject({ brakeHeldAt: site.wall(-HOUR) });
      await planAll(ledger, query(site), { move: moveTo(site.wall()) });
      expect(await pastOf(ledger)).toMatchObject({ brakeHeldAt: null });
    });
  });
}
