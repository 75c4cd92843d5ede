import type { ChatId, CustomerId, Language, SubscriptionOrigin, SubscriptionState } from './glossary.ts';
import type { Customer } from './operation.ts';

/** A customer ↔ chat row; also kept when it ended, for its epoch and its reason. */
export interface Subscription {
  readonly customerId: CustomerId;
  readonly chatId: ChatId;
  readonly state: SubscriptionState;
  readonly origin: SubscriptionOrigin;
  /** Raised when the customer moves to another chat; part of the link's MAC. */
  readonly epoch: number;
}

export interface Chat {
  readonly chatId: ChatId;
  /** Chosen in the bot; null = the restaurant's default. */
  readonly language: Language | null;
}

export interface KnownCustomer extends Customer {
  /** Gone, in the recycle bin, or disabled: no link leads to it any more. */
  readonly live: boolean;
  readonly subscription: Subscription | null;
}

/** Who and what a page of updates is about, as the ledger knows it. */
export interface KnownSubscribers {
  readonly customers: readonly KnownCustomer[];
  readonly chats: readonly (Chat & { readonly subscriptions: readonly Subscription[] })[];
}
