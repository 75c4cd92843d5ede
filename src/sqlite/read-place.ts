import { SchemaMismatch } from '../ports/database.ts';
import type { Place } from '../ports/plan.ts';
import { LEDGER_SCHEMA } from './ledger-schema.ts';
import type { Session } from './session.ts';

/** Throws SchemaMismatch where install hasn't come to its end. */
export function readPlace(session: Session): Place {
  const known = session.find('open_run').get<Pick<Place, 'boundTo'>>('place');
  if (known === undefined) throw new SchemaMismatch(null, LEDGER_SCHEMA);
  return { boundTo: known.boundTo, here: session.connection.place };
}
