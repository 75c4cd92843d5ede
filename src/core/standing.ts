import type { Instant, Language, WallTime } from './glossary.ts';

/** How a ledger stands: what `status`, `bot`, `link` and `bind` need to know beside its counts. */
export interface Standing {
  /** The database server's wall clock; operations and watermarks are compared with it. */
  readonly wallNow: WallTime;
  /** False: no run has opened the ledger for this bot yet. */
  readonly bound: boolean;
  readonly waiting: Waiting;
  readonly place: LedgerPlace;
}

/** Planned rows: `due` may be claimed now, `later` wait for `nextAt`; `oldest` is the date of the oldest operation among both. */
export interface Waiting {
  readonly due: number;
  readonly later: number;
  readonly nextAt: Instant | null;
  readonly oldest: WallTime | null;
}

export interface LedgerPlace {
  readonly boundTo: string;
  /** Where the ledger was opened now; another text than `boundTo` means that this database is a copy. */
  readonly here: string;
  /** Of the key that the ledger's links are signed with. */
  readonly keyFingerprint: string;
}

/** What a customer's story tells beside the port's. */
export interface StoryMargin {
  /** When the subscription came to its present state. */
  readonly subscriptionChangedAt: Instant | null;
  /** Chosen by the guest in the bot; null = the restaurant's default. */
  readonly guestLanguage: Language | null;
}
