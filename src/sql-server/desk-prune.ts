import type { BotId, WallTime } from '../core/glossary.ts';
import { diffWall } from '../core/wall-time.ts';
import type { Pruned } from '../ports/desk.ts';
import { readClock } from './read-clock.ts';
import { firstRow } from './rows.ts';
import type { Session } from './session.ts';
import { at } from './values.ts';
import type { Parameters } from './values.ts';
import { wall } from './wall.ts';

interface ChunkRow {
  readonly n: number;
  readonly next: number | null;
}

/** Each call is one chunk and one transaction, so that no till ever waits for it. */
export async function prune(session: Session, botId: BotId, before: WallTime): Promise<Pruned> {
  const { connection, chunkRows: chunk } = session;
  const { now, wallNow } = await readClock(session);
  const old = { bot_id: botId, before_utc: at(now - diffWall(wallNow, before)), chunk };
  const inChunks = async (procedure: string, request: Parameters): Promise<number> => {
    let sum = 0;
    for (let after: number | null = 0; after !== null;) {
      const row: ChunkRow | undefined = firstRow<ChunkRow>(await connection.callProcedure(procedure, { ...request, after }));
      sum += row?.n ?? 0;
      after = row?.next ?? null;
    }
    return sum;
  };
  const forget = async (part: string): Promise<number> => inChunks('tgn_admin.prune_chunk', { ...old, part });
  // First of all: what is forgotten from here on is never taken for something that was never told.
  const horizon = await connection.callProcedure('tgn_admin.prune_to', { bot_id: botId, before: wall(before) });
  const attempts = await forget('attempts');
  await forget('earlier');
  return {
    horizon: firstRow<{ readonly horizon: WallTime }>(horizon)?.horizon ?? before,
    attempts,
    deliveries: await inChunks('tgn_admin.prune_deliveries', { ...old, before: wall(before) }),
    invitations: await forget('invitations'),
    runs: await forget('runs'),
    words: await forget('words'),
    links: await forget('links'),
  };
}
