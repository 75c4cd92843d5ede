import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConnection } from '../../src/sql-server/connection.ts';
import { addGuest, DAY, fates, heldLedger, HOUR, moveTo, planAll, query } from '../contract/fixtures.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { sql } from '../support/mssql-literal.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import { onMicrosoft } from '../support/mssql-suite.ts';

const PARTS = ['tables', 'phones-child', 'phones-xml', 'logon', 'locked-notes', 'rowversion'];

await onMicrosoft('looks by rowversion', (server) => {
  describe('looks by rowversion', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'rowversion');
      await prepareDatabase(database, PARTS);
    }, 300_000);
    afterAll(async () => {
      await database.connection.close();
    });

    it('find a back-dated operation at the next look after its commit, also when others were written meanwhile', async () => {
      const site = await makeMssqlSite(database, database);
      const { customer } = await addGuest(site);
      const ledger = await heldLedger(site);
      const look = async (): Promise<unknown> =>
        planAll(ledger, query(site, { from: site.wall(-HOUR), lateBefore: site.wall(-7 * DAY) }), { move: moveTo(site.wall()) });
      const [edited = '', open = ''] = await site.addOperations([3, 4].map((days) => ({ customer, date: site.wall(-days * DAY) })));
      await look();
      expect(await fates(site)).toEqual({});

      const till = await openConnection({ place: database.place });
      await till.executeBatch(sql`BEGIN TRANSACTION; UPDATE dbo.tp_ClientPurseOperations SET cpop_Sum = 5 WHERE cpop_ID = ${open}`);
      await site.changeOperation(edited, { description: 'edited' });
      await look();
      await look();
      // The till's version is the lower one: below it nothing is missed, and what came after it waits.
      expect(await fates(site)).toEqual({});
      await till.executeBatch('COMMIT TRANSACTION');
      await till.close();
      await look();
      expect(await fates(site)).toEqual({ [edited]: 'planned', [open]: 'planned' });
      await site.close();
    });

    it('are not used without an index that begins with it, and the site says so', async () => {
      const [row] = await database.run<{ text: string }>("SELECT OBJECT_DEFINITION(OBJECT_ID(N'tgn.active_version')) AS text");
      expect(row?.text).toContain('MIN_ACTIVE_ROWVERSION()');
      expect(await database.run("SELECT name, value FROM tgn.site WHERE name LIKE 'rowversion%' ORDER BY name")).toEqual([
        { name: 'rowversion', value: 'cpop_Version' },
        { name: 'rowversion_index', value: 'yes' },
      ]);
      const bare = await openTestDatabase(server.place, 'rowversion_bare');
      await prepareDatabase(bare, ['tables', 'rowversion-bare']);
      expect(await bare.run("SELECT value FROM tgn.site WHERE name = 'rowversion_index'")).toEqual([{ value: 'no' }]);
      expect(await bare.run('SELECT version FROM tgn.active_version')).toEqual([{ version: null }]);
      await bare.connection.close();
    });
  });
});
