import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readParameters } from '../../src/sql-server/parameters.ts';
import { openTestDatabase, prepareDatabase, runSite, wipe } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { sql } from '../support/mssql-literal.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import type { MssqlSite } from '../support/mssql-site.ts';
import { onServer } from '../support/mssql-suite.ts';
import { FORGET, GROUP, NOTHING_CHOSEN, substitute, SUBSTITUTIONS, TASK_ID, taskScripts, TYPES } from '../support/task-script.ts';

const SESSIONS = [false, true].flatMap((inside) => [false, true].map((abort) => ({ inside, abort })));
const CASES = SUBSTITUTIONS.flatMap((style) => SESSIONS.map((session) => ({ ...session, style, name: style.name })));
const HAS_LOG = `IF OBJECT_ID(N'dbo.tp_test_task_log') IS NULL CREATE TABLE dbo.tp_test_task_log (
  no int IDENTITY (1, 1) NOT NULL PRIMARY KEY, task_id uniqueidentifier NOT NULL, kind int NOT NULL, line nvarchar(2047) NOT NULL, flag int NOT NULL)`;
const ADD_LINE = `CREATE PROCEDURE dbo.tpsrv_AddTaskLogError @task_id uniqueidentifier, @kind int, @line nvarchar(2047), @flag int AS
  INSERT INTO dbo.tp_test_task_log (task_id, kind, line, flag) VALUES (@task_id, @kind, @line, @flag)`;

interface Session {
  readonly inside: boolean;
  readonly abort: boolean;
}

/** Tillypad runs the task; answers what its session came to. */
async function fire(database: TestDatabase, { inside, abort }: Session, batch: string): Promise<unknown> {
  await database.run(`SET XACT_ABORT ${abort ? 'ON' : 'OFF'}; SET NOCOUNT OFF`);
  if (inside) await database.run(`BEGIN TRANSACTION`);
  if (inside) await database.run(`INSERT INTO dbo.tp_ClientGroups (clgr_ID, clgr_Name) VALUES (NEWID(), N'by the till')`);
  await database.run(batch);
  const [row] = await database.run(
    'SELECT @@TRANCOUNT AS [open], XACT_STATE() AS state, @@OPTIONS & 16384 AS abort, @@OPTIONS & 512 AS nocount',
  );
  if (inside) await database.run('COMMIT TRANSACTION');
  await database.run('SET XACT_ABORT OFF');
  return row;
}

const untouched = ({ inside, abort }: Session): unknown => ({
  open: inside ? 1 : 0,
  state: inside ? 1 : 0,
  abort: abort ? 16384 : 0,
  nocount: 0,
});
const linesOf = async (database: TestDatabase): Promise<readonly string[]> =>
  (await database.run<{ line: string }>('SELECT line FROM dbo.tp_test_task_log ORDER BY no')).map(({ line }) => line);
const committed = async (database: TestDatabase): Promise<number> =>
  (await database.run("SELECT clgr_ID FROM dbo.tp_ClientGroups WHERE clgr_Name = N'by the till'")).length;

