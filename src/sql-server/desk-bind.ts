import type { BotId, WallTime } from '../core/glossary.ts';
import { firstRow } from './rows.ts';
import type { Session } from './session.ts';
import { wall } from './wall.ts';

export interface Binding {
  readonly botId: BotId | null;
  readonly restored: 'mark' | 'leave' | null;
}

/**
 * Makes the ledger belong to this place. With `restored`, what the lost stretch may have told ends first: marked as seen, or told with the
 * mark of a possible repeat where the ledger still has its row. Binding comes last, so that a run can't begin in between.
 */
export async function bind(session: Session, { botId, restored }: Binding): Promise<{ readonly place: string; readonly marked: number }> {
  const marked = botId === null || restored === null ? 0 : await acceptPast(session, botId, restored);
  const bound = firstRow<{ readonly place: string }>(await session.connection.callProcedure('tgn_admin.bind'));
  return { place: bound?.place ?? '', marked };
}

async function acceptPast(session: Session, botId: BotId, restored: 'mark' | 'leave'): Promise<number> {
  const sets = await session.connection.callProcedure('tgn_admin.accept_past', { bot_id: botId, restored });
  const ended = firstRow<{ readonly n: number }>(sets)?.n ?? 0;
  return restored === 'leave' ? ended : ended + (await markGap(session, botId));
}

async function markGap({ connection, chunkRows }: Session, botId: BotId): Promise<number> {
  let marked = 0;
  for (let from: WallTime | null = null; ;) {
    const sets = await connection.callProcedure('tgn_admin.mark_gap', { bot_id: botId, from: wall(from), rows: chunkRows });
    const page: { readonly n: number; readonly nextFrom: WallTime | null } | undefined = firstRow(sets);
    marked += page?.n ?? 0;
    from = page?.nextFrom ?? null;
    if (from === null) return marked;
  }
}
