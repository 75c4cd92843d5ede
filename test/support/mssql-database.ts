import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildScript } from '../../scripts/sql/script.ts';
import { parseServerAddress } from '../../src/core/server-place.ts';
import type { ServerPlace } from '../../src/core/server-place.ts';
import { openConnection } from '../../src/sql-server/connection.ts';
import type { Connection } from '../../src/sql-server/connection.ts';
import { batchesOf, runScript } from '../../src/sql-server/install.ts';
import type { Row } from '../../src/sql-server/rows.ts';

const SITES = new URL('../sites/', import.meta.url);
/** The site that most tests stand on. */
const USUAL_SITE = ['tables', 'phones-child', 'phones-xml', 'logon', 'locked-notes'];
const TEXT_COLUMN = /(?<=\b[a-z]+_\w+ )nvarchar\((?:max|\d+)\)/gu;
const MARK = 'tp_tg_notify_tests';

/** A database that tests may do anything to, with a connection of its own, as a till has one. */
export interface TestDatabase {
  readonly place: ServerPlace;
  readonly connection: Connection;
  /** Runs a batch; answers the rows of its last result set. */
  run<T extends object = Row>(text: string): Promise<readonly T[]>;
}

/** The server that `TP_TEST_MSSQL` names; null without it. */
export function serverUnderTest(): ServerPlace | null {
  const address = process.env['TP_TEST_MSSQL'];
  if (address === undefined || address === '') return null;
  const parsed = parseServerAddress(address);
  if (!parsed.ok) throw new Error(`TP_TEST_MSSQL: ${parsed.code}`);
  return parsed.place;
}

/** What a database of a site may be like; else as the server makes one. */
export interface DatabaseKind {
  readonly collation?: string;
  readonly level?: number;
  /** READ_COMMITTED_SNAPSHOT, DELAYED_DURABILITY and the like, as ALTER DATABASE … SET takes them. */
  readonly set?: string;
}

/** A database beside the named one, made where it is missing, so that test files don't meet. */
export async function openTestDatabase(server: ServerPlace, suffix: string, kind: DatabaseKind = {}): Promise<TestDatabase> {
  const place = { ...server, database: `${server.database}_${suffix}` };
  const first = await openConnection({ place: server });
  try {
    const collate = kind.collation === undefined ? '' : ` COLLATE ${kind.collation}`;
    await first.executeBatch(`IF DB_ID(N'${place.database}') IS NULL CREATE DATABASE [${place.database}]${collate}`);
    if (kind.level !== undefined) await first.executeBatch(`ALTER DATABASE [${place.database}] SET COMPATIBILITY_LEVEL = ${kind.level}`);
    if (kind.set !== undefined) await first.executeBatch(`ALTER DATABASE [${place.database}] SET ${kind.set}`);
  } finally {
    await first.close();
  }
  const connection = await openConnection({ place, requestTimeoutMs: 600_000 });
  return {
    place,
    connection,
    run: async <T extends object = Row>(text: string) => {
      const { sets } = await connection.executeBatch(text);
      return (sets.at(-1) ?? []) as readonly T[];
    },
  };
}

/** A file of `test/sites`; with a collation, all text columns of its tables have it. */
export async function runSite(database: TestDatabase, part: string, columnCollation?: string): Promise<void> {
  const text = readFileSync(new URL(`${part}.sql`, SITES), 'utf8');
  const collated = columnCollation === undefined ? text : text.replaceAll(TEXT_COLUMN, `$& COLLATE ${columnCollation}`);
  for (const batch of batchesOf(collated)) await database.connection.executeBatch(batch);
}

/** Adds so many operations to a site, and their customers where they are missing, as `operations.sql` does by hand; at most ten million. */
export async function addManyOperations(database: TestDatabase, count: number): Promise<void> {
  const text = readFileSync(new URL('operations.sql', SITES), 'utf8').replace('@operations = 1000000', `@operations = ${count}`);
  for (const batch of batchesOf(text)) await database.connection.executeBatch(batch);
}

