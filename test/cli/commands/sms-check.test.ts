import { describe, expect, it } from 'vitest';

import { checkSms } from '../../../src/cli/commands/sms-check.ts';
import type { Gateway } from '../../../src/ports/gateway.ts';
import { NOW, runIn } from '../../support/fake-doors.ts';

const KEY = 'key-of-nobody-0123456789';
const settingsOf = (operator: string, more = ''): string =>
  `restaurant:\n  name: Пенка\nsms:\n  operator: ${operator}\n  ${operator === 'pushsms' ? 'token' : 'apiKey'}: ${KEY}\n${more}`;
const SENDER = '  sender: PENKA\n';
const ask = (settings: string, gateway: Partial<Gateway> = {}, language: 'ru' | 'en' = 'ru') =>
  runIn(language, { settings, gateway }, { command: checkSms });

describe('sms check', () => {
  it('tells balance, sender and price, and lets go of the gateway', async () => {
    const { result, did } = ask(settingsOf('smsru', SENDER));
    const { text, code, json } = await result;
    expect(code).toBe(0);
    expect(text.split('\n')).toEqual([
      'SMS.RU (default)',
      '  баланс: 780,70\u00a0₽',
      '  отправитель: PENKA, имя согласовано',
      '  имена в учётной записи: PENKA',
      '  приглашение: 2 сегмента, 9\u00a0₽ по ответу оператора',
      '  баланса хватит на 86 приглашений',
    ]);
    expect(json).toMatchObject({
      command: 'sms check',
      gateways: [{ operator: 'smsru', tasks: ['default'], balance: '780.70', approved: true, enoughFor: 86, findings: [] }],
    });
    expect(did.at(-1)).toBe('close()');
    expect(did.some((call) => call.startsWith('send('))).toBe(false);
  });

  it('tells it in English, by the settings’ price where the operator has none', async () => {
    const { text, code } = await ask(settingsOf('p1sms', `${SENDER}  price: 4.5\n`), {}, 'en').result;
    expect(code).toBe(0);
    expect(text.split('\n')).toEqual([
      'P1SMS (default)',
      '  balance: 780.70\u00a0₽',
      '  sender: PENKA, approved',
      '  names in the account: PENKA',
      '  an invitation: 2 segments, 9\u00a0₽ by sms.price',
      '  the balance pays for 86 invitations',
    ]);
  });

  it('asks for the price where nobody tells one', async () => {
    const { text, code } = await ask(settingsOf('pushsms', SENDER)).result;
    expect(code).toBe(0);
    expect(text).toContain('цену оператор не сообщает, укажите её в sms.price');
    expect(text).not.toContain('хватит');
  });

  it.each([
    ['smsru', 'под именем по умолчанию'],
    ['pushsms', 'под именем по умолчанию'],
    ['p1sms', 'придут с номера оператора'],
  ])('warns where no sender is set: %s', async (operator, words) => {
    const { text, code } = await ask(settingsOf(operator)).result;
    expect(code).toBe(0);
    expect(text).toContain('отправитель: не задан');
    expect(text).toContain(words);
  });

  it.each([
    ['smsru', 'СМС будут отклонены'],
    ['p1sms', 'СМС будут отклонены'],
    ['pushsms', 'молча заменит его своим'],
  ])('refuses a sender that is not approved: %s', async (operator, words) => {
    const senders = [{ name: 'CAFE', approved: true }];
    const { text, code } = await ask(settingsOf(operator, SENDER), { readSenders: async () => ({ answer: 'senders', senders }) }).result;
    expect(code).toBe(5);
    expect(text).toContain('отправитель: PENKA, имя не согласовано');
    expect(text).toContain('(CAFE)');
    expect(text).toContain(words);
  });

  it('knows a name that waits for approval from one of which nobody says it', async () => {
    const withApproval = async (approved: boolean | null): Promise<string> =>
      (
        await ask(settingsOf('p1sms', SENDER), {
          readSenders: async () => ({ answer: 'senders', senders: [{ name: 'Penka', approved }] }),
        }).result
      ).text;
    expect(await withApproval(false)).toContain('имя не согласовано');
    expect(await withApproval(null)).toContain('оператор не говорит');
    expect(await withApproval(true)).toContain('PENKA, имя согласовано');
  });

  it.each(['0', '3.50', '-12'])('says that a balance of %s pays for nothing', async (roubles) => {
    const { text, code } = await ask(settingsOf('smsru', SENDER), { readBalance: async () => ({ answer: 'balance', roubles }) }).result;
    expect(code).toBe(5);
    expect(text).toContain('пополните счёт');
  });

  it.each([
    [
      { answer: 'unusable', code: 'unauthorized', detail: '200 Неправильный api_id' },
      5,
      'SMS.RU отказывает: ключ неверен (200 Неправильный api_id).',
    ],
    [{ answer: 'unreachable', detail: 'connect ECONNREFUSED' }, 8, 'SMS.RU недоступен (connect ECONNREFUSED).'],
    [{ answer: 'server', detail: 'HTTP 502' }, 8, 'не разобрать (HTTP 502)'],
    [{ answer: 'unreadable', detail: '' }, 8, 'не разобрать.'],
    [{ answer: 'limited', until: NOW + 30_000 }, 8, 'просит подождать 30 секунд'],
  ] as const)('ends with what keeps the operator from answering: %j', async (trouble, exit, words) => {
    const { text, code } = await ask(settingsOf('smsru', SENDER), { readBalance: async () => trouble }).result;
    expect(code).toBe(exit);
    expect(text).toContain(words);
    const senders = await ask(settingsOf('smsru', SENDER), { readSenders: async () => trouble }).result;
    expect(senders.code).toBe(exit);
  });

  it('says why the operator would not tell the price', async () => {
    const refused = { answer: 'refused', code: 'sender_unregistered', detail: '204 Имя отправителя' } as const;
    const { text, code } = await ask(settingsOf('smsru', SENDER), { readCost: async () => refused }).result;
    expect(code).toBe(5);
    expect(text).toContain('имя отправителя не зарегистрировано у оператора гостя (204 Имя отправителя)');
  });

  it('shows no key, in either form', async () => {
    const { text, json } = await ask(settingsOf('smsru', SENDER)).result;
    expect(text + JSON.stringify(json)).not.toContain(KEY);
  });

  it('needs an operator, and its own key', async () => {
    await expect(ask('').result).rejects.toMatchObject({ code: 2, findings: [{ code: 'sms_off' }] });
    await expect(ask('sms:\n  operator: smsru\n').result).rejects.toMatchObject({ code: 2, findings: [{ code: 'gateway_key_missing' }] });
    await expect(ask(`sms:\n  operator: pushsms\n  apiKey: ${KEY}\n`).result).rejects.toMatchObject({
      findings: [{ code: 'gateway_key_missing', args: { operator: 'pushsms' } }],
    });
  });

  it('calls nobody when the proxy’s secret can’t be read', async () => {
    const { result, did } = ask(settingsOf('smsru', '  proxy: file:/nowhere/at/all\n'));
    await expect(result).rejects.toMatchObject({ name: 'SettingsRefused' });
    expect(did).toEqual([]);
  });
});
