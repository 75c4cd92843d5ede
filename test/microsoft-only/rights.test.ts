import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { openConnection } from '../../src/sql-server/connection.ts';
import type { Connection } from '../../src/sql-server/connection.ts';
import { openLedger } from '../../src/sql-server/ledger.ts';
import { advance, finished, planAll, query, runner, TASK, addGuest, HOUR } from '../contract/fixtures.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import { onMicrosoft } from '../support/mssql-suite.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';

const PASSWORD = 'Only-for-this-test-1';

await onMicrosoft('rights', (server) => {
  describe('rights', () => {
    let database: TestDatabase;
    let copy: TestDatabase;
    afterAll(async () => {
      for (const { connection } of [database, copy]) await connection.close();
    });
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'rights');
      copy = await openTestDatabase(server.place, 'rights_copy');
      for (const one of [database, copy]) await prepareDatabase(one);
      for (const [login, role] of [
        ['tgn_test_runner', 'tgn_runner'],
        ['tgn_test_task', 'tgn_tasks'],
        ['tgn_test_reader', 'db_datareader'],
      ] as const) {
        await database.run(`IF SUSER_ID(N'${login}') IS NULL CREATE LOGIN [${login}] WITH PASSWORD = N'${PASSWORD}'`);
        await database.run(
          `IF USER_ID(N'${login}') IS NULL CREATE USER [${login}] FOR LOGIN [${login}]; ALTER ROLE [${role}] ADD MEMBER [${login}]`,
        );
      }
    }, 300_000);
    const as = (user: string) => ({ ...database.place, user, password: new Secret(PASSWORD) });
    const denied = async (connection: Connection, text: string): Promise<unknown> =>
      connection.executeBatch(text).then(
        () => 'done',
        (error: unknown) => String((error as { code?: unknown }).code).replace(/^denied_.*/u, 'denied'),
      );

    it('a login with EXECUTE alone does the whole main job', async () => {
      const site = await makeMssqlSite(database, copy);
      const guest = await addGuest(site);
      await site.addNoteType('chat');
      await site.addOperations([{ customer: guest.customer, date: site.wall(-HOUR) }]);
      const ledger = site.onTime(await openLedger({ place: as('tgn_test_runner') }));
      expect(await ledger.openRun(runner(), [TASK])).toMatchObject({ answer: 'opened' });
      await planAll(ledger, query(site));
      const { notices } = await advance(ledger);
      expect(notices).toHaveLength(1);
      for (const notice of notices) await advance(ledger, { want: 0, finished: [finished(notice)] });
      await ledger.saveUpdates({
        offset: 1,
        subscriptions: [{ customerId: guest.customer, chatId: '77', state: 'active', origin: 'link', epoch: 1 }],
        chats: [],
        refused: [],
      });
      expect(await ledger.mirrorNotes('chat', 10)).toMatchObject({ written: 1 });
      expect(await ledger.finishRun({ exitCode: 0, summary: '{}' }, 99)).toEqual({ again: false });
      expect(await site.deliveries()).toMatchObject([{ state: 'delivered' }]);
      await site.close();
    });

    it('and nothing else', async () => {
      const connection = await openConnection({ place: as('tgn_test_runner') });
      for (const text of [
        'SELECT * FROM dbo.tp_Clients',
        'SELECT * FROM tgn.task_parameters',
        'SELECT * FROM tgn.delivery',
        "UPDATE tgn.delivery SET state = 'delivered'",
        "EXEC tgn_admin.found_place N'x', 0, N'x'",
      ])
        expect([text, await denied(connection, text)]).toEqual([text, 'denied']);
      await connection.close();
    });

    it('Tillypad’s login may leave words and parameters, and read none', async () => {
      const connection = await openConnection({ place: as('tgn_test_task') });
      expect(
        await denied(
          connection,
          "DECLARE @id uniqueidentifier; SET @id = NEWID(); EXEC tgn_task.wake @id; EXEC tgn_task.save_parameters @id, N'1:x'",
        ),
      ).toBe('done');
      for (const text of ['SELECT * FROM tgn.task_parameters', 'DELETE FROM tgn.wake', 'EXEC tgn.read_parameters', 'EXEC tgn.read_clock'])
        expect([text, await denied(connection, text)]).toEqual([text, 'denied']);
      await connection.close();
    });

    it('a db_datareader reads nothing of ours', async () => {
      const connection = await openConnection({ place: as('tgn_test_reader') });
      expect(await denied(connection, 'SELECT TOP (1) clnt_ID FROM dbo.tp_Clients')).toBe('done');
      for (const text of [
        'SELECT * FROM tgn.task_parameters',
        'SELECT * FROM tgn.delivery',
        'DELETE FROM tgn.delivery',
        'EXEC tgn.read_parameters',
      ])
        expect([text, await denied(connection, text)]).toEqual([text, 'denied']);
      await connection.close();
    });
  });
});
