import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConnection } from '../../src/sql-server/connection.ts';
import type { Connection } from '../../src/sql-server/connection.ts';
import { openLedger, openPlanReader } from '../../src/sql-server/ledger.ts';
import type { Site } from '../contract/engine.ts';
import { addGuest, advance, BOT, finish, finished, heldLedger, HOUR, planAll, query, runner, TASK } from '../contract/fixtures.ts';
import { addAsking, inviteesOf } from '../contract/invitation-fixtures.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import { CALLERS, callEach, findOpenTables, findTables, LOGINS, makeLogins, placeAs, SCHEMAS } from '../support/mssql-rights.ts';
import type { Login } from '../support/mssql-rights.ts';
import { onMicrosoft } from '../support/mssql-suite.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import { tellStory } from '../support/sample-story.ts';
import { makeSqliteSite } from '../support/site.ts';

const EVERY = Object.keys(LOGINS) as readonly Login[];

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
      await makeLogins(database, EVERY);
    }, 300_000);
    const as = (login: Login) => placeAs(database.place, login);
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
      const ledger = site.onTime(await openLedger({ place: as('runner') }));
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

    it('and tells whole days as the owner does: links, notes, SMS, three runs', async () => {
      const site = await makeMssqlSite(database, copy);
      const openLedgerAs: Site['openLedger'] = async (options = {}) => site.onTime(await openLedger({ place: as('runner'), ...options }));
      const embedded = makeSqliteSite();
      expect(await tellStory({ ...site, openLedger: openLedgerAs }, 'child')).toEqual(await tellStory(embedded, 'child'));
      await embedded.close();
      await site.close();
    });

    it('and says beforehand what it would do', async () => {
      const site = await makeMssqlSite(database, copy);
      const ledger = await heldLedger(site);
      await addAsking(site, ledger);
      await site.addOperations([{ customer: (await addGuest(site)).customer, date: site.wall(-HOUR) }]);
      const reader = site.onTime(await openPlanReader({ place: as('runner') }));
      const { boundTo, here } = await reader.readPlace();
      expect(boundTo).toBe(here);
      expect(await reader.readTasks(BOT, [TASK])).toHaveLength(1);
      expect(await reader.measure(query(site), site.wall())).toMatchObject({ planned: 1 });
      expect((await reader.preview(query(site), { after: null, limit: 10 })).rows).toHaveLength(1);
      expect((await inviteesOf(reader)).invitees).toHaveLength(1);
      expect(await reader.readSpent(BOT, { dayFrom: 0, monthFrom: 0 })).toMatchObject({ day: 0, month: 0 });
      expect(await reader.readHorizon(BOT)).toBeNull();
      await site.close();
    });

    it('and reads the task’s parameters, and leaves the task its log', async () => {
      const site = await makeMssqlSite(database, copy);
      const ledger = site.onTime(await openLedger({ place: as('runner') }));
      await ledger.openRun(runner(), [TASK]);
      await ledger.saveTaskMessages({
        messages: [{ taskId: TASK, cause: 'token', text: 'the token is wrong', patienceMs: 0 }],
        complete: [TASK],
      });
      await ledger.recover({ inDoubt: 'ask', repeatAfterMs: 0, requestTimeoutMs: 60_000 });
      const connection = await openConnection({ place: as('runner') });
      await expect(connection.callProcedure('read_parameters')).resolves.toBeDefined();
      await connection.close();
      await finish(ledger);
      await site.close();
    });

    it.each(EVERY)('%s calls the schemas of its role to the end, and no other', async (login) => {
      const answers = await callEach(database.place, login);
      expect(answers).toEqual(Object.fromEntries(SCHEMAS.map((schema) => [schema, CALLERS[schema].includes(login) ? 'done' : 'refused'])));
    });

    it('and nothing else: no login reads or writes a table past the procedures', async () => {
      const tables = await findTables(database);
      expect(tables.length).toBeGreaterThan(30);
      for (const login of EVERY.filter((one) => one !== 'dataReader' && one !== 'dataWriter'))
        expect([login, await findOpenTables(database.place, login, tables)]).toEqual([login, []]);
    });

    it('Tillypad’s login may leave words and parameters, and read none', async () => {
      const connection = await openConnection({ place: as('tillypad') });
      expect(
        await denied(
          connection,
          "DECLARE @id uniqueidentifier; SET @id = NEWID(); EXEC tgn_task.wake @id; EXEC tgn_task.save_parameters @id, N'1:x'",
        ),
      ).toBe('done');
      for (const text of [
        'SELECT * FROM tgn.task_parameters',
        'DELETE FROM tgn.wake',
        'EXEC tgn.read_parameters',
        'EXEC tgn.read_clock',
        'EXEC tgn_admin.bind',
        'EXEC tgn_report.last_success',
      ])
        expect([text, await denied(connection, text)]).toEqual([text, 'denied']);
      await connection.close();
    });

    const findOpenOfOurs = async (login: Login) => {
      const ours = (await findTables(database)).filter(({ schema }) => schema === 'tgn');
      expect(ours.length).toBeGreaterThan(20);
      return findOpenTables(database.place, login, ours);
    };

    it('a db_datareader reads nothing of ours', async () => {
      const connection = await openConnection({ place: as('dataReader') });
      expect(await denied(connection, 'SELECT TOP (1) clnt_ID FROM dbo.tp_Clients')).toBe('done');
      expect(await denied(connection, 'EXEC tgn.read_parameters')).toBe('denied');
      await connection.close();
      expect(await findOpenOfOurs('dataReader')).toEqual([]);
    });

    it('a db_datawriter writes nothing of ours', async () => {
      expect(await findOpenOfOurs('dataWriter')).toEqual([]);
    });

    it('nobody of them reads how a procedure of ours is made', async () => {
      const ask = "SELECT OBJECT_DEFINITION(OBJECT_ID(N'tgn.read_clock')) AS text";
      expect(await database.run(ask)).toMatchObject([{ text: expect.stringContaining('PROCEDURE') as string }]);
      for (const login of EVERY) {
        const connection = await openConnection({ place: as(login) });
        expect([login, (await connection.executeBatch(ask)).sets]).toEqual([login, [[{ text: null }]]]);
        await connection.close();
      }
    });
  });
});
