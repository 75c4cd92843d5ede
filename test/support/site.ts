import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue } from 'node:sqlite';
import { addWall, wallAt } from '../../src/core/wall-time.ts';
import { placeOf } from '../../src/sqlite/connection.ts';
import { openLedger, openPlanReader } from '../../src/sqlite/ledger.ts';
import type { Site } from '../contract/engine.ts';

export const KEY_FINGERPRINT = 'fingerprint';
/** The database server's zone; unlike the clock's UTC, so that mixing them up shows. */
const ZONE = 'Europe/Moscow';
/** 24 November 2026, 12:00:00.000 on the server's wall. */
const START = Date.UTC(2026, 10, 24, 9);
const SQL = new URL('../../sql/sqlite/', import.meta.url);

/** A site on the embedded engine, and what only tests of that engine touch. */
export interface SqliteSite extends Site {
  readonly file: string;
  readonly folder: string;
  /** A connection of its own, as a till has one. */
  readonly database: DatabaseSync;
  readonly clock: { now(): number };
  readonly zone: string;
}

/** An empty Tillypad with a fresh ledger in a temporary file, on a clock that only `pass` moves. */
export function makeSqliteSite(): SqliteSite {
  const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-'));
  const file = join(folder, 'site.sqlite');
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal; pragma synchronous = off');
  for (const part of ['tillypad/tables.sql', 'tillypad/views.sql', 'ledger/0001_ledger.sql']) database.exec(readFileSync(new URL(part, SQL), 'utf8'));
  database.prepare('insert into ledger_schema values (1, ?)').run(START);
  database.prepare('insert into place (only_row, installation_id, bound_to, key_fingerprint) values (1, ?, ?, ?)').run('installation', placeOf(file), KEY_FINGERPRINT);
  return attach({ folder, file, database, time: { now: START } });
}

interface Place {
  readonly folder: string;
  readonly file: string;
  readonly database: DatabaseSync;
  readonly time: { now: number };
}

let made = 0;

/** Ids that grow, so that ties of dates are ordered as rows were made. */
function nextId(): string {
  made += 1;
  return `00000000-0000-4000-8000-${made.toString(16).padStart(12, '0')}`;
}

