/**
 * Even pacing under a sliding second: a batch of n calls takes n/rate seconds of the line, counted from when it was due. A timer that
 * fired a little late is caught up with, so the average holds; a longer delay is lost for good, because making up for it would be a burst.
 * With 3 calls each 102 ms (29.4/s) ten batches span 918 ms and the eleventh comes after 1,020 ms: the slack of 20 ms is what may be caught up.
 */
export interface Pace {
  /** Calls a second; 0 = no limit. */
  readonly rate: number;
  /** Monotonic milliseconds before which no call may begin. */
  nextAt: number;
}

const CATCH_UP_MS = 15;

/** Starts with one batch's worth of waiting: the run before may have ended this very moment. */
export function startPace(rate: number, concurrency: number, now: number): Pace {
  return { rate, nextAt: rate > 0 ? now + (concurrency * 1000) / rate : now };
}

/** Milliseconds until the next batch may begin. */
export function paceWaitMs(pace: Pace, now: number): number {
  return pace.rate > 0 ? Math.max(0, pace.nextAt - now) : 0;
}

/** Books a batch of `calls` that begins now. */
export function bookPace(pace: Pace, calls: number, now: number): void {
  if (pace.rate > 0) pace.nextAt = Math.max(pace.nextAt, now - CATCH_UP_MS) + (calls * 1000) / pace.rate;
}
