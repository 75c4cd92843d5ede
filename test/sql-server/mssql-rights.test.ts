import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { CALLERS, callEach, findOpenTables, findTables, makeLogins, SCHEMAS } from '../support/mssql-rights.ts';
import type { Login, Touched } from '../support/mssql-rights.ts';
import { onServer } from '../support/mssql-suite.ts';

const OURS: readonly Login[] = ['runner', 'tillypad', 'administrator', 'reports', 'nobody'];

await onServer('the rights of each login', (server) => {
  describe('the rights of each login', () => {
    let database: TestDatabase;
    let tables: readonly Touched[] = [];
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'rights');
      await prepareDatabase(database);
      await makeLogins(database, OURS);
      tables = await findTables(database);
    }, 300_000);
    afterAll(() => database.connection.close());

    it.each(OURS)('%s calls the schemas of its role and is refused the others', async (login) => {
      const answers = await callEach(database.place, login);
      for (const schema of SCHEMAS) {
        const mayCall = CALLERS[schema].includes(login);
        expect([schema, answers[schema] === 'refused', answers[schema]]).toEqual([schema, !mayCall, answers[schema]]);
      }
    });

    it.each(OURS)('%s reads and writes no table, neither Tillypad’s nor ours', async (login) => {
      expect(tables.filter(({ schema }) => schema === 'dbo').length).toBeGreaterThan(8);
      expect(tables.filter(({ schema, column }) => schema === 'tgn' && column !== null).length).toBeGreaterThan(15);
      expect(await findOpenTables(database.place, login, tables)).toEqual([]);
    });

    it('the table of logins can tell a right that was given by mistake', async () => {
      await database.run('GRANT SELECT ON dbo.tp_Clients TO tgn_test_nobody');
      await database.run('GRANT EXECUTE ON SCHEMA::tgn_admin TO tgn_test_nobody');
      try {
        expect(await findOpenTables(database.place, 'nobody', tables)).toEqual(['SELECT TOP (1) * FROM [dbo].[tp_Clients]: done']);
        expect((await callEach(database.place, 'nobody')).tgn_admin).not.toBe('refused');
      } finally {
        await database.run('REVOKE SELECT ON dbo.tp_Clients FROM tgn_test_nobody');
        await database.run('REVOKE EXECUTE ON SCHEMA::tgn_admin FROM tgn_test_nobody');
      }
    });
  });
});
