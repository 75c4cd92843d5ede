import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { openDesk } from '../../src/sqlite/desk.ts';
import { install } from '../../src/sqlite/install.ts';
import type { InstallRequest } from '../../src/sqlite/install.ts';
import type { BareSite, DeskSite } from '../contract/desk-engine.ts';
import { memoryFolder } from './memory-folder.ts';
import { makeSqliteSite } from './site.ts';
import type { SqliteSite } from './site.ts';

const WISH: Omit<InstallRequest, 'file' | 'clock'> = { keyFingerprint: 'fingerprint', paused: false, noteType: 'chat_ID в Telegram' };

/** The ledger's site with what the desk's contract needs beside. */
export function makeSqliteDeskSite(): DeskSite {
  return dress(makeSqliteSite());
}

function dress(site: SqliteSite): DeskSite {
  const { file, database, clock, zone } = site;
  return {
    ...site,
    openDesk: async (options = {}) => openDesk({ file, clock, serverZone: zone, ...options }),
    install: async (request = {}) => install({ file, clock, ...WISH, ...request }),
    setPhones: async (customer, { newest = [], xml, profile }) => {
      newest.forEach((phone, at) =>
        database
          .prepare('insert into tp_ClientPhones (clph_ID, clph_clnt_ID, clph_Phone) values (?, ?, ?)')
          .run(`${customer}-${at}`, customer, phone),
      );
      if (xml !== undefined) database.prepare('update tp_Clients set clnt_Phones = ? where clnt_ID = ?').run(xml, customer);
      if (profile === undefined) return;
      database.prepare('insert into tp_People (pepl_ID, pepl_PhoneCell) values (?, ?)').run(`person-${customer}`, profile);
      database.prepare('update tp_Clients set clnt_pepl_ID = ? where clnt_ID = ?').run(`person-${customer}`, customer);
    },
    refuseLink: async (botId, { chatId, updateId, reason, customerId }) => {
      database
        .prepare('insert into refused_link (bot_id, chat_id, update_id, reason, customer_id, at_utc) values (?, ?, ?, ?, ?, ?)')
        .run(botId, chatId, updateId, reason, customerId, clock.now());
    },
    copy: async () => dress((await site.copy()) as SqliteSite),
  };
}

const TABLES = new URL('../../sql/sqlite/tillypad/tables.sql', import.meta.url);
const ALTERED = {
  lacking: 'cpop_Sum as sum',
  reordered: 'cpop_Description as description, cpop_Sum as sum',
};

/** Tillypad's tables alone, in a temporary file. */
export function makeBareSqliteSite(): BareSite {
  const folder = mkdtempSync(join(memoryFolder(), 'tp-tg-notify-'));
  const file = join(folder, 'site.sqlite');
  const database = new DatabaseSync(file);
  database.exec(readFileSync(TABLES, 'utf8'));
  const clock = { now: () => Date.UTC(2026, 10, 24, 9) };
  let notes = 0;
  return {
    install: async (request = {}) => install({ file, clock, ...WISH, ...request }),
    openDesk: async () => openDesk({ file, clock }),
    dropTable: async (name) => database.exec(`drop table ${name}`),
    alterView: async (how) =>
      database.exec(`drop view operation; create view operation as
        select ${ALTERED[how]}, cpop_ID as operation_id, cpop_clnt_ID as customer_id, cpop_cptp_ID as account_type_id, cpop_Date as date,
          cpop_Name as document, cpop_atop_ID as authorization_id, cpop_cpop_ID_Return as return_of
        from tp_ClientPurseOperations`),
    loseColumn: async () => {
      const [view] = database.prepare("select sql from sqlite_schema where name = 'customer'").all();
      database.exec(`drop view customer; ${String(view?.['sql']).replace('c.clnt_Name as name, ', '')}`);
    },
    setSchema: async (version) => database.exec(`update ledger_schema set version = ${version}`),
    addFilledNote: async (value) => {
      notes += 1;
      const id = `customer-${notes}`;
      database.exec(`insert or ignore into tp_ClientGroups (clgr_ID, clgr_Name) values ('group', 'Guests')`);
      database.prepare(`insert into tp_Clients (clnt_ID, clnt_clgr_ID, clnt_Name) values (?, 'group', 'Ivan')`).run(id);
      database
        .prepare(
          'insert into tp_Notes (note_ID, note_nttp_ID, note_obj_ID, note_item_ID, note_Value) select ?, nttp_ID, ?, ?, ? from tp_NoteTypes',
        )
        .run(`note-${notes}`, id, id, value);
    },
    noteTypes: async () =>
      database
        .prepare('select nttp_Name as name from tp_NoteTypes order by name')
        .all()
        .map((row) => String(row['name'])),
    close: async () => {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
