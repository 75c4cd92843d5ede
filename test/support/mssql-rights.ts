import type { ServerPlace } from '../../src/core/server-place.ts';
import { Secret } from '../../src/core/secret.ts';
import { openConnection } from '../../src/sql-server/connection.ts';
import type { Connection } from '../../src/sql-server/connection.ts';
import type { TestDatabase } from './mssql-database.ts';

const PASSWORD = 'Only-for-this-test-1';

/** Logins of the rights' table in docs/security.md, by their role; `nobody` is a user in none. */
export const LOGINS = {
  runner: 'tgn_runner',
  tillypad: 'tgn_tasks',
  administrator: 'tgn_administrator',
  reports: 'tgn_reader',
  nobody: null,
  dataReader: 'db_datareader',
  dataWriter: 'db_datawriter',
} as const;
export type Login = keyof typeof LOGINS;

/** Who may call each schema; nobody else. */
export const CALLERS: Readonly<Record<'tgn' | 'tgn_task' | 'tgn_admin' | 'tgn_report', readonly Login[]>> = {
  tgn: ['runner', 'administrator'],
  tgn_task: ['tillypad'],
  tgn_admin: ['administrator'],
  tgn_report: ['administrator', 'reports'],
};
type Schema = keyof typeof CALLERS;

/** One of each schema that needs no more than its name, and changes nothing that matters. */
const CALLS: Readonly<Record<Schema, { readonly procedure: string; readonly text: string }>> = {
  tgn: { procedure: 'read_clock', text: 'EXEC tgn.read_clock' },
  tgn_task: { procedure: 'wake', text: 'DECLARE @task uniqueidentifier; SET @task = NEWID(); EXEC tgn_task.wake @task' },
  tgn_admin: { procedure: 'read_start', text: 'EXEC tgn_admin.read_start' },
  tgn_report: { procedure: 'last_success', text: 'EXEC tgn_report.last_success' },
};
export const SCHEMAS = Object.keys(CALLS) as readonly Schema[];

/** The place as this login sees it. */
export function placeAs(place: ServerPlace, login: Login): ServerPlace {
  return { ...place, user: `tgn_test_${login}`, password: new Secret(PASSWORD) };
}

/** Makes the logins, each a user of the database and in its role. */
export async function makeLogins({ run }: TestDatabase, logins: readonly Login[]): Promise<void> {
  for (const login of logins) {
    const name = `tgn_test_${login}`;
    await run(`IF SUSER_ID(N'${name}') IS NULL CREATE LOGIN [${name}] WITH PASSWORD = N'${PASSWORD}'`);
    await run(`IF USER_ID(N'${name}') IS NULL CREATE USER [${name}] FOR LOGIN [${name}]`);
    const role = LOGINS[login];
    if (role !== null) await run(`ALTER ROLE [${role}] ADD MEMBER [${name}]`);
  }
}

/** What a statement came to: `refused` for want of a right on the very thing it names, else `done` or the error. */
async function outcomeOf(connection: Connection, text: string, named: string): Promise<string> {
  return connection.executeBatch(text).then(
    () => 'done',
    (error: unknown) => {
      const { code, message } = error as { readonly code?: unknown; readonly message: string };
      // A procedure that may be called and whose insides are refused names another thing.
      return String(code).startsWith('denied') && new RegExp(String.raw`\b${named}\b`, 'iu').test(message)
        ? 'refused'
        : `${String(code)}: ${message}`;
    },
  );
}

/** Calls a procedure of each schema as this login. */
export async function callEach(place: ServerPlace, login: Login): Promise<Readonly<Record<Schema, string>>> {
  const connection = await openConnection({ place: placeAs(place, login) });
  const found: [Schema, string][] = [];
  for (const schema of SCHEMAS) found.push([schema, await outcomeOf(connection, CALLS[schema].text, CALLS[schema].procedure)]);
  await connection.close();
  return Object.fromEntries(found) as Record<Schema, string>;
}

export interface Touched {
  readonly schema: string;
  readonly name: string;
  /** A column that an UPDATE may name; null for a view. */
  readonly column: string | null;
}

/** Every table of Tillypad's and ours, and our views. */
export async function findTables({ run }: TestDatabase): Promise<readonly Touched[]> {
  return run<Touched>(`SELECT t.TABLE_SCHEMA AS [schema], t.TABLE_NAME AS name, CASE WHEN t.TABLE_TYPE <> 'BASE TABLE' THEN NULL ELSE
      (SELECT MAX(c.name) FROM sys.columns AS c WHERE c.object_id = OBJECT_ID(t.TABLE_SCHEMA + N'.' + t.TABLE_NAME)
        AND c.is_identity = 0 AND c.is_computed = 0 AND c.system_type_id <> 189) END AS [column]
    FROM INFORMATION_SCHEMA.TABLES AS t
    WHERE t.TABLE_SCHEMA = N'tgn' OR (t.TABLE_SCHEMA = N'dbo' AND t.TABLE_NAME LIKE N'tp[_]%' AND t.TABLE_NAME NOT IN (N'tp_test_clock', N'tp_tg_notify_tests'))`);
}

/** Each way of reading and writing each table that this login isn't refused, as a sentence. */
export async function findOpenTables(place: ServerPlace, login: Login, tables: readonly Touched[]): Promise<readonly string[]> {
  const connection = await openConnection({ place: placeAs(place, login) });
  const open: string[] = [];
  for (const { schema, name, column } of tables) {
    const table = `[${schema}].[${name}]`;
    const texts = [
      `SELECT TOP (1) * FROM ${table}`,
      ...(column === null
        ? []
        : [
            `INSERT INTO ${table} DEFAULT VALUES`,
            `UPDATE ${table} SET [${column}] = NULL WHERE 1 = 0`,
            `DELETE FROM ${table} WHERE 1 = 0`,
          ]),
    ];
    for (const text of texts) {
      const outcome = await outcomeOf(connection, text, name);
      if (outcome !== 'refused') open.push(`${text}: ${outcome}`);
    }
  }
  await connection.close();
  return open;
}
