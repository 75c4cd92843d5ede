import type { BotId, CustomerId, Instant, Language, OperationId, RunId, SubscriptionState, TaskId, WallTime } from '../core/glossary.ts';
import type { InvitationState, InvitationSkip } from '../core/invitation.ts';
import type { Customer } from '../core/operation.ts';
import type { Consent } from '../core/settings.ts';
import type { GatewayName, SmsOutcome, SmsStatus } from '../core/sms-outcome.ts';
import type { PlanCursor, PlanQuery } from './plan.ts';

/** All that decides whether a customer is invited, read fresh. Free texts come as stored: nothing is parsed in SQL. */
export interface Invitee {
  readonly customer: Customer;
  /** False: gone, in the recycle bin or disabled, they or their group; or no operation that asks is there any more. Nobody to invite. */
  readonly live: boolean;
  /** Chosen in the bot by a chat the customer once had; null = the restaurant's default. */
  readonly language: Language | null;
  /** Texts that may hold phones, in the order of their generations: child table, xml, profile. */
  readonly phones: readonly string[];
  /** Of the link: part of its MAC. */
  readonly epoch: number;
  /** A subscription in whatever state: whoever once had a chat is not invited. */
  readonly subscription: SubscriptionState | null;
  /** A note of the subscription's note type is filled, readable or not. */
  readonly noted: boolean;
  /** `tgn.customer.may_invite`. */
  readonly mayInvite: boolean;
  /** What the setting `sms.consent` asks for is there; true when it asks for nothing. */
  readonly consented: boolean;
  /** The newest operation that asks for the invitation, and how many there are. */
  readonly operation: { readonly id: OperationId; readonly date: WallTime };
  readonly operations: number;
  readonly past: InvitationPast;
}

/** Earlier invitations of one customer through one bot; sent = accepted, in doubt, or refused by the operator for this number, but not what a person knows was never sent. */
export interface InvitationPast {
  readonly sent: number;
  readonly lastAt: Instant | null;
  /** Segments of accepted and doubtful ones within the last 365 days. */
  readonly segments: number;
  /** One that is planned already: a further operation adds nothing. */
  readonly waiting: boolean;
}

/** Who is weighed: customers with skipped(not_subscribed) rows of this task that ask for an invitation and that nobody has weighed. */
export interface InviteeQuery {
  readonly botId: BotId;
  readonly taskId: TaskId;
  readonly noteType: string;
  readonly consent: Consent;
  readonly customers: readonly CustomerId[] | null;
  /** For a dry run: also those whom this look would plan as not_subscribed. Null = only what stands in the ledger. */
  readonly look: InviteeLook | null;
}

/** A look that isn't planned yet. */
export interface InviteeLook {
  readonly query: PlanQuery;
  /** Where a limit of notices stops the plan: this row and all after it stay unplanned, so their customers don't ask. Null = nothing stops it. */
  readonly before: PlanCursor | null;
}

/** What was decided of one customer. Saving it weighs all their asking rows, up to the newest named operation. */
export type WeighedInvitation = {
  readonly taskId: TaskId;
  readonly customerId: CustomerId;
  readonly operationId: OperationId;
} & (
  | {
      readonly verdict: 'planned';
      /** Digits without a plus. */
      readonly number: string;
      readonly gateway: GatewayName;
      /** By our own count; caps are spent in these. */
      readonly segments: number;
      /** By the price setting or the operator's method, decimal roubles; null = unknown. */
      readonly cost: string | null;
      /** Held until then: night, or an operator's limit. Null = due at once. */
      readonly notBefore: Instant | null;
    }
  /** `reason` null: nothing is worth a row (already waiting for another operation's invitation), the asking rows are weighed all the same. */
  | { readonly verdict: 'skipped'; readonly reason: InvitationSkip | null }
);

/** One invitation, marked `sending`, with its customer read fresh. */
export interface ClaimedInvitation {
  readonly row: number;
  readonly taskId: TaskId;
  readonly number: string;
  readonly segments: number;
  readonly tries: number;
  readonly invitee: Invitee;
}

export interface FinishedInvitation {
  readonly row: number;
  readonly gateway: GatewayName;
  /** As sent: the number, its segments by our count, and the text. */
  readonly number: string;
  readonly segments: number;
  readonly text: string;
  readonly result:
    | SmsOutcome
    /** Decided anew when its record was read at claiming: it is not to be sent any more, or not with so few segments. */
    | { readonly outcome: 'skipped'; readonly reason: InvitationSkip }
    | { readonly outcome: 'released'; readonly segments: number; readonly notBefore: Instant | null };
  /** For `later` and a refusal of everybody: when the row may be claimed again; null = at once. */
  readonly notBefore: Instant | null;
}

