import type { Instant, WallTime } from '../core/glossary.ts';
import { firstRow } from './rows.ts';
import type { Session } from './session.ts';

interface ServerTime {
  readonly now: Instant;
  readonly wallNow: WallTime;
}

export async function readClock({ connection }: Session): Promise<ServerTime> {
  const time = firstRow<ServerTime>(await connection.callProcedure('read_clock'));
  if (time === undefined) throw new Error('read_clock gave no answer');
  return time;
}
