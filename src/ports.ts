/**
 * The contracts between the run and the outside. Adapters of both engines and of every channel are held to these texts;
 * `test/contract` is the same suite for each. Expected failures are answers (values); an exception is a surprise, or
 * `DatabaseUnavailable` below, which ends the run in order.
 */
import type {
  AccountTypeId,
  BotId,
  ChatId,
  CustomerId,
  DeliveryState,
  Instant,
  Language,
  Money,
  OperationId,
  RunId,
  SkipReason,
  SubscriptionState,
  TaskId,
  WallTime,
} from './core/glossary.ts';
import type { Customer, Operation } from './core/operation.ts';
import type { ChangedNote, JudgedNote } from './core/note.ts';
import type { Outcome } from './core/outcome.ts';
import type { Filters, Finding } from './core/settings.ts';
import type { Standing, StoryMargin } from './core/standing.ts';
import type { Chat, KnownCustomer, KnownSubscribers, Subscription } from './core/subscriber.ts';
import type { RefusedLink } from './core/subscription.ts';
import type { Update } from './core/update.ts';

// ---------------------------------------------------------------------------------------------------------------- time

/** The host's clocks; the database's clock decides what is recorded. Tests put a virtual one here. */
export interface Clock {
  /** Host's wall clock, UTC milliseconds; may jump. */
  now(): Instant;
  /** Milliseconds that only grow; leases and rates are measured by it. */
  monotonic(): number;
  /** Resolves after `ms`, or early when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

// ------------------------------------------------------------------------------------------------------------ database

/** The database can't go on: unreachable, locked by others, read-only, full, damaged. `advice` names a sentence. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  readonly code: 'missing' | 'no_database' | 'locked' | 'read_only' | 'full' | 'unreachable' | 'denied' | 'damaged' | 'no_tillypad';
  constructor(code: DatabaseUnavailable['code'], detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}

/** The schema and this program don't fit; `found` null = not installed. */
export class SchemaMismatch extends Error {
  override readonly name = 'SchemaMismatch';
  readonly found: number | null;
  readonly wanted: number;
  constructor(found: number | null, wanted: number) {
    super(`schema ${found ?? 'missing'}, wanted ${wanted}`);
    this.found = found;
    this.wanted = wanted;
  }
}

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
  /** Rows still `sending` that can't be judged yet, and when they can (SQL Server; null on the embedded engine). */
  readonly judgedAt: Instant | null;
  /** Rows in doubt that the policy put back to be told once more, marked. */
  readonly toRepeat: number;
}

// ----------------------------------------------------------------------------------------------------------- the plan

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

// ------------------------------------------------------------------------------------------------------ subscriptions

/** One page of updates, judged: everything that must be durable before Telegram may forget the page. */
export interface SubscriptionPage {
  readonly offset: number;
  readonly subscriptions: readonly Subscription[];
  readonly chats: readonly Chat[];
  readonly refused: readonly RefusedLink[];
}

/** One account as the bot shows it. */
export interface Account {
  readonly customerId: CustomerId;
  readonly accountTypeId: AccountTypeId;
  readonly accountType: string;
  /** Null where the history is too long or locked. */
  readonly balance: Money | null;
}

// -------------------------------------------------------------------------------------------------------- deliveries

/** One notice to send: rows of one customer, marked `sending` under `attemptNo`. */
export interface ClaimedNotice {
  readonly attemptNo: number;
  readonly taskId: TaskId;
  readonly chatId: ChatId;
  readonly language: Language | null;
  readonly customer: Customer;
  /** Oldest first; `row` is the ledger's number. */
  readonly operations: readonly (Operation & { readonly row: number })[];
  /** True: an earlier call's outcome is unknown, so this one is marked as a possible repeat. */
  readonly repeat: boolean;
  /** How often these rows were tried before. */
  readonly tries: number;
}

