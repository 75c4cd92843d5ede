import { afterAll, beforeAll } from 'vitest';

import { deskContract } from '../contract/desk.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { makeBareMssqlSite, makeMssqlDeskSite } from '../support/mssql-desk-site.ts';
import { makeLogins, placeAs } from '../support/mssql-rights.ts';
import { onMicrosoft } from '../support/mssql-suite.ts';

/** Bind, resolve, prune, keys, pause, every question: all that a desk can do, by a login that has tgn_administrator and nothing beside. */
await onMicrosoft('the desk of a tgn_administrator', (server) => {
  let desk: TestDatabase;
  let copy: TestDatabase;
  let bare: TestDatabase;
  beforeAll(async () => {
    desk = await openTestDatabase(server.place, 'administrator');
    copy = await openTestDatabase(server.place, 'administrator_copy');
    bare = await openTestDatabase(server.place, 'administrator_bare');
    for (const database of [desk, copy]) {
      await prepareDatabase(database);
      await makeLogins(database, ['administrator']);
    }
  }, 300_000);
  afterAll(async () => {
    for (const { connection } of [desk, copy, bare]) await connection.close();
  });

  deskContract({
    name: 'SQL Server, as tgn_administrator',
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
    makeSite: async () => makeMssqlDeskSite(desk, copy, { seat: (place) => placeAs(place, 'administrator') }),
    makeBareSite: async () => makeBareMssqlSite(bare),
  });
});
