import type { ServerStart, StartWay } from '../core/starting.ts';
import { SchemaMismatch } from '../ports/database.ts';
import { LEDGER_SCHEMA } from './fault.ts';
import { firstRow } from './rows.ts';
import type { Session } from './session.ts';

/** As far as this login can see. */
export async function readStart({ connection }: Session): Promise<ServerStart> {
  const row = firstRow<Omit<ServerStart, 'engine'>>(await connection.callProcedure('tgn_admin.read_start'));
  if (row === undefined) throw new SchemaMismatch(null, LEDGER_SCHEMA);
  return { engine: 'sql_server', ...row };
}

export async function setStartWay({ connection }: Session, way: StartWay): Promise<void> {
  await connection.callProcedure('tgn_admin.set_start_way', { way });
}
