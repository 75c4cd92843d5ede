import { DatabaseSync } from 'node:sqlite';

import { makeSampleSite, type SampleRequest, type SampleSite } from '../../../scripts/sample/site.ts';

export const NOW = '2026-11-24 19:30:00.000';
export const REQUEST: SampleRequest = { customers: 120, operations: 3000, seed: 7, now: NOW };

export function makeInMemory(request: SampleRequest): { readonly database: DatabaseSync; readonly site: SampleSite } {
  const database = new DatabaseSync(':memory:');
  return { database, site: makeSampleSite({ ...request, database }) };
}

/** Rows with whole numbers as bigints, since sums don't fit a double. */
export function ask<Row>(database: DatabaseSync, sql: string, ...values: string[]): readonly Row[] {
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  return statement.all(...values) as Row[];
}
