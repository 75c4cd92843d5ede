import { describe, expect, it } from 'vitest';

import { retry } from '../../../src/cli/commands/retry.ts';
import { BOT, deliveryStory, knownCustomer, runIn } from '../../support/fake-doors.ts';
import type { FakeWish } from '../../support/fake-doors.ts';

const REFUSED = { listRefused: async () => [deliveryStory()], findCustomers: async () => [knownCustomer()] };
const ask = (
  wish: FakeWish,
  given: { readonly args?: readonly string[]; readonly flags?: Record<string, unknown>; readonly language?: 'ru' | 'en' } = {},
) => runIn(given.language ?? 'ru', wish, { command: retry, args: given.args ?? [], flags: given.flags ?? {} });

describe('retry', () => {
  it('lists refusals that are ours, the guest masked, in both languages, also none', async () => {
    const { text, code, json } = await ask({ desk: REFUSED }).result;
    expect(code).toBe(0);
    expect(text).toContain('1 доставка отклонена из-за нашего текста или прав');
    expect(text).toContain('строка 12: А••• И•••');
    expect(JSON.stringify(json)).not.toContain('Анна');
    expect((await ask({}, { language: 'en' }).result).text).toBe('No delivery was refused because of our text or our rights.');
  });

  it('puts rows back and keeps who said why', async () => {
    const { result, did } = ask({ desk: { retry: async () => 2 } }, { args: ['12', '13'], flags: { reason: 'шаблон исправлен' } });
    expect(await result).toMatchObject({ code: 0, text: '2 доставки ждут следующего запуска.' });
    expect(did.join()).toContain(
      `retry({"botId":"${BOT}","rows":[12,13],"codes":["bad_text","too_long","bad_request","no_template","bad_record"]`,
    );
    expect(did.join()).toContain('anna@till-1: шаблон исправлен');
  });

  it('says how many rows were none of ours', async () => {
    const { code, text } = await ask({ desk: { retry: async () => 1 } }, { args: ['12', '13'], flags: { reason: 'x' }, language: 'en' })
      .result;
    expect(code).toBe(9);
    expect(text).toContain('1 delivery waits for the next run.');
    expect(text).toContain('not (or no longer) refused because of us: 1');
  });

  it('says only this where none of the rows was ours', async () => {
    const { text } = await ask({ desk: { retry: async () => 0 } }, { args: ['12'], flags: { reason: 'x' } }).result;
    expect(text).toBe('Строк, которые не были (или уже не были) отклонены по нашей вине: 1.');
  });

  it('says that there was nothing to put back', async () => {
    const { text } = await ask({ desk: { retry: async () => 0 } }, { flags: { all: true, reason: 'x' } }).result;
    expect(text).toBe('Таких отказов нет.');
  });

  it.each([
    ['rows without a reason', { args: ['12'] }, ['resolve_reason_missing']],
    ['a reason without rows', { flags: { reason: 'x' } }, ['resolve_what_missing']],
    ['what is no row', { args: ['0'], flags: { reason: 'x' } }, ['bad_row']],
  ])('refuses %s', async (_what, given, codes) => {
    await expect(ask({}, given).result).rejects.toMatchObject({ code: 2, findings: codes.map((code) => ({ code })) });
  });
});
