export type EngineName = 'sqlite' | 'mssql';

/** kept: held, with all that was to be tried · so far: held, with less · broken: did not hold · not reached: nothing was tried. */
export type Verdict = 'kept' | 'kept so far' | 'broken' | 'not reached';

/** One line of the table: what was tried how often, and what came of it. */
export interface Row {
  /** Number of the design's promise, or another word for what it is about. */
  readonly promise: string;
  readonly what: string;
  readonly figure: string;
  readonly must: string;
  readonly verdict: Verdict;
}

/** What was asked for, by whoever works and whoever reports. */
export interface ProveWish {
  readonly seeds: number;
  readonly firstSeed: number;
  /** Keeps what a chapter has done so far, so that an interrupted proof goes on where it was. */
  readonly progress: Progress;
}

export interface WorkWish extends ProveWish {
  /** Real time (monotonic milliseconds) after which a chapter stops in order. */
  readonly deadline: number;
  readonly tell: (line: string) => void;
}

export interface Progress {
  /** Files of a chapter's own stand here. */
  readonly folder: string;
  read<T>(chapter: string): T | null;
  write(chapter: string, state: unknown): void;
  /** Keeps a failing case for whoever mends it, also when all else begins anew; answers where. */
  keep(name: string, content: unknown): string;
}

/** How far a chapter is: both in its own units. */
export interface Reach {
  readonly done: number;
  readonly of: number;
}

export interface Chapter {
  readonly name: string;
  /** Storms, deaths, days …; what its reach counts. */
  readonly unit: string;
  /** Milliseconds of one processor that a unit took on two of a small server; only for the forecast, until this machine has measured its own. */
  readonly msEach: number;
  reach(wish: ProveWish): Reach;
  /** Goes on where it was, to the end or to the deadline, and writes down each step. Runs in a process of its own. */
  work(wish: WorkWish): Promise<void>;
  /** Lines of the table, from what is written down alone, so that a chapter whose process died is told like any other. */
  report(wish: ProveWish): readonly Row[];
}

export interface Tried {
  readonly promise: string;
  readonly what: string;
  /** How often it did not hold. */
  readonly count: number;
  readonly reach: Reach;
}

/** The commonest line: something that must never happen. */
export function never({ promise, what, count, reach }: Tried): Row {
  return { promise, what, figure: String(count), must: '0', verdict: verdictOf(count === 0, reach) };
}

export function verdictOf(holds: boolean, { done, of }: Reach): Verdict {
  if (!holds) return 'broken';
  if (done === 0) return 'not reached';
  return done >= of ? 'kept' : 'kept so far';
}
