import { describe, expect, it } from 'vitest';
import type { Ledger, TaskPast } from '../../src/ports.ts';
import type { Engine, Site } from './engine.ts';
import { addGuest, BOT, DAY, EVERYTHING, fates, finish, heldLedger, HOUR, makeSite, MINUTE, moveTo, openLedger, planAll, planChunk, query, startRun, TASK } from './fixtures.ts';

async function pastOf(ledger: Ledger): Promise<TaskPast | undefined> {
  const [past] = await ledger.readTasks(BOT, [TASK]);
  return past;
}

/** One guest each, so that every operation is a notice of its own; a minute apart, oldest first. */
async function addNotices(site: Site, count: number): Promise<readonly string[]> {
  const guests = await Promise.all(Array.from({ length: count }, async () => addGuest(site)));
  return site.addOperations(guests.map(({ customer }, index) => ({ customer, date: site.wall((index - count) * MINUTE) })));
}

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
      const move = moveTo(site.wall(), { overlapLookAt: site.wall(-1), deepLookAt: site.wall(-2) });
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
      expect(await pastOf(ledger)).toMatchObject({ watermark: site.wall(HOUR), firstLookDone: true, overlapLookAt: site.wall(), deepLookAt: site.wall() });
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
      expect(await pastOf(ledger)).toMatchObject({ watermark: site.wall(-HOUR), firstLookDone: true, overlapLookAt: null, brakeHeldAt: site.wall(-HOUR) });
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

  describe('since when a choice is told about', () => {
    const chosen = (accountTypes: readonly string[], customerGroups: readonly string[] = []) => ({ ...EVERYTHING, accountTypes, customerGroups });

    async function admitted(site: Site, ledger: Ledger, filters: typeof EVERYTHING): Promise<number> {
      return (await ledger.measure(query(site, { filters, admittedOnly: true }), site.wall())).planned;
    }

    it('is the start date for the first choice', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([-3, -2, -1].map((days) => ({ customer, date: site.wall(days * DAY) })));
      const ledger = await heldLedger(site);
      const filters = { ...EVERYTHING, startDate: site.wall(-2 * DAY) };
      expect(await admitted(site, ledger, filters)).toBe(0);
      expect(await ledger.admit(TASK, filters)).toBe('saved');
      expect(await admitted(site, ledger, filters)).toBe(2);
    });

    it('is the moment the run was opened without a start date, so that nothing is lost while it works', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const ledger = await heldLedger(site);
      await site.addOperations([-1, 0, 1].map((ms) => ({ customer, date: site.wall(ms) })));
      site.pass(MINUTE);
      await ledger.admit(TASK, EVERYTHING);
      expect(await admitted(site, ledger, EVERYTHING)).toBe(2);
    });

    it('doesn’t matter for a backfill by hand', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall(-DAY) }]);
      const ledger = await heldLedger(site);
      await ledger.admit(TASK, EVERYTHING);
      expect((await ledger.measure(query(site), site.wall())).planned).toBe(1);
    });

    it('is the run that first saw it for a type that is added later', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [bonus, deposit] = [await site.addAccountType(), await site.addAccountType()];
      const ledger = await heldLedger(site);
      await ledger.admit(TASK, { ...chosen([bonus]), startDate: site.wall(-DAY) });
      await site.addOperations([bonus, deposit].map((accountType) => ({ customer, date: site.wall(), accountType })));
      await finish(ledger);
      site.pass(HOUR);
      await startRun(ledger);
      await ledger.admit(TASK, chosen([bonus, deposit]));
      expect(await admitted(site, ledger, chosen([bonus, deposit]))).toBe(1);
      await site.addOperations([{ customer, date: site.wall(), accountType: deposit }]);
      expect(await admitted(site, ledger, chosen([bonus, deposit]))).toBe(2);
    });

    it('stays for what a narrower choice leaves, and for what a wider one still covers', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [bonus, deposit] = [await site.addAccountType(), await site.addAccountType()];
      const ledger = await heldLedger(site);
      await ledger.admit(TASK, chosen([]));
      await site.addOperations([bonus, deposit].map((accountType) => ({ customer, date: site.wall(), accountType })));
      for (const filters of [chosen([bonus]), chosen([])]) {
        await finish(ledger);
        site.pass(HOUR);
        await startRun(ledger);
        await ledger.admit(TASK, filters);
        expect(await admitted(site, ledger, filters)).toBe(1);
      }
    });

    it('begins anew for a type that was dropped in between', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [bonus, deposit] = [await site.addAccountType(), await site.addAccountType()];
      const ledger = await heldLedger(site);
      for (const types of [[bonus, deposit], [bonus], [bonus, deposit]]) {
        await finish(ledger);
        site.pass(HOUR);
        await startRun(ledger);
        await ledger.admit(TASK, chosen(types));
      }
      await site.addOperations([bonus, deposit].map((accountType) => ({ customer, date: site.wall(-MINUTE), accountType })));
      expect(await admitted(site, ledger, chosen([bonus, deposit]))).toBe(1);
    });

    it('follows the tree of groups both ways', async () => {
      const site = await makeSite(engine);
      const parent = await site.addGroup();
      const [child, sibling] = [await site.addGroup({ parent }), await site.addGroup({ parent })];
      const ledger = await heldLedger(site);
      await ledger.admit(TASK, chosen([], [child]));
      const guests = await Promise.all([child, sibling].map(async (group) => site.addCustomer({ group })));
      for (const [index, customerId] of guests.entries()) await site.subscribe(BOT, { customerId, chatId: `9${index}` });
      await site.addOperations(guests.map((customer) => ({ customer, date: site.wall() })));
      // The parent is new, and so is the sibling with it; the child keeps its time, and keeps it when it is alone again.
      for (const groups of [[parent], [child]]) {
        await finish(ledger);
        site.pass(HOUR);
        await startRun(ledger);
        await ledger.admit(TASK, chosen([], groups));
        expect(await admitted(site, ledger, chosen([], groups))).toBe(1);
      }
    });

    it('goes for each task by itself', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall(-DAY) }]);
      const ledger = await heldLedger(site);
      await ledger.admit('other', { ...EVERYTHING, startDate: site.wall(-2 * DAY) });
      expect(await admitted(site, ledger, EVERYTHING)).toBe(0);
    });
  });
}
