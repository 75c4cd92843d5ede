import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Site } from '../contract/engine.ts';

type LedgerFacts = Pick<
  Site,
  | 'subscribe'
  | 'leaveWord'
  | 'takeOver'
  | 'pauseUntil'
  | 'installPaused'
  | 'setSchema'
  | 'deliveries'
  | 'invitations'
  | 'attempts'
  | 'runs'
  | 'words'
  | 'subscriptions'
  | 'refusedLinks'
  | 'mirror'
>;

/** The ledger's rows, past the port. */
export function ledgerFacts(database: DatabaseSync, time: { readonly now: number }): LedgerFacts {
  const all = <Row>(sql: string, ...values: SQLInputValue[]): Row[] =>
    database
      .prepare(sql)
      .all(...values)
      .map((row) => ({ ...row }) as Row);
  return {
    subscribe: async (botId, { customerId, chatId, state = 'active', origin = 'link', epoch = 0, language }) => {
      database
        .prepare('insert or replace into subscription values (?, ?, ?, ?, ?, ?, ?)')
        .run(botId, customerId, chatId, state, origin, epoch, time.now);
      const chat = database.prepare(
        'insert into chat (bot_id, chat_id, language) values (?, ?, ?) on conflict do update set language = excluded.language',
      );
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
      const rows = all<{ repeat: number }>(
        `select ${columns} from delivery where bot_id = coalesce(?, bot_id) order by operation_date, operation_id`,
        botId ?? null,
      );
      return rows.map((row) => ({ ...row, repeat: row.repeat === 1 })) as unknown as Awaited<ReturnType<Site['deliveries']>>;
    },
    invitations: async () =>
      all(
        `select invitation_no as row, customer_id as customerId, operation_id as operationId, state, reason, number, segments, cost,
        gateway_id as gatewayId, text, tries, not_before_utc as notBefore, sent_utc as sentAt, status from invitation order by invitation_no`,
      ),
    attempts: async () => {
      const columns =
        'attempt_no as attemptNo, chat_id as chatId, finished_utc is not null as finished, outcome, code, detail, message_id as messageId, repeat, length';
      const rows = all<{ repeat: number; finished: number }>(`select ${columns} from attempt order by attempt_no`);
      return rows.map((row) => ({ ...row, repeat: row.repeat === 1, finished: row.finished === 1 })) as unknown as Awaited<
        ReturnType<Site['attempts']>
      >;
    },
    runs: async () =>
      all(
        'select run_no as runNo, run_id as runId, finished_utc as finishedAt, heartbeat_utc as heartbeatAt, exit_code as exitCode, summary from run order by run_no',
      ),
    words: async () => all('select wake_no as wakeNo, task_id as taskId, kind, served_utc as servedAt from wake order by wake_no'),
    subscriptions: async () =>
      all('select customer_id as customerId, chat_id as chatId, state, origin, epoch from subscription order by customer_id'),
    refusedLinks: async () =>
      all('select chat_id as chatId, update_id as updateId, reason, customer_id as customerId from refused_link order by refused_no'),
    mirror: async (customer) => {
      const [row] = all<{ noted: string | null; wanted: string | null; pending: number; failures: number }>(
        'select noted, wanted, pending, failures from note_mirror where customer_id = ?',
        customer,
      );
      return row === undefined ? null : { ...row, pending: row.pending === 1 };
    },
  };
}

const LEDGER_TABLES = [
  'bot',
  'run',
  'wake',
  'task',
  'admitted',
  'chat',
  'subscription',
  'note_mirror',
  'refused_link',
  'delivery',
  'attempt',
  'invitation',
  'task_message',
  'task_told',
];

/** Puts the backup's rows back, counters of numbers included, as a restored file would have them. */
export function restore(database: DatabaseSync, backup: string): void {
  database.exec(`attach '${backup}' as backup; begin immediate`);
  for (const table of [...LEDGER_TABLES, 'sqlite_sequence'])
    database.exec(`delete from main.${table}; insert into main.${table} select * from backup.${table}`);
  database.exec('commit; detach backup');
}
