import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { StatusReport } from '../../src/ports/desk.ts';
import type { Standing } from '../../src/core/standing.ts';
import { BOT, claimOne, finish, OTHER_BOT, planAll, runner, TASK } from './desk-acts.ts';
import type { DeskEngine, DeskSite } from './desk-engine.ts';

export function deskStatusContract(engine: DeskEngine): void {
  describe('status', () => {
    let site: DeskSite;
    beforeEach(async () => {
      site = await engine.makeSite();
    });
    afterEach(() => site.close());

    const status = async (botId: string | null = BOT): Promise<StatusReport & Partial<Standing>> => {
      const desk = await site.openDesk();
      const report = await desk.readStatus(botId);
      await desk.close();
      return report;
    };

    it('tells of an empty ledger that nothing has happened', async () => {
      const report = await status();
      expect(report).toMatchObject({
        runs: [],
        holder: null,
        deliveries: {},
        skipped: {},
        subscriptions: {},
        byNote: 0,
        refusedLinks: {},
        pausedUntil: null,
        quietUntil: null,
        polledAt: null,
        offset: null,
        unreadSince: null,
        notesFailed: 0,
        tasks: [],
      });
      expect(report.now).toBe(site.now());
      expect(report.wallNow).toBe(site.wall());
      expect(report.bound).toBe(false);
      expect(report.waiting).toEqual({ due: 0, later: 0, nextAt: null, oldest: null });
      expect(report.place?.boundTo).toBe(report.place?.here);
    });

    it('counts deliveries by state and skips by reason, each bot its own', async () => {
      const told = await site.addCustomer();
      const stranger = await site.addCustomer();
      await site.subscribe(BOT, { customerId: told, chatId: '1' });
      const [oldest = ''] = await site.addOperations([
        { customer: told, date: site.wall(-30_000) },
        { customer: told, date: site.wall(-20_000) },
        { customer: stranger, date: site.wall(-10_000) },
      ]);
      const { ledger } = await planAll(site);
      await finish(ledger, await claimOne(ledger), { outcome: 'delivered', messageId: '5' });
      const report = await status();
      expect(oldest).not.toBe('');
      expect(report.deliveries).toEqual({ delivered: 1, planned: 1, skipped: 1 });
      expect(report.skipped).toEqual({ not_subscribed: 1 });
      expect(report.waiting).toEqual({ due: 1, later: 0, nextAt: null, oldest: site.wall(-20_000) });
      expect((await status(OTHER_BOT)).deliveries).toEqual({});
      expect((await status(null)).deliveries).toEqual({ delivered: 1, planned: 1, skipped: 1 });
      await ledger.close();
    });

    it('tells when rows that must wait may go', async () => {
      const customer = await site.addCustomer();
      await site.subscribe(BOT, { customerId: customer, chatId: '1' });
      await site.addOperations([{ customer, date: site.wall(-30_000) }]);
      const { ledger } = await planAll(site);
      const later = site.now() + 90_000;
      const notice = await claimOne(ledger);
      await finish(ledger, notice, { outcome: 'retry', code: 'unreachable', notBefore: later, detail: 'ECONNREFUSED' });
      expect((await status()).waiting).toEqual({ due: 0, later: 1, nextAt: later, oldest: site.wall(-30_000) });
      await ledger.close();
    });

    it('shows the run at work as the holder, and when it has ended its exit code, newest first', async () => {
      const { ledger, runNo } = await planAll(site);
      const atWork = await status();
      expect(atWork.holder).toMatchObject({ host: 'till-1', pid: 4242, startedAt: site.now() });
      expect(atWork.runs).toMatchObject([{ runNo, finishedAt: null, exitCode: null }]);
      expect(atWork.bound).toBe(true);
      site.pass(1000);
      await ledger.finishRun({ exitCode: 8, summary: '{"a":1}' }, 1_000_000);
      const second = await ledger.openRun(runner(), [TASK]);
      expect(second.answer).toBe('opened');
      const ended = await status();
      expect(ended.runs.map((run) => run.runNo)).toEqual([runNo + 1, runNo]);
      expect(ended.runs[1]).toMatchObject({ finishedAt: site.now(), exitCode: 8, summary: '{"a":1}' });
      expect(ended.tasks.map((task) => task.taskId)).toEqual([TASK]);
      await ledger.close();
    });

    it('counts subscriptions, those by note apart, and refused links by reason', async () => {
      const [a, b, c] = [await site.addCustomer(), await site.addCustomer(), await site.addCustomer()];
      await site.subscribe(BOT, { customerId: a, chatId: '1' });
      await site.subscribe(BOT, { customerId: b, chatId: '2', origin: 'note' });
      await site.subscribe(BOT, { customerId: c, chatId: '3', state: 'stopped' });
      await site.refuseLink(BOT, { chatId: '9', updateId: 1, reason: 'forged', customerId: a });
      await site.refuseLink(BOT, { chatId: '9', updateId: 2, reason: 'forged', customerId: null });
      const report = await status();
      expect(report.subscriptions).toEqual({ active: 2, stopped: 1 });
      expect(report.byNote).toBe(1);
      expect(report.refusedLinks).toEqual({ forged: 2 });
    });

    it('tells since when a word of an event or a schedule has waited, leaving aside those of runs', async () => {
      await site.leaveWord(BOT, { kind: 'run', taskId: TASK });
      expect((await status()).unreadSince).toBeNull();
      await site.leaveWord(BOT, { kind: 'event', taskId: TASK });
      const since = site.now();
      site.pass(60_000);
      await site.leaveWord(BOT, { kind: 'schedule', taskId: TASK });
      expect((await status()).unreadSince).toBe(since);
      expect((await status(OTHER_BOT)).unreadSince).toBeNull();
      const { ledger } = await planAll(site);
      await ledger.finishRun({ exitCode: 0, summary: '{}' }, 1_000_000);
      expect((await status()).unreadSince).toBeNull();
      await ledger.close();
    });

    it('tells of a copy where it is bound to and where it is', async () => {
      const copy = await site.copy();
      const desk = await copy.openDesk();
      const report: StatusReport & Partial<Standing> = await desk.readStatus(null);
      expect(report.place?.here).not.toBe(report.place?.boundTo);
      await desk.close();
      await copy.close();
    });
  });
}