/** Segments that may still be spent; the beginnings of day and month are the restaurant's, as instants. */
export interface SegmentCaps {
  readonly run: number;
  readonly day: number;
  readonly month: number;
  readonly dayFrom: Instant;
  readonly monthFrom: Instant;
}

export interface AdvanceInvitations {
  /** The same id asked again returns the same rows. */
  readonly claimId: string;
  readonly finished: readonly FinishedInvitation[];
  /** Invitations wanted; 0 only records. */
  readonly want: number;
  readonly tasks: readonly TaskId[];
  readonly customers: readonly CustomerId[] | null;
  readonly caps: SegmentCaps;
  readonly noteType: string;
  readonly consent: Consent;
}

export type InvitationsAnswer =
  | {
      readonly answer: 'claimed';
      readonly now: Instant;
      readonly wallNow: WallTime;
      readonly invitations: readonly ClaimedInvitation[];
      /** The cap that keeps a due invitation back; the tightest one when several do. */
      readonly capped: 'run' | 'day' | 'month' | null;
      /** Due ones that a cap keeps back. */
      readonly held: number;
      /** When the next held one comes due; null when none is. */
      readonly nextDue: Instant | null;
    }
  | { readonly answer: 'lock_lost' };

/** An accepted SMS whose fate isn't known yet. */
export interface OpenInvitation {
  readonly row: number;
  readonly gateway: GatewayName;
  readonly gatewayId: string;
}

/** What a dry run needs: who would be weighed, page by page; nothing here writes. */
export interface InvitationReader {
  /** At most `limit` (≤ 500) customers, ordered by id, after the given one. `total` counts all of them, whatever the page. */
  readInvitees(
    query: InviteeQuery,
    page: { readonly after: CustomerId | null; readonly limit: number },
  ): Promise<{ readonly invitees: readonly Invitee[]; readonly total: number; readonly next: CustomerId | null }>;
  /** Segments spent since these instants, and rows that wait (planned) with their segments. */
  readSpent(
    botId: BotId,
    since: { readonly dayFrom: Instant; readonly monthFrom: Instant },
  ): Promise<{ readonly day: number; readonly month: number; readonly waiting: number; readonly waitingSegments: number }>;
}

/** The run's calls about invitations; like every writing call they answer `lock_lost` when the lock is gone. */
export interface Invitations extends InvitationReader {
  saveInvitations(weighed: readonly WeighedInvitation[]): Promise<'saved' | 'lock_lost'>;
  /** Records what ended and claims the next, oldest operation first, in one transaction and within the caps. */
  advanceInvitations(request: AdvanceInvitations): Promise<InvitationsAnswer>;
  /** Accepted ones since then whose delivery isn't known, oldest asked first. */
  readOpenInvitations(gateway: GatewayName, since: Instant, limit: number): Promise<readonly OpenInvitation[]>;
  saveStatuses(statuses: readonly (SmsStatus & { readonly row: number })[]): Promise<'saved' | 'lock_lost'>;
}

/** An invitation as a person reads it. Text and number stand in the ledger; who shows them masks the number. */
export interface InvitationStory {
  readonly row: number;
  readonly taskId: TaskId;
  readonly customerId: CustomerId;
  readonly customerName: string;
  readonly operationId: OperationId;
  readonly state: InvitationState;
  readonly reason: string | null;
  readonly number: string | null;
  readonly segments: number | null;
  readonly cost: string | null;
  readonly gateway: GatewayName | null;
  readonly gatewayId: string | null;
  readonly detail: string | null;
  readonly plannedAt: Instant;
  readonly sentAt: Instant | null;
  readonly notBefore: Instant | null;
  readonly status: SmsStatus['status'] | null;
  readonly statusCode: string | null;
  readonly runId: RunId | null;
  /** Who resolved it by hand and why. */
  readonly resolved: string | null;
}

export interface InvitationFilter {
  readonly botId: BotId;
  readonly states: readonly InvitationState[] | null;
  readonly reason: string | null;
  readonly customers: readonly CustomerId[] | null;
  readonly limit: number;
}
