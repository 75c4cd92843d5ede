import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildScript } from '../../scripts/sql/script.ts';
import { renderFailure } from '../../src/cli/render/failure.ts';
import { DatabaseUnavailable, SchemaMismatch } from '../../src/ports/database.ts';
import { openConnection } from '../../src/sql-server/connection.ts';
import { openDesk } from '../../src/sql-server/desk.ts';
import { batchesOf, install, runScript } from '../../src/sql-server/install.ts';
import { openLedger } from '../../src/sql-server/ledger.ts';
import { planSql } from '../../src/sql-server/plan-sql.ts';
import { uninstall } from '../../src/sql-server/uninstall.ts';
import { runner, TASK } from '../contract/fixtures.ts';
import { readCapabilities } from '../support/mssql-capabilities.ts';
import { openTestDatabase, runSite, wipe } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { sql } from '../support/mssql-literal.ts';
import { onServer } from '../support/mssql-suite.ts';
import { nextId } from '../support/site-ids.ts';

const WISH = { keyFingerprint: 'fingerprint', paused: false, mayLeaveScript: false, noteType: 'chat_ID в Telegram', script: buildScript() };

/** Everything of ours in the database, with its text: what two installs must have alike. */
async function inventory(database: TestDatabase, isMicrosoft: boolean): Promise<unknown> {
  // A stand-in may cut long texts.
  const text = isMicrosoft ? "OBJECT_DEFINITION(OBJECT_ID(ROUTINE_SCHEMA + N'.' + ROUTINE_NAME))" : "N''";
  // COLLATE: the columns have unlike collations, and rows of two can't stand in one list.
  const rows = await database.run(`
    SELECT ROUTINE_SCHEMA COLLATE DATABASE_DEFAULT AS place, ROUTINE_NAME COLLATE DATABASE_DEFAULT AS name, ${text} COLLATE DATABASE_DEFAULT AS text
    FROM INFORMATION_SCHEMA.ROUTINES WHERE ROUTINE_SCHEMA LIKE N'tgn%'
    UNION ALL SELECT TABLE_SCHEMA COLLATE DATABASE_DEFAULT, TABLE_NAME COLLATE DATABASE_DEFAULT,
      OBJECT_DEFINITION(OBJECT_ID(TABLE_SCHEMA + N'.' + TABLE_NAME)) COLLATE DATABASE_DEFAULT FROM INFORMATION_SCHEMA.VIEWS WHERE TABLE_SCHEMA = N'tgn'
    UNION ALL SELECT TABLE_NAME COLLATE DATABASE_DEFAULT, COLUMN_NAME COLLATE DATABASE_DEFAULT, DATA_TYPE COLLATE DATABASE_DEFAULT FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = N'tgn'
    UNION ALL SELECT N'type', name COLLATE DATABASE_DEFAULT, N'' FROM sys.table_types WHERE schema_id = SCHEMA_ID(N'tgn')
    UNION ALL SELECT N'site', name COLLATE DATABASE_DEFAULT, value COLLATE DATABASE_DEFAULT FROM tgn.site
    UNION ALL SELECT N'version', CAST(version AS nvarchar(10)), N'' FROM tgn.ledger_schema
    UNION ALL SELECT N'place', bound_to COLLATE DATABASE_DEFAULT, key_fingerprint COLLATE DATABASE_DEFAULT FROM tgn.place
    ORDER BY 1, 2`);
  expect(rows.length).toBeGreaterThan(100);
  return rows;
}

const failure = async (work: () => Promise<unknown>): Promise<unknown> =>
  work().then(
    () => null,
    (error: unknown) => error,
  );

