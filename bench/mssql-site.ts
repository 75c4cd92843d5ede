import type { ServerPlace } from '../src/core/server-place.ts';
import { readScript, runScript } from '../src/sql-server/install.ts';
import { openTestDatabase, runSite, wipe } from '../test/support/mssql-database.ts';
import type { TestDatabase } from '../test/support/mssql-database.ts';
import { BOT_ID, KEYS } from './run-once.ts';

const GROUP = '00000000-0000-4000-8000-000000000001';
const ACCOUNT_TYPE = '00000000-0000-4000-8000-000000000002';
/** Rows of one INSERT, each a transaction of its own. */
const ROWS = 250_000;

/** A Tillypad without rows in a database beside the named one, and no ledger. */
export async function openBareDatabase(server: ServerPlace, suffix: string): Promise<TestDatabase> {
  const database = await openTestDatabase(server, suffix);
  await wipe(database);
  for (const part of ['tables', 'phones-child', 'phones-xml']) await runSite(database, part);
  return database;
}

export async function openBenchDatabase(server: ServerPlace, suffix: string): Promise<TestDatabase> {
  const database = await openBareDatabase(server, suffix);
  await runScript(database.connection, readScript());
  await database.run(`INSERT INTO tgn.place (only_row, installation_id, bound_to, key_fingerprint)
    SELECT 1, NEWID(), place, '${KEYS.fingerprint}' FROM tgn.here`);
  return database;
}

export interface BenchFill {
  /** One subscribed customer per chat. */
  readonly chatIds: readonly string[];
  /** Operations of the last three days, each far from its neighbours of the same customer. */
  readonly operations: number;
  /** Further operations of the years before that the ledger already holds as delivered. */
  readonly settled: number;
}

/** Fills an empty site, set-based, with ids scattered like random ones. */
export async function fillBench(database: TestDatabase, { chatIds, operations, settled }: BenchFill): Promise<void> {
  await database.run(`DELETE FROM tgn.delivery; DELETE FROM tgn.attempt; DELETE FROM tgn.subscription; DELETE FROM tgn.chat; DELETE FROM tgn.task;
    DELETE FROM tgn.admitted; DELETE FROM tgn.wake; DELETE FROM tgn.run; DELETE FROM tgn.bot; DELETE FROM tgn.note_mirror;
    DELETE FROM dbo.tp_ClientPurseOperations; DELETE FROM dbo.tp_Clients; DELETE FROM dbo.tp_ClientGroups; DELETE FROM dbo.tp_ClientPurseTypes;
    INSERT INTO dbo.tp_ClientGroups (clgr_ID, clgr_Name) VALUES ('${GROUP}', N'Guests');
    INSERT INTO dbo.tp_ClientPurseTypes (cptp_ID, cptp_Name) VALUES ('${ACCOUNT_TYPE}', N'Deposit')`);
  for (let from = 0; from < chatIds.length; from += 500) {
    const part = chatIds.slice(from, from + 500).map((chatId, at) => ({ chatId, id: customerId(from + at), no: from + at }));
    await database.run(`INSERT INTO dbo.tp_Clients (clnt_ID, clnt_clgr_ID, clnt_Name) VALUES
        ${part.map(({ id, no }) => `('${id}', '${GROUP}', N'Guest ${no}')`).join(', ')};
      INSERT INTO tgn.subscription (bot_id, customer_id, chat_id, state, origin, epoch, changed_utc) VALUES
        ${part.map(({ id, chatId }) => `(${BOT_ID}, '${id}', '${chatId}', 'active', 'link', 0, SYSUTCDATETIME())`).join(', ')};
      INSERT INTO tgn.chat (bot_id, chat_id) VALUES ${part.map(({ chatId }) => `(${BOT_ID}, '${chatId}')`).join(', ')}`);
  }
  await addOperations(database, { customers: chatIds.length, count: settled, endDaysAgo: 60, days: 900 });
  await settle(database);
  await addOperations(database, { customers: chatIds.length, count: operations, endDaysAgo: 0, days: 3 });
  // As an administrator's nightly plan does; the embedded engine's site is analyzed too.
  await database.run('SET LOCK_TIMEOUT -1; EXEC sp_updatestats');
}

/** Operations spread evenly over so many days, the customers in turn. */
async function addOperations(
  database: TestDatabase,
  wish: { readonly customers: number; readonly count: number; readonly endDaysAgo: number; readonly days: number },
): Promise<void> {
  const { customers, count, endDaysAgo, days } = wish;
  for (let from = 0; from < count; from += ROWS) {
    const rows = Math.min(ROWS, count - from);
    await database.run(`DECLARE @began datetime = DATEADD(day, -${endDaysAgo + days}, GETDATE());
      INSERT INTO dbo.tp_ClientPurseOperations (cpop_ID, cpop_clnt_ID, cpop_cptp_ID, cpop_Date, cpop_Name, cpop_Sum)
      SELECT NEWID(), CAST('${ID_HEAD}' + RIGHT('00000000000' + CAST(n.no % ${customers} + 1 AS varchar(12)), 12) AS uniqueidentifier), '${ACCOUNT_TYPE}',
        DATEADD(ms, CAST(n.no % 1000 AS int), DATEADD(second, CAST(n.no * ${days * 86_400 - 60}.0 / ${count} AS int), @began)),
        N'No ' + CAST(n.no AS nvarchar(20)), CASE WHEN n.no % 2 = 0 THEN -450 ELSE 45 END
      FROM (
        SELECT TOP (${rows}) ${from} + ROW_NUMBER() OVER (ORDER BY a.no, b.no, c.no) - 1 AS no
        FROM ${numbers('a', 100)} CROSS JOIN ${numbers('b', 100)} CROSS JOIN ${numbers('c', 25)}
      ) n`);
  }
}

async function settle(database: TestDatabase): Promise<void> {
  await database.run(`INSERT INTO tgn.bot (bot_id, bound_utc) VALUES (${BOT_ID}, SYSUTCDATETIME());
    INSERT INTO tgn.task (bot_id, task_id) VALUES (${BOT_ID}, 'default');
    INSERT INTO tgn.delivery (bot_id, operation_id, task_no, customer_id, operation_date, state, planned_utc, changed_utc)
    SELECT ${BOT_ID}, o.operation_id, t.task_no, o.customer_id, o.date, 'delivered', SYSUTCDATETIME(), SYSUTCDATETIME()
    FROM tgn.operation o CROSS JOIN tgn.task t ORDER BY o.date`);
}

const ID_HEAD = '00000000-0001-4000-8000-';

function customerId(index: number): string {
  return `${ID_HEAD}${String(index + 1).padStart(12, '0')}`;
}

function numbers(alias: string, count: number): string {
  return `(VALUES ${Array.from({ length: count }, (_, no) => `(${no})`).join(', ')}) ${alias} (no)`;
}
