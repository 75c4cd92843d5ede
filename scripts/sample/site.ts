import { closeSync, openSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import type { WallTime } from '../../src/core/glossary.ts';
import { wallToMs } from '../../src/core/wall-time.ts';
import { fillCustomers, REGULARS, type SampleCustomer } from './customers.ts';
import { type Directories, fillDirectories } from './directories.ts';
import { writeMovement } from './movement.ts';
import { fillNotes } from './notes.ts';
import { fillOddCustomers, ODD_CUSTOMER_COUNT, type OddRow } from './odd-customers.ts';
import { planOddOperations } from './odd-operations.ts';
import { makeRandom } from './random.ts';
import { finishTables, openTables } from './tables.ts';
import type { Till } from './till.ts';
import { fillVisits } from './visits.ts';
import { DAY } from './wall-time.ts';

/** What to make. The same request makes the same rows on any machine. */
export interface SampleRequest {
  /** Exact numbers of rows; with odd ones at least `SMALLEST`. */
  readonly customers: number;
  readonly operations: number;
  /** Any safe integer. */
  readonly seed: number;
  /** What the restaurant's wall clock shows: the newest ordinary operations are minutes older. */
  readonly now: WallTime;
  readonly settings?: Partial<SampleSettings>;
}

export interface SampleSettings {
  /** How far back the visits begin. */
  readonly days: number;
  /** Rows that only a live database holds: bad phones, deleted customers, packed names, huge sums, … */
  readonly odd: boolean;
  /** regulars: few customers make most visits · even: each customer has as many operations, accruals only. */
  readonly spread: 'regulars' | 'even';
}

/** Where things are in a site that was made. */
export interface SampleSite extends Directories {
  readonly noteType: string;
  /** Live customers with a profile and a good phone who have just been here; fit for an example. */
  readonly regulars: readonly Named[];
  /** All ordinary customers, the most frequent first, staff and deleted ones among them. */
  readonly customers: readonly SampleCustomer[];
  readonly oddCustomers: readonly (Named & OddRow)[];
  readonly oddOperations: readonly OddRow[];
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Fewer customers or operations than this leave no room for the odd ones. */
export const SMALLEST = { customers: 100, operations: 200 } as const;

const DEFAULTS: SampleSettings = { days: 180, odd: true, spread: 'regulars' };
const SQL = new URL('../../sql/sqlite/tillypad/', import.meta.url);

/**
 * Makes a restaurant chain's Tillypad in a new SQLite file, or in an open database that has no such tables yet. The file is
 * left in WAL mode. Throws a RangeError for a request that is too small, and what SQLite throws.
 */
export function makeSampleSite(request: SampleRequest & ({ readonly file: string } | { readonly database: DatabaseSync })): SampleSite {
  if ('database' in request) return fillDatabase(request.database, request);
  // Names and phones, though made up: SQLite itself would make the file for all to read.
  closeSync(openSync(request.file, 'a', 0o600));
  const database = new DatabaseSync(request.file);
  try {
    // Nothing is lost by a crash here but a file that is made anew.
    database.exec('pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive; pragma cache_size = -200000');
    const site = fillDatabase(database, request);
    database.exec('pragma locking_mode = normal; pragma journal_mode = wal; pragma synchronous = full');
    return site;
  } finally {
    database.close();
  }
}

function fillDatabase(database: DatabaseSync, request: SampleRequest): SampleSite {
  const settings = { ...DEFAULTS, ...request.settings };
  const { odd } = settings;
  if (request.customers < (odd ? SMALLEST.customers : 1)) throw new RangeError(`at least ${odd ? SMALLEST.customers : 1} customers`);
  if (request.operations < (odd ? SMALLEST.operations : 0)) throw new RangeError(`at least ${odd ? SMALLEST.operations : 0} operations`);
  const { tables, indexes } = readSchema();
  database.exec(`begin; ${tables}`);
  const site = fillTables(database, request, settings);
  // Sorted once, an index costs a third of what it costs row by row.
  database.exec(`${indexes}; ${readSql('views.sql')}; commit`);
  return site;
}

function fillTables(database: DatabaseSync, request: SampleRequest, settings: SampleSettings): SampleSite {
  const { seed } = request;
  const now = wallToMs(request.now);
  const tables = openTables(database);
  const directories = fillDirectories(tables, makeRandom(seed, 1));
  const customers = fillCustomers(tables, makeRandom(seed, 2), {
    count: request.customers - (settings.odd ? ODD_CUSTOMER_COUNT : 0),
    directories,
  });
  const oddCustomers = settings.odd ? fillOddCustomers(tables, makeRandom(seed, 3), directories) : [];
  const noted = settings.odd ? customers.slice(REGULARS).map(({ id }) => id) : [];
  const noteType = fillNotes(tables, makeRandom(seed, 4), { customers: noted, now });

  const till: Till = { tables, random: makeRandom(seed, 5), directories, documents: 0 };
  const odd = settings.odd ? planOddOperations({ ...till, random: makeRandom(seed, 6) }, oddCustomers, now) : [];
  fillVisits(till, { count: request.operations - odd.length, customers, from: now - settings.days * DAY, now, spread: settings.spread });
  for (const { id, movement } of odd) writeMovement(till, id, movement);
  return {
    ...directories,
    noteType,
    regulars: customers.slice(0, REGULARS).map(({ id, name }) => ({ id, name })),
    customers,
    oddCustomers,
    oddOperations: odd.filter(({ what }) => what !== '').map(({ what, id }) => ({ what, id })),
    rows: finishTables(tables),
  };
}

function readSchema(): { readonly tables: string; readonly indexes: string } {
  const statements = readSql('tables.sql')
    .replaceAll(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim());
  const isIndex = (statement: string): boolean => /^create (unique )?index/.test(statement);
  return { tables: statements.filter((statement) => !isIndex(statement)).join(';'), indexes: statements.filter(isIndex).join(';') };
}

function readSql(name: string): string {
  return readFileSync(new URL(name, SQL), 'utf8');
}
