import type { BotId, Instant, RunId, TaskId, WallTime } from '../core/glossary.ts';

/** Who runs, for the ledger and for those who are turned away. */
export interface Runner {
  readonly runId: RunId;
  readonly botId: BotId;
  readonly host: string;
  readonly pid: number;
  /** Fingerprint of the host's current link key, so that hosts with unlike keys are told. */
  readonly keyFingerprint: string;
  /** What the host remembers of this place's last run; null on a host without memory. */
  readonly remembered: { readonly runNo: number; readonly runId: RunId } | null;
  readonly startedBy: 'since_last' | 'since' | 'mark_only';
}

export interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly startedAt: Instant;
  readonly heartbeatAt: Instant;
}

/** A task's place in the past. */
export interface TaskPast {
  readonly taskId: TaskId;
  /** Server's wall clock at the start of the last look planned completely (or the last row of a limited one); null before the first. */
  readonly watermark: WallTime | null;
  /** False until one look has covered all from the start date: until then nothing is too old. */
  readonly firstLookDone: boolean;
  readonly overlapLookAt: WallTime | null;
  readonly deepLookAt: WallTime | null;
  /** When the brake first stopped; what it holds doesn't age from then on. */
  readonly brakeHeldAt: WallTime | null;
}

export interface OpenedRun {
  readonly answer: 'opened';
  /** Grows by one a run; the host keeps it with the run's id. */
  readonly runNo: number;
  /** The database's clocks at this moment. */
  readonly now: Instant;
  readonly wallNow: WallTime;
  /** True once: this run bound the ledger to the bot. */
  readonly bound: boolean;
  readonly offset: number | null;
  readonly polledAt: Instant | null;
  /** No call before this: a 429 of an earlier run. */
  readonly quietUntil: Instant | null;
  /** Set by `pause`: runs plan, nothing is sent. `Infinity` = until `resume`. */
  readonly pausedUntil: Instant | null;
  readonly tasks: readonly TaskPast[];
  /** The newest wake row's number when the lock was taken. */
  readonly wakeNo: number;
  /** When the newest wake row of an event (not of a run) that nobody has served was made. */
  readonly eventAt: Instant | null;
}

export type OpenAnswer =
  | OpenedRun
  /** Another run holds the bot's lock; our word is committed, so nothing is lost by leaving. */
  | { readonly answer: 'busy'; readonly holder: Holder | null }
  /** The ledger is bound to another place: this database is a copy. */
  | { readonly answer: 'copy'; readonly boundTo: string; readonly here: string }
  /** The ledger is bound to another bot. */
  | { readonly answer: 'other_bot'; readonly boundTo: BotId }
  /** The database doesn't know the host's last run: it was set back in time. */
  | { readonly answer: 'restored'; readonly lastKnownAt: Instant | null; readonly runNo: number }
  | { readonly answer: 'other_key'; readonly expected: string };

/** A delivery that is `sending` though nobody can be sending it. */
export interface Recovered {
  /** Rows that turned in_doubt because their run is dead. */
  readonly orphaned: number;
  /** SMS whose run is dead; they count as sent. */
  readonly orphanedInvitations: number;
  /** Rows still `sending` that can't be judged yet, and when they can (SQL Server; null on the embedded engine). */
  readonly judgedAt: Instant | null;
  /** Rows in doubt that the policy put back to be told once more, marked. */
  readonly toRepeat: number;
}

/** What becomes of rows in doubt, and when those of a dead run are. */
export interface DoubtPolicy {
  readonly inDoubt: 'repeat' | 'ask' | 'giveUp';
  readonly repeatAfterMs: number;
  /** How long a call of a dead run may last: before that nothing of it is judged where a free lock proves nothing; 30 s. */
  readonly requestTimeoutMs?: number;
}
