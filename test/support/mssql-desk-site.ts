import type { ServerPlace } from '../../src/core/server-place.ts';
import { openDesk } from '../../src/sql-server/desk.ts';
import { install } from '../../src/sql-server/install.ts';
import type { InstallRequest } from '../../src/sql-server/install.ts';
import { buildScript } from '../../scripts/sql/script.ts';
import type { BareSite, DeskSite } from '../contract/desk-engine.ts';
import { runSite, wipe } from './mssql-database.ts';
import type { TestDatabase } from './mssql-database.ts';
import { instantLiteral, raw, sql } from './mssql-literal.ts';
import { makeMssqlSite } from './mssql-site.ts';
import type { MssqlSite } from './mssql-site.ts';
import { nextId } from './site-ids.ts';

const WISH: Omit<InstallRequest, 'place'> = {
  keyFingerprint: 'fingerprint',
  paused: false,
  mayLeaveScript: false,
  noteType: 'chat_ID в Telegram',
};

/** The place as whoever sits at the desk sees it: another login than the one that makes the site. */
type Seat = (place: ServerPlace) => ServerPlace;

/** The ledger's site with what the desk's contract needs beside. */
export async function makeMssqlDeskSite(
  database: TestDatabase,
  copyTo: TestDatabase,
  { seat = (place) => place }: { readonly seat?: Seat } = {},
): Promise<DeskSite> {
  return dress(await makeMssqlSite(database, copyTo), seat);
}

function dress(site: MssqlSite, seat: Seat): DeskSite {
  const { database } = site;
  return {
    ...site,
    openDesk: async (options = {}) => site.onTime(await openDesk({ place: seat(database.place), ...options })),
    install: async (request = {}) => install({ place: database.place, script: buildScript(), ...WISH, ...request }),
    setPhones: async (customer, { newest = [], xml, profile }) => {
      for (const phone of newest)
        await database.run(
          sql`INSERT INTO dbo.tp_ClientPhones (clph_ID, clph_clnt_ID, clph_Phone) VALUES (${nextId()}, ${customer}, ${phone})`,
        );
      if (xml !== undefined) await database.run(sql`UPDATE dbo.tp_Clients SET clnt_Phones = ${xml} WHERE clnt_ID = ${customer}`);
      if (profile === undefined) return;
      const person = nextId();
      await database.run(sql`INSERT INTO dbo.tp_People (pepl_ID, pepl_PhoneCell) VALUES (${person}, ${profile});
        UPDATE dbo.tp_Clients SET clnt_pepl_ID = ${person} WHERE clnt_ID = ${customer}`);
    },
    refuseLink: async (botId, { chatId, updateId, reason, customerId }) => {
      await database.run(sql`INSERT INTO tgn.refused_link (bot_id, chat_id, update_id, reason, customer_id, at_utc)
        VALUES (${botId}, ${chatId}, ${updateId}, ${reason}, ${customerId}, ${instantLiteral(site.now())})`);
    },
    copy: async () => dress((await site.copy()) as MssqlSite, seat),
  };
}

const ALTERED = {
  lacking: 'cpop_Sum AS [sum]',
  reordered: 'cpop_Description AS description, cpop_Sum AS [sum]',
};

/** Tillypad's tables alone. */
export async function makeBareMssqlSite(database: TestDatabase): Promise<BareSite> {
  await wipe(database);
  for (const part of ['tables', 'phones-child', 'phones-xml']) await runSite(database, part);
  return {
    install: async (request = {}) => install({ place: database.place, script: buildScript(), ...WISH, ...request }),
    openDesk: async () => openDesk({ place: database.place }),
    dropTable: async (name) => void (await database.run(sql`DROP TABLE dbo.${raw(name)}`)),
    alterView: async (how) => {
      await database.run('DROP VIEW tgn.operation');
      await database.run(`CREATE VIEW tgn.operation AS
        SELECT ${ALTERED[how]}, cpop_ID AS operation_id, cpop_clnt_ID AS customer_id, cpop_cptp_ID AS account_type_id, cpop_Date AS [date],
          cpop_Name AS document, cpop_atop_ID AS authorization_id, cpop_cpop_ID_Return AS return_of,
          CAST(NULL AS binary(8)) AS version
        FROM dbo.tp_ClientPurseOperations`);
    },
    loseColumn: async () => {
      await database.run('DROP VIEW tgn.customer');
      await database.run(`CREATE VIEW tgn.customer AS
        SELECT clnt_ID AS customer_id, clnt_clgr_ID AS group_id, CAST(NULL AS nvarchar(400)) AS group_name, clnt_lggr_ID AS language_group_id,
          CAST(1 AS bit) AS live, CAST(0 AS bit) AS deleted, clnt_IsDisabled AS disabled, CAST(1 AS bit) AS may_invite,
          CAST(NULL AS nvarchar(max)) AS profile_phone, CAST(NULL AS nvarchar(max)) AS phones_xml
        FROM dbo.tp_Clients`);
    },
    setSchema: async (version) =>
      void (await database.run(
        sql`DELETE FROM tgn.ledger_schema; INSERT INTO tgn.ledger_schema (version, installed_utc) VALUES (${version}, SYSUTCDATETIME())`,
      )),
    addFilledNote: async (value) => {
      const [id, group] = [nextId(), nextId()];
      await database.run(sql`INSERT INTO dbo.tp_ClientGroups (clgr_ID, clgr_Name) VALUES (${group}, ${'Guests'});
        INSERT INTO dbo.tp_Clients (clnt_ID, clnt_clgr_ID, clnt_Name) VALUES (${id}, ${group}, ${'Ivan'});
        INSERT INTO dbo.tp_Notes (note_ID, note_nttp_ID, note_obj_ID, note_item_ID, note_Value)
        SELECT NEWID(), nttp_ID, ${id}, ${id}, CAST(CAST(${value} AS nvarchar(4000)) AS sql_variant) FROM dbo.tp_NoteTypes`);
    },
    noteTypes: async () => {
      const rows = await database.run<{ name: string }>('SELECT nttp_Name AS name FROM dbo.tp_NoteTypes');
      return rows.map((row) => row.name).toSorted();
    },
    close: async () => {},
  };
}
