import type {
  BotId,
  ChatId,
  CustomerId,
  DeliveryState,
  Instant,
  OperationId,
  SkipReason,
  SubscriptionState,
  TaskId,
} from '../core/glossary.ts';
import type { Operation } from '../core/operation.ts';
import type { Filters } from '../core/settings.ts';
import type { Standing, StoryMargin } from '../core/standing.ts';
import type { KnownCustomer } from '../core/subscriber.ts';
import type { RefusedLink } from '../core/subscription.ts';
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
  pause(botId: BotId, until: Instant | null): Promise<void>;
  resume(botId: BotId): Promise<void>;
  /** Binds the ledger to this place (a copy becomes a site of its own), or accepts a restored past; see decision 28 and rule 16. */
  bind(request: {
    readonly botId: BotId | null;
    readonly restored: 'mark' | 'leave' | null;
  }): Promise<{ readonly place: string; readonly marked: number }>;
  /** Remembers the fingerprint of the current link key. */
  saveKey(fingerprint: string): Promise<void>;
  close(): Promise<void>;
}

export interface InstallReport {
  readonly steps: readonly { readonly step: string; readonly did: boolean }[];
  readonly notes: number;
  readonly schema: number;
  /** Statements for the administrator of a server, which make the login that runs. */
  readonly statements?: readonly string[];
}