/** A finished call, to be recorded with the next claim in one commit. */
export interface FinishedNotice {
  readonly attemptNo: number;
  readonly outcome: Outcome;
  /** Rows that were claimed but not in the message (it would have been too long): they go back to planned. */
  readonly released: readonly number[];
  /** Telegram says that the chat can't be written to: its subscriptions are suspended in the same commit. */
  readonly suspendChat: boolean;
  /** For `outcome: retry`: when the rows may be claimed again. */
  readonly notBefore: Instant | null;
  /** Length in characters of what was sent; texts themselves are not kept. */
  readonly length: number;
}

export interface AdvanceRequest {
  /** The same id asked again returns the same notices. */
  readonly claimId: string;
  readonly finished: readonly FinishedNotice[];
  /** Notices wanted; 0 only records. */
  readonly want: number;
  /** Customers narrow the claim (test mode, --customer); null = everybody. */
  readonly customers: readonly CustomerId[] | null;
  readonly operations: readonly OperationId[] | null;
  readonly digestGapMs: number;
  readonly digestWaitMs: number;
  /** Rows older than this in the retry state end as too_old. */
  readonly timeToLiveMs: number;
  /** balance: after | current | off: what `balanceAfter` means. */
  readonly balance: 'after' | 'current' | 'off';
  /** A 429 met in this batch: remembered for every process of this bot. */
  readonly quietUntil: Instant | null;
}

export type AdvanceAnswer =
  | {
      readonly answer: 'claimed';
      readonly now: Instant;
      readonly notices: readonly ClaimedNotice[];
      /** Rows that ended at claiming, by reason (removed, opted_out, suspended, too_old). */
      readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
      /** When the next planned row may be claimed; null when none is left. */
      readonly nextDue: Instant | null;
    }
  /** The lock or the run's row isn't ours any more: nothing was recorded or claimed. Begin no call. */
  | { readonly answer: 'lock_lost' };

export interface RunSummaryRow {
  readonly exitCode: number;
  readonly summary: string;
}

/** The run's port: about ten calls, each one round trip. Every writing call answers `lock_lost` when the lock is gone. */
export interface Ledger extends PlanReader {
  /** Commits a word for each task, then tries the lock, checks place, key and past, and makes the run's row. */
  openRun(runner: Runner, tasks: readonly TaskId[]): Promise<OpenAnswer>;
  /** Proves the lock and stamps the heartbeat. */
  confirm(): Promise<'held' | 'lost'>;
  /** Judges what a dead run left `sending`, and puts back what the policy repeats. */
  recover(policy: { readonly inDoubt: 'repeat' | 'ask' | 'giveUp'; readonly repeatAfterMs: number }): Promise<Recovered>;
  findSubscribers(customers: readonly CustomerId[], chats: readonly ChatId[]): Promise<KnownSubscribers>;
  /** Offset, subscriptions, chats and refusals in one transaction of our own tables. */
  saveUpdates(page: SubscriptionPage): Promise<'saved' | 'lock_lost'>;
  /** Distinct chats that came with a forged link since then: a sign that someone else signs links to this bot. */
  countForgers(since: Instant): Promise<number>;
  /** Stamps a poll, so that no other run polls within the anti-spin time. */
  savePoll(): Promise<'saved' | 'lock_lost'>;
  /** Accounts and the newest operation of these customers, for the bot's own replies. */
  readAccounts(customers: readonly CustomerId[]): Promise<{ readonly accounts: readonly Account[]; readonly newest: readonly Operation[] }>;
  /** At most `limit` notes that changed since we last looked. */
  readNotes(noteType: string, limit: number): Promise<readonly ChangedNote[]>;
  saveNotes(notes: readonly JudgedNote[]): Promise<'saved' | 'lock_lost'>;
  /** Writes chat ids into Tillypad's notes, one customer a transaction; failures are kept, counted and harmless. */
  mirrorNotes(noteType: string, limit: number): Promise<{ readonly written: number; readonly failed: number; readonly detail: string | null }>;
  /** Records since when each chosen type and group is told about. */
  admit(taskId: TaskId, filters: Filters): Promise<'saved' | 'lock_lost'>;
  /** Plans one chunk (≤ 2,000 rows) in one transaction; with `limit` at most that many notices; `move` applies with the last chunk. */
  plan(request: { readonly query: PlanQuery; readonly after: PlanCursor | null; readonly limit: number | null; readonly move: WatermarkMove | null }): Promise<PlanChunk | { readonly answer: 'lock_lost' }>;
  /** A stopped brake: what it holds doesn't age. */
  holdBrake(taskId: TaskId, at: WallTime): Promise<'saved' | 'lock_lost'>;
  advance(request: AdvanceRequest): Promise<AdvanceAnswer>;
  /** Moves the run's end and unlocks; then `again` says whether a newer word has come, so that the run opens anew. */
  finishRun(summary: RunSummaryRow, servedWakeNo: number): Promise<{ readonly again: boolean }>;
  /** Words that came while the lock is held: the newest wake row's number, and the newest event nobody served. */
  readWords(): Promise<{ readonly wakeNo: number; readonly eventAt: Instant | null }>;
  close(): Promise<void>;
}

