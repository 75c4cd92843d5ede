import { describe, expect, it } from 'vitest';

import { preview } from '../../../src/cli/commands/preview.ts';
import { CommandProblem } from '../../../src/cli/problem.ts';
import type { Operation } from '../../../src/core/operation.ts';
import type { PlannedRow } from '../../../src/ports/plan.ts';
import { CUSTOMER_ID, customerStory, knownCustomer, OPERATION_ID, runIn } from '../../support/fake-doors.ts';
import type { FakeWish } from '../../support/fake-doors.ts';

const OPERATION: Operation = {
  id: OPERATION_ID,
  customerId: CUSTOMER_ID,
  accountTypeId: 'type-1',
  accountType: 'Бонусный',
  date: '2026-11-24 11:42:00.000',
  sum: -4_500_000n,
  document: '77',
  description: 'Кофе & <пирог>',
  division: null,
  returnOf: null,
  balanceAfter: 12_500_000n,
};
const STORY = customerStory({ operations: [OPERATION] });
const OLDER_ID = '44444444-4444-4444-8444-444444444444';

const row = (operation: Operation): PlannedRow => ({
  operation,
  customer: knownCustomer(),
  groupAncestors: [],
  chatId: null,
  language: null,
  verdict: 'not_subscribed',
});
const ask = (wish: FakeWish, args: readonly string[] = [], flags = {}) =>
  runIn('ru', { settings: 'restaurant:\n  name: Пенка\n', ...wish }, { command: preview, args, flags });

describe('preview', () => {
  it('shows the newest operation’s notice as the guest will see it, with its length and text', async () => {
    const asked: string[] = [];
    const readStory = async (_bot: string, key: object) => {
      asked.push(JSON.stringify(key));
      return STORY;
    };
    const older = row({ ...OPERATION, id: OLDER_ID, date: '2026-11-24 09:00:00.000' });
    const { text, code, json } = await ask({ desk: { readStory }, previewRows: [row(OPERATION), older] }).result;
    expect(code).toBe(0);
    expect(asked).toEqual([JSON.stringify({ operationId: OPERATION_ID })]);
    expect(text).toContain(`Задача default, операция ${OPERATION_ID}, язык гостя ru:`);
    expect(text).toMatch(/\n {4}Пенка\n {4}➖ Списано со счёта «Бонусный»: 450\u00a0₽\n/u);
    expect(text).toContain('24\u00a0ноября, 11:42');
    expect(text).toContain('Остаток: 1\u00a0250\u00a0₽');
    expect(text).toMatch(/Символов \d+ из 4[\s,\u00a0\u202f]?096; собственный текст программы/u);
    expect(json).toMatchObject({ schema: 1, command: 'preview', template: null, fallback: null, language: 'ru' });
  });

  it('looks further back when the last day has nothing', async () => {
    const old = { ...OPERATION, date: '2026-09-01 09:00:00.000' };
    const { result, did } = ask({ desk: { readStory: async () => customerStory({ operations: [old] }) }, previewRows: [row(old)] });
    expect((await result).text).toContain('1\u00a0сентября');
    expect(did.filter((call) => call.startsWith('preview('))).toEqual([
      'preview(2026-11-23 12:00:00.000)',
      'preview(2026-11-17 12:00:00.000)',
      'preview(2026-10-24 12:00:00.000)',
      'preview(2025-11-23 12:00:00.000)',
    ]);
  });

  it('takes none that is dated far ahead by a slip of the hand', async () => {
    const { result, did } = ask({
      desk: { readStory: async () => STORY },
      previewRows: [row(OPERATION), row({ ...OPERATION, id: OLDER_ID, date: '2096-11-06 04:38:00.000' })],
    });
    await result;
    expect(did.some((call) => call.startsWith('readStory(') && call.includes(OPERATION_ID))).toBe(true);
  });

  it('finds the newest of thousands by halving', async () => {
    const rows = Array.from({ length: 3000 }, (_none, at) =>
      row({
        ...OPERATION,
        id: `operation-${at}`,
        date: `2026-11-24 ${String(Math.floor(at / 300)).padStart(2, '0')}:${String(Math.floor((at % 300) / 5)).padStart(2, '0')}:${String((at % 5) * 10).padStart(2, '0')}.000`,
      }),
    );
    const wanted: string[] = [];
    const readStory = async (_bot: string, key: object) => {
      const id = String(Object.values(key)[0]);
      wanted.push(id);
      return customerStory({ operations: [{ ...OPERATION, id }] });
    };
    const { result, did } = ask({ desk: { readStory }, previewRows: rows });
    await result;
    expect(wanted).toEqual(['operation-2999']);
    expect(did.filter((call) => call.startsWith('preview(')).length).toBeLessThan(45);
  });

  it('takes the operation that is named, in any spelling, and the guest’s own language', async () => {
    const { text } = await ask({ desk: { readStory: async () => ({ ...STORY, guestLanguage: 'en' }) } }, [
      `{${OPERATION_ID.toUpperCase()}}`,
    ]).result;
    expect(text).toContain('язык гостя en');
    expect(text).toContain('Taken from “Бонусный”');
  });

  it('shows either language on demand', async () => {
    const answer = await runIn(
      'en',
      { desk: { readStory: async () => STORY } },
      { command: preview, args: [OPERATION_ID], flags: { guestLanguage: 'en' } },
    ).result;
    expect(answer.text).toContain(`Task default, operation ${OPERATION_ID}, guest’s language en:`);
    expect(answer.text).toContain('the program’s own text');
  });

  it('names the template it used', async () => {
    const settings =
      "notice:\n  templates:\n    - sign: credit\n      text: { ru: 'плюс' }\n    - sign: debit\n      text: { ru: 'Минус {absAmount}' }\n";
    const { text, json } = await ask({ settings, desk: { readStory: async () => STORY } }, [OPERATION_ID]).result;
    expect(text).toContain('Минус 450');
    expect(text).toContain('текст: notice.templates, № 2');
    expect(json).toMatchObject({ template: 1 });
  });

  it('shows the current balance where the settings say so', async () => {
    const account = { customerId: CUSTOMER_ID, accountTypeId: 'type-1', accountType: 'Бонусный', balance: 99_000_000n };
    const { text } = await ask({ settings: 'notice:\n  balance: current\n', desk: { readStory: async () => STORY }, accounts: [account] }, [
      OPERATION_ID,
    ]).result;
    expect(text).toContain('Сейчас на счёте: 9\u00a0900\u00a0₽');
  });

  it.each([
    ['what is no identifier', ['12'], 2, 'bad_guid'],
    ['an operation that doesn’t exist', [OPERATION_ID], 9, 'operation_unknown'],
    ['filters that find nothing', [], 9, 'no_operation'],
  ])('refuses %s', async (_what, args, code, finding) => {
    const error = await ask({}, args).result.catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(CommandProblem);
    expect(error).toMatchObject({ code, findings: [{ code: finding }] });
  });
});
