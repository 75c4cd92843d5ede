/**
 * Even pacing, under a sliding second. A batch of n calls takes n/rate seconds of the line, counted from when it was due: a timer that fired a
 * little late is caught up with, so the average holds; a longer delay is lost for good, because making up for it would be a burst. Beside the
 * line stands a cap, the rate rounded up to whole batches, on what begins within any second: batches of unlike sizes (a reply is one call)
 * keep to the line and could still put two calls too many into a second.
 *
 * With 3 calls each 102 ms (29.4/s) ten batches span 918 ms and the eleventh comes after 1,020 ms, or 1,005 when a late one is caught up with.
 */
export interface Pace {
  /** Calls a second; 0 = no limit. */
  readonly rate: number;
  /** Calls at once, at most. */
  readonly batch: number;
  /** Monotonic milliseconds before which no batch may begin. */
  nextAt: number;
  /** What began within the last second, oldest first. */
  readonly recent: { readonly at: number; readonly calls: number }[];
}

const CATCH_UP_MS = 15;
/** A second, and what two calls may differ by in their way to Telegram. */
const WINDOW_MS = 1_005;
/** A batch is at most this part of a second's calls, so that rounding up to whole batches stays below the limit. */
const BATCHES_A_SECOND = 5;

/** Starts as after a full batch: the run before may have ended this very moment. */
export function startPace(rate: number, concurrency: number, now: number): Pace {
  const batch = rate > 0 ? Math.min(concurrency, Math.max(1, Math.floor(rate / BATCHES_A_SECOND))) : concurrency;
  const pace: Pace = { rate, batch, nextAt: now, recent: [] };
  bookPace(pace, batch, now);
  return pace;
}

/** Milliseconds until a batch of at most `calls` may begin. */
export function paceWaitMs(pace: Pace, now: number, calls: number = pace.batch): number {
  if (pace.rate <= 0) return 0;
  return Math.max(0, pace.nextAt - now, capWaitMs(pace, now, calls));
}

/** Books a batch of `calls` that begins now. */
export function bookPace(pace: Pace, calls: number, now: number): void {
  if (pace.rate <= 0 || calls === 0) return;
  pace.nextAt = Math.max(pace.nextAt, now - CATCH_UP_MS) + (calls * 1000) / pace.rate;
  while (pace.recent[0] !== undefined && pace.recent[0].at <= now - WINDOW_MS) pace.recent.shift();
  pace.recent.push({ at: now, calls });
}

function capWaitMs({ rate, batch, recent }: Pace, now: number, calls: number): number {
  const cap = Math.ceil(rate / batch) * batch;
  const within = recent.filter(({ at }) => at > now - WINDOW_MS);
  let over = within.reduce((sum, one) => sum + one.calls, calls) - cap;
  for (const one of within) {
    if (over <= 0) return 0;
    over -= one.calls;
    if (over <= 0) return one.at + WINDOW_MS - now;
  }
  return 0;
}
