import {
  ACCEPTED,
  findCode,
  IN_MODERATION,
  LIMITED,
  refusedEverybody,
  refusedNumber,
  THEIR_FAULT,
  UNAVAILABLE,
  UNKNOWN_CODE,
} from './verdict.ts';
import type { SmsCode, SmsVerdict } from './verdict.ts';

/** Final by the operator's own table: this SMS never arrives. */
const no = (send: SmsVerdict): SmsCode => ({ send, status: 'undelivered' });
const onItsWay: SmsCode = { send: ACCEPTED, status: 'pending' };
const arrived: SmsCode = { send: ACCEPTED, status: 'delivered' };

/**
 * `status_id` of PUSHSMS (`rame0/PushSMSAPI` Statuses.php; 37 and 38 from a sibling brand). That the answer to a send can hold a final failure is
 * inferred from the table: nobody published one. Internal errors (9, 10) and «unknown» (7) don't say whether the SMS went out.
 */
export const PUSHSMS_STATUSES: Readonly<Record<string, SmsCode>> = {
  '0': no(refusedNumber('rejected')),
  '1': onItsWay,
  '2': arrived,
  '3': no(refusedNumber('rejected')),
  '4': no(refusedNumber('rejected')),
  '5': no(refusedNumber('no_route')),
  '6': onItsWay,
  '7': { send: UNKNOWN_CODE, status: 'unknown' },
  '8': no(refusedNumber('rejected')),
  '9': no(THEIR_FAULT),
  '10': no(THEIR_FAULT),
  '11': no(refusedNumber('bad_number')),
  '12': no(refusedNumber('rejected')),
  '13': no(refusedEverybody('no_money')),
  '14': onItsWay,
  '15': onItsWay,
  '16': arrived,
  '17': no(LIMITED),
  '18': no(refusedNumber('rejected')),
  '20': no(refusedNumber('rejected')),
  '21': { send: IN_MODERATION, status: 'pending' },
  '22': no(refusedEverybody('text')),
  '25': no(refusedNumber('rejected')),
  '26': no(refusedEverybody('text')),
  '27': no(refusedNumber('rejected')),
  '28': no(refusedNumber('rejected')),
  '31': no(refusedEverybody('no_money')),
  '32': no(refusedEverybody('account')),
  '33': no(refusedEverybody('request')),
  '34': no(refusedNumber('abroad')),
  '35': no(LIMITED),
  '36': no(refusedEverybody('account')),
  '37': no(refusedEverybody('daily_limit')),
  '38': no(refusedEverybody('sender')),
  '44': no(refusedNumber('no_route')),
  '45': no(refusedEverybody('account')),
  '46': onItsWay,
  '47': no(UNAVAILABLE),
  '48': no(refusedNumber('no_route')),
  '49': no(refusedNumber('sender_unregistered')),
  '50': no(refusedEverybody('account')),
  '51': no(UNAVAILABLE),
  '69': no(refusedNumber('rejected')),
  '88': no(refusedNumber('rejected')),
  '257': no(refusedNumber('rejected')),
  '555': no(refusedNumber('stop_list')),
  '1281': no(refusedNumber('sender_unregistered')),
  '1282': no(refusedNumber('stop_list')),
  '1283': no(refusedEverybody('text')),
  '1284': no(refusedEverybody('text')),
  '1285': no(refusedNumber('rejected')),
  '1286': no(refusedNumber('rejected')),
  '1287': no(refusedNumber('rejected')),
  '1288': no(refusedNumber('rejected')),
  '1293': no(refusedNumber('rejected')),
  '1299': no(refusedNumber('rejected')),
  '2291': no(refusedNumber('stop_list')),
};

/** `statusId` as decimal text. */
export function judgePushsmsStatus(statusId: string): SmsCode {
  return findCode(PUSHSMS_STATUSES, statusId);
}

/**
 * `meta.code` where it is not 200; `fields` are the names in `errors`. Of the codes 401 and 422 are known, the rest goes by what HTTP means by them.
 * Below 400 and unknown words say nothing.
 */
export function judgePushsmsFailure(code: number, fields: readonly string[]): SmsVerdict {
  if (code === 429) return LIMITED;
  if (code >= 500 && code < 600) return THEIR_FAULT;
  if (code < 400 || code >= 600) return UNKNOWN_CODE;
  if (code === 401) return refusedEverybody('unauthorized');
  if (code === 402) return refusedEverybody('no_money');
  if (code === 403) return refusedEverybody('account');
  if (fields.some((field) => /phone/i.test(field))) return refusedNumber('bad_number');
  if (fields.some((field) => /sender/i.test(field))) return refusedEverybody('sender');
  if (fields.some((field) => /text/i.test(field))) return refusedEverybody('text');
  return refusedEverybody('request');
}
