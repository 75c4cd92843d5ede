import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { Engine } from './engine.ts';
import { advanceRequest, BOT, EVERYTHING, finish, heldLedger, makeSite, openLedger, query, runner, startRun, TASK } from './fixtures.ts';

/** Every call that writes, with the answer it gives without the lock. */
const WRITES: readonly (readonly [string, (ledger: Ledger) => Promise<unknown>, unknown])[] = [
  ['confirm', (ledger) => ledger.confirm(), 'lost'],
  [
    'recover',
    (ledger) => ledger.recover({ inDoubt: 'repeat', repeatAfterMs: 0 }),
    { orphaned: 0, orphanedInvitations: 0, judgedAt: null, toRepeat: 0 },
  ],
  ['saveUpdates', (ledger) => ledger.saveUpdates({ offset: 9, subscriptions: [], chats: [], refused: [] }), 'lock_lost'],
  ['savePoll', (ledger) => ledger.savePoll(), 'lock_lost'],
  ['saveNotes', (ledger) => ledger.saveNotes([{ customerId: 'c', noted: '1', subscription: null }]), 'lock_lost'],
  ['mirrorNotes', (ledger) => ledger.mirrorNotes('chat', 10), { written: 0, failed: 0, detail: 'lock_lost' }],
  ['admit', (ledger) => ledger.admit(TASK, EVERYTHING), 'lock_lost'],
  ['holdBrake', (ledger) => ledger.holdBrake(TASK, '2026-11-24 12:00:00.000'), 'lock_lost'],
  ['advance', (ledger) => ledger.advance(advanceRequest()), { answer: 'lock_lost' }],
  ['finishRun', (ledger) => ledger.finishRun({ exitCode: 0, summary: '' }, 99), { again: false }],
];

export function describeWords(engine: Engine): void {
  describe('words', () => {
    it('leaves one for each task, even where another run holds the lock', async () => {
      const site = await makeSite(engine);
      const [first, second] = [await openLedger(site), await openLedger(site)];
      await startRun(first, {}, ['a', 'b']);
      await second.openRun(runner(), ['a', 'c']);
      expect((await site.words()).map(({ taskId, kind }) => [taskId, kind])).toEqual([
        ['a', 'run'],
        ['b', 'run'],
        ['a', 'run'],
        ['c', 'run'],
      ]);
    });

    it('asks for no second look when nothing came meanwhile', async () => {
      const ledger = await openLedger(await makeSite(engine));
      const { wakeNo } = await startRun(ledger);
      expect(await finish(ledger, wakeNo)).toEqual({ again: false });
    });

    it('asks for one when a run was turned away meanwhile', async () => {
      const site = await makeSite(engine);
      const [first, second] = [await openLedger(site), await openLedger(site)];
      const { wakeNo } = await startRun(first);
      await second.openRun(runner(), [TASK]);
      expect(await finish(first, wakeNo)).toEqual({ again: true });
      const reopened = await startRun(first);
      expect(reopened.wakeNo).toBeGreaterThan(wakeNo + 1);
      expect(await finish(first, reopened.wakeNo)).toEqual({ again: false });
    });

    it('asks for none because of another bot’s word', async () => {
      const site = await makeSite(engine);
      const ledger = await openLedger(site);
      const { wakeNo } = await startRun(ledger);
      await site.leaveWord('7000000002', { kind: 'event', taskId: 'theirs' });
      expect((await ledger.readWords()).eventAt).toBeNull();
      expect(await finish(ledger, wakeNo)).toEqual({ again: false });
    });

    it('has unlocked before it answers', async () => {
      const site = await makeSite(engine);
      const [first, second] = [await openLedger(site), await openLedger(site)];
      const { wakeNo } = await startRun(first);
      await site.leaveWord(BOT, { kind: 'event', taskId: TASK });
      expect(await finish(first, wakeNo)).toEqual({ again: true });
      expect(await second.openRun(runner(), [TASK])).toMatchObject({ answer: 'opened' });
    });

    it('tells when the newest event came that nobody has served', async () => {
      const site = await makeSite(engine);
      await site.leaveWord(BOT, { kind: 'event', taskId: TASK });
      site.pass(2_000);
      await site.leaveWord(BOT, { kind: 'event', taskId: TASK });
      const eventAt = site.now();
      site.pass(2_000);
      await site.leaveWord(BOT, { kind: 'schedule', taskId: TASK });
      const ledger = await openLedger(site);
      const opened = await startRun(ledger);
      expect(opened.eventAt).toBe(eventAt);
      expect(await ledger.readWords()).toEqual({ wakeNo: opened.wakeNo, eventAt });
    });

    it('never takes a run’s own word for an event', async () => {
      const ledger = await openLedger(await makeSite(engine));
      expect(await startRun(ledger)).toMatchObject({ eventAt: null });
    });

    it('marks as served what the run has served, and nothing newer', async () => {
      const site = await makeSite(engine);
      const served = await site.leaveWord(BOT, { kind: 'event', taskId: TASK });
      const ledger = await openLedger(site);
      const { wakeNo } = await startRun(ledger);
      const newer = await site.leaveWord(BOT, { kind: 'event', taskId: TASK });
      await finish(ledger, wakeNo);
      const open = (await site.words()).filter((word) => word.servedAt === null).map((word) => word.wakeNo);
      expect(open).toEqual([newer]);
      expect((await startRun(ledger)).wakeNo).toBeGreaterThan(served);
    });

    it('sees words that come while the lock is held', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const newer = await site.leaveWord(BOT, { kind: 'event', taskId: TASK });
      expect(await ledger.readWords()).toEqual({ wakeNo: newer, eventAt: site.now() });
    });
  });

  describe('without the lock', () => {
    it.each(WRITES)('%s writes nothing and says so before any run', async (_call, write, answer) => {
      const ledger = await openLedger(await makeSite(engine));
      expect(await write(ledger)).toEqual(answer);
    });

    it.each(WRITES)('%s writes nothing and says so when another run has taken over', async (_call, write, answer) => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await site.takeOver(BOT);
      expect(await write(ledger)).toEqual(answer);
      expect(await site.deliveries()).toEqual([]);
      expect((await site.words()).every((word) => word.servedAt === null)).toBe(true);
    });

    it('plans nothing', async () => {
      const site = await makeSite(engine);
      await site.addOperations([{ customer: await site.addCustomer(), date: site.wall() }]);
      const ledger = await heldLedger(site);
      await site.takeOver(BOT);
      expect(await ledger.plan({ query: query(site), after: null, limit: null, move: null })).toEqual({ answer: 'lock_lost' });
      expect(await site.deliveries()).toEqual([]);
    });

    it('holds the lock as long as the run is open', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      site.pass(1_000);
      expect(await ledger.confirm()).toBe('held');
      expect(await site.runs()).toMatchObject([{ heartbeatAt: site.now() }]);
    });
  });
}