await onServer('the script of Tillypad’s task', (server) => {
  const { filtered, unfiltered } = taskScripts();
  const prepareLog = async (database: TestDatabase): Promise<void> => {
    await database.run(HAS_LOG);
    await database.run('DROP PROCEDURE IF EXISTS dbo.tpsrv_AddTaskLogError');
    await database.run(ADD_LINE);
  };

  describe('where the procedures are', () => {
    let database: TestDatabase;
    let site: MssqlSite;
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'task_script');
      await prepareDatabase(database);
      await prepareLog(database);
    }, 300_000);
    beforeEach(async () => {
      site = await makeMssqlSite(database, database);
      await database.run(`DELETE FROM dbo.tp_test_task_log; ${FORGET}`);
    });
    afterEach(async () => site.close());
    afterAll(async () => database.connection.close());

    const say = async (text: string): Promise<unknown> =>
      database.run(sql`INSERT INTO tgn.task_message (task_id, cause, text, patience_ms, first_utc, last_utc)
        SELECT ${TASK_ID}, ${text}, ${text}, 0, now_utc, now_utc FROM tgn.clock`);

    it.each(CASES)('saves, wakes and repeats in the task’s log: $name, in a transaction $inside, XACT_ABORT $abort', async (test) => {
      await say('one');
      await say('two');
      await database.run(test.style.before);
      expect(await fire(database, test, substitute(filtered, test.style))).toEqual(untouched(test));
      const [saved] = await readParameters({ place: database.place });
      expect(saved?.taskId).toBe(TASK_ID);
      expect({ ...saved?.parameters, StartDate: '' }).toEqual({
        BotToken: `7000000001:it's`,
        StartDate: '',
        ClientPurseTypes: `${TYPES.join(';')};`,
        ClientGroups: `${GROUP};`,
        ApiKey: 'ключ',
        PushToken: '',
        SenderName: 'Кафе',
      });
      expect(saved?.parameters['StartDate']).toMatch(/^2026-?11-?24 10:00:00/u);
      expect((await site.words()).map(({ taskId, kind }) => [taskId, kind])).toEqual([[TASK_ID, 'event']]);
      expect(await linesOf(database)).toEqual(['one', 'two']);
      expect(await fire(database, test, substitute(filtered, test.style))).toEqual(untouched(test));
      const versions = await database.run('SELECT version FROM tgn.task_parameters');
      expect([versions.length, (await site.words()).length, (await linesOf(database)).length]).toEqual([1, 2, 2]);
      expect(await committed(database)).toBe(test.inside ? 2 : 0);
    });

    it.each(SESSIONS)('takes a task of which nothing is filled in: in a transaction $inside, XACT_ABORT $abort', async (session) => {
      await database.run(NOTHING_CHOSEN.before);
      expect(await fire(database, session, substitute(filtered, NOTHING_CHOSEN))).toEqual(untouched(session));
      expect((await readParameters({ place: database.place }))[0]?.parameters).toEqual({ ClientPurseTypes: '', ClientGroups: '' });
      expect(await linesOf(database)).toEqual([]);
    });

    it.each(SUBSTITUTIONS)('without the choice of types and groups says nothing of them: $name', async (style) => {
      await database.run(style.before);
      const session = { inside: true, abort: true };
      expect(await fire(database, session, substitute(unfiltered, style))).toEqual(untouched(session));
      const parameters = (await readParameters({ place: database.place }))[0]?.parameters ?? {};
      expect(Object.keys(parameters).toSorted()).toEqual(['ApiKey', 'BotToken', 'PushToken', 'SenderName', 'StartDate']);
      expect((await site.words()).map(({ taskId }) => taskId)).toEqual([TASK_ID]);
    });

    it('gives at most twenty lines at once, the oldest first, and the rest next time', async () => {
      const texts = Array.from({ length: 23 }, (_, n) => `line ${n}`);
      for (const text of texts) await say(text);
      const [style] = SUBSTITUTIONS;
      if (style === undefined) return expect.unreachable();
      await database.run(style.before);
      const session = { inside: false, abort: false };
      await fire(database, session, substitute(filtered, style));
      expect(await linesOf(database)).toEqual(texts.slice(0, 20));
      await fire(database, session, substitute(filtered, style));
      expect(await linesOf(database)).toEqual(texts);
    });
  });

  describe('where the procedures are missing', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'task_bare');
      await wipe(database);
      await runSite(database, 'tables');
      await prepareLog(database);
    }, 300_000);
    beforeEach(async () => {
      await database.run(`DELETE FROM dbo.tp_test_task_log; DELETE FROM dbo.tp_ClientGroups; ${FORGET}`);
    });
    afterAll(async () => {
      await database.connection.close();
    });

    it.each(CASES)('says which script makes them, and undoes nothing: $name, in a transaction $inside, XACT_ABORT $abort', async (test) => {
      await database.run(test.style.before);
      expect(await fire(database, test, substitute(filtered, test.style))).toEqual(untouched(test));
      expect(await linesOf(database)).toEqual([expect.stringContaining('ScriptForTelegram_ClientOperations.sql')]);
      expect(await committed(database)).toBe(test.inside ? 1 : 0);
    });

    it('says nothing where Tillypad has no log to write to either', async () => {
      await database.run('DROP PROCEDURE dbo.tpsrv_AddTaskLogError');
      try {
        const session = { inside: true, abort: true };
        await database.run(NOTHING_CHOSEN.before);
        expect(await fire(database, session, substitute(filtered, NOTHING_CHOSEN))).toEqual(untouched(session));
        expect(await linesOf(database)).toEqual([]);
      } finally {
        await database.run(ADD_LINE);
      }
    });
  });
});
