import { afterAll, beforeAll } from 'vitest';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { makeBareMssqlSite, makeMssqlDeskSite } from '../support/mssql-desk-site.ts';
import { onServer } from '../support/mssql-suite.ts';
import { deskContract } from './desk.ts';

await onServer('the desk on SQL Server', (server) => {
  let desk: TestDatabase;
  let copy: TestDatabase;
  let bare: TestDatabase;
  beforeAll(async () => {
    desk = await openTestDatabase(server.place, 'desk');
    copy = await openTestDatabase(server.place, 'desk_copy');
    bare = await openTestDatabase(server.place, 'bare');
    for (const database of [desk, copy]) await prepareDatabase(database);
  }, 300_000);
  afterAll(async () => {
    for (const { connection } of [desk, copy, bare]) await connection.close();
  });

  deskContract({
    name: 'SQL Server',
    views: [
      'operation',
      'customer',
      'customer_phone',
      'customer_group',
      'customer_group_parent',
      'account_type',
      'division',
      'balance',
      'active_version',
    ],
    makeSite: async () => makeMssqlDeskSite(desk, copy),
    makeBareSite: async () => makeBareMssqlSite(bare),
  });
});
