import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { Restaurant } from './restaurant.ts';

/** What stands at the end of a month or a year. */
export interface Measures {
  readonly days: number;
  readonly operations: number;
  readonly runs: number;
  /** Real milliseconds of one scheduled run: the middle one, the slowest but a twentieth, the slowest. */
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly longestMs: number;
  /** What the process computed in the middle one: this doesn't grow because something else keeps the machine busy. */
  readonly medianCpuMs: number;
  /** Of runs that an operation has started. */
  readonly eventRuns: number;
  readonly eventMedianMs: number;
  readonly eventP95Ms: number;
  readonly ledgerRows: number;
  readonly ledgerBytes: number;
  readonly heapBytes: number;
  readonly logFiles: number;
  readonly logBytes: number;
}

const TILLYPAD = /^(?:tp_|CK_tp|CI_tp|PK_tp|sqlite_autoindex_tp)/u;

/** Bytes of the ledger's own tables and indexes, and the rows of its tables. */
export function measureLedger({ world }: Pick<Restaurant, 'world'>): Pick<Measures, 'ledgerRows' | 'ledgerBytes'> {
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

function measureLog({ world }: Pick<Restaurant, 'world'>): Pick<Measures, 'logFiles' | 'logBytes'> {
  const folder = join(world.folder, 'log');
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  return { logFiles: sizes.length, logBytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** What the process still holds after everything that nobody needs is collected: twice, since what is closed is let go a turn after. */
async function measureHeap(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  await turn();
  collect();
  return process.memoryUsage().heapUsed;
}

/** Below which so much of the values lies: 0.5 = the middle one; 0 where there are none. */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** Milliseconds of the runs of a time: how long scheduled ones took, what they computed, and how long those took that an operation started. */
export interface Timings {
  readonly ms: number[];
  readonly cpuMs: number[];
  readonly eventMs: number[];
}

export function measureRuns({ ms, cpuMs, eventMs }: Timings): Omit<Measures, 'days' | 'operations' | keyof Grown> {
  return {
    runs: ms.length,
    medianMs: quantile(ms, 0.5),
    p95Ms: quantile(ms, 0.95),
    longestMs: quantile(ms, 1),
    medianCpuMs: quantile(cpuMs, 0.5),
    eventRuns: eventMs.length,
    eventMedianMs: quantile(eventMs, 0.5),
    eventP95Ms: quantile(eventMs, 0.95),
  };
}

/** What may grow with the years. */
export type Grown = Pick<Measures, 'ledgerRows' | 'ledgerBytes' | 'heapBytes' | 'logFiles' | 'logBytes'>;

export async function measureGrown(restaurant: Pick<Restaurant, 'world'>): Promise<Grown> {
  return { ...measureLedger(restaurant), heapBytes: await measureHeap(), ...measureLog(restaurant) };
}
