import { describe, expect, it } from 'vitest';

import type { Engine } from './engine.ts';
import {
  addGuest,
  BOT,
  DAY,
  fates,
  heldLedger,
  HOUR,
  makeSite,
  openLedger,
  planAll,
  planChunk,
  query,
  startRun,
  TASK,
} from './fixtures.ts';

export function describePlan(engine: Engine): void {
  describe('the verdict', () => {
    it('follows the subscription', async () => {
      const site = await makeSite(engine);
      const states = ['active', 'suspended', 'stopped', 'cleared', null] as const;
      const operations: string[] = [];
      for (const state of states) {
        const customer = await site.addCustomer();
        if (state !== null) await site.subscribe(BOT, { customerId: customer, chatId: `9${operations.length}`, state });
        operations.push(...(await site.addOperations([{ customer, date: site.wall() }])));
      }
      const ledger = await heldLedger(site);
      const chunk = await planChunk(ledger, query(site));
      const known = await fates(site);
      expect(operations.map((id) => known[id])).toEqual([
        'planned',
        'skipped(suspended)',
        'skipped(opted_out)',
        'skipped(opted_out)',
        'skipped(not_subscribed)',
      ]);
      expect(chunk.head).toEqual({
        planned: 1,
        notices: 1,
        skipped: { suspended: 1, opted_out: 2, not_subscribed: 1 },
        unsubscribedCustomers: 1,
        oldest: site.wall(),
      });
    });

    it('counts age from the operation’s date, to the millisecond', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const ids = await site.addOperations([-HOUR - 10, -HOUR, 0].map((ago) => ({ customer, date: site.wall(ago) })));
      await planAll(await heldLedger(site), query(site, { timeToLiveMs: HOUR }));
      const known = await fates(site);
      expect(ids.map((id) => known[id])).toEqual(['skipped(too_old)', 'planned', 'planned']);
    });

    it('counts age from the watermark where that is later, so that a back-dated row is fresh', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall(-30 * DAY) }]);
      const ledger = await heldLedger(site);
      expect(await ledger.measure(query(site, { timeToLiveMs: HOUR, ageFloor: site.wall(-HOUR) }), site.wall())).toMatchObject({
        planned: 1,
      });
      expect(await ledger.measure(query(site, { timeToLiveMs: HOUR, ageFloor: site.wall(-HOUR - 10) }), site.wall())).toMatchObject({
        planned: 0,
        skipped: { too_old: 1 },
      });
    });

    it('doesn’t age what the brake holds', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall(-10 * DAY) }]);
      const ledger = await heldLedger(site);
      expect(await ledger.measure(query(site, { timeToLiveMs: DAY, ageAt: site.wall(-9 * DAY) }), site.wall())).toMatchObject({
        planned: 1,
      });
    });

    it('is late for what a deep look finds before the overlap', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const ids = await site.addOperations([-8, -6].map((days) => ({ customer, date: site.wall(days * DAY) })));
      await planAll(await heldLedger(site), query(site, { lateBefore: site.wall(-7 * DAY) }));
      const known = await fates(site);
      expect(ids.map((id) => known[id])).toEqual(['skipped(late)', 'planned']);
    });

    it('names the age before the subscription: what is old is nobody’s reason for an invitation', async () => {
      const site = await makeSite(engine);
      await site.addOperations([{ customer: await site.addCustomer(), date: site.wall(-DAY) }]);
      const ledger = await heldLedger(site);
      const { head } = await planChunk(ledger, query(site, { timeToLiveMs: HOUR }));
      expect(head).toMatchObject({ skipped: { too_old: 1 }, unsubscribedCustomers: 0 });
    });

    it('is marked for everything when the past is only to be marked', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const ids = await site.addOperations([
        { customer, date: site.wall(-DAY) },
        { customer: await site.addCustomer(), date: site.wall() },
      ]);
      await planAll(await heldLedger(site), query(site, { markOnly: true, timeToLiveMs: HOUR }));
      const known = await fates(site);
      expect(ids.map((id) => known[id])).toEqual(['skipped(marked)', 'skipped(marked)']);
    });

    it('leaves the unsubscribed unplanned when it isn’t known who subscribed', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [told = ''] = await site.addOperations([
        { customer, date: site.wall() },
        { customer: await site.addCustomer(), date: site.wall() },
      ]);
      const ledger = await heldLedger(site);
      const { head } = await planChunk(ledger, query(site, { unsubscribed: 'leave' }));
      expect(head).toMatchObject({ planned: 1, skipped: {}, unsubscribedCustomers: 0 });
      expect(await fates(site)).toEqual({ [told]: 'planned' });
    });
  });

  describe('a row, once there', () => {
    it('is not planned again, by any task of the bot', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall() }]);
      const ledger = await openLedger(site);
      await startRun(ledger, {}, ['a', 'b']);
      expect((await planChunk(ledger, query(site, { taskId: 'a' }))).head.planned).toBe(1);
      expect((await planChunk(ledger, query(site, { taskId: 'b' }))).head.planned).toBe(0);
      expect(await site.deliveries()).toMatchObject([{ taskId: 'a' }]);
    });

    it('is another bot’s own affair', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall() }]);
      const [one, other] = [await heldLedger(site), await openLedger(site)];
      await startRun(other, { botId: '7000000002' }, ['theirs']);
      await planAll(one, query(site));
      await planAll(other, query(site, { botId: '7000000002', taskId: 'theirs' }));
      expect((await site.deliveries(BOT)).map((row) => row.state)).toEqual(['planned']);
      expect((await site.deliveries('7000000002')).map((row) => row.state)).toEqual(['skipped']);
    });

    it('is revived by hand when it was skipped without an attempt', async () => {
      const site = await makeSite(engine);
      const customer = await site.addCustomer();
      const [operation = ''] = await site.addOperations([{ customer, date: site.wall(-DAY) }]);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      expect(await fates(site)).toEqual({ [operation]: 'skipped(not_subscribed)' });
      await site.subscribe(BOT, { customerId: customer, chatId: '91' });
      expect((await planChunk(ledger, query(site))).head.planned).toBe(0);
      expect((await planChunk(ledger, query(site, { revive: true }))).head).toMatchObject({ planned: 1, notices: 1, skipped: {} });
      expect(await fates(site)).toEqual({ [operation]: 'planned' });
    });

    it('is revived to another reason when it can’t be told now either', async () => {
      const site = await makeSite(engine);
      const customer = await site.addCustomer();
      const [operation = ''] = await site.addOperations([{ customer, date: site.wall(-DAY) }]);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site, { timeToLiveMs: HOUR }));
      expect((await planChunk(ledger, query(site, { revive: true }))).head).toMatchObject({ planned: 0, skipped: { not_subscribed: 1 } });
      expect(await fates(site)).toEqual({ [operation]: 'skipped(not_subscribed)' });
    });

    it('is not revived when the guest had opted out, or it was marked', async () => {
      const site = await makeSite(engine);
      const { customer, chatId } = await addGuest(site);
      await site.subscribe(BOT, { customerId: customer, chatId, state: 'stopped' });
      await site.addOperations([{ customer, date: site.wall(-DAY) }]);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      await site.addOperations([{ customer, date: site.wall(-HOUR) }]);
      await planAll(ledger, query(site, { markOnly: true }));
      await site.subscribe(BOT, { customerId: customer, chatId });
      expect((await planChunk(ledger, query(site, { revive: true }))).head).toMatchObject({ planned: 0, skipped: {} });
    });

    it('keeps its task when the look belongs to a task that this bot runs too', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall() }]);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      await planAll(ledger, query(site, { taskId: 'other', revive: true }));
      expect(await site.deliveries()).toMatchObject([{ taskId: TASK, state: 'planned' }]);
    });
  });
}
