import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readParameters } from '../../src/sql-server/parameters.ts';
import { openTaskLog } from '../../src/sql-server/task-log.ts';
import { BOT, finish, openLedger, startRun, TASK } from '../contract/fixtures.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { sql } from '../support/mssql-literal.ts';
import { onServer } from '../support/mssql-suite.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import type { MssqlSite } from '../support/mssql-site.ts';
import { nextId } from '../support/site-ids.ts';

await onServer('what Tillypad’s task calls', (server) => {
  describe('what Tillypad’s task calls', () => {
    let database: TestDatabase;
    let copy: TestDatabase;
    let site: MssqlSite;
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'task');
      copy = await openTestDatabase(server.place, 'task_copy');
      for (const one of [database, copy]) await prepareDatabase(one);
    }, 300_000);
    afterAll(async () => {
      await database.connection.close();
      await copy.connection.close();
    });
    beforeEach(async () => {
      site = await makeMssqlSite(database, copy);
    });
    const task = nextId();
    const save = (values: string): Promise<unknown> => database.run(`EXEC tgn_task.save_parameters @task_id = '${task}', ${values}`);

    it('keeps parameters as the program reads them, in a version of its own when one differs', async () => {
      await save(
        sql`@bot_token = ${`${BOT}:AA"B\\C`}, @start_date = ${'2026-11-01'}, @account_types = ${''}, @sender_name = ${'Кафе\tУют'}`,
      );
      await save(
        sql`@bot_token = ${`${BOT}:AA"B\\C`}, @start_date = ${'2026-11-01'}, @account_types = ${''}, @sender_name = ${'Кафе\tУют'}`,
      );
      expect(await readParameters({ place: database.place })).toEqual([
        { taskId: task, parameters: { BotToken: `${BOT}:AA"B\\C`, StartDate: '2026-11-01', ClientPurseTypes: '', SenderName: 'Кафе Уют' } },
      ]);
      await save(sql`@bot_token = ${`${BOT}:new`}`);
      expect(await readParameters({ place: database.place })).toEqual([{ taskId: task, parameters: { BotToken: `${BOT}:new` } }]);
      const versions = await database.run<{ version: number }>('SELECT version FROM tgn.task_parameters ORDER BY version');
      expect(versions.map(({ version }) => version)).toEqual([1, 2]);
    });

    it('takes a date of any type', async () => {
      await database.run(`DECLARE @date datetime; SET @date = '20261101 10:30:00'; DECLARE @any sql_variant; SET @any = @date;
        EXEC tgn_task.save_parameters @task_id = '${task}', @start_date = @any`);
      expect((await readParameters({ place: database.place }))[0]?.parameters['StartDate']).toMatch(/^2026-11-01 10:30:00(?:\.000)?$/u);
    });

    it('leaves a word for the bot that its token names, else for those that know the task, else for all', async () => {
      const ledger = await openLedger(site);
      await startRun(ledger);
      await finish(ledger);
      const words = async (): Promise<readonly string[]> =>
        (await site.words()).filter(({ kind }) => kind === 'event').map(({ taskId }) => taskId);
      await database.run(sql`EXEC tgn_task.wake ${nextId()}`);
      expect(await words()).toEqual([TASK]);
      await save(sql`@bot_token = ${`${BOT}:x`}`);
      await database.run(sql`EXEC tgn_task.wake ${task}`);
      expect(await words()).toEqual([TASK, task]);
      await database.run('EXEC tgn_task.wake NULL');
      expect(await words()).toHaveLength(3);
    });

    it('keeps what a program that can’t go on has to say, whatever the ledger’s schema is', async () => {
      const log = await openTaskLog({ place: database.place });
      await site.setSchema(99);
      const message = { taskId: '*', cause: 'settings', text: 'Настройки не прочитаны', patienceMs: 0 };
      await log.saveTaskMessages({ messages: [{ ...message, text: 'first' }, message], complete: ['*'] });
      await log.close();
      expect(await site.readTaskLog(task)).toEqual(['Настройки не прочитаны']);
      expect(await site.readTaskLog(task.toUpperCase())).toEqual([]);
    });

    it('keeps nothing in a database without a place for messages', async () => {
      const log = await openTaskLog({ place: server.place });
      const messages = [{ taskId: '*', cause: 'x', text: 'x', patienceMs: 0 }];
      await expect(log.saveTaskMessages({ messages, complete: [] })).resolves.toBeUndefined();
      await log.close();
    });

    it('undoes nothing of a till’s, whatever its session has set and however wrong its arguments are', async () => {
      const customer = await site.addCustomer();
      await database.run('SET XACT_ABORT ON; BEGIN TRANSACTION');
      const [operation] = await site.addOperations([{ customer, date: site.wall() }]);
      await database.run(`SET XACT_ABORT ON; SET ANSI_WARNINGS OFF; EXEC tgn_task.save_parameters @task_id = NULL, @bot_token = N'x'`);
      await database.run(`EXEC tgn_task.save_parameters @task_id = '${task}', @bot_token = N'${'9'.repeat(5000)}:x', @start_date = 5`);
      await database.run(
        `EXEC tgn_task.wake '${task}'; EXEC tgn_task.start '${task}'; DECLARE @m nvarchar(2047); EXEC tgn_task.read_log '${task}', @m OUTPUT`,
      );
      const [open] = await database.run<{ open: number }>('SELECT @@TRANCOUNT AS [open]');
      expect(open?.open).toBe(1);
      await database.run('COMMIT TRANSACTION; SET XACT_ABORT OFF; SET ANSI_WARNINGS ON');
      const rows = await database.run(sql`SELECT cpop_ID FROM dbo.tp_ClientPurseOperations WHERE cpop_ID = ${operation ?? ''}`);
      expect(rows).toHaveLength(1);
    });
  });
});
