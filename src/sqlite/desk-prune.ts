import type { BotId, WallTime } from '../core/glossary.ts';
import { diffWall } from '../core/wall-time.ts';
import type { Pruned } from '../ports/desk.ts';
import type { Session } from './session.ts';

/** Rows that one transaction looks at. */
const CHUNK = 5_000;

export function prune(session: Session, botId: BotId, before: WallTime): Pruned {
  const { now, wallNow } = session.readClock();
  const bot = { bot: botId };
  const old = { ...bot, beforeUtc: now - diffWall(wallNow, before) };
  const statements = session.find('desk_prune');
  const step = (name: string, values: Parameters<typeof statements.run>[1]): number =>
    session.connection.transaction(() => statements.run(name, values));
  // First of all: what is forgotten from here on is never taken for something that was never told.
  const horizon = session.connection.transaction(() => statements.get<{ horizon: WallTime }>('horizon', { ...bot, before }));
  const attempts = inChunks(() => step('attempts', { ...old, after: 0, chunk: CHUNK }));
  step('earlier', {});
  return {
    horizon: horizon?.horizon ?? before,
    attempts,
    deliveries: pruneDeliveries(session, (after) => step('deliveries', { ...old, before, after, chunk: CHUNK })),
    invitations: step('invitations', old),
    runs: step('runs', old),
    words: step('words', old),
    links: step('links', old),
  };
}

function inChunks(forget: () => number): number {
  let sum = 0;
  for (let forgotten = forget(); ; forgotten = forget()) {
    sum += forgotten;
    if (forgotten < CHUNK) return sum;
  }
}

/** By ranges of numbers: most rows stay, so a chunk that forgot nothing isn't the last one. */
function pruneDeliveries(session: Session, forget: (after: number) => number): number {
  const last = session.find('desk_prune').get<{ last: number | null }>('last_delivery')?.last ?? 0;
  let sum = 0;
  for (let after = 0; after < last; after += CHUNK) sum += forget(after);
  return sum;
}
