import { DatabaseUnavailable, SchemaMismatch } from '../ports/database.ts';
import { LEDGER_SCHEMA } from './ledger-schema.ts';
import type { FindStatements } from './statements.ts';

/** Throws DatabaseUnavailable(not_tillypad) for a database without Tillypad's tables, SchemaMismatch for one that `install` must see to. */
export function checkSchema(find: FindStatements, file: string): void {
  if (!hasTillypad(find)) throw new DatabaseUnavailable('not_tillypad', file);
  const found = readSchema(find);
  if (found !== LEDGER_SCHEMA) throw new SchemaMismatch(found, LEDGER_SCHEMA);
}

function hasTillypad(find: FindStatements): boolean {
  return find('check_schema').get<{ present: number }>('tillypad')?.present === 1;
}

/** The ledger's version; null where it isn't installed, or not to its end. */
export function readSchema(find: FindStatements): number | null {
  const statements = find('check_schema');
  if (statements.get<{ present: number }>('ledger')?.present !== 1) return null;
  return statements.get<{ version: number | null }>('version')?.version ?? null;
}
