import { describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import {
  addGuest,
  advance,
  BOT,
  claimOne,
  fates,
  finished,
  heldLedger,
  HOUR,
  makeSite,
  MINUTE,
  planAll,
  planOne,
  query,
} from './fixtures.ts';

export function describeJudging(engine: Engine): void {
  describe('what has become pointless ends at the claim', () => {
    it('because the operation is gone', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      await site.removeOperation(operation);
      expect(await advance(ledger)).toMatchObject({ notices: [], skipped: { removed: 1 }, nextDue: null });
      expect(await fates(site)).toEqual({ [operation]: 'skipped(removed)' });
    });

    it('while the rest of the visit is told', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [first = '', second = '', third = ''] = await site.addOperations(
        [0, 20, 40].map((seconds) => ({ customer, date: site.wall(seconds * 1_000 - HOUR) })),
      );
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      await site.removeOperation(first);
      await site.removeOperation(second);
      const { notices, skipped } = await advance(ledger);
      expect(notices.map((notice) => notice.operations.map((operation) => operation.id))).toEqual([[third]]);
      expect(skipped).toEqual({ removed: 2 });
    });

    it.each([
      ['deleted', { deleted: true }],
      ['disabled', { disabled: true }],
    ])('because the customer is %s', async (_what, change) => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { customer, operation } = await planOne(site, ledger);
      await site.changeCustomer(customer, change);
      expect(await advance(ledger)).toMatchObject({ notices: [], skipped: { removed: 1 } });
      expect(await fates(site)).toEqual({ [operation]: 'skipped(removed)' });
    });

    it.each([
      ['stopped', 'opted_out'],
      ['cleared', 'opted_out'],
      ['suspended', 'suspended'],
    ] as const)('because the subscription is %s by now', async (state, reason) => {
      const site = await makeSite(engine);
      const { customer, chatId } = await addGuest(site);
      await site.addOperations([-5, -3, -1].map((hours) => ({ customer, date: site.wall(hours * HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      await site.subscribe(BOT, { customerId: customer, chatId, state });
      expect(await advance(ledger)).toMatchObject({ notices: [], skipped: { [reason]: 3 }, nextDue: null });
      expect((await site.deliveries()).map((row) => `${row.state}(${row.reason})`)).toEqual(
        Array.from({ length: 3 }, () => `skipped(${reason})`),
      );
    });

    it('but not because a filter would leave it out today', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      await site.changeOperation(operation, { sum: 1n });
      expect((await claimOne(ledger)).operations[0]?.sum).toBe(1n);
    });
  });

  describe('an operation that was changed', () => {
    it('before it is sent is told as it is now', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      await site.changeOperation(operation, { sum: 70_000n, date: site.wall(-2 * HOUR), description: 'Corrected' });
      expect((await claimOne(ledger)).operations).toMatchObject([{ sum: 70_000n, date: site.wall(-2 * HOUR), description: 'Corrected' }]);
    });

    it('after it was delivered is not told again', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      await advance(ledger, { want: 0, finished: [finished(await claimOne(ledger))] });
      await site.changeOperation(operation, { sum: 70_000n });
      await planAll(ledger, query(site, { revive: true }));
      site.pass(MINUTE);
      expect(await advance(ledger)).toMatchObject({ notices: [], nextDue: null });
    });

    it('to belong to another customer is told to that one alone', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { customer, operation } = await planOne(site, ledger);
      const other = await addGuest(site);
      await site.changeOperation(operation, { customer: other.customer });
      const told: string[] = [];
      for (let call = 0; call < 3; call += 1) {
        const { notices } = await advance(ledger);
        told.push(...notices.map((notice) => notice.customer.id));
      }
      expect(told).toEqual([other.customer]);
      expect(told).not.toContain(customer);
    });

    it('to belong to a customer whose turn was over keeps the run from leaving', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const other = await addGuest(site);
      const { operation } = await planOne(site, ledger);
      await site.changeOperation(operation, { customer: other.customer });
      const first = await advance(ledger);
      if (first.notices.length === 0) expect(first.nextDue).toBe(site.now());
      const notices = first.notices.length === 0 ? (await advance(ledger)).notices : first.notices;
      expect(notices).toMatchObject([{ customer: { id: other.customer }, operations: [{ id: operation }] }]);
    });

    it('to belong to a customer who isn’t subscribed is told to nobody', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      await site.changeOperation(operation, { customer: await site.addCustomer() });
      await advance(ledger);
      await advance(ledger);
      expect(await fates(site)).toEqual({ [operation]: 'skipped(not_subscribed)' });
    });
  });
}
