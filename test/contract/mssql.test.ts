import { afterAll, beforeAll, describe, it } from 'vitest';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import { findServer, HOW_TO_RUN } from '../support/mssql-server.ts';
import { describeLedger } from './ledger.ts';

const server = await findServer();

if (server === null) {
  describe('the ledger on SQL Server', () => {
    it.skip(HOW_TO_RUN, () => {});
  });
} else {
  let database: TestDatabase;
  let copy: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(server.place, 'ledger');
    copy = await openTestDatabase(server.place, 'ledger_copy');
    for (const one of [database, copy]) await prepareDatabase(one, ['tables', 'phones-child', 'phones-xml', 'logon', 'locked-notes']);
  }, 300_000);
  afterAll(async () => {
    await database.connection.close();
    await copy.connection.close();
    await server.stop();
  });

  describeLedger({
    name: 'SQL Server',
    capabilities: { judgesOrphansAtOnce: false, copies: true },
    makeSite: async () => makeMssqlSite(database, copy),
  });
}
