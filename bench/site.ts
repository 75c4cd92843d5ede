import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { placeOf } from '../src/sqlite/connection.ts';

const sql = (path: string): string => readFileSync(new URL(`../sql/sqlite/${path}`, import.meta.url), 'utf8');
const GROUP = '00000000-0000-4000-8000-000000000001';
const ACCOUNT_TYPE = '00000000-0000-4000-8000-000000000002';
const DAY_MS = 86_400_000;

export interface BenchSite {
  readonly file: string;
  readonly botId: string;
  /** One subscribed customer per chat. */
  readonly chatIds: readonly string[];
  readonly perChat: number;
  /** Further operations long ago that the ledger already holds as delivered. */
  readonly settled: number;
  readonly keyFingerprint: string;
  readonly now: number;
}

/** A site whose rows are as like as possible, so that only what is measured differs: every operation far from its neighbours in time. */
export function makeBenchSite(site: BenchSite): void {
  const database = new DatabaseSync(site.file);
  database.exec('pragma journal_mode = off; pragma synchronous = off');
  for (const path of ['tillypad/tables.sql', 'tillypad/views.sql', 'ledger/0001_ledger.sql']) database.exec(sql(path));
  database.exec('begin');
  const { botId, now } = site;
  database.prepare('insert into ledger_schema (version, installed_utc) values (1, ?)').run(now);
  database
    .prepare("insert into place (only_row, installation_id, bound_to, key_fingerprint) values (1, 'bench', ?, ?)")
    .run(placeOf(site.file), site.keyFingerprint);
  database.prepare("insert into tp_ClientGroups (clgr_ID, clgr_Name) values (?, 'Гости')").run(GROUP);
  database.prepare("insert into tp_ClientPurseTypes (cptp_ID, cptp_Name) values (?, 'Депозит')").run(ACCOUNT_TYPE);
  const customer = database.prepare('insert into tp_Clients (clnt_ID, clnt_clgr_ID, clnt_Name) values (?, ?, ?)');
  const subscription = database.prepare(
    "insert into subscription (bot_id, customer_id, chat_id, state, origin, epoch, changed_utc) values (?, ?, ?, 'active', 'link', 0, ?)",
  );
  const chat = database.prepare('insert into chat (bot_id, chat_id) values (?, ?)');
  const operation = database.prepare(
    'insert into tp_ClientPurseOperations (cpop_ID, cpop_clnt_ID, cpop_cptp_ID, cpop_Date, cpop_Name, cpop_Sum) values (?, ?, ?, ?, ?, ?)',
  );
  for (const [index, chatId] of site.chatIds.entries()) {
    const customerId = guid(1, index);
    customer.run(customerId, GROUP, `Гость ${index}`);
    subscription.run(botId, customerId, chatId, now);
    chat.run(botId, chatId);
  }
  for (let row = 0; row < site.perChat * site.chatIds.length; row += 1) {
    const at = now - DAY_MS * 3 + row * 7;
    operation.run(
      guid(2, row),
      guid(1, row % site.chatIds.length),
      ACCOUNT_TYPE,
      wallOf(at),
      `№ ${row}`,
      row % 2 === 0 ? -4_500_000 : 450_000,
    );
  }
  settle(database, site);
  database.exec('commit; analyze; pragma journal_mode = wal');
  database.close();
}

/** Old operations with their delivered rows, made set-based. */
function settle(database: DatabaseSync, site: BenchSite): void {
  if (site.settled === 0) return;
  const { settled, botId, now } = site;
  const years = wallOf(now - 900 * DAY_MS).slice(0, 10);
  const id = "printf('%08x-0003-4000-8000-%012x', n * 2654435761 & 4294967295, n)";
  const numbers = `with recursive number(n) as (select 0 union all select n + 1 from number where n + 1 < ${settled})`;
  const date = `strftime('%Y-%m-%d %H:%M:%f', '${years}', '+' || (n * 70) || ' seconds')`;
  const customer = `printf('%08x-0001-4000-8000-%012x', (n % ${site.chatIds.length}) * 2654435761 & 4294967295, n % ${site.chatIds.length})`;
  database.exec(
    `insert into tp_ClientPurseOperations (cpop_ID, cpop_clnt_ID, cpop_cptp_ID, cpop_Date, cpop_Sum) ${numbers} select ${id}, ${customer}, '${ACCOUNT_TYPE}', ${date}, -10000 from number`,
  );
  database.exec(`insert into delivery (bot_id, operation_id, task_id, customer_id, operation_date, state, planned_utc, changed_utc)
    ${numbers} select '${botId}', ${id}, 'default', ${customer}, ${date}, 'delivered', ${now}, ${now} from number`);
}

/** GUIDs scattered like random ones, so that indexes don't profit from their order. */
function guid(kind: number, index: number): string {
  const scattered = (Math.imul(index, 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
  return `${scattered}-000${kind}-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

function wallOf(at: number): string {
  return new Date(at).toISOString().slice(0, 23).replace('T', ' ');
}
