import type {
  BotId,
  ChatId,
  CustomerGroupId,
  CustomerId,
  Instant,
  Language,
  OperationId,
  SkipReason,
  TaskId,
  WallTime,
} from '../core/glossary.ts';
import type { Customer, Operation } from '../core/operation.ts';
import type { Filters } from '../core/settings.ts';
import type { TaskPast } from './opening.ts';

export type LookKind = 'first' | 'hot' | 'overlap' | 'deep' | 'since';

/** Which operations a look considers, and by what rules they get their verdict. One select serves `measure`, `preview` and `plan`. */
export interface PlanQuery {
  readonly botId: BotId;
  readonly taskId: TaskId;
  readonly look: LookKind;
  /** Operations with `from <= date`, and `date < until` where it is set. */
  readonly from: WallTime | null;
  readonly until: WallTime | null;
  readonly filters: Filters;
  /** Older operations of a newly chosen type or group are not told; false for `--since`. */
  readonly admittedOnly: boolean;
  readonly customers: readonly CustomerId[] | null;
  readonly operations: readonly OperationId[] | null;
  /** Age = ageAt − max(date, ageFloor); above it the verdict is too_old. Null = nothing is too old. */
  readonly timeToLiveMs: number | null;
  readonly ageAt: WallTime;
  readonly ageFloor: WallTime | null;
  /** A deep look's finds dated before this end as `late`. */
  readonly lateBefore: WallTime | null;
  /** skip: unsubscribed rows become skipped(not_subscribed) · leave: they stay unplanned (a run that couldn't learn who subscribed). */
  readonly unsubscribed: 'skip' | 'leave';
  /** `--since` by hand: skips that were never attempted (not_subscribed, too_old, late, suspended) are considered anew. */
  readonly revive: boolean;
  /** Rows that end as skipped(not_subscribed) ask for an invitation. */
  readonly inviting: boolean;
  /** Everything becomes skipped(marked). */
  readonly markOnly: boolean;
  /** Only operations dated at or after this: what the brake lets through. Null = all. */
  readonly freshFrom: WallTime | null;
  /** Operations closer than this belong to one notice (for counting). */
  readonly digestGapMs: number;
}

/** What a look would do, counted. Notices are groups of planned operations of one customer at most `digestGapMs` apart. */
export interface PlanHead {
  readonly planned: number;
  readonly notices: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Customers among skipped(not_subscribed). */
  readonly unsubscribedCustomers: number;
  readonly oldest: WallTime | null;
}

/** A head and how many of its notices are older than the brake's age. */
export interface Measured extends PlanHead {
  readonly oldNotices: number;
  readonly oldestHeld: WallTime | null;
}

/** A row of a preview: the operation as it is now, and what the plan says of it. */
export interface PlannedRow {
  readonly operation: Operation;
  readonly customer: Customer;
  /** Groups above the customer's, the nearest first: an own text for one of them holds here too. */
  readonly groupAncestors: readonly CustomerGroupId[];
  readonly chatId: ChatId | null;
  readonly language: Language | null;
  readonly verdict: 'planned' | SkipReason;
}

/** Keyset of (date, id). */
export interface PlanCursor {
  readonly date: WallTime;
  readonly id: OperationId;
}

/** All that a dry run holds: no method here writes. */
export interface PlanReader {
  /** The database's clocks. */
  readClock(): Promise<{ readonly now: Instant; readonly wallNow: WallTime }>;
  /** Where the ledger belongs and where it is: unlike in a copy. */
  readPlace(): Promise<Place>;
  /** What `prune` has forgotten: no look by hand reaches behind it. Null before the first one. */
  readHorizon(botId: BotId): Promise<WallTime | null>;
  readTasks(botId: BotId, taskIds: readonly TaskId[]): Promise<readonly TaskPast[]>;
  measure(query: PlanQuery, brakeBefore: WallTime): Promise<Measured>;
  /**
   * At most `limit` (≤ 500) rows in order of (date, id), after the cursor; `next` null at the end. `balance`: what `balanceAfter` of planned
   * rows means; `after` when absent.
   */
  preview(
    query: PlanQuery,
    page: { readonly after: PlanCursor | null; readonly limit: number; readonly balance?: 'after' | 'current' | 'off' },
  ): Promise<{ readonly rows: readonly PlannedRow[]; readonly next: PlanCursor | null }>;
  /** Names and live-ness of filters, so that a type or group that doesn't exist is told. Missing ids are absent from the answer. */
  describeFilters(filters: Filters): Promise<{ readonly accountTypes: readonly Named[]; readonly customerGroups: readonly Named[] }>;
}

export interface Place {
  readonly boundTo: string;
  readonly here: string;
}

export interface Named {
  readonly id: string;
  readonly name: string;
  readonly deleted: boolean;
}

/** What the last chunk of a look does to the task, in the transaction of its rows. Absent = the task stays as it is. */
export interface WatermarkMove {
  readonly watermark: WallTime;
  readonly firstLookDone: boolean;
  readonly overlapLookAt: WallTime | null;
  readonly deepLookAt: WallTime | null;
  readonly brakeHeldAt: WallTime | null;
}

export interface PlanChunk {
  readonly answer: 'planned';
  readonly head: PlanHead;
  /** Null when this was the last chunk: then the watermark has moved. */
  readonly next: PlanCursor | null;
  /** The last row planned: where `--limit` stopped. */
  readonly last: PlanCursor | null;
}
