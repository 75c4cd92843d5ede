import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { Restaurant } from './restaurant.ts';

/** What stands at the end of a month. */
export interface Month {
  readonly days: number;
  readonly operations: number;
  readonly runs: number;
  /** Real milliseconds of one scheduled run: the middle one and the longest. */
  readonly medianMs: number;
  readonly longestMs: number;
  readonly eventRuns: number;
  readonly eventMedianMs: number;
  readonly ledgerRows: number;
  readonly ledgerBytes: number;
  readonly heapBytes: number;
  readonly logFiles: number;
  readonly logBytes: number;
}

const TILLYPAD = /^(?:tp_|CK_tp|CI_tp|PK_tp|sqlite_autoindex_tp)/u;

/** Bytes of the ledger's own tables and indexes, and the rows of its tables. */
export function measureLedger({ world }: Pick<Restaurant, 'world'>): Pick<Month, 'ledgerRows' | 'ledgerBytes'> {
  const { database } = world;
  const pages = database.prepare('select name, sum(pgsize) as bytes from dbstat group by name').all();
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").all();
  const own = (row: Record<string, unknown>): boolean => !TILLYPAD.test(String(row['name']));
  return {
    ledgerBytes: pages.filter(own).reduce((sum, row) => sum + Number(row['bytes']), 0),
    ledgerRows: tables
      .filter(own)
      .reduce((sum, row) => sum + Number(database.prepare(`select count(*) as n from "${String(row['name'])}"`).get()?.['n']), 0),
  };
}

export function measureLog({ world }: Pick<Restaurant, 'world'>): Pick<Month, 'logFiles' | 'logBytes'> {
  const folder = join(world.folder, 'log');
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  return { logFiles: sizes.length, logBytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** What the process still holds after everything that nobody needs is collected. */
export function measureHeap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
