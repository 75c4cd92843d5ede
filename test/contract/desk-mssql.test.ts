import { afterAll, beforeAll, describe, it } from 'vitest';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { makeBareMssqlSite, makeMssqlDeskSite } from '../support/mssql-desk-site.ts';
import { findServer, HOW_TO_RUN } from '../support/mssql-server.ts';
import { deskContract } from './desk.ts';

const server = await findServer();
const PARTS = ['tables', 'phones-child', 'phones-xml', 'logon', 'locked-notes'];

if (server === null) {
  describe('the desk on SQL Server', () => {
    it.skip(HOW_TO_RUN, () => {});
  });
} else {
  const databases: TestDatabase[] = [];
  const open = async (suffix: string): Promise<TestDatabase> => {
    const database = await openTestDatabase(server.place, suffix);
    databases.push(database);
    return database;
  };
  let desk: TestDatabase;
  let copy: TestDatabase;
  let bare: TestDatabase;
  beforeAll(async () => {
    desk = await open('desk');
    copy = await open('desk_copy');
    bare = await open('bare');
    for (const database of [desk, copy]) await prepareDatabase(database, PARTS);
  }, 300_000);
  afterAll(async () => {
    for (const { connection } of databases) await connection.close();
    await server.stop();
  });

  deskContract({
    name: 'SQL Server',
    makeSite: async () => makeMssqlDeskSite(desk, copy),
    makeBareSite: async () => makeBareMssqlSite(bare),
  });
}
