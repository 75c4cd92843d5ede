import { describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import { addGuest, claimOne, DAY, heldLedger, HOUR, makeSite, planAll, planOne, query } from './fixtures.ts';

export function describeBalance(engine: Engine): void {
  describe('the balance', () => {
    it('after an operation is the sum of its account up to it, whatever came later', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [bonus, deposit] = [await site.addAccountType(), await site.addAccountType()];
      const at = (seconds: number, sum: bigint, accountType: string) => ({
        customer,
        date: site.wall(seconds * 1_000 - HOUR),
        sum,
        accountType,
      });
      const visit = await site.addOperations([at(0, 100n, bonus), at(10, 7n, deposit), at(20, -30n, bonus)]);
      await site.addOperations([at(-9_999, 1_000n, bonus), at(15, 5n, bonus), at(3_000, 500n, bonus)]);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site, { operations: visit }));
      const { operations } = await claimOne(ledger, { balance: 'after' });
      expect(operations.map((operation) => operation.balanceAfter)).toEqual([1_100n, 7n, 1_075n]);
    });

    it('is exact far beyond what a double holds', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { customer, operation } = await planOne(site, ledger);
      await site.addOperations([{ customer, date: site.wall(-DAY), sum: 900_719_925_474_099_301n }]);
      await site.changeOperation(operation, { sum: 1n });
      expect((await claimOne(ledger, { balance: 'after' })).operations).toMatchObject([
        { sum: 1n, balanceAfter: 900_719_925_474_099_302n },
      ]);
    });

    it.each([
      ['current', 1_600_000n],
      ['off', null],
    ] as const)('%s is %s', async (balance, expected) => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [operation = ''] = await site.addOperations([
        { customer, date: site.wall(-HOUR) },
        { customer, date: site.wall(), sum: 600_000n },
      ]);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site, { operations: [operation] }));
      expect((await claimOne(ledger, { balance })).operations[0]?.balanceAfter).toBe(expected);
    });

    it('isn’t told where the history is too long to be summed', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations(Array.from({ length: 20_000 }, (_, index) => ({ customer, date: site.wall(-DAY - index), sum: 1n })));
      const [operation = ''] = await site.addOperations([{ customer, date: site.wall(-HOUR) }]);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site, { operations: [operation] }));
      expect((await claimOne(ledger, { balance: 'after' })).operations[0]?.balanceAfter).toBeNull();
      expect((await ledger.readAccounts([customer])).accounts).toMatchObject([{ balance: null }]);
    });
  });
}
