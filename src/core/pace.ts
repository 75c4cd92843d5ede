/**
 * Even pacing under a sliding second. A call takes 1/rate seconds of the line, counted from when it was due: what came late is caught up with,
 * up to a tenth of a second, so the average holds; a longer delay is lost for good, because making up for it would be a burst.
 *
 * Beside the line stands what Telegram's own second may hold. When it counts a call nobody here can know, only that it does so after the call
 * began and before its answer came. So a call takes a place in the second from when it is booked until a second after its answer, less the
 * shortest way there and back that was ever seen: nothing that happens to a call on its way (a busy machine, a slow line) can put one call
 * too many into any second of Telegram's.
 */
export interface Pace {
  /** Calls a second; 0 = no limit. */
  readonly rate: number;
  /** Calls on the wire at once, at most. */
  readonly batch: number;
  /** Calls that are begun together. */
  readonly part: number;
  /** Calls in any second, at most. */
  readonly cap: number;
  /** Monotonic milliseconds before which nothing may begin. */
  nextAt: number;
  /** Calls booked whose end is not known yet. */
  open: number;
  /** When calls ended whose places may still be taken, earliest first. When a place comes free follows from the shortest way known by then. */
  readonly ends: number[];
  /** The shortest way there and back so far, milliseconds; 0 until one is known. */
  fastest: number;
}

/** How a call ended. */
export interface PacedEnd {
  /** When its first byte was written; null: never, or nobody knows. */
  readonly beganAt: number | null;
  readonly endedAt: number;
  /** False: it ended without an answer, so its time says nothing about the way. */
  readonly answered: boolean;
}

const CATCH_UP_MS = 100;
/** A second, and what the shortest way seen may be longer than the shortest there is. */
const WINDOW_MS = 1_005;
/** A batch is at most this part of a second's calls. */
const BATCHES_A_SECOND = 5;
/** A batch of fewer is begun at once. The smaller the parts, the less a call waits for others', and the more commits there are. */
const SMALLEST_PARTED = 12;
const PARTS = 2;
/** The default rates lie 2 or 3 % below Telegram's limits; a rate of one's own has no more room than that either. */
const RATE_OF_CAP = 0.97;
const TELEGRAMS_MOST = 1_000;

/** Starts as after a full batch: the run before may have ended this very moment. */
export function startPace(rate: number, concurrency: number, now: number): Pace {
  const batch = rate > 0 ? Math.min(concurrency, Math.max(1, Math.floor(rate / BATCHES_A_SECOND))) : concurrency;
  const part = batch < SMALLEST_PARTED ? batch : Math.ceil(batch / PARTS);
  const pace: Pace = { rate, batch, part, cap: capOf(rate), nextAt: now, open: 0, ends: [], fastest: 0 };
  holdPace(pace, now);
  return pace;
}

/** Milliseconds until `calls` may begin; Infinity: not before one that is booked has ended. */
export function paceWaitMs(pace: Pace, now: number, calls: number = pace.part): number {
  return pace.rate <= 0 ? 0 : Math.max(0, pace.nextAt - now, roomWaitMs(pace, now, calls));
}

/** Books `calls` that begin now; the end of each is told by `settlePace`. */
export function bookPace(pace: Pace, calls: number, now: number): void {
  if (pace.rate <= 0) return;
  pace.nextAt = Math.max(pace.nextAt, now - CATCH_UP_MS) + (calls * 1000) / pace.rate;
  pace.open += calls;
}

/** A booked call has ended, however it did. */
export function settlePace(pace: Pace, { beganAt, endedAt, answered }: PacedEnd): void {
  if (pace.rate <= 0) return;
  pace.open -= 1;
  if (answered && beganAt !== null) pace.fastest = pace.fastest === 0 ? endedAt - beganAt : Math.min(pace.fastest, endedAt - beganAt);
  // Forgotten only when no shorter way, seen later, could bring the place back.
  const kept = pace.ends.findIndex((end) => end + WINDOW_MS > endedAt);
  pace.ends.splice(0, kept < 0 ? pace.ends.length : kept);
  pace.ends.push(Math.max(pace.ends.at(-1) ?? 0, endedAt));
}

/** Waits as after a full batch of somebody else's. */
export function holdPace(pace: Pace, now: number): void {
  if (pace.rate > 0) pace.nextAt = Math.max(pace.nextAt, now) + (pace.batch * 1000) / pace.rate;
}

function roomWaitMs(pace: Pace, now: number, calls: number): number {
  const { cap, open, ends } = pace;
  const past = gone(pace, now);
  const over = open + ends.length - past + calls - cap;
  if (over <= 0) return 0;
  const end = ends[past + over - 1];
  return end === undefined ? Number.POSITIVE_INFINITY : freeAt(pace, end) - now;
}

/** How many places are free again. */
function gone(pace: Pace, now: number): number {
  const next = pace.ends.findIndex((end) => freeAt(pace, end) > now);
  return next < 0 ? pace.ends.length : next;
}

/** What was the shortest way when the call ended may have been a busy machine's: the shortest one known now counts. */
function freeAt({ fastest }: Pace, endedAt: number): number {
  return endedAt - fastest + WINDOW_MS;
}

/** Not above Telegram's own limits, unless the rate itself is: then it is an own server's. */
function capOf(rate: number): number {
  return Math.max(1, Math.floor(rate), Math.min(TELEGRAMS_MOST, Math.floor(rate / RATE_OF_CAP + 1e-9)));
}
