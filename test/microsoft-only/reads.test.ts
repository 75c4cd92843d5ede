import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOT, heldLedger, planAll, query } from '../contract/fixtures.ts';
import { addManyOperations, openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import { onMicrosoft } from '../support/mssql-suite.ts';

/** Operations in the look's window, whatever lies before it. */
const IN_WINDOW = 500;
const BAR = 4 * IN_WINDOW + 100;

/** What all connections to the database have read but the asking one. */
async function readsOf(database: TestDatabase): Promise<number> {
  const [row] = await database.run<{ reads: number }>(
    'SELECT COALESCE(SUM(logical_reads), 0) AS reads FROM sys.dm_exec_sessions WHERE database_id = DB_ID() AND session_id <> @@SPID',
  );
  return row?.reads ?? 0;
}

await onMicrosoft('what a look reads', (server) => {
  describe('what a look reads', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'reads');
      await prepareDatabase(database);
    }, 300_000);
    afterAll(async () => {
      await database.connection.close();
    });

    /** Logical reads of an idle look over so many operations, all of which the ledger holds. */
    const readsAmong = async (operations: number): Promise<number> => {
      const site = await makeMssqlSite(database, database);
      await addManyOperations(database, operations);
      const ledger = await heldLedger(site);
      await database.run(`INSERT INTO tgn.delivery (bot_id, operation_id, task_no, customer_id, operation_date, state, planned_utc, changed_utc)
        SELECT ${BOT}, o.operation_id, t.task_no, o.customer_id, o.date, 'delivered', SYSUTCDATETIME(), SYSUTCDATETIME()
        FROM tgn.operation o CROSS JOIN tgn.task t WHERE t.bot_id = ${BOT} ORDER BY o.date; EXEC sp_updatestats`);
      const [row] = await database.run<{ from: string }>(
        `SELECT CONVERT(varchar(23), MIN(w.date), 121) AS [from] FROM (SELECT TOP (${IN_WINDOW}) date FROM tgn.operation ORDER BY date DESC) w`,
      );
      const look = query(site, { from: row?.from ?? '' });
      // The first one is compiled, and reads the catalogue for it.
      await planAll(ledger, look);
      const before = await readsOf(database);
      const [chunk, ...more] = await planAll(ledger, look);
      const reads = (await readsOf(database)) - before;
      expect([chunk?.head.planned, more]).toEqual([0, []]);
      await site.close();
      return reads;
    };

    it('goes by its window, not by how many operations there are', { timeout: 900_000 }, async () => {
      const few = await readsAmong(10_000);
      // Without any, nothing was counted at all.
      expect(few).toBeGreaterThan(0);
      expect(few).toBeLessThanOrEqual(BAR);
      const many = await readsAmong(1_000_000);
      expect(many).toBeLessThanOrEqual(BAR);
      // An index of a million rows is one level deeper.
      expect(many).toBeLessThanOrEqual(2 * few);
    });
  });
});
