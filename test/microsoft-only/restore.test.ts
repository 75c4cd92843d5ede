import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConnection } from '../../src/sql-server/connection.ts';
import type { Connection } from '../../src/sql-server/connection.ts';
import { openDesk } from '../../src/sql-server/desk.ts';
import { openLedger } from '../../src/sql-server/ledger.ts';
import { BOT, finish, runner, TASK } from '../contract/fixtures.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import { onMicrosoft } from '../support/mssql-suite.ts';

await onMicrosoft('a restored backup', (server) => {
  describe('a restored backup', () => {
    let master: Connection;
    let place = server.place;
    beforeAll(async () => {
      const database = await openTestDatabase(server.place, 'restore');
      const copy = await openTestDatabase(server.place, 'restore_copy');
      for (const one of [database, copy]) await prepareDatabase(one);
      await makeMssqlSite(database, copy);
      ({ place } = database);
      for (const { connection } of [database, copy]) await connection.close();
      master = await openConnection({ place: { ...server.place, database: 'master' }, requestTimeoutMs: 300_000 });
    }, 300_000);
    afterAll(async () => {
      await master.close();
    });

    /** Backs the database up, lets `lost` happen, and brings the backup back. */
    async function restoreAfter(lost: () => Promise<void>): Promise<void> {
      const file = `${place.database}.bak`;
      await master.executeBatch(`BACKUP DATABASE [${place.database}] TO DISK = N'${file}' WITH INIT, FORMAT`);
      await lost();
      await master.executeBatch(`ALTER DATABASE [${place.database}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE;
        RESTORE DATABASE [${place.database}] FROM DISK = N'${file}' WITH REPLACE, RECOVERY; ALTER DATABASE [${place.database}] SET MULTI_USER`);
    }

    /** Runs of one host, one after the other; answers the last as that host remembers it. */
    async function runTimes(times: number): Promise<{ readonly runNo: number; readonly runId: string }> {
      const ledger = await openLedger({ place });
      let last = { runNo: 0, runId: '' };
      for (let one = 0; one < times; one += 1) {
        const start = runner();
        const opened = await ledger.openRun(start, [TASK]);
        if (opened.answer !== 'opened') throw new Error(opened.answer);
        last = { runNo: opened.runNo, runId: start.runId };
        await finish(ledger);
      }
      await ledger.close();
      return last;
    }

    async function openWith(remembered: { readonly runNo: number; readonly runId: string } | null): Promise<string> {
      const ledger = await openLedger({ place });
      const { answer } = await ledger.openRun(runner({ remembered }), [TASK]);
      if (answer === 'opened') await finish(ledger);
      await ledger.close();
      return answer;
    }

    async function acceptRestored(): Promise<void> {
      const desk = await openDesk({ place });
      await desk.bind({ botId: BOT, restored: 'leave' });
      await desk.close();
    }

    it('is noticed by a host that remembers nothing: the database has begun a new fork', async () => {
      await runTimes(2);
      await restoreAfter(async () => {});
      expect(await openWith(null)).toBe('restored');
      await acceptRestored();
      expect(await openWith(null)).toBe('opened');
    });

    it('is noticed by a host in reserve, whose last run is older than the backup', async () => {
      const reserve = await runTimes(1);
      await runTimes(1);
      await restoreAfter(async () => void (await runTimes(2)));
      expect(await openWith(reserve)).toBe('restored');
      await acceptRestored();
      expect(await openWith(reserve)).toBe('opened');
    });

    it('is none to the host of the newest run: a failover begins a fork too, which the others then know', async () => {
      const reserve = await runTimes(1);
      const newest = await runTimes(1);
      await restoreAfter(async () => {});
      expect(await openWith(newest)).toBe('opened');
      expect(await openWith(reserve)).toBe('opened');
    });
  });
});
