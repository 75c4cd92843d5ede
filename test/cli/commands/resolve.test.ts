import { describe, expect, it } from 'vitest';

import { resolve } from '../../../src/cli/commands/resolve.ts';
import { BOT, deliveryStory, invitationStory, knownCustomer, OPERATION_ID, runIn } from '../../support/fake-doors.ts';
import type { FakeWish } from '../../support/fake-doors.ts';

const DOUBTFUL = { listInDoubt: async () => [deliveryStory()], findCustomers: async () => [knownCustomer()] };
const ask = (
  wish: FakeWish,
  given: { readonly args?: readonly string[]; readonly flags?: Record<string, unknown>; readonly language?: 'ru' | 'en' } = {},
) => runIn(given.language ?? 'ru', wish, { command: resolve, args: given.args ?? [], flags: given.flags ?? {} });

describe('resolve', () => {
  it('lists what is in doubt with the guest masked and what is unknown', async () => {
    const { text, code, json } = await ask({ desk: DOUBTFUL }).result;
    expect(code).toBe(0);
    expect(text).toContain('Под вопросом 1 доставка');
    expect(text).toContain(`строка 12: А••• И•••, операция ${OPERATION_ID}, задача default: Telegram не ответил вовремя`);
    expect(text).toContain('попытка 7');
    expect(text).not.toContain('Анна');
    expect(JSON.stringify(json)).not.toContain('Анна');
    expect(json).toMatchObject({ inDoubt: [{ row: 12, guest: 'А••• И•••' }] });
  });

  it('lists in English, also nothing', async () => {
    expect((await ask({ desk: DOUBTFUL }, { language: 'en' }).result).text).toContain('1 delivery is in doubt');
    expect((await ask({}, { language: 'en' }).result).text).toBe('Nothing is in doubt.');
  });

  it.each([
    ['delivered', '2 доставки отмечены дошедшими.'],
    ['refused', '2 доставки отмечены недошедшими; повтора не будет.'],
    ['again', '2 доставки ждут следующего запуска; гость увидит пометку «возможно, повтор».'],
  ])('writes down what a person knows: %s', async (as, sentence) => {
    const { result, did } = ask(
      { desk: { resolve: async () => 2 } },
      { args: ['12', '13', '12'], flags: { as, reason: ' гость сказал ' } },
    );
    const { text, code } = await result;
    expect(code).toBe(0);
    expect(text).toBe(sentence);
    expect(did).toContain(`resolve("${BOT}", [12,13], "${as}", "anna@till-1: гость сказал")`);
  });

  it('lists SMS in doubt beside the notices, masked, with the way to settle them', async () => {
    const listInvitations = async () => [invitationStory({ state: 'in_doubt', reason: 'timeout', status: null, statusCode: null })];
    const { text, json } = await ask({ desk: { ...DOUBTFUL, listInvitations } }).result;
    expect(text).toContain('Под вопросом 1 СМС: неизвестно, принял ли оператор. Считается отправленной и не повторяется.');
    expect(text).toContain('7. А••• И•••');
    expect(text).toContain('под вопросом: оператор не ответил вовремя');
    expect(text).toContain('resolve СТРОКА… --sms --as delivered|refused');
    expect(`${text}${JSON.stringify(json)}`).not.toMatch(/79161234567|Анна/u);
    expect(json).toMatchObject({ inDoubt: [{ row: 12 }], inDoubtSms: [{ row: 7, bot: BOT }] });
    expect((await ask({ desk: { listInvitations } }, { language: 'en' }).result).text).toMatch(/^1 SMS is in doubt/u);
  });

  it.each([
    ['delivered', 'ru', 'Считаются отправленными: 2 СМС.'],
    ['refused', 'ru', 'Не отправлены: 2 СМС. Больше не считаются; следующая операция гостя может пригласить его снова.'],
    ['delivered', 'en', '2 SMS count as sent.'],
    ['refused', 'en', '2 SMS were never sent: they count no more, and the guests’ next operations may invite.'],
  ] as const)('writes down what a person knows of SMS: %s, in %s', async (as, language, sentence) => {
    const { result, did } = ask(
      { desk: { resolveInvitations: async () => 2 } },
      { args: ['7', '8'], flags: { sms: true, as, reason: 'кабинет' }, language },
    );
    expect((await result).text).toBe(sentence);
    expect(did).toContain(`resolveInvitations("${BOT}", [7,8], "${as}", "anna@till-1: кабинет")`);
  });

  it('resolves all at once', async () => {
    const { result, did } = ask(
      { desk: { resolve: async () => 5 } },
      { flags: { all: true, as: 'delivered', reason: 'x' }, language: 'en' },
    );
    expect((await result).text).toBe('5 deliveries are now delivered.');
    expect(did).toContain(`resolve("${BOT}", "all", "delivered", "anna@till-1: x")`);
  });

  it('says how many rows were not in doubt', async () => {
    const { code, text } = await ask({ desk: { resolve: async () => 1 } }, { args: ['12', '13'], flags: { as: 'delivered', reason: 'x' } })
      .result;
    expect(code).toBe(9);
    expect(text).toContain('не были (или уже не были) под вопросом: 1');
    await expect(ask({}, { args: ['13'], flags: { as: 'delivered', reason: 'x' } }).result).rejects.toMatchObject({
      code: 9,
      findings: [{ code: 'rows_not_in_doubt', args: { n: 1 } }],
    });
  });

  it.each([
    ['rows without a verdict', { args: ['12'], flags: { reason: 'x' } }, ['resolve_as_missing']],
    ['rows without a reason', { args: ['12'], flags: { as: 'again' } }, ['resolve_reason_missing']],
    ['a blank reason', { args: ['12'], flags: { as: 'again', reason: '  ' } }, ['resolve_reason_missing']],
    ['an SMS told once more', { args: ['7'], flags: { sms: true, as: 'again', reason: 'x' } }, ['resolve_sms_again']],
    ['a verdict without rows', { flags: { as: 'again' } }, ['resolve_what_missing']],
    ['rows and --all', { args: ['12'], flags: { all: true, as: 'again', reason: 'x' } }, ['resolve_rows_and_all']],
    ['what is no row', { args: ['0', 'abc'], flags: { as: 'again', reason: 'x' } }, ['bad_row', 'bad_row']],
    ['a reason that is a book', { args: ['12'], flags: { as: 'again', reason: 'x'.repeat(501) } }, ['reason_too_long']],
    ['all of it at once', { args: ['x'], flags: {} }, ['bad_row', 'resolve_reason_missing', 'resolve_as_missing']],
  ])('refuses %s', async (_what, given, codes) => {
    const { result, did } = ask({}, given);
    await expect(result).rejects.toMatchObject({ code: 2, findings: codes.map((code) => ({ code })) });
    expect(did).toEqual([]);
  });
});
