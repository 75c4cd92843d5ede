import type { Site } from '../contract/engine.ts';
import type { TestDatabase } from './mssql-database.ts';
import { instantLiteral, sql } from './mssql-literal.ts';

type LedgerFacts = Pick<
  Site,
  | 'subscribe'
  | 'readTaskLog'
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
export function mssqlLedgerFacts(database: TestDatabase, time: { readonly now: number }): LedgerFacts {
  const run = async (text: string): Promise<void> => {
    await database.run(text);
  };
  return {
    subscribe: async (botId, { customerId, chatId, state = 'active', origin = 'link', epoch = 0, language }) => {
      await run(sql`DELETE FROM tgn.subscription WHERE bot_id = ${botId} AND customer_id = ${customerId};
        INSERT INTO tgn.subscription (bot_id, customer_id, chat_id, state, origin, epoch, changed_utc)
        VALUES (${botId}, ${customerId}, ${chatId}, ${state}, ${origin}, ${epoch}, ${instantLiteral(time.now)})`);
      if (language === undefined) return;
      await run(sql`UPDATE tgn.chat SET language = ${language} WHERE bot_id = ${botId} AND chat_id = ${chatId};
        IF @@ROWCOUNT = 0 INSERT INTO tgn.chat (bot_id, chat_id, language) VALUES (${botId}, ${chatId}, ${language})`);
    },
    readTaskLog: async (taskId, unreadText = 'unread') => {
      const lines: string[] = [];
      for (;;) {
        const [row] = await database.run<{ line: string | null }>(
          sql`DECLARE @line nvarchar(2047); EXEC tgn_task.read_log @task_id = ${taskId}, @message = @line OUTPUT; SELECT @line AS line`,
        );
        if (row === undefined || row.line === null) return lines;
        lines.push(row.line.includes('ни один запуск не обслужил') ? unreadText : row.line);
      }
    },
    leaveWord: async (botId, { kind, taskId }) => {
      const [row] = await database.run<{ no: number }>(sql`SET NOCOUNT ON; INSERT INTO tgn.wake (bot_id, task_id, kind, made_utc)
        VALUES (${botId}, ${taskId}, ${kind}, ${instantLiteral(time.now)}); SELECT CAST(SCOPE_IDENTITY() AS bigint) AS no`);
      return row?.no ?? 0;
    },
    takeOver: async (botId) => run(sql`UPDATE tgn.run SET finished_utc = heartbeat_utc WHERE bot_id = ${botId} AND finished_utc IS NULL`),
    pauseUntil: async (botId, until) => run(sql`UPDATE tgn.bot SET paused_until_utc = ${instantLiteral(until)} WHERE bot_id = ${botId}`),
    installPaused: async () => run('UPDATE tgn.place SET paused = 1'),
    setSchema: async (version) => {
      if (version === null) await run('DELETE FROM tgn.ledger_schema');
      else
        await run(
          sql`DELETE FROM tgn.ledger_schema; INSERT INTO tgn.ledger_schema (version, installed_utc) VALUES (${version}, SYSUTCDATETIME())`,
        );
    },
    deliveries: async (botId) =>
      database.run(sql`SELECT d.delivery_no AS row, d.operation_id, d.customer_id, t.task_id, d.state, d.reason, d.repeat, d.tries,
          d.not_before_utc AS not_before, d.attempt_no
        FROM tgn.delivery d LEFT JOIN tgn.task t ON t.task_no = d.task_no
        WHERE d.bot_id = COALESCE(${botId ?? null}, d.bot_id)
        ORDER BY d.operation_date, CAST(d.operation_id AS char(36))`),
    invitations: async () =>
      database.run(`SELECT invitation_no AS row, customer_id, operation_id, state, reason, number, segments, cost, gateway_id, text, tries,
          not_before_utc AS not_before, sent_utc AS sent_at, status FROM tgn.invitation ORDER BY invitation_no`),
    attempts: async () =>
      database.run(`SELECT attempt_no, chat_id, CAST(CASE WHEN finished_utc IS NULL THEN 0 ELSE 1 END AS bit) AS finished, outcome, code, detail,
          message_id, repeat, length FROM tgn.attempt ORDER BY attempt_no`),
    runs: async () =>
      database.run(
        'SELECT run_no, run_id, finished_utc AS finished_at, heartbeat_utc AS heartbeat_at, exit_code, summary FROM tgn.run ORDER BY run_no',
      ),
    words: async () => database.run('SELECT wake_no, task_id, kind, served_utc AS served_at FROM tgn.wake ORDER BY wake_no'),
    subscriptions: async () =>
      database.run('SELECT customer_id, chat_id, state, origin, epoch FROM tgn.subscription ORDER BY CAST(customer_id AS char(36))'),
    refusedLinks: async () => database.run('SELECT chat_id, update_id, reason, customer_id FROM tgn.refused_link ORDER BY refused_no'),
    mirror: async (customer) => {
      const [row] = await database.run<NonNullable<Awaited<ReturnType<Site['mirror']>>>>(
        sql`SELECT noted, wanted, pending, failures FROM tgn.note_mirror WHERE customer_id = ${customer}`,
      );
      return row ?? null;
    },
  };
}

