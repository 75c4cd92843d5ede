import { SchemaMismatch } from '../ports/database.ts';
import type { Connection } from './connection.ts';
import { LEDGER_SCHEMA } from './fault.ts';
import { firstRow } from './rows.ts';

/** Throws SchemaMismatch for a database that `install` must see to, or for a login that may execute nothing of ours, which looks the same. */
export async function checkSchema(connection: Connection): Promise<void> {
  const found = firstRow<{ found: number | null }>(await connection.callProcedure('check_schema'))?.found ?? null;
  if (found !== LEDGER_SCHEMA) throw new SchemaMismatch(found, LEDGER_SCHEMA);
}
