import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { OUR_REFUSALS } from '../../src/core/outcome.ts';
import type { Desk } from '../../src/ports/desk.ts';
import { ALL, BOT, claimOne, finish, OTHER_BOT, planAll, runner } from './desk-acts.ts';
import type { DeskEngine, DeskSite } from './desk-engine.ts';

const DAY = 86_400_000;
const OURS = { outcome: 'refused', code: 'bad_text', whose: 'ours', detail: "can't parse entities" } as const;
const THEIRS = { outcome: 'refused', code: 'blocked', whose: 'guest', detail: 'blocked' } as const;

export function deskPruneContract(engine: DeskEngine): void {
  describe('refusals that are ours, and what is long ago', () => {
    let site: DeskSite;
    let desk: Desk;
    beforeEach(async () => {
      site = await engine.makeSite();
      desk = await site.openDesk();
    });
    afterEach(async () => {
      await desk.close();
      await site.close();
    });

    /** Subscribed guests with an operation each, told with these outcomes. */
    async function tell(
      outcomes: readonly (typeof OURS | typeof THEIRS | { readonly outcome: 'delivered'; readonly messageId: string })[],
    ) {
      const guests = [];
      for (const [index] of outcomes.entries()) {
        const customer = await site.addCustomer();
        await site.subscribe(BOT, { customerId: customer, chatId: String(600 + index) });
        guests.push({ customer, date: site.wall(-60_000 + index) });
      }
      const ids = await site.addOperations(guests);
      const { ledger } = await planAll(site);
      const rows: number[] = [];
      for (const outcome of outcomes) {
        const notice = await claimOne(ledger);
        rows.push(notice.operations[0]?.row ?? 0);
        await finish(ledger, notice, outcome);
      }
      return { ids, rows, ledger };
    }

    it('are listed and put back, and only they', async () => {
      const { rows, ledger } = await tell([OURS, THEIRS, OURS]);
      const refused = await desk.listRefused(BOT, OUR_REFUSALS, 10);
      expect(refused.map(({ reason, attempts }) => [reason, attempts[0]?.detail])).toEqual([
        ['bad_text', OURS.detail],
        ['bad_text', OURS.detail],
      ]);
      const request = { botId: BOT, codes: OUR_REFUSALS, reason: 'anna@till: the template is mended' };
      expect(await desk.retry({ ...request, rows: [refused[0]?.row ?? 0, 9_999] })).toBe(1);
      expect(await desk.retry({ ...request, botId: OTHER_BOT, rows: 'all' })).toBe(0);
      expect(await desk.retry({ ...request, rows: rows })).toBe(1);
      expect((await site.deliveries(BOT)).map(({ state }) => state).toSorted()).toEqual(['planned', 'planned', 'refused']);
      site.pass(2_000);
      const again = await claimOne(ledger);
      expect(again.repeat).toBe(false);
      await finish(ledger, again, { outcome: 'delivered', messageId: '1' });
      const story = await desk.readStory(BOT, { operationId: again.operations[0]?.id ?? '' }, 1);
      expect(story?.deliveries[0]).toMatchObject({ state: 'delivered', resolved: 'retry: anna@till: the template is mended' });
      await ledger.close();
    });

    it('put back are as new, not too old at once', async () => {
      const { ledger } = await tell([OURS]);
      site.pass(30 * DAY);
      await desk.retry({ botId: BOT, codes: OUR_REFUSALS, rows: 'all', reason: 'x' });
      const notice = await claimOne(ledger);
      await finish(ledger, notice, { outcome: 'retry', code: 'unreachable', notBefore: null, detail: '' });
      expect(await site.deliveries(BOT)).toMatchObject([{ state: 'planned' }]);
      await ledger.close();
    });

    it('lose their details, while what was told stays known and is not told again', async () => {
      const { ledger } = await tell([{ outcome: 'delivered', messageId: '1' }, THEIRS]);
      await ledger.finishRun({ exitCode: 0, summary: '{}' }, 1_000);
      await ledger.close();
      site.pass(100 * DAY);
      const before = site.wall(-50 * DAY);
      expect(await desk.prune(BOT, before)).toMatchObject({ horizon: before, attempts: 2, deliveries: 0 });
      expect((await site.deliveries(BOT)).map(({ state }) => state).toSorted()).toEqual(['delivered', 'refused']);
      expect(await site.attempts()).toEqual([]);
      const later = await planAll(site, { filters: ALL });
      expect((await site.deliveries(BOT)).map(({ state }) => state).toSorted()).toEqual(['delivered', 'refused']);
      await later.ledger.close();
    });

    it('go with their keys where the operation is gone', async () => {
      const { ids, ledger } = await tell([
        { outcome: 'delivered', messageId: '1' },
        { outcome: 'delivered', messageId: '2' },
      ]);
      await ledger.close();
      await site.removeOperation(ids[0] ?? '');
      site.pass(100 * DAY);
      expect(await desk.prune(BOT, site.wall(-50 * DAY))).toMatchObject({ deliveries: 1 });
      expect((await site.deliveries(BOT)).map(({ operationId }) => operationId)).toEqual([ids[1]]);
    });

    it('keep what is open, what is young and what another bot’s is', async () => {
      const { ledger } = await tell([{ outcome: 'delivered', messageId: '1' }]);
      const customer = await site.addCustomer();
      await site.subscribe(BOT, { customerId: customer, chatId: '700' });
      await site.addOperations([{ customer, date: site.wall(-60_000) }]);
      await ledger.close();
      site.pass(100 * DAY);
      const open = await planAll(site);
      await finish(open.ledger, await claimOne(open.ledger), { outcome: 'in_doubt', code: 'timeout', detail: 'no answer' });
      expect(await desk.prune(OTHER_BOT, site.wall())).toMatchObject({ attempts: 0 });
      expect(await desk.prune(BOT, site.wall(-50 * DAY))).toMatchObject({ attempts: 1 });
      expect(await desk.prune(BOT, site.wall(DAY))).toMatchObject({ attempts: 0 });
      expect(await desk.listInDoubt(BOT, 10)).toMatchObject([{ attempts: [{ detail: 'no answer' }] }]);
      await open.ledger.close();
    });

    it('leave the newest run, by which a host knows the database again', async () => {
      const { ledger } = await planAll(site);
      await ledger.finishRun({ exitCode: 0, summary: '{}' }, 1_000);
      const again = runner();
      const opened = await ledger.openRun(again, []);
      await ledger.finishRun({ exitCode: 0, summary: '{}' }, 1_000);
      site.pass(100 * DAY);
      expect(await desk.prune(BOT, site.wall(-50 * DAY))).toMatchObject({ runs: 1 });
      const remembered = { runNo: opened.answer === 'opened' ? opened.runNo : 0, runId: again.runId };
      expect((await ledger.openRun(runner({ remembered }), [])).answer).toBe('opened');
      await ledger.close();
    });

    it('set a horizon that readers are told, and that never goes back', async () => {
      const reader = await site.openPlanReader();
      try {
        await (await planAll(site)).ledger.close();
        expect(await reader.readHorizon(BOT)).toBeNull();
        const before = site.wall(-50 * DAY);
        await desk.prune(BOT, before);
        await desk.prune(BOT, site.wall(-90 * DAY));
        expect(await reader.readHorizon(BOT)).toBe(before);
        expect(await reader.readHorizon(OTHER_BOT)).toBeNull();
      } finally {
        await reader.close();
      }
    });
  });
}
