import { ACCEPTED, findCode, refusedEverybody, refusedNumber, THEIR_FAULT, UNAVAILABLE, UNKNOWN_CODE } from './verdict.ts';
import type { SmsCode, SmsVerdict } from './verdict.ts';

/** A code that refuses: an SMS accepted before can't have it unless the operator changed its mind. */
const no = (send: SmsVerdict): SmsCode => ({ send, status: 'undelivered' });
const onItsWay: SmsCode = { send: ACCEPTED, status: 'pending' };
const arrived: SmsCode = { send: ACCEPTED, status: 'delivered' };

/**
 * `status_code` of SMS.RU, at the top of an answer or of one number (official documentation, `ica4c/smsru_gateway_simulator`). 500 says «repeat the
 * request», but nothing proves that it wasn't served, so it is in doubt. 230 to 233 are the operator's guards against too many SMS to one number.
 */
export const SMSRU_CODES: Readonly<Record<string, SmsCode>> = {
  '-1': { send: UNKNOWN_CODE, status: 'unknown' },
  '100': onItsWay,
  '101': onItsWay,
  '102': onItsWay,
  '103': arrived,
  '104': no(refusedNumber('rejected')),
  '105': no(refusedNumber('rejected')),
  '106': no(refusedNumber('rejected')),
  '107': no(refusedNumber('rejected')),
  '108': no(refusedNumber('rejected')),
  '110': arrived,
  '150': no(refusedNumber('no_route')),
  '200': no(refusedEverybody('unauthorized')),
  '201': no(refusedEverybody('no_money')),
  '202': no(refusedNumber('bad_number')),
  '203': no(refusedEverybody('text')),
  '204': no(refusedNumber('sender_unregistered')),
  '205': no(refusedEverybody('text')),
  '206': no(refusedEverybody('daily_limit')),
  '207': no(refusedNumber('no_route')),
  '208': no(refusedEverybody('request')),
  '209': no(refusedNumber('stop_list')),
  '210': no(refusedEverybody('request')),
  '211': no(refusedEverybody('request')),
  '212': no(refusedEverybody('text')),
  '213': no(refusedEverybody('request')),
  '214': no(refusedNumber('abroad')),
  '215': no(refusedNumber('stop_list')),
  '216': no(refusedEverybody('text')),
  '217': no(refusedEverybody('text')),
  '220': { send: UNAVAILABLE, status: 'pending' },
  '221': no(refusedEverybody('sender')),
  '230': no(refusedNumber('number_limit')),
  '231': no(refusedNumber('number_limit')),
  '232': no(refusedNumber('number_limit')),
  '233': no(refusedNumber('number_limit')),
  '300': no(refusedEverybody('unauthorized')),
  '301': no(refusedEverybody('unauthorized')),
  '302': no(refusedEverybody('account')),
  '303': no(refusedEverybody('account')),
  '304': no(refusedEverybody('account')),
  '305': no(refusedEverybody('account')),
  '500': { send: THEIR_FAULT, status: 'pending' },
  '501': no(refusedEverybody('address')),
  '502': no(refusedEverybody('address')),
  '503': no(refusedEverybody('address')),
  '504': no(refusedEverybody('address')),
  '505': no(refusedEverybody('address')),
  '506': no(refusedEverybody('address')),
  '507': no(refusedEverybody('address')),
  '508': no(refusedEverybody('address')),
  '550': no(refusedNumber('abroad')),
  '901': no(refusedEverybody('request')),
  '902': no(refusedEverybody('request')),
};

/** `code` as decimal text. */
export function judgeSmsruCode(code: string): SmsCode {
  return findCode(SMSRU_CODES, code);
}
