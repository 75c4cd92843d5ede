import type { Instant } from './glossary.ts';

/**
 * What became of one call to the channel. `retry` means surely not sent; `in_doubt` means that it can't be known.
 * `whose` tells a guest's own refusal (blocked, deleted) from one that a person here must mend (text, rights).
 */
export type Outcome =
  | { readonly outcome: 'delivered'; readonly messageId: string }
  | { readonly outcome: 'refused'; readonly code: RefusalCode; readonly whose: 'guest' | 'ours'; readonly detail: string }
  | { readonly outcome: 'retry'; readonly code: RetryCode; readonly notBefore: Instant | null; readonly detail: string }
  | { readonly outcome: 'in_doubt'; readonly code: DoubtCode; readonly detail: string };

export type RefusalCode =
  | 'blocked'
  | 'deactivated'
  | 'chat_not_found'
  | 'not_started'
  | 'migrated'
  | 'bad_text'
  | 'too_long'
  | 'bad_request'
  | 'no_template'
  /** The operation's own record can't be told: a date that is none, a sum that is none. */
  | 'bad_record';

/** Refusals that a person here can mend, text or rights; told anew when that is done (`retry`). */
export const OUR_REFUSALS: readonly RefusalCode[] = ['bad_text', 'too_long', 'bad_request', 'no_template', 'bad_record'];

/**
 * limited: 429 · unreachable: failed before the socket stood · unusable: the token or the method (401, 404, 421) ·
 * not_begun: the run stopped or its lease ran out before the first byte was written.
 */
export type RetryCode = 'limited' | 'unreachable' | 'unusable' | 'not_begun';

/** timeout · cut: the connection broke after the request was written · server: 5xx · unreadable: an answer that is no answer · orphan: the run died. */
export type DoubtCode = 'timeout' | 'cut' | 'server' | 'unreadable' | 'orphan';
