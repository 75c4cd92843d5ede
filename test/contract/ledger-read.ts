import { describe, expect, it, onTestFinished } from 'vitest';
import type { PlanReader } from '../../src/ports/plan.ts';
import type { Engine, Site } from './engine.ts';
import { addGuest, BOT, DAY, EVERYTHING, heldLedger, HOUR, makeSite, MINUTE, planAll, query } from './fixtures.ts';

async function openReader(site: Site): Promise<PlanReader> {
  const reader = await site.openPlanReader();
  onTestFinished(async () => reader.close());
  return reader;
}

export function describeReading(engine: Engine): void {
  describe('a dry run', () => {
    it('reads the database’s clocks', async () => {
      const site = await makeSite(engine);
      expect(await (await openReader(site)).readClock()).toEqual({ now: site.now(), wallNow: site.wall() });
    });

    it('reads while a run is under way, and leaves no trace', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall() }]);
      await heldLedger(site);
      const reader = await openReader(site);
      const words = await site.words();
      expect(await reader.measure(query(site), site.wall())).toMatchObject({ planned: 1 });
      expect((await reader.preview(query(site), { after: null, limit: 10 })).rows).toHaveLength(1);
      expect(await site.deliveries()).toEqual([]);
      expect(await site.words()).toEqual(words);
    });

    it('shows a row as a notice would tell it', async () => {
      const site = await makeSite(engine);
      const group = await site.addGroup({ name: 'Regulars' });
      const accountType = await site.addAccountType({ name: 'Bonus' });
      const customer = await site.addCustomer({ name: 'Anna', group });
      await site.subscribe(BOT, { customerId: customer, chatId: '99', language: 'ru' });
      const division = await site.addDivision('On the quay');
      await site.addOperations([{ customer, date: site.wall(-DAY), sum: 7n, accountType }]);
      const [id = ''] = await site.addOperations([
        { customer, date: site.wall(), sum: -2n, accountType, document: '1/17', description: 'Dinner', division },
      ]);
      const { rows } = await (await openReader(site)).preview(query(site, { operations: [id] }), { after: null, limit: 10 });
      expect(rows).toEqual([
        {
          operation: {
            id,
            customerId: customer,
            accountTypeId: accountType,
            accountType: 'Bonus',
            date: site.wall(),
            sum: -2n,
            document: '1/17',
            description: 'Dinner',
            division: 'On the quay',
            returnOf: null,
            balanceAfter: 5n,
          },
          customer: { id: customer, name: 'Anna', groupId: group, group: 'Regulars' },
          groupAncestors: [],
          chatId: '99',
          language: 'ru',
          verdict: 'planned',
        },
      ]);
    });

    it.each([
      ['off', null],
      ['current', 12n],
    ] as const)('shows the balance that is asked for: %s', async (balance, expected) => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [id = ''] = await site.addOperations([
        { customer, date: site.wall(), sum: 5n },
        { customer, date: site.wall(10), sum: 7n },
      ]);
      const { rows } = await (await openReader(site)).preview(query(site, { operations: [id] }), { after: null, limit: 10, balance });
      expect(rows[0]?.operation.balanceAfter).toBe(expected);
    });

    it('shows skips with their reasons, and whoever has no chat', async () => {
      const site = await makeSite(engine);
      await site.addOperations([{ customer: await site.addCustomer(), date: site.wall() }]);
      const { rows } = await (await openReader(site)).preview(query(site), { after: null, limit: 10 });
      expect(rows).toMatchObject([{ chatId: null, language: null, verdict: 'not_subscribed' }]);
    });

    it('turns pages by date and id, ties included, never above five hundred rows', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const ids = await site.addOperations(
        Array.from({ length: 620 }, (_, index) => ({ customer, date: site.wall(Math.floor(index / 3) * 1_000) })),
      );
      const reader = await openReader(site);
      const first = await reader.preview(query(site), { after: null, limit: 9_999 });
      expect(first.rows).toHaveLength(500);
      const second = await reader.preview(query(site), { after: first.next, limit: 500 });
      expect(second.next).toBeNull();
      expect([...first.rows, ...second.rows].map((row) => row.operation.id)).toEqual(ids);
    });
  });

  describe('the measure of a look', () => {
    it('counts visits as notices', async () => {
      const site = await makeSite(engine);
      const [one, two] = [await addGuest(site), await addGuest(site)];
      const at = (customer: string, seconds: number) => ({ customer, date: site.wall(seconds * 1_000 - HOUR) });
      await site.addOperations([at(one.customer, 0), at(one.customer, 60), at(one.customer, 121), at(two.customer, 0)]);
      const ledger = await heldLedger(site);
      expect(await ledger.measure(query(site), site.wall(-DAY))).toMatchObject({ planned: 4, notices: 3 });
      expect(await ledger.measure(query(site, { digestGapMs: 0 }), site.wall(-DAY))).toMatchObject({ notices: 4 });
    });

    it('parts old notices from fresh ones; one that straddles the cut leaves an old one behind', async () => {
      const site = await makeSite(engine);
      const [one, two] = [await addGuest(site), await addGuest(site)];
      const at = (customer: string, offset: number) => ({ customer, date: site.wall(offset) });
      await site.addOperations([
        at(one.customer, -3 * HOUR),
        at(one.customer, -2 * HOUR - 10),
        at(one.customer, -2 * HOUR),
        at(two.customer, -HOUR),
      ]);
      const ledger = await heldLedger(site);
      const cut = site.wall(-2 * HOUR);
      expect(await ledger.measure(query(site), cut)).toEqual({
        planned: 4,
        notices: 3,
        skipped: {},
        unsubscribedCustomers: 0,
        oldest: site.wall(-3 * HOUR),
        oldNotices: 2,
        oldestHeld: site.wall(-3 * HOUR),
      });
      expect(await ledger.measure(query(site, { freshFrom: cut }), cut)).toMatchObject({
        planned: 2,
        notices: 2,
        oldNotices: 0,
        oldestHeld: null,
      });
    });

    it('counts the unsubscribed by customer', async () => {
      const site = await makeSite(engine);
      const customers = [await site.addCustomer(), await site.addCustomer()];
      await site.addOperations([...customers, ...customers].map((customer) => ({ customer, date: site.wall() })));
      const ledger = await heldLedger(site);
      expect(await ledger.measure(query(site), site.wall())).toMatchObject({
        skipped: { not_subscribed: 4 },
        unsubscribedCustomers: 2,
        oldest: null,
      });
    });

    it('of nothing is nothing', async () => {
      const site = await makeSite(engine);
      expect(await (await openReader(site)).measure(query(site), site.wall())).toEqual({
        planned: 0,
        notices: 0,
        skipped: {},
        unsubscribedCustomers: 0,
        oldest: null,
        oldNotices: 0,
        oldestHeld: null,
      });
    });

    it('leaves out what is planned already', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall(-MINUTE) }]);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      await site.addOperations([{ customer, date: site.wall() }]);
      expect(await ledger.measure(query(site), site.wall(-DAY))).toMatchObject({ planned: 1 });
    });
  });

  describe('filters', () => {
    it('are told by name; what doesn’t exist is absent', async () => {
      const site = await makeSite(engine);
      const [bonus, gone] = [await site.addAccountType({ name: 'Bonus' }), await site.addAccountType({ name: 'Gone', deleted: true })];
      const parent = await site.addGroup({ name: 'Guests' });
      await site.addGroup({ name: 'Regulars', parent });
      const reader = await openReader(site);
      expect(await reader.describeFilters({ ...EVERYTHING, accountTypes: [bonus, 'nowhere', gone], customerGroups: [parent] })).toEqual({
        accountTypes: [
          { id: bonus, name: 'Bonus', deleted: false },
          { id: gone, name: 'Gone', deleted: true },
        ],
        customerGroups: [{ id: parent, name: 'Guests', deleted: false }],
      });
    });

    it('live through a loop in the tree of groups', async () => {
      const site = await makeSite(engine);
      const parent = await site.addGroup();
      const child = await site.addGroup({ parent });
      await site.closeLoop(parent, child);
      const customer = await site.addCustomer({ group: child });
      await site.addOperations([{ customer, date: site.wall() }]);
      const ledger = await heldLedger(site);
      expect(await ledger.measure(query(site, { filters: { ...EVERYTHING, customerGroups: [parent] } }), site.wall())).toMatchObject({
        skipped: { not_subscribed: 1 },
      });
    });
  });
}
