import { afterAll, beforeAll, beforeEach, expect, it, describe } from 'vitest';
import { addGuest, DAY, fates, heldLedger, HOUR, moveTo, planAll, planChunk, query, TASK } from '../contract/fixtures.ts';
import { inviteesOf, onlyInvitee } from '../contract/invitation-fixtures.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { addManyOperations, openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { sql } from '../support/mssql-literal.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import type { MssqlSite } from '../support/mssql-site.ts';
import { onServer } from '../support/mssql-suite.ts';

const PARTS = ['tables', 'phones-child', 'phones-xml', 'logon', 'locked-notes', 'versions'];

await onServer('looks by the versions of operations', (server) => {
  let database: TestDatabase;
  let site: MssqlSite;
  let ledger: Ledger;
  beforeAll(async () => {
    database = await openTestDatabase(server.place, 'versions');
    await prepareDatabase(database, PARTS, { afterwards: ['versions-views'] });
  }, 300_000);
  afterAll(async () => {
    await database.connection.close();
  });
  beforeEach(async () => {
    site = await makeMssqlSite(database, database);
    ledger = await heldLedger(site);
    await commitBelow(100);
  });

  const commitBelow = async (version: number | null): Promise<unknown> =>
    database.run(sql`UPDATE dbo.tp_test_version SET active = ${version}`);
  const write = async (operation: string, version: number): Promise<unknown> =>
    database.run(
      sql`UPDATE dbo.tp_ClientPurseOperations SET cpop_Version = CAST(CAST(${version} AS bigint) AS binary(8)) WHERE cpop_ID = ${operation}`,
    );
  /** A guest's operation so many days ago, as it stands in the table with this version. */
  const add = async (customer: string, { days, version }: { readonly days: number; readonly version: number }): Promise<string> => {
    const [operation = ''] = await site.addOperations([{ customer, date: site.wall(-days * DAY) }]);
    await write(operation, version);
    return operation;
  };
  const hot = (change: Parameters<typeof query>[1] = {}) =>
    query(site, { from: site.wall(-HOUR), lateBefore: site.wall(-7 * DAY), ...change });
  const look = async (change: Parameters<typeof query>[1] = {}): Promise<unknown> =>
    planAll(ledger, hot(change), { move: moveTo(site.wall()) });
  const known = async (): Promise<number | null> => {
    const [row] = await database.run<{ version: number | null }>(sql`SELECT version FROM tgn.task WHERE task_id = ${TASK}`);
    return row?.version ?? null;
  };

  describe('looks by the versions of operations', () => {
    it('find what was written since the last look, whatever its date, and call it late where a look by dates would', async () => {
      const { customer } = await addGuest(site);
      const before = await add(customer, { days: 3, version: 90 });
      await look();
      expect([await fates(site), await known()]).toEqual([{}, 100]);
      const [written, old, edited] = [
        await add(customer, { days: 3, version: 120 }),
        await add(customer, { days: 8, version: 121 }),
        await add(customer, { days: 0, version: 122 }),
      ];
      await commitBelow(123);
      expect(await ledger.measure(hot(), site.wall())).toMatchObject({ planned: 2, skipped: { late: 1 } });
      await look();
      expect([await fates(site), await known()]).toEqual([{ [written]: 'planned', [old]: 'skipped(late)', [edited]: 'planned' }, 123]);
      await write(before, 123);
      await commitBelow(124);
      await look();
      expect(await fates(site)).toMatchObject({ [before]: 'planned' });
    });

    it('leave what may not be committed to the next look', async () => {
      const { customer } = await addGuest(site);
      await look();
      const open = await add(customer, { days: 2, version: 105 });
      const after = await add(customer, { days: 2, version: 104 });
      await commitBelow(105);
      await look();
      expect([await fates(site), await known()]).toEqual([{ [after]: 'planned' }, 105]);
      await commitBelow(106);
      await look();
      expect(await fates(site)).toMatchObject({ [open]: 'planned' });
    });

    it('find nothing by a version above the database’s, and begin anew with its own', async () => {
      const { customer } = await addGuest(site);
      await look();
      await commitBelow(40);
      const restored = await add(customer, { days: 2, version: 30 });
      await look();
      expect([await fates(site), await known()]).toEqual([{}, 40]);
      const next = await add(customer, { days: 2, version: 41 });
      await commitBelow(42);
      await look();
      expect(await fates(site)).toEqual({ [next]: 'planned' });
      // The look by dates is there for what no version tells.
      await look({ from: site.wall(-7 * DAY), look: 'overlap' });
      expect(await fates(site)).toMatchObject({ [restored]: 'planned' });
    });

    it('plan all of it once, however small the chunks, and move with the last one', async () => {
      await ledger.close();
      const small = await heldLedger(site, { chunkRows: 2 });
      const { customer } = await addGuest(site);
      await planAll(small, hot(), { move: moveTo(site.wall()) });
      const operations: string[] = [];
      for (let at = 0; at < 5; at += 1) operations.push(await add(customer, { days: 5 - at, version: 110 - at }));
      operations.push(...(await site.addOperations([30, 20, 10].map((minutes) => ({ customer, date: site.wall(-minutes * 60_000) })))));
      await commitBelow(111);
      const move = moveTo(site.wall());
      const first = await planChunk(small, hot(), { move });
      expect([first.next?.id, await known()]).toEqual([operations[1], 100]);
      // What is written between two chunks is the next look's.
      const meanwhile = await add(customer, { days: 1, version: 111 });
      await commitBelow(112);
      for (let after = first.next; after !== null;) after = (await planChunk(small, hot(), { move, after })).next;
      const planned = await site.deliveries();
      expect([planned.map(({ operationId }) => operationId), await known()]).toEqual([operations, 111]);
      await planAll(small, hot(), { move });
      expect([await fates(site), await known()]).toMatchObject([{ [meanwhile]: 'planned' }, 112]);
    });

    it('stay where they were when a limit ends the look, when it is narrowed, and before the start date', async () => {
      const { customer } = await addGuest(site);
      await look();
      const [one, two] = [await add(customer, { days: 3, version: 101 }), await add(customer, { days: 2, version: 102 })];
      await add(customer, { days: 5, version: 103 });
      await commitBelow(104);
      const filters = { ...query(site).filters, startDate: site.wall(-4 * DAY) };
      await planAll(ledger, hot({ customers: [customer], filters }));
      expect(await fates(site)).toEqual({});
      await planAll(ledger, hot({ filters, digestGapMs: 0 }), { limit: 1, move: moveTo(site.wall()) });
      expect([await fates(site), await known()]).toEqual([{ [one]: 'planned' }, 100]);
      await look({ filters });
      expect([await fates(site), await known()]).toEqual([{ [one]: 'planned', [two]: 'planned' }, 104]);
    });

    it('are seen by the forecast of invitations too, up to where a limit stops them', async () => {
      const { customer } = await addGuest(site);
      await look();
      const strangers = await Promise.all([0, 1].map(async () => site.addCustomer()));
      const [early = '', late = ''] = strangers;
      const operation = await add(early, { days: 3, version: 101 });
      await add(customer, { days: 2, version: 102 });
      await add(late, { days: 1, version: 103 });
      await site.addOperations([{ customer: late, date: site.wall(-HOUR / 2) }]);
      await commitBelow(104);
      const inviting = hot({ inviting: true });
      const { rows } = await ledger.preview(inviting, { after: null, limit: 500 });
      const cut = rows.find(({ verdict }) => verdict === 'planned')?.operation ?? null;
      expect(cut?.customerId).toBe(customer);
      expect(await onlyInvitee(ledger, { look: { query: inviting, before: cut } })).toMatchObject({ operation: { id: operation } });
      expect(await inviteesOf(ledger, { look: { query: inviting, before: null } })).toMatchObject({ total: 2 });
    });

    it('are none where the site has no versions', async () => {
      const { customer } = await addGuest(site);
      await commitBelow(null);
      await add(customer, { days: 2, version: 101 });
      await look();
      expect([await fates(site), await known()]).toEqual([{}, null]);
    });

    it('take twenty thousand at once when somebody has written to them all', { timeout: 300_000 }, async () => {
      await look();
      await addManyOperations(database, 20_010);
      await database.run(`UPDATE o SET cpop_Date = '20261120', cpop_Version = CAST(CAST(n.no + 100 AS bigint) AS binary(8)) FROM dbo.tp_ClientPurseOperations o
        JOIN (SELECT cpop_ID AS id, ROW_NUMBER() OVER (ORDER BY cpop_ID) AS no FROM dbo.tp_ClientPurseOperations) n ON n.id = o.cpop_ID`);
      await commitBelow(50_000);
      await look({ markOnly: true });
      expect([(await site.deliveries()).length, await known()]).toEqual([20_000, 20_101]);
      await look({ markOnly: true });
      expect([(await site.deliveries()).length, await known()]).toEqual([20_010, 50_000]);
    });
  });
});
