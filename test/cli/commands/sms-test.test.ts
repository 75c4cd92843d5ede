import { describe, expect, it } from 'vitest';

import { testSms } from '../../../src/cli/commands/sms-test.ts';
import type { SmsOutcome } from '../../../src/core/sms-outcome.ts';
import { BOT, runIn } from '../../support/fake-doors.ts';
import type { FakeWish } from '../../support/fake-doors.ts';

const KEY = 'key-of-nobody-0123456789';
const SETTINGS = `restaurant:\n  name: Пенка\nsms:\n  operator: smsru\n  apiKey: ${KEY}\n  sender: PENKA\n`;
const PHONE = '8 (916) 123-45-67';
const ACCEPTED: SmsOutcome = {
  outcome: 'accepted',
  gatewayId: '202648-1000001',
  segments: null,
  cost: '9.00',
  warning: null,
  detail: '',
};

const ask = (
  wish: FakeWish,
  flags: Record<string, unknown> = {},
  { phone = PHONE, language = 'ru' }: { readonly phone?: string; readonly language?: 'ru' | 'en' } = {},
) => runIn(language, { settings: SETTINGS, ...wish }, { command: testSms, args: [phone], flags });
const sending = (outcome: SmsOutcome): FakeWish => ({ gateway: { send: async () => outcome } });
const sends = (did: readonly string[]): readonly string[] => did.filter((call) => call.startsWith('send('));

