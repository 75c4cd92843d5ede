import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wayScript } from '../../src/cli/schedule/script.ts';
import { Secret } from '../../src/core/secret.ts';
import { openConnection } from '../../src/sql-server/connection.ts';
import { batchesOf, install } from '../../src/sql-server/install.ts';
import { uninstall } from '../../src/sql-server/uninstall.ts';
import { openTestDatabase, runSite, wipe } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { onMicrosoft } from '../support/mssql-suite.ts';

const PASSWORD = 'Only-for-this-test-1';
const WISH = { keyFingerprint: 'fingerprint', paused: false, mayLeaveScript: false, noteType: 'chat_ID в Telegram' };

await onMicrosoft('whoever runs scripts', (server) => {
  describe('whoever runs scripts', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'owner');
      await wipe(database);
      await runSite(database, 'tables');
      for (const login of ['tgn_test_owner', 'tgn_test_nobody', 'tgn_test_reporter'])
        await database.run(`IF SUSER_ID(N'${login}') IS NULL CREATE LOGIN [${login}] WITH PASSWORD = N'${PASSWORD}';
          IF USER_ID(N'${login}') IS NULL CREATE USER [${login}] FOR LOGIN [${login}];`);
      await database.run('ALTER ROLE db_owner ADD MEMBER tgn_test_owner');
    }, 300_000);
    afterAll(async () => {
      await database.connection.close();
    });
    const as = (user: string) => ({ ...database.place, user, password: new Secret(PASSWORD) });

    it('a member of db_owner who isn’t dbo installs twice and uninstalls', async () => {
      const place = as('tgn_test_owner');
      await install({ ...WISH, place });
      await install({ ...WISH, place });
      await uninstall({ place, dropLedger: true });
      const [left] = await database.run<{ n: number }>("SELECT COUNT(*) AS n FROM sys.objects WHERE SCHEMA_NAME(schema_id) LIKE N'tgn%'");
      expect(left?.n).toBe(0);
    });

    it('a login without rights is told which it lacks, and nothing is made', async () => {
      await expect(install({ ...WISH, place: as('tgn_test_nobody') })).rejects.toMatchObject({ code: 'denied_owner' });
      const [made] = await database.run<{ id: number | null }>("SELECT SCHEMA_ID(N'tgn_report') AS id");
      expect(made?.id).toBeNull();
    });

    it('a reader of reports runs them and nothing else', async () => {
      await install({ ...WISH, place: database.place });
      await database.run('ALTER ROLE tgn_reader ADD MEMBER tgn_test_reporter');
      const connection = await openConnection({ place: as('tgn_test_reporter') });
      await expect(connection.executeBatch('EXEC tgn_report.last_success')).resolves.toBeDefined();
      for (const text of ['SELECT * FROM tgn.run', 'EXEC tgn.read_status NULL, 1', 'EXEC tgn_admin.bind'])
        await expect(connection.executeBatch(text)).rejects.toMatchObject({ code: 'denied_owner' });
      await connection.close();
    });

    it.each(['agent', 'xp_cmdshell', 'none'] as const)(
      'the script for the way %s can be read by the server from end to end',
      async (way) => {
        const program = { node: 'C:\\node.exe', script: 'C:\\n.js', settingsFile: null, database: 'x', folders: [], limitMinutes: 60 };
        const text = wayScript(way, { ...program, login: 'till', account: 'host\\runner', starter: 'host\\starter' }, 'x');
        const connection = await openConnection({ place: database.place });
        await connection.executeBatch('SET PARSEONLY ON');
        for (const batch of batchesOf(text)) await expect(connection.executeBatch(batch)).resolves.toMatchObject({ sets: [] });
        await connection.executeBatch('SET PARSEONLY OFF');
        await connection.close();
      },
    );
  });
});
