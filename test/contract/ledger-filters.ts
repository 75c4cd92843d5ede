import { describe, expect, it } from 'vitest';
import type { Filters } from '../../src/core/settings.ts';
import type { PlanQuery } from '../../src/ports/plan.ts';
import type { Engine, NewOperation, Site } from './engine.ts';
import { addGuest, DAY, EVERYTHING, fates, heldLedger, HOUR, makeSite, MINUTE, planAll, query } from './fixtures.ts';

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

export function describeFilters(engine: Engine): void {
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
}
