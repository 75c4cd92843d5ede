import type { AccountTypeId, ChatId, CustomerId, Instant, Money, TaskId, WallTime } from '../core/glossary.ts';
import type { ChangedNote, JudgedNote } from '../core/note.ts';
import type { Operation } from '../core/operation.ts';
import type { Filters } from '../core/settings.ts';
import type { Chat, KnownSubscribers, Subscription } from '../core/subscriber.ts';
import type { RefusedLink } from '../core/subscription.ts';
import type { AdvanceAnswer, AdvanceRequest } from './deliveries.ts';
import type { InvitationReader, Invitations } from './invitations.ts';
import type { DoubtPolicy, OpenAnswer, Recovered, Runner } from './opening.ts';
import type { PlanChunk, PlanCursor, PlanQuery, PlanReader, WatermarkMove } from './plan.ts';
import type { TaskLog } from './task-log.ts';

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

export interface RunSummaryRow {
  readonly exitCode: number;
  readonly summary: string;
}

/** What a dry run is opened with: nothing of it writes. */
export interface DryRunReader extends PlanReader, InvitationReader {
  close(): Promise<void>;
}

/** The run's port: about ten calls, each one round trip. Every writing call answers `lock_lost` when the lock is gone. */
export interface Ledger extends PlanReader, Invitations, TaskLog {
  /** Commits a word for each task, then tries the lock, checks place, key and past, and makes the run's row. */
  openRun(runner: Runner, tasks: readonly TaskId[]): Promise<OpenAnswer>;
  /** Proves the lock and stamps the heartbeat. */
  confirm(): Promise<'held' | 'lost'>;
  /** Judges what a dead run left `sending`, and puts back what the policy repeats. */
  recover(policy: DoubtPolicy): Promise<Recovered>;
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
  mirrorNotes(
    noteType: string,
    limit: number,
  ): Promise<{ readonly written: number; readonly failed: number; readonly detail: string | null }>;
  /** Records since when each chosen type and group is told about. */
  admit(taskId: TaskId, filters: Filters): Promise<'saved' | 'lock_lost'>;
  /** Plans one chunk (≤ 2,000 rows) in one transaction; with `limit` at most that many notices; `move` applies with the last chunk. */
  plan(request: {
    readonly query: PlanQuery;
    readonly after: PlanCursor | null;
    readonly limit: number | null;
    readonly move: WatermarkMove | null;
  }): Promise<PlanChunk | { readonly answer: 'lock_lost' }>;
  /** A stopped brake: what it holds doesn't age. */
  holdBrake(taskId: TaskId, at: WallTime): Promise<'saved' | 'lock_lost'>;
  advance(request: AdvanceRequest): Promise<AdvanceAnswer>;
  /** Moves the run's end and unlocks; then `again` says whether a newer word has come, so that the run opens anew. */
  finishRun(summary: RunSummaryRow, servedWakeNo: number): Promise<{ readonly again: boolean }>;
  /** Words that came while the lock is held: the newest wake row's number, and the newest event nobody served. */
  readWords(): Promise<{ readonly wakeNo: number; readonly eventAt: Instant | null }>;
  close(): Promise<void>;
}
