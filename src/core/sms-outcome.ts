import type { Instant } from './glossary.ts';

/** The operators that can send an invitation. */
export const GATEWAYS = ['smsru', 'p1sms', 'pushsms'] as const;
export type GatewayName = (typeof GATEWAYS)[number];

/**
 * What became of one call that was to send an SMS. `later` means surely not sent; `in_doubt` counts as sent and is never repeated.
 * `whose`: number = this number alone can't be reached · everybody = the account, the sender or the text is wrong, so inviting ends.
 */
export type SmsOutcome =
  | {
      readonly outcome: 'accepted';
      /** The operator's own id, by which its status is asked; null where the answer had none. */
      readonly gatewayId: string | null;
      /** Segments and price as the operator counted them; null where it doesn't say. Price in roubles, decimal text. */
      readonly segments: number | null;
      readonly cost: string | null;
      /** What a person should know though the SMS was accepted, such as a sender name that the operator replaced. */
      readonly warning: SmsWarning | null;
      readonly detail: string;
    }
  | { readonly outcome: 'refused'; readonly whose: 'number' | 'everybody'; readonly code: SmsRefusalCode; readonly detail: string }
  | { readonly outcome: 'later'; readonly code: SmsLaterCode; readonly notBefore: Instant | null; readonly detail: string }
  | { readonly outcome: 'in_doubt'; readonly code: SmsDoubtCode; readonly detail: string };

export type SmsWarning = 'sender_replaced' | 'moderation';

/**
 * Of the number: bad_number · no_route · stop_list (ours, the operator's or the subscriber's own) · abroad · number_limit · sender_unregistered (at
 * this number's operator) · rejected (undeliverable for a reason of the operator's own). Of everybody: unauthorized · no_money · daily_limit · sender · text · account (unconfirmed, suspended) · address (the
 * call comes from a forbidden IP or country) · request (the operator doesn't understand us).
 */
export type SmsRefusalCode =
  | 'bad_number'
  | 'no_route'
  | 'stop_list'
  | 'abroad'
  | 'number_limit'
  | 'sender_unregistered'
  | 'rejected'
  | 'unauthorized'
  | 'no_money'
  | 'daily_limit'
  | 'sender'
  | 'text'
  | 'account'
  | 'address'
  | 'request';

/** limited: 429 · unavailable: the operator says so itself · unreachable: failed before the socket stood · not_begun: the run stopped first. */
export type SmsLaterCode = 'limited' | 'unavailable' | 'unreachable' | 'not_begun';

/** As for a notice, and `mismatch`: the answer doesn't speak of our number. */
export type SmsDoubtCode = 'timeout' | 'cut' | 'server' | 'unreadable' | 'mismatch' | 'orphan';

/** What the operator says of an SMS it accepted before. pending ones are asked about again. */
export interface SmsStatus {
  readonly gatewayId: string;
  readonly status: 'pending' | 'delivered' | 'undelivered' | 'unknown';
  /** The operator's own code or word, as it came; `absent` where it said nothing of this SMS. */
  readonly code: string;
  /** Price in roubles, decimal text; null where the answer had none. */
  readonly cost: string | null;
}