/** The ledger's tables that a run writes; those with numbers of their own. */
const LEDGER_TABLES = [
  'bot',
  'run',
  'wake',
  'task',
  'admitted',
  'task_parameters',
  'task_message',
  'task_told',
  'start_way',
  'chat',
  'subscription',
  'note_mirror',
  'refused_link',
  'delivery',
  'attempt',
  'earlier_attempt',
  'invitation',
];
const NUMBERED = new Set(['run', 'wake', 'task', 'task_message', 'refused_link', 'delivery', 'attempt', 'invitation']);
const TILLYPAD_TABLES = [
  'ClientGroups',
  'People',
  'Clients',
  'ClientPurseTypes',
  'Divisions',
  'AuthorizationOperations',
  'ClientPurseOperations',
  'NoteTypes',
  'NoteTypeObjects',
  'Notes',
  'LockedNotes',
  'ClientPhones',
];

/** Everything that a test may have made goes. */
export async function emptyDatabase(database: TestDatabase): Promise<void> {
  const deletes = [
    ...TILLYPAD_TABLES.map((name) => `IF OBJECT_ID(N'dbo.tp_${name}') IS NOT NULL DELETE FROM dbo.tp_${name};`),
    ...LEDGER_TABLES.map((name) => `DELETE FROM tgn.${name};`),
    'DELETE FROM tgn.place; DELETE FROM dbo.tp_test_clock;',
  ];
  await database.run(deletes.join('\n'));
}

const listColumns = async (database: TestDatabase, schema: string, name: string): Promise<string> => {
  const columns = await database.run<{ name: string }>(
    `SELECT COLUMN_NAME AS name FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = N'${schema}' AND TABLE_NAME = N'${name}'`,
  );
  return columns.map((column) => `[${column.name}]`).join(', ');
};

const numbered = (name: string, insert: string): string =>
  NUMBERED.has(name) ? `SET IDENTITY_INSERT tgn.${name} ON; ${insert}; SET IDENTITY_INSERT tgn.${name} OFF;` : `${insert};`;

/** Copies the ledger's rows aside; what it answers puts them back, as a restored backup would have them. */
export async function keepLedger(database: TestDatabase): Promise<() => Promise<void>> {
  for (const name of LEDGER_TABLES) {
    await database.run(`DROP TABLE IF EXISTS dbo.kept_${name}`);
    await database.run(`SELECT * INTO dbo.kept_${name} FROM tgn.${name}`);
  }
  return async () => {
    for (const name of LEDGER_TABLES) {
      const list = await listColumns(database, 'tgn', name);
      const insert = `INSERT INTO tgn.${name} (${list}) SELECT ${list} FROM dbo.kept_${name}`;
      await database.run(`DELETE FROM tgn.${name}; ${numbered(name, insert)} DROP TABLE dbo.kept_${name}`);
    }
  };
}

/** All rows of one prepared and empty database into another on the same server: what a restored copy holds. */
export async function copyRows(from: TestDatabase, to: TestDatabase): Promise<void> {
  const source = `[${from.place.database}]`;
  for (const name of [...LEDGER_TABLES, 'place']) {
    const list = await listColumns(to, 'tgn', name);
    await to.run(numbered(name, `INSERT INTO tgn.${name} (${list}) SELECT ${list} FROM ${source}.tgn.${name}`));
  }
  for (const name of [...TILLYPAD_TABLES.map((table) => `tp_${table}`), 'tp_test_clock']) {
    const list = await listColumns(to, 'dbo', name);
    await to.run(`INSERT INTO dbo.${name} (${list}) SELECT ${list} FROM ${source}.dbo.${name}`);
  }
}
