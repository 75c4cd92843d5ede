import type { SmsStatus } from '../sms-outcome.ts';
import { ACCEPTED, findCode, IN_MODERATION, LIMITED, refusedEverybody, refusedNumber, THEIR_FAULT } from './verdict.ts';
import type { SmsCode, SmsVerdict } from './verdict.ts';

const becomes = (send: SmsVerdict, status: SmsStatus['status']): SmsCode => ({ send, status });

/**
 * `status` of one SMS of P1SMS (its page «Статусы рассылок»; `not_sent` from a client's tests). `low_balance` is taken as surely not sent, though
 * nowhere is it said that the operator doesn't send such an SMS after the account was topped up; `low_partner_balance` («Ошибка 592») is the
 * operator's own lack of money, and what becomes of the SMS is not said at all, so it is in doubt.
 */
export const P1SMS_STATUSES: Readonly<Record<string, SmsCode>> = {
  created: becomes(ACCEPTED, 'pending'),
  planned: becomes(ACCEPTED, 'pending'),
  moderation: becomes(IN_MODERATION, 'pending'),
  sent: becomes(ACCEPTED, 'pending'),
  delivered: becomes(ACCEPTED, 'delivered'),
  read: becomes(ACCEPTED, 'delivered'),
  not_delivered: becomes(refusedNumber('rejected'), 'undelivered'),
  not_sent: becomes(refusedNumber('rejected'), 'undelivered'),
  error: becomes(refusedNumber('rejected'), 'undelivered'),
  rejected: becomes(refusedNumber('rejected'), 'undelivered'),
  low_balance: becomes(refusedEverybody('no_money'), 'undelivered'),
  low_partner_balance: becomes(THEIR_FAULT, 'pending'),
};

/** Their numbered errors; by their wording they belong to look-ups of numbers, and where a send would carry one is unknown. */
const P1SMS_ERRORS: Readonly<Record<string, SmsVerdict>> = {
  '0': ACCEPTED,
  '1': refusedNumber('bad_number'),
  '2': refusedEverybody('account'),
};

/** What an error's words speak of, the first match counts. The texts are published nowhere, hence both languages and wide nets. */
const WORDS: readonly { readonly says: RegExp; readonly verdict: SmsVerdict }[] = [
  { says: /api ?_?key|ключ|unauthori[sz]ed|unauthenticated|авториз/i, verdict: refusedEverybody('unauthorized') },
  { says: /balance|money|баланс|средств/i, verdict: refusedEverybody('no_money') },
  { says: /black ?list|stop.?list|ч[её]рн\S+ спис|стоп.?лист/i, verdict: refusedNumber('stop_list') },
  { says: /sender|отправител/i, verdict: refusedEverybody('sender') },
  { says: /phone|телефон|номер/i, verdict: refusedNumber('bad_number') },
  { says: /\btext\b|текст/i, verdict: refusedEverybody('text') },
];

/** What the operator made of one SMS; `description` is its errorDescription, empty where there is none. */
export function judgeP1smsStatus(status: string, description: string): SmsCode {
  const code = findCode(P1SMS_STATUSES, status);
  const isVague = status === 'error' || status === 'not_sent' || status === 'rejected';
  return isVague ? { ...code, send: findWords(description) ?? code.send } : code;
}

/** A request that was turned away whole, under this HTTP status, by these words; `number` is one of the numbered errors, '' for none. */
export function judgeP1smsFailure(
  httpStatus: number,
  { words, number = '' }: { readonly words: string; readonly number?: string },
): SmsVerdict {
  if (httpStatus === 429) return LIMITED;
  if (httpStatus >= 500) return THEIR_FAULT;
  if (httpStatus === 401) return refusedEverybody('unauthorized');
  if (httpStatus === 402) return refusedEverybody('no_money');
  const numbered = number === '0' || !Object.hasOwn(P1SMS_ERRORS, number) ? null : (P1SMS_ERRORS[number] ?? null);
  return numbered ?? findWords(words) ?? refusedEverybody('request');
}

function findWords(text: string): SmsVerdict | null {
  return WORDS.find(({ says }) => says.test(text))?.verdict ?? null;
}