// ----------------------------------------------------------------------------------------- the administrator's commands

export interface StatusReport extends Standing {
  readonly runs: readonly { readonly runNo: number; readonly startedAt: Instant; readonly finishedAt: Instant | null; readonly exitCode: number | null; readonly host: string; readonly summary: string | null }[];
  readonly holder: Holder | null;
  readonly deliveries: Readonly<Partial<Record<DeliveryState, number>>>;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  readonly subscriptions: Readonly<Partial<Record<SubscriptionState, number>>>;
  readonly byNote: number;
  readonly refusedLinks: Readonly<Record<string, number>>;
  readonly pausedUntil: Instant | null;
  readonly quietUntil: Instant | null;
  readonly polledAt: Instant | null;
  readonly offset: number | null;
  readonly notesFailed: number;
  readonly tasks: readonly TaskPast[];
  readonly now: Instant;
}

/** One delivery with its attempts, for `explain` and `resolve`. */
export interface DeliveryStory {
  readonly row: number;
  readonly operationId: OperationId;
  readonly customerId: CustomerId;
  readonly taskId: TaskId;
  readonly state: DeliveryState;
  readonly reason: string | null;
  readonly plannedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly notBefore: Instant | null;
  readonly resolved: string | null;
  readonly attempts: readonly { readonly attemptNo: number; readonly chatId: ChatId; readonly startedAt: Instant; readonly finishedAt: Instant | null; readonly outcome: string | null; readonly code: string | null; readonly detail: string | null; readonly messageId: string | null; readonly repeat: boolean }[];
}

export interface CustomerStory extends StoryMargin {
  readonly customer: KnownCustomer;
  readonly phones: readonly string[];
  readonly note: string | null;
  readonly operations: readonly Operation[];
  readonly deliveries: readonly DeliveryStory[];
  readonly refusedLinks: readonly (RefusedLink & { readonly at: Instant })[];
}

/** What a person does with the ledger by hand; needs no lock unless it says so. */
export interface Desk {
  readStatus(botId: BotId | null): Promise<StatusReport>;
  /** Customers by id, or by digits of a phone (compared by their last 10). */
  findCustomers(key: { readonly id: string } | { readonly phone: string }, limit: number): Promise<readonly KnownCustomer[]>;
  /** The whole story of a customer, or of one operation (then `operations` holds just it). Null when there is none. */
  readStory(botId: BotId, key: { readonly customerId: CustomerId } | { readonly operationId: OperationId }, limit: number): Promise<CustomerStory | null>;
  /** Why a task's filters leave an operation out: each filter with its answer. */
  judgeFilters(botId: BotId, taskId: TaskId, operationId: OperationId, filters: Filters): Promise<Readonly<Record<'live' | 'accountType' | 'customerGroup' | 'sign' | 'threshold' | 'startDate' | 'admitted', boolean>> | null>;
  listInDoubt(botId: BotId, limit: number): Promise<readonly DeliveryStory[]>;
  /** Turns rows in doubt into delivered, refused or planned again; returns how many rows it found in doubt. The reason is kept. */
  resolve(botId: BotId, rows: readonly number[] | 'all', verdict: 'delivered' | 'refused' | 'again', reason: string): Promise<number>;
  pause(botId: BotId, until: Instant | null): Promise<void>;
  resume(botId: BotId): Promise<void>;
  /** Binds the ledger to this place (a copy becomes a site of its own), or accepts a restored past; see decision 28 and rule 16. */
  bind(request: { readonly botId: BotId | null; readonly restored: 'mark' | 'leave' | null }): Promise<{ readonly place: string; readonly marked: number }>;
  /** Remembers the fingerprint of the current link key. */
  saveKey(fingerprint: string): Promise<void>;
  close(): Promise<void>;
}

