import type {
  BotId,
  ChatId,
  CustomerGroupId,
  CustomerId,
  DeliveryState,
  Instant,
  OperationId,
  SkipReason,
  SubscriptionState,
  TaskId,
  WallTime,
} from '../core/glossary.ts';
import type { Operation } from '../core/operation.ts';
import type { RefusalCode } from '../core/outcome.ts';
import type { Filters } from '../core/settings.ts';
import type { ServerStart, StartWay } from '../core/starting.ts';
import type { Standing, StoryMargin } from '../core/standing.ts';
import type { KnownCustomer } from '../core/subscriber.ts';
import type { RefusedLink } from '../core/subscription.ts';
import type { InvitationFilter, InvitationReader, InvitationStory } from './invitations.ts';
import type { Holder, TaskPast } from './opening.ts';

export interface StatusReport extends Standing {
  readonly runs: readonly {
    readonly runNo: number;
    readonly startedAt: Instant;
    readonly finishedAt: Instant | null;
    readonly exitCode: number | null;
    readonly host: string;
    readonly summary: string | null;
  }[];
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
  /** When the oldest word was made that no run has served, leaving aside the words of runs; null = none. */
  readonly unreadSince: Instant | null;
  readonly notesFailed: number;
  readonly tasks: readonly TaskPast[];
  readonly now: Instant;
}

/** One delivery with all its attempts, the first first, for `explain` and `resolve`. */
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
  readonly attempts: readonly {
    readonly attemptNo: number;
    readonly chatId: ChatId;
    readonly startedAt: Instant;
    readonly finishedAt: Instant | null;
    readonly outcome: string | null;
    readonly code: string | null;
    readonly detail: string | null;
    readonly messageId: string | null;
    readonly repeat: boolean;
  }[];
}

export interface CustomerStory extends StoryMargin {
  readonly customer: KnownCustomer;
  /** Groups above the customer's, the nearest first: an own text for one of them holds here too. */
  readonly groupAncestors: readonly CustomerGroupId[];
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
  /**
   * The whole story of a customer, or of one operation (then `operations` holds just it). Of a customer the newest `limit` operations and
   * the `limit` told last, the newest first. Null when there is none.
   */
  readStory(
    botId: BotId,
    key: { readonly customerId: CustomerId } | { readonly operationId: OperationId },
    limit: number,
  ): Promise<CustomerStory | null>;
  /** Why a task's filters leave an operation out: each filter with its answer. */
  judgeFilters(
    botId: BotId,
    taskId: TaskId,
    operationId: OperationId,
    filters: Filters,
  ): Promise<Readonly<Record<'live' | 'accountType' | 'customerGroup' | 'sign' | 'threshold' | 'startDate' | 'admitted', boolean>> | null>;
  listInDoubt(botId: BotId, limit: number): Promise<readonly DeliveryStory[]>;
  /** Turns rows in doubt into delivered, refused or planned again; returns how many rows it found in doubt. The reason is kept. */
  resolve(botId: BotId, rows: readonly number[] | 'all', verdict: 'delivered' | 'refused' | 'again', reason: string): Promise<number>;
  /** Refused deliveries with one of these codes, oldest first. */
  listRefused(botId: BotId, codes: readonly RefusalCode[], limit: number): Promise<readonly DeliveryStory[]>;
  /** Puts refused deliveries with one of these codes back to be told, as if found now; returns how many. The reason is kept. */
  retry(request: RetryRequest): Promise<number>;
  /** Forgets the details of what ended before then, chunk by chunk; a delivery's key stays as long as its operation exists. */
  prune(botId: BotId, before: WallTime): Promise<Pruned>;
  /** Newest first. */
  listInvitations(filter: InvitationFilter): Promise<readonly InvitationStory[]>;
  /**
   * Writes down of SMS in doubt that they went out, or never did: those count neither in the caps nor as invitations. None is ever sent again.
   * Returns how many it found in doubt. The reason is kept.
   */
  resolveInvitations(botId: BotId, rows: readonly number[] | 'all', verdict: 'delivered' | 'refused', reason: string): Promise<number>;
  readSpent: InvitationReader['readSpent'];
  pause(botId: BotId, until: Instant | null): Promise<void>;
  resume(botId: BotId): Promise<void>;
  /** Binds the ledger to this place (a copy becomes a site of its own), or accepts a restored past; see decision 28 and rule 16. */
  bind(request: {
    readonly botId: BotId | null;
    readonly restored: 'mark' | 'leave' | null;
  }): Promise<{ readonly place: string; readonly marked: number }>;
  /** What the server allows for starting the program, and the way in force. */
  readStart(): Promise<ServerStart>;
  /** The way that `tgn_task.start` goes from now on. */
  setStartWay(way: StartWay): Promise<void>;
  /** Remembers the fingerprint of the current link key. */
  saveKey(fingerprint: string): Promise<void>;
  close(): Promise<void>;
}

export interface RetryRequest {
  readonly botId: BotId;
  readonly rows: readonly number[] | 'all';
  readonly codes: readonly RefusalCode[];
  readonly reason: string;
}

/** What was forgotten, and the horizon that stands now: the latest ever asked for. */
export interface Pruned {
  readonly horizon: WallTime;
  readonly attempts: number;
  /** Of operations that Tillypad no longer has. */
  readonly deliveries: number;
  /** Invitations without their text and number now. */
  readonly invitations: number;
  readonly runs: number;
  readonly words: number;
  readonly links: number;
}

export interface InstallReport {
  readonly steps: readonly { readonly step: string; readonly did: boolean }[];
  readonly notes: number;
  readonly schema: number;
  /** Statements for the administrator of a server, which make the login that runs. */
  readonly statements?: readonly string[];
  /** What the server's script says beside its steps, in its own two languages. */
  readonly said?: readonly string[];
  /** The script was left out: this login may not run it, and somebody else has. */
  readonly scriptLeft?: boolean;
}
