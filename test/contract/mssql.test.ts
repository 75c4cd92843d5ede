import { afterAll, beforeAll } from 'vitest';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import { onServer } from '../support/mssql-suite.ts';
import { describeLedger } from './ledger.ts';

await onServer('the ledger on SQL Server', (server) => {
  let database: TestDatabase;
  let copy: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(server.place, 'ledger');
    copy = await openTestDatabase(server.place, 'ledger_copy');
    for (const one of [database, copy]) await prepareDatabase(one);
  }, 300_000);
  afterAll(async () => {
    await database.connection.close();
    await copy.connection.close();
  });

  describeLedger({
    name: 'SQL Server',
    capabilities: { judgesOrphansAtOnce: false, copies: true },
    makeSite: async () => makeMssqlSite(database, copy),
  });
});
