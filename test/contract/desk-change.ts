import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Desk } from '../../src/ports/desk.ts';
import { BOT, claimOne, finish, oneInDoubt, OTHER_BOT, planAll, runner, TASK } from './desk-acts.ts';
import type { DeskEngine, DeskSite } from './desk-engine.ts';

export function deskChangeContract(engine: DeskEngine): void {
  describe('changes by hand', () => {
    let site: DeskSite;
    let desk: Desk;
    beforeEach(async () => {
      site = await engine.makeSite();
      desk = await site.openDesk({ chunkRows: 2 });
    });
    afterEach(async () => {
      await desk.close();
      await site.close();
    });

    it('keeps the way by which Tillypad’s task starts the program', async () => {
      expect((await desk.readStart()).way).toBeNull();
      for (const way of ['agent', 'none'] as const) {
        await desk.setStartWay(way);
        expect((await desk.readStart()).way).toBe(way);
      }
    });

    it.each([
      ['delivered', 'delivered', null],
      ['refused', 'refused', 'by_hand'],
    ] as const)('resolves a row in doubt as %s and keeps the reason', async (verdict, state, reason) => {
      const { ledger, row } = await oneInDoubt(site);
      expect(await desk.listInDoubt(BOT, 10)).toMatchObject([
        { row, state: 'in_doubt', reason: 'timeout', attempts: [{ detail: 'no answer in 30 s' }] },
      ]);
      expect(await desk.listInDoubt(OTHER_BOT, 10)).toEqual([]);
      expect(await desk.resolve(BOT, [row], verdict, 'anna@till: the guest said so')).toBe(1);
      expect(await site.deliveries(BOT)).toMatchObject([{ row, state, reason }]);
      expect(await desk.listInDoubt(BOT, 10)).toEqual([]);
      const [operation] = await site.deliveries(BOT);
      expect((await desk.readStory(BOT, { operationId: operation?.operationId ?? '' }, 1))?.deliveries[0]?.resolved).toBe(
        `${verdict}: anna@till: the guest said so`,
      );
      await ledger.close();
    });

    it('tells again what is resolved so, marked as a possible repeat', async () => {
      const { ledger, row } = await oneInDoubt(site);
      expect(await desk.resolve(BOT, 'all', 'again', 'nothing in the chat')).toBe(1);
      site.pass(2000);
      const notice = await claimOne(ledger);
      expect(notice).toMatchObject({ repeat: true, operations: [{ row }] });
      await ledger.close();
    });

    it('resolves nothing that is not in doubt', async () => {
      const { ledger, row } = await oneInDoubt(site, 2);
      expect(await desk.resolve(BOT, [row + 1, 9999], 'delivered', 'x')).toBe(0);
      expect(await desk.resolve(OTHER_BOT, 'all', 'delivered', 'x')).toBe(0);
      expect(await desk.resolve(BOT, [row, row + 1], 'delivered', 'x')).toBe(1);
      expect((await site.deliveries(BOT)).map(({ state }) => state)).toEqual(['delivered', 'planned']);
      await ledger.close();
    });

    it('pauses a bot until a time or for good, and resumes it', async () => {
      await (await planAll(site)).ledger.close();
      const pausedUntil = async () => (await desk.readStatus(BOT)).pausedUntil;
      await desk.pause(BOT, site.now() + 60_000);
      expect(await pausedUntil()).toBe(site.now() + 60_000);
      site.pass(60_000);
      expect(await pausedUntil()).toBeNull();
      await desk.pause(BOT, null);
      expect(await pausedUntil()).toBe(Number.POSITIVE_INFINITY);
      await desk.resume(BOT);
      expect(await pausedUntil()).toBeNull();
    });

    it('pauses a bot that has never run, and doesn’t bind it by that', async () => {
      await desk.pause(BOT, null);
      expect((await desk.readStatus(BOT)).pausedUntil).toBe(Number.POSITIVE_INFINITY);
      const ledger = await site.openLedger();
      expect(await ledger.openRun(runner(), [TASK])).toMatchObject({
        answer: 'opened',
        bound: true,
        pausedUntil: Number.POSITIVE_INFINITY,
      });
      await ledger.close();
      await desk.resume(BOT);
      expect((await desk.readStatus(BOT)).pausedUntil).toBeNull();
      expect((await desk.readStatus(OTHER_BOT)).pausedUntil).toBe(Number.POSITIVE_INFINITY);
      await desk.resume(OTHER_BOT);
      expect((await desk.readStatus(OTHER_BOT)).pausedUntil).toBeNull();
    });

    it('makes a copy a site of its own', async () => {
      const copy = await site.copy();
      const elsewhere = await copy.openDesk();
      const ledger = await copy.openLedger();
      const before = await ledger.openRun(runner(), [TASK]);
      expect(before.answer).toBe('copy');
      const { place, marked } = await elsewhere.bind({ botId: null, restored: null });
      expect({ place, marked }).toEqual({ place: before.answer === 'copy' ? before.here : '', marked: 0 });
      expect((await ledger.openRun(runner(), [TASK])).answer).toBe('opened');
      await ledger.close();
      await elsewhere.close();
      await copy.close();
    });

    it('takes a new key', async () => {
      await desk.saveKey('another');
      const ledger = await site.openLedger();
      expect(await ledger.openRun(runner(), [TASK])).toEqual({ answer: 'other_key', expected: 'another' });
      expect((await ledger.openRun(runner({ keyFingerprint: 'another' }), [TASK])).answer).toBe('opened');
      await ledger.close();
    });

    describe('a database set back in time', () => {
      /** A guest with one operation planned at the time of the backup, and five made in the stretch that is lost. */
      const setBack = async () => {
        const customer = await site.addCustomer();
        await site.subscribe(BOT, { customerId: customer, chatId: '500' });
        const [long = ''] = await site.addOperations([{ customer, date: site.wall(-3_600_000) }]);
        const first = await planAll(site);
        await finish(first.ledger, await claimOne(first.ledger), { outcome: 'delivered', messageId: '1' });
        await first.ledger.finishRun({ exitCode: 0, summary: '{}' }, 1_000_000);
        await first.ledger.close();
        const [waiting = ''] = await site.addOperations([{ customer, date: site.wall(-5000) }]);
        const second = await planAll(site);
        await second.ledger.close();
        const restore = await site.save();
        site.pass(3_600_000);
        const lost = await site.addOperations(Array.from({ length: 5 }, () => ({ customer, date: site.wall(-1000) })));
        const third = await planAll(site);
        await third.ledger.close();
        await restore();
        return { long, waiting, lost, remembered: { runNo: third.runNo, runId: third.runId } };
      };

      it('marks the operations of the gap and what waited then, and leaves the rest', async () => {
        const { long, waiting, lost, remembered } = await setBack();
        const ledger = await site.openLedger();
        expect((await ledger.openRun(runner({ remembered }), [TASK])).answer).toBe('restored');
        expect((await desk.bind({ botId: BOT, restored: 'mark' })).marked).toBe(6);
        const rows = new Map((await site.deliveries(BOT)).map((row) => [row.operationId, row]));
        expect(rows.get(long)).toMatchObject({ state: 'delivered' });
        expect(rows.get(waiting)).toMatchObject({ state: 'skipped', reason: 'marked' });
        expect(lost.map((id) => rows.get(id)?.reason)).toEqual(Array<string>(5).fill('marked'));
        expect((await ledger.openRun(runner(), [TASK])).answer).toBe('opened');
        await ledger.close();
        expect((await desk.bind({ botId: BOT, restored: 'mark' })).marked).toBe(0);
      });

      it('marks what was dated a little before the newest run that is known: it may have been committed after its look', async () => {
        const guest = await site.addCustomer();
        await site.subscribe(BOT, { customerId: guest, chatId: '77' });
        const { ledger } = await planAll(site);
        await ledger.close();
        const [late = '', long = ''] = await site.addOperations(
          [10, 20].map((minutes) => ({ customer: guest, date: site.wall(-minutes * 60_000) })),
        );
        site.pass(3_600_000);
        await desk.bind({ botId: BOT, restored: 'mark' });
        const rows = new Map((await site.deliveries(BOT)).map((row) => [row.operationId, row]));
        expect(rows.get(late)).toMatchObject({ state: 'skipped', reason: 'marked' });
        expect(rows.has(long)).toBe(false);
      });

      it('marks operations dated after the server’s own time too: the clock of the lost stretch may have been ahead', async () => {
        const guest = await site.addCustomer();
        await site.subscribe(BOT, { customerId: guest, chatId: '77' });
        const { ledger } = await planAll(site);
        await ledger.close();
        const ahead = await site.addOperations([1, 2, 3].map((hours) => ({ customer: guest, date: site.wall(hours * 3_600_000) })));
        expect((await desk.bind({ botId: BOT, restored: 'mark' })).marked).toBe(3);
        const rows = new Map((await site.deliveries(BOT)).map((row) => [row.operationId, row]));
        expect(ahead.map((id) => rows.get(id)?.reason)).toEqual(['marked', 'marked', 'marked']);
      });

      it('marks the gap when the server’s clock stands behind the newest run that is known', async () => {
        const { lost } = await setBack();
        site.pass(-3 * 3_600_000);
        expect((await desk.bind({ botId: BOT, restored: 'mark' })).marked).toBe(6);
        const rows = new Map((await site.deliveries(BOT)).map((row) => [row.operationId, row]));
        expect(lost.map((id) => rows.get(id)?.reason)).toEqual(Array<string>(5).fill('marked'));
      });

      it('leaves them to be told, what waited then as a possible repeat', async () => {
        const { waiting, lost } = await setBack();
        expect((await desk.bind({ botId: BOT, restored: 'leave' })).marked).toBe(0);
        const { ledger } = await planAll(site);
        const rows = new Map((await site.deliveries(BOT)).map((row) => [row.operationId, row]));
        expect(rows.get(waiting)).toMatchObject({ state: 'planned', repeat: true });
        expect(lost.map((id) => rows.get(id)?.state)).toEqual(Array<string>(5).fill('planned'));
        await ledger.close();
      });

      it('touches nothing of another bot', async () => {
        const customer = await site.addCustomer();
        await site.subscribe(OTHER_BOT, { customerId: customer, chatId: '500' });
        await site.addOperations([{ customer, date: site.wall(-5000) }]);
        await (await planAll(site, { runner: { botId: OTHER_BOT }, task: 'another' })).ledger.close();
        await desk.bind({ botId: BOT, restored: 'mark' });
        expect(await site.deliveries(OTHER_BOT)).toMatchObject([{ state: 'planned', repeat: false }]);
        expect(await site.deliveries(BOT)).toMatchObject([{ state: 'skipped', reason: 'marked' }]);
      });
    });
  });
}
