import type { ChatId, CustomerGroupId, CustomerId, Instant, Language, OperationId, SkipReason, TaskId } from '../core/glossary.ts';
import type { Customer, Operation } from '../core/operation.ts';
import type { Outcome } from '../core/outcome.ts';

/** One notice to send: rows of one customer, marked `sending` under `attemptNo`. */
export interface ClaimedNotice {
  readonly attemptNo: number;
  readonly taskId: TaskId;
  readonly chatId: ChatId;
  readonly language: Language | null;
  readonly customer: Customer;
  /** Groups above the customer's, the nearest first: an own text for one of them holds here too. */
  readonly groupAncestors: readonly CustomerGroupId[];
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
