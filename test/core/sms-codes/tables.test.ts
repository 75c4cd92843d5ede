import { describe, expect, it } from 'vitest';

import { judgeP1smsFailure, judgeP1smsStatus, P1SMS_STATUSES } from '../../../src/core/sms-codes/p1sms.ts';
import { judgePushsmsFailure, judgePushsmsStatus, PUSHSMS_STATUSES } from '../../../src/core/sms-codes/pushsms.ts';
import { judgeSmsruCode, SMSRU_CODES } from '../../../src/core/sms-codes/smsru.ts';
import type { SmsCode, SmsVerdict } from '../../../src/core/sms-codes/verdict.ts';

/** `number bad_number`, `everybody text`, `later limited`, `in_doubt server`, `accepted moderation`. */
function tell(verdict: SmsVerdict): string {
  switch (verdict.verdict) {
    case 'accepted':
      return verdict.warning === null ? 'accepted' : `accepted ${verdict.warning}`;
    case 'refused':
      return `${verdict.whose} ${verdict.code}`;
    default:
      return `${verdict.verdict} ${verdict.code}`;
  }
}

const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');

/** Each code once, by what it means for a send. */
const SMSRU: Readonly<Record<string, string>> = {
  accepted: '100 101 102 103 110',
  'number rejected': '104 105 106 107 108',
  'number no_route': '150 207',
  'number bad_number': '202',
  'number sender_unregistered': '204',
  'number stop_list': '209 215',
  'number abroad': '214 550',
  'number number_limit': '230 231 232 233',
  'everybody unauthorized': '200 300 301',
  'everybody no_money': '201',
  'everybody text': '203 205 212 216 217',
  'everybody daily_limit': '206',
  'everybody request': '208 210 211 213 901 902',
  'everybody sender': '221',
  'everybody account': '302 303 304 305',
  'everybody address': '501 502 503 504 505 506 507 508',
  'later unavailable': '220',
  'in_doubt server': '500',
  'in_doubt unreadable': '-1',
};

const PUSHSMS: Readonly<Record<string, string>> = {
  accepted: '1 2 6 14 15 16 46',
  'accepted moderation': '21',
  'number rejected': '0 3 4 8 12 18 20 25 27 28 69 88 257 1285 1286 1287 1288 1293 1299',
  'number no_route': '5 44 48',
  'number bad_number': '11',
  'number abroad': '34',
  'number sender_unregistered': '49 1281',
  'number stop_list': '555 1282 2291',
  'everybody no_money': '13 31',
  'everybody text': '22 26 1283 1284',
  'everybody account': '32 36 45 50',
  'everybody request': '33',
  'everybody daily_limit': '37',
  'everybody sender': '38',
  'later limited': '17 35',
  'later unavailable': '47 51',
  'in_doubt server': '9 10',
  'in_doubt unreadable': '7',
};

const P1SMS: Readonly<Record<string, string>> = {
  accepted: 'created planned sent delivered read',
  'accepted moderation': 'moderation',
  'number rejected': 'not_delivered not_sent error rejected',
  'everybody no_money': 'low_balance',
  'in_doubt server': 'low_partner_balance',
};

const STATUSES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'SMS.RU': { pending: '100 101 102 220 500', delivered: '103 110', unknown: '-1' },
  PUSHSMS: { pending: '1 6 14 15 21 46', delivered: '2 16', unknown: '7' },
  P1SMS: { pending: 'created planned moderation sent low_partner_balance', delivered: 'delivered read' },
};

