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

    it('is noticed by a host that remembers nothing: the database has begun a new fork', async () => {
      const before = await openLedger({ place });
      const runs = [runner(), runner()];
      for (const one of runs) {
        expect(await before.openRun(one, [TASK])).toMatchObject({ answer: 'opened' });
        await finish(before);
      }
      await before.close();
      const file = `${place.database}.bak`;
      await master.executeBatch(`BACKUP DATABASE [${place.database}] TO DISK = N'${file}' WITH INIT, FORMAT`);
      await master.executeBatch(`ALTER DATABASE [${place.database}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE;
        RESTORE DATABASE [${place.database}] FROM DISK = N'${file}' WITH REPLACE, RECOVERY; ALTER DATABASE [${place.database}] SET MULTI_USER`);
      const after = await openLedger({ place });
      expect(await after.openRun(runner(), [TASK])).toMatchObject({ answer: 'restored' });
      const desk = await openDesk({ place });
      await desk.bind({ botId: BOT, restored: 'leave' });
      await desk.close();
      expect(await after.openRun(runner(), [TASK])).toMatchObject({ answer: 'opened' });
      await after.close();
    });
  });
});
