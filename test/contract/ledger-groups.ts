import { describe, expect, it } from 'vitest';

import type { Engine, Site } from './engine.ts';
import { BOT, claimOne, finish, finished, HOUR, heldLedger, makeSite, planAll, query } from './fixtures.ts';

/** What a claim and a preview say of the groups above a guest of this group. */
async function ancestorsOf(site: Site, group: string): Promise<readonly (readonly string[])[]> {
  const customer = await site.addCustomer({ group });
  await site.subscribe(BOT, { customerId: customer, chatId: customer.slice(-12) });
  const [operation = ''] = await site.addOperations([{ customer, date: site.wall(-HOUR) }]);
  const look = query(site, { operations: [operation] });
  const ledger = await heldLedger(site);
  const { rows } = await ledger.preview(look, { after: null, limit: 10 });
  await planAll(ledger, look);
  const notice = await claimOne(ledger, { operations: [operation] });
  await finish(ledger);
  await ledger.close();
  return [...rows.map((row) => row.groupAncestors), notice.groupAncestors];
}

export function describeGroups(engine: Engine): void {
  describe('the groups above a guest', () => {
    it('come with a claim and a preview, the nearest first', async () => {
      const site = await makeSite(engine);
      const top = await site.addGroup({ name: 'All' });
      const middle = await site.addGroup({ parent: top, name: 'Regulars' });
      const group = await site.addGroup({ parent: middle, name: 'Gold' });
      await site.addGroup({ parent: middle, name: 'Silver' });
      expect(await ancestorsOf(site, group)).toEqual([
        [middle, top],
        [middle, top],
      ]);
      expect(await ancestorsOf(site, top)).toEqual([[], []]);
    });

    it('are each told once when the tree has a loop, and no group is above itself', async () => {
      const site = await makeSite(engine);
      const [one, self] = [await site.addGroup(), await site.addGroup()];
      const two = await site.addGroup({ parent: one });
      const three = await site.addGroup({ parent: two });
      await site.closeLoop(one, three);
      await site.closeLoop(self, self);
      expect(await ancestorsOf(site, three)).toEqual([
        [two, one],
        [two, one],
      ]);
      expect(await ancestorsOf(site, self)).toEqual([[], []]);
    });

    it('are as they are now, also in one run', async () => {
      const site = await makeSite(engine);
      const [first, second] = [await site.addGroup(), await site.addGroup()];
      const group = await site.addGroup({ parent: first });
      const customer = await site.addCustomer({ group });
      await site.subscribe(BOT, { customerId: customer, chatId: '7' });
      await site.addOperations([0, 1].map((n) => ({ customer, date: site.wall(n - HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const notice = await claimOne(ledger, { digestGapMs: 0 });
      expect(notice.groupAncestors).toEqual([first]);
      await site.closeLoop(group, second);
      site.pass(2_000);
      expect((await claimOne(ledger, { digestGapMs: 0, finished: [finished(notice)] })).groupAncestors).toEqual([second]);
    });
  });
}
