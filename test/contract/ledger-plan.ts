import { describe, expect, it } from 'vitest';
import type { Filters } from '../../src/core/settings.ts';
import type { PlanQuery } from '../../src/ports.ts';
import type { Engine, NewOperation, Site } from './engine.ts';
import { addGuest, BOT, DAY, EVERYTHING, fates, heldLedger, HOUR, makeSite, MINUTE, openLedger, planAll, planChunk, query, startRun, TASK } from './fixtures.ts';

/** Plans these operations of one guest by this look, and tells which of them have a row. */
async function plannedOf(site: Site, operations: readonly NewOperation[], change: Partial<PlanQuery> = {}): Promise<readonly number[]> {
  const ids = await site.addOperations(operations);
  const ledger = await heldLedger(site);
  await planAll(ledger, query(site, change));
  const known = await fates(site);
  return ids.flatMap((id, index) => (known[id] === undefined ? [] : [index]));
}

function filtered(change: Partial<Filters>): Partial<PlanQuery> {
  return { filters: { ...EVERYTHING, ...change } };
}

export function describePlan(engine: Engine): void {
  describe('the window of a look', () => {
    it('takes in its beginning and leaves out its end', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const dates = [-3, -2, -1, 0].map((minutes) => ({ customer, date: site.wall(minutes * MINUTE) }));
      expect(await plannedOf(site, dates, { from: site.wall(-2 * MINUTE), until: site.wall() })).toEqual([1, 2]);
    });

    it('takes in operations dated in the future', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      expect(await plannedOf(site, [{ customer, date: site.wall(DAY) }])).toEqual([0]);
    });

    it('takes only what the brake lets through', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const dates = [-3, -1].map((hours) => ({ customer, date: site.wall(hours * HOUR) }));
      expect(await plannedOf(site, dates, { freshFrom: site.wall(-2 * HOUR), from: site.wall(-9 * HOUR) })).toEqual([1]);
    });

    it.each<readonly ['customers' | 'operations', string]>([
      ['customers', 'customers'],
      ['operations', 'operations'],
    ])('narrows to %s', async (what) => {
      const site = await makeSite(engine);
      const [mine, other] = [await addGuest(site), await addGuest(site)];
      const [wanted = ''] = await site.addOperations([{ customer: mine.customer, date: site.wall() }]);
      const narrow = what === 'customers' ? { customers: [mine.customer] } : { operations: [wanted] };
      expect(await plannedOf(site, [{ customer: other.customer, date: site.wall() }], narrow)).toEqual([]);
      expect(await fates(site)).toEqual({ [wanted]: 'planned' });
    });

    it('narrowed to nobody, takes nothing', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      expect(await plannedOf(site, [{ customer, date: site.wall() }], { customers: [] })).toEqual([]);
    });
  });

  describe('the filters of a task leave no row', () => {
    it('of an account type that isn’t chosen', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [bonus, deposit] = [await site.addAccountType({ name: 'Bonus' }), await site.addAccountType()];
      const operations = [bonus, deposit].map((accountType) => ({ customer, date: site.wall(), accountType }));
      expect(await plannedOf(site, operations, filtered({ accountTypes: [bonus] }))).toEqual([0]);
    });

    it('of a group that isn’t chosen, while descendants of a chosen one are', async () => {
      const site = await makeSite(engine);
      const parent = await site.addGroup();
      const grandchild = await site.addGroup({ parent: await site.addGroup({ parent }) });
      const groups = [parent, grandchild, await site.addGroup()];
      const customers = await Promise.all(groups.map(async (group) => site.addCustomer({ group })));
      const operations = customers.map((customer) => ({ customer, date: site.wall() }));
      expect(await plannedOf(site, operations, filtered({ customerGroups: [parent] }))).toEqual([0, 1]);
    });

    it.each<readonly [Filters['sign'], readonly number[]]>([
      ['any', [0, 1, 2]],
      ['credit', [0]],
      ['debit', [1]],
    ])('of another sign than %s', async (sign, told) => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const operations = [5n, -5n, 0n].map((sum) => ({ customer, date: site.wall(), sum }));
      expect(await plannedOf(site, operations, filtered({ sign }))).toEqual(told);
    });

    it('below the threshold, of either sign', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const operations = [999_999n, 1_000_000n, -1_000_000n, -999_999n].map((sum) => ({ customer, date: site.wall(), sum }));
      expect(await plannedOf(site, operations, filtered({ threshold: 1_000_000n }))).toEqual([1, 2]);
    });

    it('of customers who are deleted or disabled, themselves or by their group', async () => {
      const site = await makeSite(engine);
      const customers = [
        await site.addCustomer(),
        await site.addCustomer({ deleted: true }),
        await site.addCustomer({ disabled: true }),
        await site.addCustomer({ group: await site.addGroup({ deleted: true }) }),
        await site.addCustomer({ group: await site.addGroup({ disabled: true }) }),
        'deadbeef-0000-4000-8000-000000000000',
      ];
      const operations = customers.map((customer) => ({ customer, date: site.wall() }));
      expect(await plannedOf(site, operations)).toEqual([0]);
    });
  });

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
      const ids = await site.addOperations([-HOUR - 1, -HOUR, 0].map((ago) => ({ customer, date: site.wall(ago) })));
      await planAll(await heldLedger(site), query(site, { timeToLiveMs: HOUR }));
      const known = await fates(site);
      expect(ids.map((id) => known[id])).toEqual(['skipped(too_old)', 'planned', 'planned']);
    });

    it('counts age from the watermark where that is later, so that a back-dated row is fresh', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall(-30 * DAY) }]);
      const ledger = await heldLedger(site);
      expect(await ledger.measure(query(site, { timeToLiveMs: HOUR, ageFloor: site.wall(-HOUR) }), site.wall())).toMatchObject({ planned: 1 });
      expect(await ledger.measure(query(site, { timeToLiveMs: HOUR, ageFloor: site.wall(-HOUR - 1) }), site.wall())).toMatchObject({
        planned: 0,
        skipped: { too_old: 1 },
      });
    });

    it('doesn’t age what the brake holds', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall(-10 * DAY) }]);
      const ledger = await heldLedger(site);
      expect(await ledger.measure(query(site, { timeToLiveMs: DAY, ageAt: site.wall(-9 * DAY) }), site.wall())).toMatchObject({ planned: 1 });
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
      const ids = await site.addOperations([{ customer, date: site.wall(-DAY) }, { customer: await site.addCustomer(), date: site.wall() }]);
      await planAll(await heldLedger(site), query(site, { markOnly: true, timeToLiveMs: HOUR }));
      const known = await fates(site);
      expect(ids.map((id) => known[id])).toEqual(['skipped(marked)', 'skipped(marked)']);
    });

    it('leaves the unsubscribed unplanned when it isn’t known who subscribed', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [told = ''] = await site.addOperations([{ customer, date: site.wall() }, { customer: await site.addCustomer(), date: site.wall() }]);
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
