import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildScript } from '../../scripts/sql/script.ts';
import { renderFailure } from '../../src/cli/render/failure.ts';
import { Secret } from '../../src/core/secret.ts';
import { SchemaMismatch } from '../../src/ports/database.ts';
import { openDesk } from '../../src/sql-server/desk.ts';
import { install, runScript } from '../../src/sql-server/install.ts';
import { openLedger } from '../../src/sql-server/ledger.ts';
import { runner, TASK } from '../contract/fixtures.ts';
import { openTestDatabase, runSite, wipe } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { onMicrosoft } from '../support/mssql-suite.ts';

const PASSWORD = 'Only-for-this-test-1';
const WISH = { keyFingerprint: 'fingerprint', paused: false, mayLeaveScript: true, noteType: 'chat_ID в Telegram', script: buildScript() };

await onMicrosoft('a script that was run by hand', (server) => {
  describe('a script that was run by hand', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'by_hand');
      await wipe(database);
      await runSite(database, 'tables');
      for (const login of ['tgn_test_admin', 'tgn_test_hand'])
        await database.run(`IF SUSER_ID(N'${login}') IS NULL CREATE LOGIN [${login}] WITH PASSWORD = N'${PASSWORD}';
          IF USER_ID(N'${login}') IS NULL CREATE USER [${login}] FOR LOGIN [${login}];`);
    }, 300_000);
    afterAll(async () => {
      await database.connection.close();
    });
    const as = (user: string) => ({ ...database.place, user, password: new Secret(PASSWORD) });
    const failure = async (work: () => Promise<unknown>): Promise<unknown> =>
      work().then(
        () => null,
        (error: unknown) => error,
      );

    it('is gone on with by a login that has the administrator’s role alone, and runs can begin', async () => {
      expect(await failure(() => install({ ...WISH, place: as('tgn_test_admin') }))).toMatchObject({ code: 'denied_owner' });
      await runScript(database.connection, WISH.script);
      await database.run('ALTER ROLE tgn_runner ADD MEMBER tgn_test_hand; ALTER ROLE tgn_administrator ADD MEMBER tgn_test_admin');
      expect(await failure(() => install({ ...WISH, place: as('tgn_test_hand') }))).toMatchObject({ code: 'denied_administrator' });
      expect(await install({ ...WISH, place: as('tgn_test_admin') })).toMatchObject({ scriptLeft: true });
      const ledger = await openLedger({ place: as('tgn_test_hand') });
      expect(await ledger.openRun({ ...runner(), keyFingerprint: WISH.keyFingerprint }, [TASK])).toMatchObject({ answer: 'opened' });
      await ledger.close();
    });

    it('and a login of the runs is told at the desk that it needs the administrator’s role', async () => {
      const desk = await openDesk({ place: as('tgn_test_hand') });
      const error = await failure(() => desk.pause('7000000001', null));
      await desk.close();
      expect(error).toMatchObject({ code: 'denied_administrator' });
      expect(renderFailure(error, 'en').text).toContain('ALTER ROLE tgn_administrator ADD MEMBER');
    });

    it('a column that Tillypad took away afterwards is named, although the server sends two errors for it', async () => {
      await database.run('ALTER TABLE dbo.tp_Clients DROP COLUMN clnt_lggr_ID');
      const desk = await openDesk({ place: database.place });
      const error = await failure(() => desk.findCustomers({ id: '00000000-0000-4000-8000-000000000001' }, 1));
      await desk.close();
      expect(error).toBeInstanceOf(SchemaMismatch);
      expect((error as SchemaMismatch).detail).toContain('clnt_lggr_ID');
      expect(renderFailure(error, 'ru')).toMatchObject({ code: 6, name: 'schema_unfit' });
    });
  });
});