export interface InstallReport {
  readonly steps: readonly { readonly step: string; readonly did: boolean }[];
  readonly notes: number;
  readonly schema: number;
}

// ------------------------------------------------------------------------------------------------------------- channel

export type PullAnswer =
  | { readonly answer: 'updates'; readonly updates: readonly Update[] }
  | { readonly answer: 'unreachable' | 'unreadable' | 'server'; readonly detail: string }
  /** Another reader or a webhook takes this bot's updates. */
  | { readonly answer: 'conflict'; readonly why: 'webhook' | 'second_reader'; readonly detail: string }
  | { readonly answer: 'unusable'; readonly why: 'unauthorized' | 'malformed' | 'filtered'; readonly detail: string }
  | { readonly answer: 'limited'; readonly until: Instant };

export interface BotIdentity {
  readonly id: BotId;
  readonly username: string;
  readonly firstName: string;
}

export type IdentityAnswer = { readonly answer: 'bot'; readonly bot: BotIdentity } | Exclude<PullAnswer, { answer: 'updates' }>;

export interface OutgoingMessage {
  readonly chatId: ChatId;
  /** HTML as Telegram understands it, at most 4,096 characters after parsing. */
  readonly html: string;
  readonly silent: boolean;
}

/** Telegram, as the run sees it. Nothing here throws for what Telegram or the network does; the token is in no answer. */
export interface Channel {
  identify(): Promise<IdentityAnswer>;
  /** One page (≤ 100) of updates from the offset; null = from the queue's head. */
  pull(offset: number | null): Promise<PullAnswer>;
  /**
   * Sends one message. `mayBegin` is asked when the socket stands, right before the first byte: false = nothing is written and the
   * outcome is retry(not_begun). Surely not sent is `retry`; what can't be known is `in_doubt`; never a blind repeat.
   */
  send(message: OutgoingMessage, mayBegin: () => boolean): Promise<Outcome>;
  readWebhook(): Promise<{ readonly answer: 'webhook'; readonly url: string; readonly pending: number } | Exclude<PullAnswer, { answer: 'updates' }>>;
  setCommands(commands: readonly { readonly command: string; readonly description: string }[], language: Language | null): Promise<{ readonly answer: 'done' } | Exclude<PullAnswer, { answer: 'updates' }>>;
  /** Lets go of the sockets. */
  close(): void;
}

// ------------------------------------------------------------------------------------------------------------- journal

/** What the program tells about itself: an event and its fields. Phones and names only masked; secrets never. */
export interface Journal {
  tell(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  fail(event: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** The link key's MAC and the host's memory, outside the database. */
export interface Keyring {
  /** Number of the key that signs new links. */
  readonly current: number;
  readonly fingerprint: string;
  /** HMAC-SHA-256 of `bytes` under the numbered key; null when there is no such key. */
  mac(key: number, bytes: Uint8Array): Uint8Array | null;
}

/**
 * What the host remembers of a place outside the database, flushed before anything is sent: a database that doesn't know it was set back.
 * Bound to one database when it is made.
 */
export interface HostMemory {
  recall(botId: BotId): { readonly runNo: number; readonly runId: RunId } | null;
  remember(botId: BotId, run: { readonly runNo: number; readonly runId: RunId }): void;
  /** Used by `bind --restored` alone: the past is accepted as it is. */
  forget(botId: BotId): void;
}

/** Called by the run as it goes; the command decides what a terminal shows. */
export interface Progress {
  (event: { readonly step: 'pull' | 'plan' | 'deliver'; readonly done: number; readonly of: number | null }): void;
}

export type { ChangedNote, Chat, Finding, JudgedNote, KnownCustomer, KnownSubscribers, RefusedLink, Subscription };