describe('sms test', () => {
  it('shows text, segments and price, and sends nothing until it is confirmed', async () => {
    const { result, did } = ask({});
    const { text, code, json } = await result;
    expect(code).toBe(9);
    expect(text.split('\n')).toEqual([
      'Через SMS.RU на 7••••••••67, от имени PENKA:',
      '  Пенка: операции по вашему счёту в Telegram https://t.me/penka_bot',
      'Эта СМС: 2 сегмента, 9\u00a0₽ по ответу оператора.',
      'Ничего не отправлено. Чтобы отправить, добавьте --yes.',
    ]);
    expect(json).toMatchObject({ sent: false, number: '7••••••••67', outcome: null });
    expect(sends(did)).toEqual([]);
  });

  it('sends one SMS to the whole number, and says who took it', async () => {
    const { result, did } = ask(sending(ACCEPTED), { yes: true });
    const { text, code, json } = await result;
    expect(code).toBe(0);
    expect(text).toContain('Принята под номером 202648-1000001. Дошла ли она и под каким именем?');
    expect(sends(did)).toHaveLength(1);
    expect(sends(did)[0]).toContain('"number":"79161234567"');
    expect(sends(did)[0]).toContain('"reference":"tp-test-333333333333"');
    expect(json).toMatchObject({ sent: true, outcome: { gatewayId: '202648-1000001' } });
  });

  it('tells it in English', async () => {
    const { text } = await ask(sending({ ...ACCEPTED, warning: 'sender_replaced' }), { yes: true }, { language: 'en' }).result;
    expect(text).toContain('By SMS.RU to 7••••••••67, from PENKA:');
    expect(text).toContain('Mind: under another sender name.');
  });

  it.each<[SmsOutcome, number, string]>([
    [
      { outcome: 'refused', whose: 'number', code: 'stop_list', detail: '209' },
      9,
      'Отказ: номер в стоп-листе (209). Ничего не отправлено.',
    ],
    [{ outcome: 'refused', whose: 'everybody', code: 'no_money', detail: '' }, 5, 'Отказ: на счёте нет денег. Ничего не отправлено.'],
    [{ outcome: 'later', code: 'unreachable', notBefore: null, detail: 'x' }, 8, 'Не отправлена: оператор был недоступен (x).'],
    [{ outcome: 'later', code: 'not_begun', notBefore: null, detail: '' }, 130, 'Не отправлена: не начато: запуск завершался.'],
    [{ outcome: 'in_doubt', code: 'timeout', detail: '' }, 4, 'Под вопросом: оператор не ответил вовремя. СМС могла уйти'],
  ])('ends with what became of it: %j', async (outcome, exit, words) => {
    const { text, code, json } = await ask(sending(outcome), { yes: true }).result;
    expect(code).toBe(exit);
    expect(text).toContain(words);
    expect(json).toMatchObject({ sent: false });
  });

  describe.each([
    [
      'ru',
      'Эта СМС: 1 сегмент; цену узнать не удалось (предел оператора для этого номера).',
      'SMS.RU отказывает: предел оператора для этого номера (231).',
      'Отказ: предел оператора для этого номера (231). Ничего не отправлено.',
    ],
    [
      'en',
      'This SMS: 1 segment; the price could not be learnt (the operator’s limit for this number).',
      'SMS.RU refuses: the operator’s limit for this number (231).',
      'Refused: the operator’s limit for this number (231). Nothing was sent.',
    ],
  ] as const)('of a text that the operator refuses for its number (%s)', (language, price, finding, refusal) => {
    const refused = { code: 'number_limit', detail: '231' } as const;
    const gateway = {
      readCost: async () => ({ answer: 'refused', ...refused }) as const,
      send: async () => ({ outcome: 'refused', whose: 'number', ...refused }) as const,
    };

    it('blames no missing price, and tells the refusal once when it is only shown', async () => {
      const { text } = await ask({ gateway }, {}, { language }).result;
      expect(text).toContain(price);
      expect(text.split('\n').filter((line) => line === finding)).toHaveLength(1);
    });

    it('tells the refusal once when it is sent', async () => {
      const { text, code } = await ask({ gateway }, { yes: true }, { language }).result;
      expect(code).toBe(9);
      expect(text).toContain(price);
      expect(text).toContain(refusal);
      expect(text).not.toContain(finding);
    });
  });

  it('tells another reason of the price beside what became of the SMS', async () => {
    const gateway = { readCost: async () => ({ answer: 'unreadable', detail: 'HTML' }) as const, send: async () => ACCEPTED };
    const { text } = await ask({ gateway }, { yes: true }).result;
    expect(text).toContain('цену узнать не удалось (ответ не удалось разобрать)');
    expect(text).toContain('(HTML)');
    expect(text).toContain('Принята под номером');
  });

  it('goes without the bot’s name where Telegram or the token is missing', async () => {
    const unreachable = { identify: async () => ({ answer: 'unreachable', detail: '' }) as const };
    expect((await ask({ channel: unreachable }).result).text).toContain('в Telegram https://t.me\n');
    const bare = { bare: true, settings: `database: site.sqlite\nzone: Europe/Moscow\n${SETTINGS}` };
    const { result, did } = ask(bare);
    expect((await result).text).toContain('в Telegram https://t.me\n');
    expect(did.some((call) => call.startsWith('identify'))).toBe(false);
  });

  it.each(['8 495 123-45-67', '+48 221 234 567', '12', 'abc'])('refuses %s, which gets no SMS', async (phone) => {
    const { result, did } = ask({}, { yes: true }, { phone });
    await expect(result).rejects.toMatchObject({ code: 2, findings: [{ code: 'bad_test_phone', args: { countries: 'RU' } }] });
    expect(did).toEqual([]);
  });

  it('asks which account where the tasks have several', async () => {
    const tasks = `tasks:\n  one:\n    telegram:\n      token: ${BOT}:${'B'.repeat(35)}\n  two:\n    sms:\n      sender: CAFE\n`;
    const wish = { settings: `${SETTINGS}${tasks}`, ...sending(ACCEPTED) };
    await expect(ask(wish, { yes: true }).result).rejects.toMatchObject({
      code: 2,
      findings: [{ code: 'sms_several', args: { tasks: 'one, two' } }],
    });
    expect((await ask(wish, { yes: true, task: 'two' }).result).text).toContain('от имени CAFE');
  });

  it('shows neither key nor number, in either form', async () => {
    const { text, json } = await ask(sending(ACCEPTED), { yes: true }).result;
    const said = text + JSON.stringify(json);
    expect(said).not.toContain(KEY);
    expect(said).not.toContain('9161234567');
  });
});