describe.each([
  ['SMS.RU', SMSRU, SMSRU_CODES, judgeSmsruCode],
  ['PUSHSMS', PUSHSMS, PUSHSMS_STATUSES, judgePushsmsStatus],
  ['P1SMS', P1SMS, P1SMS_STATUSES, (status: string): SmsCode => judgeP1smsStatus(status, '')],
] as const)('the codes of %s', (operator, expected, table, judge) => {
  const rows = Object.entries(expected).flatMap(([meaning, codes]) => words(codes).map((code) => [code, meaning] as const));
  const statusOf = (code: string): string =>
    Object.entries(STATUSES[operator] ?? {}).find(([, codes]) => words(codes).includes(code))?.[0] ?? 'undelivered';

  it('are all in the table, and no other', () => {
    expect(Object.keys(table).toSorted()).toEqual(rows.map(([code]) => code).toSorted());
  });

  it.each(rows)('%s means %s', (code, meaning) => {
    expect(tell(judge(code).send)).toBe(meaning);
    expect(judge(code).status).toBe(statusOf(code));
  });

  it.each(['99999', 'constructor', '', 'something'])('«%s» is no code, so it is in doubt', (code) => {
    expect(judge(code)).toEqual({ send: { verdict: 'in_doubt', code: 'unreadable' }, status: 'unknown' });
  });
});

describe('an error of P1SMS', () => {
  it.each([
    [400, 'Неверный apiKey', 'everybody unauthorized'],
    [400, 'Unauthenticated.', 'everybody unauthorized'],
    [400, 'Недостаточно средств на балансе', 'everybody no_money'],
    [400, 'Абонент 7999 в чёрном списке', 'number stop_list'],
    [400, 'Имя отправителя не найдено', 'everybody sender'],
    [400, 'The sms.0.sender field is required.', 'everybody sender'],
    [422, 'The sms.0.phone must be 11 digits.', 'number bad_number'],
    [400, 'The sms.0.text is invalid', 'everybody text'],
    [400, 'Что-то ещё', 'everybody request'],
    [200, '', 'everybody request'],
    [401, 'телефон', 'everybody unauthorized'],
    [402, '', 'everybody no_money'],
    [429, '', 'later limited'],
    [500, 'баланс', 'in_doubt server'],
  ])('%i «%s» means %s', (status, said, meaning) => {
    expect(tell(judgeP1smsFailure(status, { words: said }))).toBe(meaning);
  });

  it.each([
    ['0', 'everybody request'],
    ['1', 'number bad_number'],
    ['2', 'everybody account'],
    ['3', 'everybody request'],
  ])('with the number %s means %s', (number, meaning) => {
    expect(tell(judgeP1smsFailure(400, { words: '', number }))).toBe(meaning);
  });

  it.each([
    ['error', 'Абонент в стоп-листе', 'number stop_list'],
    ['not_sent', 'Недостаточно средств', 'everybody no_money'],
    ['rejected', 'Имя отправителя не одобрено', 'everybody sender'],
    ['error', 'Ошибка 17', 'number rejected'],
    ['sent', 'Недостаточно средств', 'accepted'],
    ['low_balance', 'номер', 'everybody no_money'],
  ])('of one SMS, %s «%s», means %s', (status, said, meaning) => {
    expect(tell(judgeP1smsStatus(status, said).send)).toBe(meaning);
  });
});

describe('an error of PUSHSMS', () => {
  it.each([
    [401, [], 'everybody unauthorized'],
    [402, [], 'everybody no_money'],
    [403, [], 'everybody account'],
    [404, [], 'everybody request'],
    [422, ['text'], 'everybody text'],
    [422, ['phone'], 'number bad_number'],
    [422, ['sender_name'], 'everybody sender'],
    [422, ['callback_url'], 'everybody request'],
    [429, [], 'later limited'],
    [500, [], 'in_doubt server'],
    [503, ['phone'], 'in_doubt server'],
    [0, [], 'in_doubt unreadable'],
    [200, [], 'in_doubt unreadable'],
    [302, [], 'in_doubt unreadable'],
    [1000, [], 'in_doubt unreadable'],
  ])('%i about %j means %s', (code, fields, meaning) => {
    expect(tell(judgePushsmsFailure(code, fields))).toBe(meaning);
  });
});
