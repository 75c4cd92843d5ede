import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openConnection } from '../../src/sql-server/connection.ts';
import type { Connection } from '../../src/sql-server/connection.ts';
import { openDesk } from '../../src/sql-server/desk.ts';
import {
  addGuest,
  advance,
  BOT,
  claimOne,
  DAY,
  fates,
  finished,
  heldLedger,
  HOUR,
  moveTo,
  pastOf,
  planAll,
  query,
} from '../contract/fixtures.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { sql } from '../support/mssql-literal.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import type { MssqlSite } from '../support/mssql-site.ts';
import { onMicrosoft } from '../support/mssql-suite.ts';

await onMicrosoft('a claim beside tills', (server) => {
  describe('a claim beside tills', () => {
    let database: TestDatabase;
    let copy: TestDatabase;
    let site: MssqlSite;
    let till: Connection;
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'claims');
      copy = await openTestDatabase(server.place, 'claims_copy');
      for (const one of [database, copy]) await prepareDatabase(one);
    }, 300_000);
    afterAll(async () => {
      for (const { connection } of [database, copy]) await connection.close();
    });
    beforeEach(async () => {
      site = await makeMssqlSite(database, copy);
      till = await openConnection({ place: database.place });
    });
    afterEach(async () => {
      await till.executeBatch('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION');
      await till.close();
      await site.close();
    });
    const hold = async (work: string): Promise<void> => void (await till.executeBatch(`BEGIN TRANSACTION; ${work}`));

    it('leaves out the guest whom a till is writing, and tells the others', async () => {
      const [locked, free] = [await addGuest(site), await addGuest(site)];
      await site.addOperations([locked, free].map(({ customer }) => ({ customer, date: site.wall(-HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      await hold(sql`UPDATE dbo.tp_Clients SET clnt_Name = ${'x'} WHERE clnt_ID = ${locked.customer}`);
      const { notices, skipped, nextDue, now } = await advance(ledger);
      expect(notices.map((notice) => notice.customer.id)).toEqual([free.customer]);
      expect(skipped).toEqual({});
      expect(nextDue).toBeGreaterThan(now);
      await till.executeBatch('ROLLBACK TRANSACTION');
      expect((await advance(ledger)).notices.map((notice) => notice.customer.id)).toEqual([locked.customer]);
    });

    it('takes no operation for gone that somebody is editing, and loses nothing of what it records meanwhile', async () => {
      const [one, two] = [await addGuest(site), await addGuest(site)];
      const [first = '', second = ''] = await site.addOperations([one, two].map(({ customer }) => ({ customer, date: site.wall(-HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const notice = await claimOne(ledger, { want: 1, operations: [first] });
      await hold(sql`UPDATE dbo.tp_ClientPurseOperations SET cpop_Description = ${'x'} WHERE cpop_ID = ${second}`);
      expect((await advance(ledger, { finished: [finished(notice)] })).notices).toEqual([]);
      expect(await fates(site)).toEqual({ [first]: 'delivered', [second]: 'planned' });
    });

    it('leaves a guest for later when a group above theirs is being written, as its own text might be theirs', async () => {
      const above = await site.addGroup();
      const group = await site.addGroup({ parent: above });
      const [customer, other] = [await site.addCustomer({ group }), (await addGuest(site)).customer];
      await site.subscribe(BOT, { customerId: customer, chatId: '77' });
      await site.addOperations([customer, other].map((guest) => ({ customer: guest, date: site.wall(-HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      await hold(sql`UPDATE dbo.tp_ClientGroups SET clgr_Name = ${'x'} WHERE clgr_ID = ${above}`);
      const notice = await claimOne(ledger);
      expect(notice.customer.id).toBe(other);
      await till.executeBatch('ROLLBACK TRANSACTION');
      expect(await claimOne(ledger, { finished: [finished(notice)] })).toMatchObject({
        customer: { id: customer },
        groupAncestors: [above],
      });
    });

    it('forgets no key of an operation that somebody is editing', async () => {
      const { customer } = await addGuest(site);
      const [gone = '', edited = ''] = await site.addOperations([-1, -2].map((hours) => ({ customer, date: site.wall(hours * HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site, { markOnly: true }));
      await site.removeOperation(gone);
      site.pass(100 * DAY);
      const desk = site.onTime(await openDesk({ place: database.place }));
      await hold(sql`UPDATE dbo.tp_ClientPurseOperations SET cpop_Description = ${'x'} WHERE cpop_ID = ${edited}`);
      expect(await desk.prune(BOT, site.wall(-50 * DAY))).toMatchObject({ deliveries: 0 });
      await till.executeBatch('ROLLBACK TRANSACTION');
      expect(await desk.prune(BOT, site.wall(-50 * DAY))).toMatchObject({ deliveries: 1 });
      expect(await fates(site)).toEqual({ [edited]: 'skipped(marked)' });
    });

    it('tells without a balance where the history is locked', async () => {
      const { customer } = await addGuest(site);
      const [operation = '', other = ''] = await site.addOperations([-1, -2].map((hours) => ({ customer, date: site.wall(hours * HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site, { operations: [operation] }));
      await hold(sql`UPDATE dbo.tp_ClientPurseOperations SET cpop_Sum = 5 WHERE cpop_ID = ${other}`);
      const notice = await claimOne(ledger, { balance: 'after' });
      expect(notice.operations).toMatchObject([{ id: operation, balanceAfter: null }]);
    });

    it('doesn’t move the watermark past a look that had to leave a guest out', async () => {
      const { customer } = await addGuest(site);
      await site.addOperations([{ customer, date: site.wall(-HOUR) }]);
      const ledger = await heldLedger(site);
      await hold(sql`UPDATE dbo.tp_Clients SET clnt_Name = ${'x'} WHERE clnt_ID = ${customer}`);
      await planAll(ledger, query(site), { move: moveTo(site.wall()) });
      expect(await pastOf(ledger)).toMatchObject({ watermark: null, firstLookDone: false });
      await till.executeBatch('ROLLBACK TRANSACTION');
      await planAll(ledger, query(site), { move: moveTo(site.wall()) });
      expect(await pastOf(ledger)).toMatchObject({ watermark: site.wall(), firstLookDone: true });
    });
  });
});
