import { describe, expect, it } from 'vitest';
import { SchemaMismatch } from '../../src/ports/database.ts';
import type { Engine } from './engine.ts';
import { BOT, finish, heldLedger, HOUR, makeSite, openLedger, runner, startRun, TASK } from './fixtures.ts';

export function describeOpening(engine: Engine): void {
  describe('opening a run', () => {
    it('binds the ledger to the first bot, once', async () => {
      const site = await makeSite(engine);
      const ledger = await openLedger(site);
      const first = await startRun(ledger);
      expect(first).toMatchObject({
        answer: 'opened',
        bound: true,
        offset: null,
        polledAt: null,
        quietUntil: null,
        pausedUntil: null,
        eventAt: null,
      });
      expect(first.now).toBe(site.now());
      expect(first.wallNow).toBe(site.wall());
      await finish(ledger);
      const second = await startRun(ledger);
      expect(second.bound).toBe(false);
      expect(second.runNo).toBe(first.runNo + 1);
    });

    it('gives a new task no past', async () => {
      const ledger = await openLedger(await makeSite(engine));
      const { tasks } = await startRun(ledger, {}, ['b', 'a']);
      const past = { watermark: null, firstLookDone: false, overlapLookAt: null, deepLookAt: null, brakeHeldAt: null };
      expect(tasks).toEqual([
        { taskId: 'b', ...past },
        { taskId: 'a', ...past },
      ]);
    });

    it('turns a second run away, naming the first', async () => {
      const site = await makeSite(engine);
      const [first, second] = [await openLedger(site), await openLedger(site)];
      await startRun(first, { host: 'till-7', pid: 77 });
      const startedAt = site.now();
      site.pass(1_000);
      await first.confirm();
      expect(await second.openRun(runner(), [TASK])).toEqual({
        answer: 'busy',
        holder: { host: 'till-7', pid: 77, startedAt, heartbeatAt: startedAt + 1_000 },
      });
    });

    it('lets a run in that was turned away, as soon as the first has finished', async () => {
      const site = await makeSite(engine);
      const [first, second] = [await openLedger(site), await openLedger(site)];
      await startRun(first);
      expect(await second.openRun(runner(), [TASK])).toMatchObject({ answer: 'busy' });
      await finish(first);
      expect(await second.openRun(runner(), [TASK])).toMatchObject({ answer: 'opened' });
    });

    it('keeps bots apart: each has a lock of its own', async () => {
      const site = await makeSite(engine);
      const [first, second] = [await openLedger(site), await openLedger(site)];
      await startRun(first, {}, ['a']);
      expect(await second.openRun(runner({ botId: '7000000002' }), ['b'])).toMatchObject({ answer: 'opened', bound: true });
    });

    it('refuses another token for tasks that this ledger knows by another bot', async () => {
      const site = await makeSite(engine);
      const ledger = await openLedger(site);
      await startRun(ledger);
      await finish(ledger);
      expect(await ledger.openRun(runner({ botId: '7000000002' }), ['new', TASK])).toEqual({ answer: 'other_bot', boundTo: BOT });
      // The lock of the refused bot is free again, and its tasks are nobody's.
      expect(await ledger.openRun(runner({ botId: '7000000002' }), ['new'])).toMatchObject({ answer: 'opened' });
    });

    it('refuses a host with another link key', async () => {
      const ledger = await openLedger(await makeSite(engine));
      expect(await ledger.openRun(runner({ keyFingerprint: 'unlike' }), [TASK])).toEqual({ answer: 'other_key', expected: 'fingerprint' });
      expect(await ledger.openRun(runner(), [TASK])).toMatchObject({ answer: 'opened', bound: true });
    });

    it('opens for a host that remembers the run before', async () => {
      const ledger = await openLedger(await makeSite(engine));
      const one = runner();
      const { runNo } = await startRun(ledger, one);
      await finish(ledger);
      expect(await ledger.openRun(runner({ remembered: { runNo, runId: one.runId } }), [TASK])).toMatchObject({ answer: 'opened' });
    });

    it('notices that the database was set back', async () => {
      const site = await makeSite(engine);
      const ledger = await openLedger(site);
      const { runNo } = await startRun(ledger);
      await finish(ledger);
      const lastKnownAt = site.now();
      const restore = await site.save();
      site.pass(HOUR);
      const lost = runner();
      await startRun(ledger, lost);
      await finish(ledger);
      await restore();
      const answer = await ledger.openRun(runner({ remembered: { runNo: runNo + 1, runId: lost.runId } }), [TASK]);
      expect(answer).toEqual({ answer: 'restored', lastKnownAt, runNo });
    });

    it('notices it too when another run has taken the number meanwhile', async () => {
      const site = await makeSite(engine);
      const ledger = await openLedger(site);
      const { runNo } = await startRun(ledger);
      await finish(ledger);
      expect(await ledger.openRun(runner({ remembered: { runNo, runId: 'of another past' } }), [TASK])).toMatchObject({
        answer: 'restored',
        runNo,
      });
    });

    it('says nothing is known when the ledger has no run at all', async () => {
      const ledger = await openLedger(await makeSite(engine));
      const remembered = { runNo: 7, runId: 'of another past' };
      expect(await ledger.openRun(runner({ remembered }), [TASK])).toEqual({ answer: 'restored', lastKnownAt: null, runNo: 0 });
    });

    it.runIf(engine.capabilities.copies)('is silent in a copy', async () => {
      const site = await makeSite(engine);
      const copy = await site.copy();
      const ledger = await openLedger(copy);
      const answer = await ledger.openRun(runner(), [TASK]);
      await ledger.close();
      const reader = await copy.openPlanReader();
      const place = await reader.readPlace();
      await reader.close();
      await copy.close();
      expect({ answer: 'copy', ...place }).toEqual(answer);
      expect(answer.answer).toBe('copy');
      if (answer.answer === 'copy') expect(answer.here).not.toBe(answer.boundTo);
    });

    it.each([
      ['older', 0],
      ['newer', 99],
    ])('says that the schema is %s', async (_what, found) => {
      const site = await makeSite(engine);
      await site.setSchema(found);
      await expect(site.openLedger()).rejects.toThrow(SchemaMismatch);
      await expect(site.openPlanReader()).rejects.toMatchObject({ found, wanted: 1 });
    });

    it('says that the ledger isn’t installed', async () => {
      const site = await makeSite(engine);
      await site.setSchema(null);
      await expect(site.openLedger()).rejects.toMatchObject({ name: 'SchemaMismatch', found: null });
    });

    it('says so too when the schema changes between two runs of one process', async () => {
      const site = await makeSite(engine);
      const ledger = await openLedger(site);
      await site.setSchema(2);
      await expect(ledger.openRun(runner(), [TASK])).rejects.toMatchObject({ name: 'SchemaMismatch', found: 2 });
      await site.setSchema(1);
      expect(await ledger.openRun(runner(), [TASK])).toMatchObject({ answer: 'opened' });
    });

    it('remembers a pause until it is over', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await finish(ledger);
      await site.pauseUntil(BOT, site.now() + HOUR);
      expect(await startRun(ledger)).toMatchObject({ pausedUntil: site.now() + HOUR });
      await finish(ledger);
      site.pass(HOUR);
      expect(await startRun(ledger)).toMatchObject({ pausedUntil: null });
    });

    it('starts out paused where install said so', async () => {
      const site = await makeSite(engine);
      await site.installPaused();
      const ledger = await openLedger(site);
      expect(await startRun(ledger)).toMatchObject({ bound: true, pausedUntil: Number.POSITIVE_INFINITY });
      await finish(ledger);
      expect(await startRun(ledger)).toMatchObject({ bound: false, pausedUntil: Number.POSITIVE_INFINITY });
    });

    it('remembers a silence that Telegram asked for until it is over', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const quietUntil = site.now() + 30_000;
      await ledger.advance({
        claimId: 'c',
        finished: [],
        want: 0,
        customers: null,
        operations: null,
        digestGapMs: 0,
        digestWaitMs: 0,
        timeToLiveMs: 0,
        balance: 'off',
        quietUntil,
      });
      await finish(ledger);
      expect(await startRun(ledger)).toMatchObject({ quietUntil });
      await finish(ledger);
      site.pass(30_000);
      expect(await startRun(ledger)).toMatchObject({ quietUntil: null });
    });

    it('ends the row of a run that died, by its last heartbeat', async () => {
      const site = await makeSite(engine);
      const dead = await heldLedger(site);
      site.pass(5_000);
      await dead.confirm();
      const heartbeat = site.now();
      await dead.close();
      site.pass(HOUR);
      await heldLedger(site);
      const [first, second] = await site.runs();
      expect(first).toMatchObject({ finishedAt: heartbeat, exitCode: null });
      expect(second).toMatchObject({ finishedAt: null });
    });

    it('keeps what a run came to', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await ledger.finishRun({ exitCode: 8, summary: '{"schema":1}' }, 0);
      expect(await site.runs()).toMatchObject([{ exitCode: 8, summary: '{"schema":1}', finishedAt: site.now() }]);
    });
  });
}
