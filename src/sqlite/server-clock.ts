import type { Instant, WallTime } from '../core/glossary.ts';
import { wallAt } from '../core/wall-time.ts';
import type { Clock } from '../ports/host.ts';

/** The database's clocks at one moment. On the embedded engine they are the host's. */
export interface ServerTime {
  readonly now: Instant;
  readonly wallNow: WallTime;
}

export type ReadServerClock = () => ServerTime;

/** `zone` (IANA) is what the database server's wall clock shows, in which operations are dated; the host's own without it. */
export function readServerClock(clock: Pick<Clock, 'now'>, zone?: string): ReadServerClock {
  const here = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return () => {
    const now = clock.now();
    return { now, wallNow: wallAt(now, here) };
  };
}
