import { addCounts } from './counts.ts';
import type { ExitCode } from './exit-code.ts';
import type { BotId, Instant, RunId, SkipReason, TaskId, WallTime } from './glossary.ts';
import type { InvitedSum } from './invited-sum.ts';
import type { Finding } from './settings.ts';

/** What one run did, as a value: the text for people and the JSON for programs are both made from it. Its schema is `docs/summary.schema.json`. */
export interface RunSummary {
  readonly schema: 1;
  readonly command: 'run';
  readonly bot: BotId;
  readonly runId: RunId;
  /** Null when no run was opened. */
  readonly runNo: number | null;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly exitCode: ExitCode;
  /** How the run was let in. */
  readonly opened: 'opened' | 'busy' | 'copy' | 'other_bot' | 'restored' | 'other_key';
  readonly pulled: PulledSum;
  readonly tasks: readonly TaskSum[];
  readonly sent: SentSum;
  readonly invited: InvitedSum;
  readonly findings: readonly Finding[];
}

export interface PulledSum {
  /** all | skipped | unreachable | conflict | unusable | limited | off */
  readonly answer: string;
  readonly subscribed: number;
  readonly moved: number;
  readonly stopped: number;
  readonly blocked: number;
  readonly back: number;
  readonly refused: Readonly<Record<string, number>>;
}

export interface TaskSum {
  readonly taskId: TaskId;
  readonly look: 'none' | 'first' | 'hot' | 'overlap' | 'deep' | 'since';
  readonly from: WallTime | null;
  readonly until: WallTime | null;
  readonly planned: number;
  readonly notices: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  readonly unsubscribedCustomers: number;
  /** Notices the brake holds; 0 = it didn't stop. */
  readonly held: number;
  readonly oldestHeld: WallTime | null;
}

/** Calls and what became of them; operations count rows, notices count calls. */
export interface SentSum {
  readonly delivered: number;
  readonly operations: number;
  readonly repeated: number;
  readonly refusedByGuests: number;
  readonly refusedOurs: number;
  readonly inDoubt: number;
  /** Notices surely not sent when the run ended; waiting for their next try. */
  readonly waiting: number;
  /** Ended at claiming, by reason. */
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Rows a dead run left, now in doubt. */
  readonly orphaned: number;
}

export const NOTHING_PULLED: PulledSum = { answer: 'off', subscribed: 0, moved: 0, stopped: 0, blocked: 0, back: 0, refused: {} };

export const NOTHING_SENT: SentSum = {
  delivered: 0,
  operations: 0,
  repeated: 0,
  refusedByGuests: 0,
  refusedOurs: 0,
  inDoubt: 0,
  waiting: 0,
  skipped: {},
  orphaned: 0,
};

/**
 * Adds a further look at a task. What a look did adds up; what it found held is the present state, so the later one stands. The window shown is
 * the first look's: later ones only look behind it.
 */
export function addTask(tasks: readonly TaskSum[], further: TaskSum): TaskSum[] {
  const before = tasks.find((task) => task.taskId === further.taskId);
  if (before === undefined) return [...tasks, further];
  const { held, oldestHeld } = further;
  const sum: TaskSum = {
    ...(before.look === 'none' ? further : before),
    planned: before.planned + further.planned,
    notices: before.notices + further.notices,
    skipped: addCounts(before.skipped, further.skipped),
    unsubscribedCustomers: before.unsubscribedCustomers + further.unsubscribedCustomers,
    ...(further.look === 'none' ? {} : { held, oldestHeld }),
  };
  return tasks.map((task) => (task === before ? sum : task));
}

/**
 * Each finding once. A later look tells the same with other numbers (how many are held, how long to wait): the last one stands, at the place of
 * the first.
 */
export function uniqueFindings(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ code, args }: Finding): string =>
    JSON.stringify([code, Object.entries(args).filter(([name, value]) => typeof value === 'string' && !CHANGING.has(name))]);
  return [...new Map(findings.map((finding) => [keyOf(finding), finding])).values()];
}

/** Arguments that differ from look to look though they tell of the same thing. */
const CHANGING: ReadonlySet<string> = new Set(['oldest', 'detail']);

/** Adds what a further batch or look did. */
export function addSent(a: SentSum, b: Partial<SentSum>): SentSum {
  return {
    delivered: a.delivered + (b.delivered ?? 0),
    operations: a.operations + (b.operations ?? 0),
    repeated: a.repeated + (b.repeated ?? 0),
    refusedByGuests: a.refusedByGuests + (b.refusedByGuests ?? 0),
    refusedOurs: a.refusedOurs + (b.refusedOurs ?? 0),
    inDoubt: a.inDoubt + (b.inDoubt ?? 0),
    waiting: a.waiting + (b.waiting ?? 0),
    skipped: addCounts(a.skipped, b.skipped ?? {}),
    orphaned: a.orphaned + (b.orphaned ?? 0),
  };
}
