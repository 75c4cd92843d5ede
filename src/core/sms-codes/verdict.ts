import type { SmsDoubtCode, SmsLaterCode, SmsRefusalCode, SmsStatus, SmsWarning } from '../sms-outcome.ts';

/** What one code or word of an operator means for the SMS that was to be sent. `later` only where the operator itself says that nothing was sent. */
export type SmsVerdict =
  | { readonly verdict: 'accepted'; readonly warning: SmsWarning | null }
  | { readonly verdict: 'refused'; readonly whose: 'number' | 'everybody'; readonly code: SmsRefusalCode }
  | { readonly verdict: 'later'; readonly code: Extract<SmsLaterCode, 'limited' | 'unavailable'> }
  | { readonly verdict: 'in_doubt'; readonly code: Extract<SmsDoubtCode, 'server' | 'unreadable'> };

/** `status`: what the same code means of an SMS that was accepted before. */
export interface SmsCode {
  readonly send: SmsVerdict;
  readonly status: SmsStatus['status'];
}

export const ACCEPTED: SmsVerdict = { verdict: 'accepted', warning: null };
export const IN_MODERATION: SmsVerdict = { verdict: 'accepted', warning: 'moderation' };
export const UNAVAILABLE: SmsVerdict = { verdict: 'later', code: 'unavailable' };
export const LIMITED: SmsVerdict = { verdict: 'later', code: 'limited' };
/** Their own fault: whether the SMS went out before it, nobody can say. */
export const THEIR_FAULT: SmsVerdict = { verdict: 'in_doubt', code: 'server' };
/** A code that no table has. Taken for neither yes nor no, because either mistake costs: a lost invitation or a second one. */
export const UNKNOWN_CODE: SmsVerdict = { verdict: 'in_doubt', code: 'unreadable' };

export function refusedNumber(code: SmsRefusalCode): SmsVerdict {
  return { verdict: 'refused', whose: 'number', code };
}

export function refusedEverybody(code: SmsRefusalCode): SmsVerdict {
  return { verdict: 'refused', whose: 'everybody', code };
}

/** The table's row; a code that it doesn't have is in doubt as an answer and unknown as a status. */
export function findCode(table: Readonly<Record<string, SmsCode>>, code: string): SmsCode {
  return Object.hasOwn(table, code) ? (table[code] as SmsCode) : { send: UNKNOWN_CODE, status: 'unknown' };
}
