import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { renderFailure } from '../../src/cli/render/failure.ts';
import { openConnection } from '../../src/sql-server/connection.ts';
import type { Connection } from '../../src/sql-server/connection.ts';
import { openLedger } from '../../src/sql-server/ledger.ts';
import { runner, TASK } from '../contract/fixtures.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import { onMicrosoft } from '../support/mssql-suite.ts';

await onMicrosoft('a database that can’t be written', (server) => {
  describe('a database that can’t be written', () => {
    let master: Connection;
    let name = '';
    let place = server.place;
    const set = async (state: string): Promise<void> => void (await master.executeBatch(`ALTER DATABASE [${name}] SET ${state}`));
    beforeAll(async () => {
      const database = await openTestDatabase(server.place, 'states');
      await prepareDatabase(database);
      await database.connection.close();
      ({ place } = database);
      name = place.database;
      master = await openConnection({ place: { ...server.place, database: 'master' } });
    }, 300_000);
    afterEach(async () => {
      // Out of whatever state a test has left it in.
      await set('ONLINE');
      await set('MULTI_USER WITH ROLLBACK IMMEDIATE');
      await set('READ_WRITE WITH ROLLBACK IMMEDIATE');
    });
    afterAll(async () => {
      await master.close();
    });
    const failure = async (): Promise<unknown> => {
      try {
        const ledger = await openLedger({ place });
        try {
          return await ledger.openRun(runner(), [TASK]);
        } finally {
          await ledger.close();
        }
      } catch (error) {
        return error;
      }
    };

    it.each([
      ['set read-only', 'READ_ONLY WITH ROLLBACK IMMEDIATE', ['read_only']],
      // The login is turned away by 4060, as for a database that isn't there; who asks inside it gets 942.
      ['offline', 'OFFLINE WITH ROLLBACK IMMEDIATE', ['recovery', 'no_such_database']],
    ] as const)('%s is told by its own sentence, with exit code 3', async (_what, state, codes) => {
      await set(state);
      const error = await failure();
      expect(error).toMatchObject({ name: 'DatabaseUnavailable' });
      expect(codes).toContain((error as { code: string }).code);
      expect(renderFailure(error, 'ru').code).toBe(3);
    });

    it('held by a single user is told so, with exit code 3', async () => {
      await master.executeBatch(`USE [${name}]; ALTER DATABASE [${name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE`);
      const error = await failure();
      expect(error).toMatchObject({ name: 'DatabaseUnavailable' });
      expect(['single_user', 'no_such_database']).toContain((error as { code: string }).code);
      await master.executeBatch(`ALTER DATABASE [${name}] SET MULTI_USER; USE master`);
    });
  });
});