await onServer('the script on SQL Server', (server) => {
  describe('the script on SQL Server', () => {
    let database: TestDatabase;
    /** A stand-in may know no rowversion. */
    let isMicrosoft = false;
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'script');
      ({ isMicrosoft } = await readCapabilities(database));
    });
    afterAll(async () => {
      await database.connection.close();
    });
    beforeEach(async () => {
      await wipe(database);
      await runSite(database, 'tables');
    });
    const request = () => ({ ...WISH, place: database.place });

    it('done twice gives the same database, by hand and by install alike', async () => {
      const report = await install(request());
      const first = await inventory(database, isMicrosoft);
      await install(request());
      expect(await inventory(database, isMicrosoft)).toEqual(first);
      await runScript(database.connection, WISH.script);
      expect(await inventory(database, isMicrosoft)).toEqual(first);
      expect(report.statements).toHaveLength(2);
      const types = await database.run<{ id: string }>('SELECT LOWER(CAST(nttp_ID AS char(36))) AS id FROM dbo.tp_NoteTypes');
      // The type in the object files of tasks/: importing one later makes no second.
      expect(types).toEqual([{ id: 'c33d90fa-3698-47a8-afd0-b814e394f2a6' }]);
    });

    const batches = batchesOf(WISH.script);
    /** Sends so many of the script's batches and breaks the connection off. */
    const cutAt = async (count: number): Promise<void> => {
      const connection = await openConnection({ place: database.place });
      for (const batch of batches.slice(0, count)) await connection.executeBatch(batch);
      await connection.close();
    };
    const commit = batches.findIndex((batch) => batch.includes('DELETE FROM #tgn_step') && batch.includes('COMMIT TRANSACTION;')) + 1;
    const version = batches.findIndex((batch) => batch.includes('EXEC tgn_admin.save_version'));
    const counted = async (where: string): Promise<number> =>
      (await database.run<{ n: number }>(`SELECT COUNT(*) AS n FROM ${where}`))[0]?.n ?? -1;

    it('as plan-sql prints it, run by hand, gives the same database as install', async () => {
      await install(request());
      const first = await inventory(database, isMicrosoft);
      await wipe(database);
      await runSite(database, 'tables');
      await runScript(database.connection, planSql({ keyFingerprint: WISH.keyFingerprint, noteTypes: [WISH.noteType] }));
      expect(await inventory(database, isMicrosoft)).toEqual(first);
      const types = await database.run<{ name: string }>('SELECT nttp_Name AS name FROM dbo.tp_NoteTypes');
      expect(types).toEqual([{ name: WISH.noteType }]);
      // Two whole installs on a server that others use too.
    }, 300_000);

    it('interrupted in its transaction leaves nothing, and comes to its end when run again', async () => {
      for (const part of [0.2, 0.5, 0.9]) {
        await cutAt(Math.floor(commit * part));
        expect(await failure(() => openLedger({ place: database.place }))).toEqual(new SchemaMismatch(null, 1));
        expect(await counted("INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = N'tgn'")).toBe(0);
      }
      await install(request());
      await (await openDesk({ place: database.place })).close();
    });

    it('interrupted after its transaction counts as not installed the first time, and over a ledger leaves it at work; run again it comes to its end', async () => {
      expect(version / batches.length).toBeGreaterThan(0.97);
      await cutAt(Math.floor(batches.length * 0.97));
      expect(await failure(() => openLedger({ place: database.place }))).toEqual(new SchemaMismatch(null, 1));
      await install(request());
      await database.run(`UPDATE tgn.ledger_schema SET installed_utc = '2026-01-02T03:04:05'; INSERT INTO tgn.wake (bot_id, task_id, kind, made_utc)
        SELECT 7, 'kept', 'event', now_utc FROM tgn.clock`);
      for (const count of [commit, Math.floor(batches.length * 0.97), version]) {
        await cutAt(count);
        await (await openLedger({ place: database.place })).close();
      }
      await install(request());
      await (await openDesk({ place: database.place })).close();
      expect(await counted("tgn.ledger_schema WHERE version = 1 AND installed_utc = '2026-01-02T03:04:05'")).toBe(1);
      expect(await counted("tgn.wake WHERE task_id = 'kept'")).toBe(1);
    });

    it('run by hand leaves install nothing to run: without db_owner it goes on with the ledger that is there', async () => {
      const denied = { ...request(), script: "THROW 50229, N'Скрипт выполняет член роли db_owner: nobody', 1;", mayLeaveScript: true };
      // Nothing there to go on with.
      const error = await failure(() => install(denied));
      expect(error).toMatchObject({ code: 'denied_owner', message: 'nobody' });
      expect(renderFailure(error, 'ru').text).toContain('plan-sql');
      await runScript(database.connection, WISH.script);
      const open = async (): Promise<unknown> => {
        const ledger = await openLedger({ place: database.place });
        try {
          return await ledger.openRun({ ...runner(), keyFingerprint: WISH.keyFingerprint }, [TASK]);
        } finally {
          await ledger.close();
        }
      };
      expect(await failure(open)).toEqual(new SchemaMismatch(null, 1));
      expect(await failure(() => install({ ...denied, mayLeaveScript: false }))).toMatchObject({ code: 'denied_owner' });
      const report = await install(denied);
      expect(report).toMatchObject({
        scriptLeft: true,
        steps: [
          { step: 'place', did: true },
          { step: 'note_type', did: true },
        ],
      });
      expect(await open()).toMatchObject({ answer: 'opened' });
      await database.run('INSERT INTO tgn.ledger_schema (version, installed_utc) VALUES (2, SYSUTCDATETIME())');
      expect(await failure(() => install(denied))).toEqual(new SchemaMismatch(2, 1));
    });

    it('passes on what the script prints, but for its progress', async () => {
      const script = `${WISH.script}\nGO\nPRINT N'ledger/0001_ledger.sql';\nPRINT N'Индекса нет / No index';\nGO`;
      expect(await install({ ...request(), script })).toMatchObject({ said: ['Индекса нет / No index'], scriptLeft: false });
    });

    it('refuses a database without Tillypad, a column of another type, and a missing index, each by name', async () => {
      await database.run('DROP INDEX CI_tp_ClientPurseOperations_cpop_Date ON dbo.tp_ClientPurseOperations');
      expect(await failure(() => install(request()))).toMatchObject({ code: 'no_index', message: expect.stringContaining('CREATE INDEX') });
      await database.run('DROP TABLE dbo.tp_Divisions; CREATE TABLE dbo.tp_Divisions (dvsn_ID int NOT NULL)');
      const otherType = await failure(() => install(request()));
      expect(otherType).toMatchObject({ code: 'other_columns', message: 'tp_Divisions.dvsn_ID, tp_Divisions.dvsn_Name' });
      expect(renderFailure(otherType, 'en').text).toContain('missing or of another type than this program knows: tp_Divisions.dvsn_ID');
      expect(renderFailure(otherType, 'ru').text).toContain('или они другого типа, чем знает программа: tp_Divisions.dvsn_ID');
      await database.run('DROP TABLE dbo.tp_Divisions');
      expect(await failure(() => install(request()))).toMatchObject({ code: 'no_tillypad', message: 'tp_Divisions' });
      await wipe(database);
      const error = await failure(() => install(request()));
      expect(error).toBeInstanceOf(DatabaseUnavailable);
      expect(error).toMatchObject({ code: 'not_tillypad', message: database.place.database });
      expect(renderFailure(error, 'en').text).toMatch(new RegExp(`^${database.place.database} is not Tillypad’s database`, 'u'));
      expect(renderFailure(error, 'ru').text).toMatch(new RegExp(`^${database.place.database} – не база Tillypad`, 'u'));
    });

    it.each([
      ['profile', [], '+79990000001'],
      ['xml', ['phones-xml'], '+79990000002'],
      ['child', ['phones-child', 'multilingual', 'logon', 'rowversion'], '+79990000003'],
    ] as const)('reads the phone of the generation with %s', async (kind, parts, phone) => {
      for (const part of parts) if (part !== 'rowversion' || isMicrosoft) await runSite(database, part);
      const [customer, group, person] = [nextId(), nextId(), nextId()];
      await database.run(sql`INSERT INTO dbo.tp_ClientGroups (clgr_ID, clgr_Name) VALUES (${group}, ${'Guests'});
        INSERT INTO dbo.tp_People (pepl_ID, pepl_PhoneCell) VALUES (${person}, ${kind === 'profile' ? phone : null});
        INSERT INTO dbo.tp_Clients (clnt_ID, clnt_clgr_ID, clnt_Name, clnt_pepl_ID) VALUES (${customer}, ${group}, ${'Ivan'}, ${person})`);
      if (kind === 'xml')
        await database.run(
          sql`UPDATE dbo.tp_Clients SET clnt_Phones = ${`<Phones><Phone>${phone}</Phone></Phones>`} WHERE clnt_ID = ${customer}`,
        );
      if (kind === 'child')
        await database.run(sql`INSERT INTO dbo.tp_ClientPhones (clph_clnt_ID, clph_Phone) VALUES (${customer}, ${phone})`);
      await install(request());
      const desk = await openDesk({ place: database.place });
      expect(await desk.findCustomers({ phone: phone.slice(-10) }, 5)).toMatchObject([{ id: customer }]);
      await desk.close();
      const site = await database.run<{ name: string; value: string }>(
        "SELECT name, value FROM tgn.site WHERE name LIKE 'phones%' ORDER BY name",
      );
      expect(Object.fromEntries(site.map(({ name, value }) => [name, value]))).toEqual({
        phones_child: kind === 'child' ? 'yes' : 'no',
        phones_profile: 'yes',
        phones_xml: kind === 'xml' ? 'yes' : 'no',
      });
    });

    it('follows a site that has changed, where the view is its own', async () => {
      await install(request());
      await runSite(database, 'phones-child');
      const { steps } = await install(request());
      expect(steps.filter(({ did }) => did).map(({ step }) => step)).toEqual(['view customer_phone']);
    });

    it('names with its text each view that somebody had altered, when it takes them away', async () => {
      await install(request());
      await database.run('DROP VIEW tgn.division');
      await database.run(
        "CREATE VIEW tgn.division AS SELECT atop_ID AS authorization_id, N'my own' AS name FROM dbo.tp_AuthorizationOperations",
      );
      const said = await uninstall({ place: database.place, dropLedger: true });
      expect(said.filter((line) => line.includes(': tgn.'))).toEqual([expect.stringMatching(/: tgn\.division$/u)]);
      expect(said.join('\n')).toContain('my own');
    });

    it('is taken away again, the ledger only on demand', async () => {
      await install(request());
      await uninstall({ place: database.place, dropLedger: false });
      expect(await counted("INFORMATION_SCHEMA.ROUTINES WHERE ROUTINE_SCHEMA LIKE N'tgn%'")).toBe(0);
      expect(await counted("INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = N'tgn'")).toBeGreaterThan(10);
      expect(await failure(() => openLedger({ place: database.place }))).toEqual(new SchemaMismatch(null, 1));
      await install(request());
      await uninstall({ place: database.place, dropLedger: true });
      expect(await counted("INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = N'tgn'")).toBe(0);
      expect(await counted("INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = N'tp_Clients'")).toBe(1);
    });
  });
});
