import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { Engine, Site } from './engine.ts';
import { addGuest, BOT, DAY, EVERYTHING, finish, heldLedger, HOUR, makeSite, MINUTE, query, startRun, TASK } from './fixtures.ts';

const chosen = (accountTypes: readonly string[], customerGroups: readonly string[] = []) => ({
  ...EVERYTHING,
  accountTypes,
  customerGroups,
});

async function admitted(site: Site, ledger: Ledger, filters: typeof EVERYTHING): Promise<number> {
  return (await ledger.measure(query(site, { filters, admittedOnly: true }), site.wall())).planned;
}

export function describeAdmitted(engine: Engine): void {
  describe('since when a choice is told about', () => {
    it('is the start date for the first choice', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([-3, -2, -1].map((days) => ({ customer, date: site.wall(days * DAY) })));
      const ledger = await heldLedger(site);
      const filters = { ...EVERYTHING, startDate: site.wall(-2 * DAY) };
      expect(await admitted(site, ledger, filters)).toBe(0);
      expect(await ledger.admit(TASK, filters)).toBe('saved');
      expect(await admitted(site, ledger, filters)).toBe(2);
    });

    it('is the moment the run was opened without a start date, so that nothing is lost while it works', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const ledger = await heldLedger(site);
      await site.addOperations([-10, 0, 10].map((ms) => ({ customer, date: site.wall(ms) })));
      site.pass(MINUTE);
      await ledger.admit(TASK, EVERYTHING);
      expect(await admitted(site, ledger, EVERYTHING)).toBe(2);
    });

    it('doesn’t matter for a backfill by hand', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall(-DAY) }]);
      const ledger = await heldLedger(site);
      await ledger.admit(TASK, EVERYTHING);
      expect((await ledger.measure(query(site), site.wall())).planned).toBe(1);
    });

    it('is the run that first saw it for a type that is added later', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [bonus, deposit] = [await site.addAccountType(), await site.addAccountType()];
      const ledger = await heldLedger(site);
      await ledger.admit(TASK, { ...chosen([bonus]), startDate: site.wall(-DAY) });
      await site.addOperations([bonus, deposit].map((accountType) => ({ customer, date: site.wall(), accountType })));
      await finish(ledger);
      site.pass(HOUR);
      await startRun(ledger);
      await ledger.admit(TASK, chosen([bonus, deposit]));
      expect(await admitted(site, ledger, chosen([bonus, deposit]))).toBe(1);
      await site.addOperations([{ customer, date: site.wall(), accountType: deposit }]);
      expect(await admitted(site, ledger, chosen([bonus, deposit]))).toBe(2);
    });

    it('is that run too where a start date stands: the past of a type added later is not told', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [bonus, deposit] = [await site.addAccountType(), await site.addAccountType()];
      const startDate = site.wall(-30 * DAY);
      const wider = { ...chosen([bonus, deposit]), startDate };
      const ledger = await heldLedger(site);
      await ledger.admit(TASK, { ...chosen([bonus]), startDate });
      await site.addOperations([bonus, deposit].map((accountType) => ({ customer, date: site.wall(-DAY), accountType })));
      await finish(ledger);
      site.pass(HOUR);
      await startRun(ledger);
      await ledger.admit(TASK, wider);
      expect(await admitted(site, ledger, wider)).toBe(1);
    });

    it('stays for what a narrower choice leaves, and for what a wider one still covers', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [bonus, deposit] = [await site.addAccountType(), await site.addAccountType()];
      const ledger = await heldLedger(site);
      await ledger.admit(TASK, chosen([]));
      await site.addOperations([bonus, deposit].map((accountType) => ({ customer, date: site.wall(), accountType })));
      for (const filters of [chosen([bonus]), chosen([])]) {
        await finish(ledger);
        site.pass(HOUR);
        await startRun(ledger);
        await ledger.admit(TASK, filters);
        expect(await admitted(site, ledger, filters)).toBe(1);
      }
    });

    it('begins anew for a type that was dropped in between', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [bonus, deposit] = [await site.addAccountType(), await site.addAccountType()];
      const ledger = await heldLedger(site);
      for (const types of [[bonus, deposit], [bonus], [bonus, deposit]]) {
        await finish(ledger);
        site.pass(HOUR);
        await startRun(ledger);
        await ledger.admit(TASK, chosen(types));
      }
      await site.addOperations([bonus, deposit].map((accountType) => ({ customer, date: site.wall(-MINUTE), accountType })));
      expect(await admitted(site, ledger, chosen([bonus, deposit]))).toBe(1);
    });

    it('follows the tree of groups both ways', async () => {
      const site = await makeSite(engine);
      const parent = await site.addGroup();
      const [child, sibling] = [await site.addGroup({ parent }), await site.addGroup({ parent })];
      const ledger = await heldLedger(site);
      await ledger.admit(TASK, chosen([], [child]));
      const guests = await Promise.all([child, sibling].map(async (group) => site.addCustomer({ group })));
      for (const [index, customerId] of guests.entries()) await site.subscribe(BOT, { customerId, chatId: `9${index}` });
      await site.addOperations(guests.map((customer) => ({ customer, date: site.wall() })));
      // The parent is new, and so is the sibling with it; the child keeps its time, and keeps it when it is alone again.
      for (const groups of [[parent], [child]]) {
        await finish(ledger);
        site.pass(HOUR);
        await startRun(ledger);
        await ledger.admit(TASK, chosen([], groups));
        expect(await admitted(site, ledger, chosen([], groups))).toBe(1);
      }
    });

    it('goes for each task by itself', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall(-DAY) }]);
      const ledger = await heldLedger(site);
      await ledger.admit('other', { ...EVERYTHING, startDate: site.wall(-2 * DAY) });
      expect(await admitted(site, ledger, EVERYTHING)).toBe(0);
    });
  });
}
