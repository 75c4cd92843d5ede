import { SchemaMismatch } from '../ports/database.ts';
import type { Place } from '../ports/plan.ts';
import { LEDGER_SCHEMA } from './fault.ts';
import { firstRow } from './rows.ts';
import type { Session } from './session.ts';

/** Throws SchemaMismatch where install hasn't come to its end. */
export async function readPlace({ connection }: Session): Promise<Place> {
  const place = firstRow<Place>(await connection.callProcedure('read_place'));
  if (place === undefined) throw new SchemaMismatch(null, LEDGER_SCHEMA);
  return place;
}