function attach(place: Place): SqliteSite {
  const { folder, file, database, time } = place;
  const clock = { now: () => time.now };
  const wall = (offsetMs = 0): string => addWall(wallAt(time.now, ZONE), offsetMs);
  return {
    folder,
    file,
    database,
    clock,
    zone: ZONE,
    openLedger: async (options = {}) => openLedger({ file, clock, serverZone: ZONE, ...options }),
    openPlanReader: async () => openPlanReader({ file, clock, serverZone: ZONE }),
    ...tillypad(database, wall),
    ...ledgerFacts(database, time),
    save: async () => {
      const backup = join(folder, `backup-${nextId()}.sqlite`);
      database.prepare('vacuum into ?').run(backup);
      return async () => restore(database, backup);
    },
    copy: async () => {
      const elsewhere = mkdtempSync(join(tmpdir(), 'tp-tg-notify-'));
      const copied = join(elsewhere, 'site.sqlite');
      database.exec('pragma wal_checkpoint(truncate)');
      copyFileSync(file, copied);
      return attach({ folder: elsewhere, file: copied, database: new DatabaseSync(copied), time });
    },
    now: () => time.now,
    wall,
    pass: (ms) => {
      time.now += ms;
    },
    close: async () => {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Tillypad = Pick<
  Site,
  | 'addGroup'
  | 'closeLoop'
  | 'addAccountType'
  | 'addDivision'
  | 'addCustomer'
  | 'changeCustomer'
  | 'addOperations'
  | 'changeOperation'
  | 'removeOperation'
  | 'addNoteType'
  | 'addNote'
  | 'removeNotes'
  | 'notesOf'
  | 'breakNotes'
>;

function tillypad(database: DatabaseSync, wall: () => string): Tillypad {
  const run = (sql: string, ...values: SQLInputValue[]): void => {
    database.prepare(sql).run(...values);
  };
  const bin = (deleted = false): string | null => (deleted ? nextId() : null);
  const addGroup: Site['addGroup'] = async ({ parent, name, deleted, disabled } = {}) => {
    const id = nextId();
    const columns = 'clgr_ID, clgr_clgr_ID_Parent, clgr_del_ID, clgr_Name, clgr_IsDisabled';
    run(`insert into tp_ClientGroups (${columns}) values (?, ?, ?, ?, ?)`, id, parent ?? null, bin(deleted), name ?? 'Guests', Number(disabled ?? false));
    return id;
  };
  const addAccountType: Site['addAccountType'] = async ({ name, deleted } = {}) => {
    const id = nextId();
    run('insert into tp_ClientPurseTypes (cptp_ID, cptp_Name, cptp_del_ID) values (?, ?, ?)', id, name ?? 'Deposit', bin(deleted));
    return id;
  };
  const first: { group?: string; type?: string } = {};
  const anyGroup = async (): Promise<string> => (first.group ??= await addGroup());
  const anyType = async (): Promise<string> => (first.type ??= await addAccountType());
  return {
    addGroup,
    closeLoop: async (group, descendant) => run('update tp_ClientGroups set clgr_clgr_ID_Parent = ? where clgr_ID = ?', descendant, group),
    addAccountType,
    addDivision: async (name) => {
      const id = nextId();
      const authorization = nextId();
      run('insert into tp_Divisions (dvsn_ID, dvsn_Name) values (?, ?)', id, name);
      run('insert into tp_AuthorizationOperations (atop_ID, atop_dvsn_ID) values (?, ?)', authorization, id);
      return authorization;
    },
    addCustomer: async ({ id = nextId(), name, group, deleted, disabled } = {}) => {
      const columns = 'clnt_ID, clnt_clgr_ID, clnt_del_ID, clnt_Name, clnt_IsDisabled';
      run(`insert into tp_Clients (${columns}) values (?, ?, ?, ?, ?)`, id, group ?? (await anyGroup()), bin(deleted), name ?? 'Ivan', Number(disabled ?? false));
      return id;
    },
    changeCustomer: async (id, { deleted, disabled, group }) => {
      if (deleted !== undefined) run('update tp_Clients set clnt_del_ID = ? where clnt_ID = ?', bin(deleted), id);
      if (disabled !== undefined) run('update tp_Clients set clnt_IsDisabled = ? where clnt_ID = ?', Number(disabled), id);
      if (group !== undefined) run('update tp_Clients set clnt_clgr_ID = ? where clnt_ID = ?', group, id);
    },
    addOperations: async (operations) => {
      const type = await anyType();
      const columns = 'cpop_ID, cpop_clnt_ID, cpop_cptp_ID, cpop_Date, cpop_Sum, cpop_Name, cpop_Description, cpop_atop_ID, cpop_cpop_ID_Return';
      const insert = database.prepare(`insert into tp_ClientPurseOperations (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
      database.exec('begin immediate');
      const ids = operations.map(({ id = nextId(), customer, date, sum = 1_000_000n, accountType = type, ...rest }) => {
        const { document = null, description = null, division = null, returnOf = null } = rest;
        insert.run(id, customer, accountType, date, sum, document, description, division, returnOf);
        return id;
      });
      database.exec('commit');
      return ids;
    },
    changeOperation: async (id, { sum, date, customer, description }) => {
      const set = (column: string, value: SQLInputValue | undefined): void => {
        if (value !== undefined) run(`update tp_ClientPurseOperations set ${column} = ? where cpop_ID = ?`, value, id);
      };
      set('cpop_Sum', sum);
      set('cpop_Date', date);
      set('cpop_clnt_ID', customer);
      set('cpop_Description', description);
    },
    removeOperation: async (id) => run('delete from tp_ClientPurseOperations where cpop_ID = ?', id),
    addNoteType: async (name, { deleted } = {}) => {
      const id = nextId();
      run('insert into tp_NoteTypes (nttp_ID, nttp_vdt_ID, nttp_del_ID, nttp_Name, nttp_IsUnique) values (?, 0, ?, ?, 1)', id, bin(deleted), name);
      return id;
    },
    addNote: async ({ type, customer, value, at = wall() }) => {
      const columns = 'note_ID, note_nttp_ID, note_obj_ID, note_item_ID, note_Date, note_Value';
      run(`insert into tp_Notes (${columns}) values (?, ?, ?, ?, ?, ?)`, nextId(), type, customer, customer, at, value);
    },
    removeNotes: async (customer) => run('delete from tp_Notes where note_obj_ID = ?', customer),
    notesOf: async (customer) =>
      database
        .prepare('select note_Value as value from tp_Notes where note_obj_ID = ? order by note_Date desc, note_ID desc')
        .all(customer)
        .map((row) => row['value'] as string | number | null),
    breakNotes: async (customer) => {
      const guard = (when: string, name: string): string =>
        `create trigger ${name} before ${when} on tp_Notes when new.note_obj_ID = '${customer}' begin select raise(abort, 'this note is locked'); end;`;
      database.exec(guard('insert', 'no_new_note') + guard('update', 'no_changed_note'));
    },
  };
}

type LedgerFacts = Pick<
  Site,
  | 'subscribe'
  | 'leaveWord'
  | 'takeOver'
  | 'pauseUntil'
  | 'installPaused'
  | 'setSchema'
  | 'deliveries'
  | 'attempts'
  | 'runs'
  | 'words'
  | 'subscriptions'
  | 'refusedLinks'
  | 'mirror'
>;

function ledgerFacts(database: DatabaseSync, time: { readonly now: number }): LedgerFacts {
  const all = <Row>(sql: string, ...values: SQLInputValue[]): Row[] =>
    database
      .prepare(sql)
      .all(...values)
      .map((row) => ({ ...row }) as Row);
  return {
    subscribe: async (botId, { customerId, chatId, state = 'active', origin = 'link', epoch = 0, language }) => {
      database.prepare('insert or replace into subscription values (?, ?, ?, ?, ?, ?, ?)').run(botId, customerId, chatId, state, origin, epoch, time.now);
      const chat = database.prepare('insert into chat (bot_id, chat_id, language) values (?, ?, ?) on conflict do update set language = excluded.language');
      if (language !== undefined) chat.run(botId, chatId, language);
    },
    leaveWord: async (botId, { kind, taskId }) => {
      const insert = database.prepare('insert into wake (bot_id, task_id, kind, made_utc) values (?, ?, ?, ?)');
      return Number(insert.run(botId, taskId, kind, time.now).lastInsertRowid);
    },
    takeOver: async (botId) => {
      database.prepare('update run set finished_utc = heartbeat_utc where bot_id = ? and finished_utc is null').run(botId);
    },
    pauseUntil: async (botId, until) => {
      database.prepare('update bot set paused_until_utc = ? where bot_id = ?').run(until, botId);
    },
    installPaused: async () => database.exec('update place set paused = 1'),
    setSchema: async (version) => {
      if (version === null) database.exec('drop table ledger_schema');
      else database.prepare('update ledger_schema set version = ?').run(version);
    },
    deliveries: async (botId) => {
      const columns = `delivery_no as row, operation_id as operationId, customer_id as customerId, task_id as taskId, state, reason, repeat, tries,
        not_before_utc as notBefore, attempt_no as attemptNo`;
      const rows = all<{ repeat: number }>(`select ${columns} from delivery where bot_id = coalesce(?, bot_id) order by operation_date, operation_id`, botId ?? null);
      return rows.map((row) => ({ ...row, repeat: row.repeat === 1 })) as unknown as Awaited<ReturnType<Site['deliveries']>>;
    },
    attempts: async () => {
      const columns = 'attempt_no as attemptNo, chat_id as chatId, finished_utc is not null as finished, outcome, code, detail, message_id as messageId, repeat, length';
      const rows = all<{ repeat: number; finished: number }>(`select ${columns} from attempt order by attempt_no`);
      return rows.map((row) => ({ ...row, repeat: row.repeat === 1, finished: row.finished === 1 })) as unknown as Awaited<ReturnType<Site['attempts']>>;
    },
    runs: async () =>
      all('select run_no as runNo, run_id as runId, finished_utc as finishedAt, heartbeat_utc as heartbeatAt, exit_code as exitCode, summary from run order by run_no'),
    words: async () => all('select wake_no as wakeNo, task_id as taskId, kind, served_utc as servedAt from wake order by wake_no'),
    subscriptions: async () => all('select customer_id as customerId, chat_id as chatId, state, origin, epoch from subscription order by customer_id'),
    refusedLinks: async () => all('select chat_id as chatId, update_id as updateId, reason, customer_id as customerId from refused_link order by refused_no'),
    mirror: async (customer) => {
      const [row] = all<{ noted: string | null; wanted: string | null; pending: number; failures: number }>(
        'select noted, wanted, pending, failures from note_mirror where customer_id = ?',
        customer,
      );
      return row === undefined ? null : { ...row, pending: row.pending === 1 };
    },
  };
}

const LEDGER_TABLES = ['bot', 'run', 'wake', 'task', 'admitted', 'chat', 'subscription', 'note_mirror', 'refused_link', 'delivery', 'attempt'];

/** Puts the backup's rows back, counters of numbers included, as a restored file would have them. */
function restore(database: DatabaseSync, backup: string): void {
  database.exec(`attach '${backup}' as backup; begin immediate`);
  for (const table of [...LEDGER_TABLES, 'sqlite_sequence']) database.exec(`delete from main.${table}; insert into main.${table} select * from backup.${table}`);
  database.exec('commit; detach backup');
}