/**
 * Makes the database a Tillypad of these parts with our ledger and a clock that tests set; what a former run of the tests made is used again
 * where nothing has changed. Throws when the database holds anything that the tests didn't make.
 */
export async function prepareDatabase(
  database: TestDatabase,
  parts: readonly string[] = USUAL_SITE,
  { columnCollation, afterwards = [] }: { readonly columnCollation?: string; readonly afterwards?: readonly string[] } = {},
): Promise<void> {
  const script = buildScript();
  const wanted = createHash('sha256')
    .update(script)
    .update([...parts, ...afterwards].map((part) => readFileSync(new URL(`${part}.sql`, SITES), 'utf8')).join())
    .update(columnCollation ?? '')
    .update(readFileSync(new URL(import.meta.url)))
    .digest('hex');
  const [mark] = await database.run<{ mark: number | null }>(`SELECT OBJECT_ID(N'dbo.${MARK}') AS mark`);
  if (mark?.mark === null) {
    const [others] = await database.run<{ others: number }>(
      "SELECT COUNT(*) AS others FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = N'dbo'",
    );
    if (others !== undefined && others.others > 0) throw new Error(`${database.place.database} holds tables that no test made`);
    await database.run(`CREATE TABLE dbo.${MARK} (hash varchar(64) NOT NULL)`);
  } else {
    const [known] = await database.run<{ hash: string }>(`SELECT hash FROM dbo.${MARK}`);
    if (known?.hash === wanted) return;
  }
  await database.run(`DELETE FROM dbo.${MARK}`);
  await wipe(database);
  for (const part of parts) await runSite(database, part, columnCollation);
  await runScript(database.connection, script);
  for (const part of afterwards) await runSite(database, part);
  await database.run('DROP VIEW tgn.clock; CREATE TABLE dbo.tp_test_clock (now_utc datetime2(3) NOT NULL, wall_now datetime NOT NULL)');
  await database.run('CREATE VIEW tgn.clock AS SELECT now_utc, wall_now FROM dbo.tp_test_clock WITH (NOLOCK)');
  await database.run(`INSERT INTO dbo.${MARK} (hash) VALUES ('${wanted}')`);
}

interface Named {
  readonly schema: string;
  readonly name: string;
}

const SCHEMAS = "(N'dbo', N'tgn', N'tgn_task', N'tgn_admin', N'tgn_report')";

/** Takes everything away but the mark: procedures, views, functions, tables, types. */
export async function wipe(database: TestDatabase): Promise<void> {
  const routines = await database.run<Named & { readonly kind: string }>(
    `SELECT ROUTINE_SCHEMA AS [schema], ROUTINE_NAME AS name, ROUTINE_TYPE AS kind FROM INFORMATION_SCHEMA.ROUTINES WHERE ROUTINE_SCHEMA IN ${SCHEMAS}`,
  );
  for (const { schema, name, kind } of routines) await database.run(`DROP ${kind} [${schema}].[${name}]`);
  const views = await database.run<Named>(
    `SELECT TABLE_SCHEMA AS [schema], TABLE_NAME AS name FROM INFORMATION_SCHEMA.VIEWS WHERE TABLE_SCHEMA IN ${SCHEMAS}`,
  );
  for (const { schema, name } of views) await database.run(`DROP VIEW IF EXISTS [${schema}].[${name}]`);
  const tables = await database.run<Named>(
    `SELECT TABLE_SCHEMA AS [schema], TABLE_NAME AS name FROM INFORMATION_SCHEMA.TABLES
     WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME <> N'${MARK}' AND TABLE_SCHEMA IN ${SCHEMAS}`,
  );
  for (const { schema, name } of tables) await database.run(`DROP TABLE [${schema}].[${name}]`);
  const types = await database.run<{ name: string }>("SELECT name FROM sys.table_types WHERE schema_id = SCHEMA_ID(N'tgn')");
  for (const { name } of types) await database.run(`DROP TYPE tgn.[${name}]`);
}
