import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finish, openLedger, runner, startRun, TASK } from '../contract/fixtures.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import { onServer } from '../support/mssql-suite.ts';

const LOCK = "N'tgn:' + DB_NAME() + N':schema'";

await onServer('a run and an upgrade', (server) => {
  describe('a run and an upgrade', () => {
    let database: TestDatabase;
    let copy: TestDatabase;
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'upgrade');
      copy = await openTestDatabase(server.place, 'upgrade_copy');
      for (const one of [database, copy]) await prepareDatabase(one);
    }, 300_000);
    afterAll(async () => {
      for (const { connection } of [database, copy]) await connection.close();
    });

    it('never meet: a run leaves at once while the schema is being changed, and says so', async () => {
      const ledger = await openLedger(await makeMssqlSite(database, copy));
      await database.run(
        `DECLARE @lock nvarchar(255); SET @lock = ${LOCK}; EXEC sp_getapplock @Resource = @lock, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 1`,
      );
      await expect(ledger.openRun(runner(), [TASK])).rejects.toMatchObject({ name: 'DatabaseUnavailable', code: 'upgrading' });
      await database.run(
        `DECLARE @lock nvarchar(255); SET @lock = ${LOCK}; EXEC sp_releaseapplock @Resource = @lock, @LockOwner = 'Session'`,
      );
      expect(await ledger.openRun(runner(), [TASK])).toMatchObject({ answer: 'opened' });
    });

    it('the schema is changed by nobody while a run is open', async () => {
      const ledger = await openLedger(await makeMssqlSite(database, copy));
      const mayChange = async (): Promise<number | undefined> =>
        (await database.run<{ free: number }>(`SELECT APPLOCK_TEST('public', ${LOCK}, 'Exclusive', 'Session') AS free`))[0]?.free;
      await startRun(ledger);
      expect(await mayChange()).toBe(0);
      await finish(ledger);
      expect(await mayChange()).toBe(1);
    });
  });
});
