import type { ChatId, CustomerId, Instant, Language, SubscriptionState, TaskId, WallTime } from '../core/glossary.ts';
import { addWall, diffWall } from '../core/wall-time.ts';
import type { AdvanceRequest } from '../ports/deliveries.ts';
import type { OperationRow } from './operation-row.ts';
import type { ServerTime } from './server-clock.ts';

/** A notice holds at most so many operations: more would be a message that nobody reads. `planned_of` in advance.sql has the same limit. */
const LONGEST_DIGEST = 20;

/** A customer with planned rows, by the oldest of them. */
export interface Head {
  readonly customerId: CustomerId;
  readonly oldest: WallTime;
  readonly notBefore: Instant | null;
  readonly repeat: number;
  readonly attemptNo: number | null;
  readonly state: SubscriptionState | null;
  readonly chatId: ChatId | null;
  readonly language: Language | null;
  readonly writtenAt: Instant | null;
}

/** A row of the ledger with its operation as it is now. */
export interface DeliveryRow extends Omit<OperationRow, 'customerId'> {
  readonly row: number;
  readonly plannedDate: WallTime;
  readonly taskId: TaskId;
  readonly repeat: number;
  readonly tries: number;
  readonly attemptNo: number | null;
  readonly notBefore: Instant | null;
  readonly plannedAt: Instant;
  /** Null: the operation is gone. */
  readonly customerId: CustomerId | null;
}

type DigestRule = Pick<AdvanceRequest, 'digestGapMs' | 'digestWaitMs'>;

/** The latest date that a digest beginning here can reach. */
export function reachOf(oldest: WallTime, gapMs: number): WallTime {
  return tryWall(() => addWall(oldest, gapMs * (LONGEST_DIGEST - 1)), oldest);
}

/**
 * The rows that go into one notice, from the oldest on: one task's, each at most the gap after the one before. What is told once more keeps
 * the company it had when its outcome was lost, so that a guest can recognize it.
 */
export function groupRows(rows: readonly DeliveryRow[], rule: DigestRule, now: Instant): DeliveryRow[] {
  const group: DeliveryRow[] = [];
  for (const row of rows) {
    const previous = group.at(-1);
    if (previous !== undefined && !follows(row, previous, { ...rule, now })) break;
    group.push(row);
    if (group.length === LONGEST_DIGEST) break;
  }
  return group;
}

function follows(row: DeliveryRow, previous: DeliveryRow, rule: DigestRule & { readonly now: Instant }): boolean {
  if (row.taskId !== previous.taskId || row.repeat !== previous.repeat) return false;
  if (row.notBefore !== null && row.notBefore > rule.now) return false;
  if (row.repeat === 1) return row.attemptNo === previous.attemptNo;
  return rule.digestGapMs > 0 && tryWall(() => diffWall(row.plannedDate, previous.plannedDate) <= rule.digestGapMs, false);
}

/**
 * When a group may be claimed: the wait after its newest operation, by the wall clock of its date, or by the time it was planned, whichever
 * comes first. So a date in the future holds nothing up, nor does a clock that was set back.
 */
export function groupDue(group: readonly DeliveryRow[], rule: DigestRule, { now, wallNow }: ServerTime): Instant {
  const newest = group.at(-1);
  if (newest === undefined || newest.repeat === 1 || newest.plannedAt > now) return now;
  const byDate = tryWall(() => now + diffWall(newest.plannedDate, wallNow) + rule.digestWaitMs, now);
  return Math.min(byDate, newest.plannedAt + rule.digestWaitMs);
}

/** A date that is none, or lies at the end of all years, must not keep everybody else's notices back. */
function tryWall<T>(reckon: () => T, otherwise: T): T {
  try {
    return reckon();
  } catch (error) {
    if (error instanceof RangeError) return otherwise;
    throw error;
  }
}
