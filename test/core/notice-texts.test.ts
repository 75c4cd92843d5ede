import { describe, expect, test } from 'vitest';
import type { Language } from '../../src/core/glossary.ts';
import { composeNotice } from '../../src/core/notice.ts';
import { DIGEST_VARIABLES, NOTICE_TEXTS, NOTICE_VARIABLES } from '../../src/core/notice-texts.ts';
import type { Operation } from '../../src/core/operation.ts';
import type { NoticeSettings, Unit } from '../../src/core/settings.ts';
import { checkTemplate } from '../../src/core/template.ts';

const POINTS: Unit = {
  accountType: 'points',
  text: { ru: '{count, plural, one {балл} few {балла} many {баллов} other {балла}}', en: '{count, plural, one {point} other {points}}' },
  digits: 0,
};
const settings: NoticeSettings = { balance: 'after', digestGapMs: 60_000, digestWaitMs: 10_000, templates: [], units: [POINTS] };
const words = {
  ru: { restaurant: 'Кофейня «Пенка»', deposit: 'Депозит', points: 'Бонусы' },
  en: { restaurant: 'Foam Café', deposit: 'Deposit', points: 'Bonus' },
};

function operation(language: Language, fields: Partial<Operation>): Operation {
  const accountType = words[language][fields.accountTypeId === 'points' ? 'points' : 'deposit'];
  return {
    id: 'o1',
    customerId: 'c1',
    accountTypeId: 'deposit',
    accountType,
    date: '2026-11-24 19:42:10.000',
    sum: -4_500_000n,
    document: null,
    description: null,
    division: null,
    returnOf: null,
    balanceAfter: 12_500_000n,
    ...fields,
  };
}

interface Case {
  readonly operations: readonly Partial<Operation>[];
  readonly repeat?: boolean;
  readonly balance?: NoticeSettings['balance'];
}

function notice(language: Language, { operations, repeat = false, balance = 'after' }: Case): string {
  const composed = composeNotice({
    operations: operations.map((fields) => operation(language, fields)),
    customer: { id: 'c1', name: 'Анна', groupId: 'g1', group: 'Гости' },
    restaurant: words[language].restaurant,
    language,
    settings: { ...settings, balance },
    repeat,
    groupAncestors: [],
    reference: '2026-11-24 19:43:00.000',
  });
  expect(composed).toMatchObject({ used: operations.length, fallback: null });
  return composed.html.replaceAll('\u00a0', ' ');
}

const credit = { accountTypeId: 'points', sum: 220_000n, balanceAfter: 3_100_000n } as const;
const visit = [{}, credit];

describe.each(['ru', 'en'] as const)('default texts in %s', (language) => {
  test('are sound templates of the documented variables', () => {
    const { single, digestHead, digestLine, digestBalance } = NOTICE_TEXTS[language];
    expect(checkTemplate(single, language, NOTICE_VARIABLES)).toEqual([]);
    for (const text of [digestHead, digestLine, digestBalance]) expect(checkTemplate(text, language, DIGEST_VARIABLES)).toEqual([]);
  });
});

describe('what a Russian guest reads', () => {
  test.each<[string, Case, string]>([
    [
      'a debit',
      { operations: [{}] },
      '<b>Кофейня «Пенка»</b>\n➖ Списано со счёта «Депозит»: <b>450 ₽</b>\n24 ноября, 19:42\nОстаток: <b>1 250 ₽</b>',
    ],
    [
      'a credit in points',
      { operations: [credit] },
      '<b>Кофейня «Пенка»</b>\n➕ Зачислено на счёт «Бонусы»: <b>22 балла</b>\n24 ноября, 19:42\nОстаток: <b>310 баллов</b>',
    ],
    [
      'a return of a debit',
      { operations: [{ sum: 4_500_000n, returnOf: 'o0' }] },
      '<b>Кофейня «Пенка»</b>\n↩️ Возвращено на счёт «Депозит»: <b>450 ₽</b>\n24 ноября, 19:42\nОстаток: <b>1 250 ₽</b>',
    ],
    [
      'a credit taken back',
      { operations: [{ ...credit, sum: -220_000n, returnOf: 'o0' }] },
      '<b>Кофейня «Пенка»</b>\n↩️ Зачисление отменено, со счёта «Бонусы» списано: <b>22 балла</b>\n24 ноября, 19:42\nОстаток: <b>310 баллов</b>',
    ],
    [
      'an operation of nothing',
      { operations: [{ sum: 0n }] },
      '<b>Кофейня «Пенка»</b>\nОперация по счёту «Депозит»: <b>0 ₽</b>\n24 ноября, 19:42\nОстаток: <b>1 250 ₽</b>',
    ],
    [
      'a return of nothing',
      { operations: [{ sum: 0n, returnOf: 'o0' }] },
      '<b>Кофейня «Пенка»</b>\n↩️ Возврат по счёту «Депозит»: <b>0 ₽</b>\n24 ноября, 19:42\nОстаток: <b>1 250 ₽</b>',
    ],
    [
      'a chain’s division',
      { operations: [{ division: 'Невский, 20' }] },
      '<b>Кофейня «Пенка»</b> · Невский, 20\n➖ Списано со счёта «Депозит»: <b>450 ₽</b>\n24 ноября, 19:42\nОстаток: <b>1 250 ₽</b>',
    ],
    [
      'an unknown balance',
      { operations: [{ balanceAfter: null }] },
      '<b>Кофейня «Пенка»</b>\n➖ Списано со счёта «Депозит»: <b>450 ₽</b>\n24 ноября, 19:42',
    ],
    [
      'a balance switched off',
      { operations: [{}], balance: 'off' },
      '<b>Кофейня «Пенка»</b>\n➖ Списано со счёта «Депозит»: <b>450 ₽</b>\n24 ноября, 19:42',
    ],
    [
      'the balance of now',
      { operations: [{}], balance: 'current' },
      '<b>Кофейня «Пенка»</b>\n➖ Списано со счёта «Депозит»: <b>450 ₽</b>\n24 ноября, 19:42\nСейчас на счёте: <b>1 250 ₽</b>',
    ],
    [
      'a debt',
      { operations: [{ balanceAfter: -500n }] },
      '<b>Кофейня «Пенка»</b>\n➖ Списано со счёта «Депозит»: <b>450 ₽</b>\n24 ноября, 19:42\nОстаток: <b>\u22120,05 ₽</b>',
    ],
    [
      'last year',
      { operations: [{ date: '2025-12-31 23:59:59.997', balanceAfter: null }] },
      '<b>Кофейня «Пенка»</b>\n➖ Списано со счёта «Депозит»: <b>450 ₽</b>\n31 декабря 2025, 23:59',
    ],
    [
      'a possible repeat',
      { operations: [{}], repeat: true },
      '<i>Возможно, повтор: это сообщение могло уже прийти.</i>\n<b>Кофейня «Пенка»</b>\n➖ Списано со счёта «Депозит»: <b>450 ₽</b>\n24 ноября, 19:42\nОстаток: <b>1 250 ₽</b>',
    ],
    [
      'a visit',
      { operations: visit },
      '<b>Кофейня «Пенка»</b>\n24 ноября, 19:42\n➖ Списано со счёта «Депозит»: <b>450 ₽</b>\n➕ Зачислено на счёт «Бонусы»: <b>22 балла</b>\nОстаток на счёте «Депозит»: <b>1 250 ₽</b>\nОстаток на счёте «Бонусы»: <b>310 баллов</b>',
    ],
    [
      'a visit with the balances of now',
      { operations: visit, balance: 'current', repeat: true },
      '<i>Возможно, повтор: это сообщение могло уже прийти.</i>\n<b>Кофейня «Пенка»</b>\n24 ноября, 19:42\n➖ Списано со счёта «Депозит»: <b>450 ₽</b>\n➕ Зачислено на счёт «Бонусы»: <b>22 балла</b>\nСейчас на счёте «Депозит»: <b>1 250 ₽</b>\nСейчас на счёте «Бонусы»: <b>310 баллов</b>',
    ],
    [
      'a visit over two minutes on one account',
      { operations: [{ balanceAfter: 17_000_000n }, { date: '2026-11-24 19:43:00.000', sum: -1_000_000n, balanceAfter: 16_000_000n }] },
      '<b>Кофейня «Пенка»</b>\n24 ноября\n19:42 ➖ Списано со счёта «Депозит»: <b>450 ₽</b>\n19:43 ➖ Списано со счёта «Депозит»: <b>100 ₽</b>\nОстаток: <b>1 600 ₽</b>',
    ],
    [
      'a visit over midnight in two places',
      {
        operations: [
          { date: '2026-11-23 23:59:30.000', division: 'Невский, 20' },
          { date: '2026-11-24 00:00:10.000', division: 'Садовая, 3', returnOf: 'o0', sum: 4_500_000n },
        ],
        balance: 'off',
      },
      '<b>Кофейня «Пенка»</b>\n23 ноября, 23:59 ➖ Списано со счёта «Депозит»: <b>450 ₽</b> · Невский, 20\n24 ноября, 00:00 ↩️ Возвращено на счёт «Депозит»: <b>450 ₽</b> · Садовая, 3',
    ],
    [
      'a visit in one place, one balance unknown',
      {
        operations: [
          { division: 'Садовая, 3', balanceAfter: null },
          { ...credit, division: 'Садовая, 3' },
        ],
      },
      '<b>Кофейня «Пенка»</b> · Садовая, 3\n24 ноября, 19:42\n➖ Списано со счёта «Депозит»: <b>450 ₽</b>\n➕ Зачислено на счёт «Бонусы»: <b>22 балла</b>\nОстаток на счёте «Бонусы»: <b>310 баллов</b>',
    ],
  ])('%s', (_, given, text) => {
    expect(notice('ru', given)).toBe(text);
  });
});

describe('what an English guest reads', () => {
  test.each<[string, Case, string]>([
    [
      'a debit',
      { operations: [{}] },
      '<b>Foam Café</b>\n➖ Taken from “Deposit”: <b>450 ₽</b>\n24 November, 19:42\nBalance: <b>1,250 ₽</b>',
    ],
    [
      'a credit in points',
      { operations: [{ ...credit, sum: 10_000n }] },
      '<b>Foam Café</b>\n➕ Added to “Bonus”: <b>1 point</b>\n24 November, 19:42\nBalance: <b>310 points</b>',
    ],
    [
      'a return of a debit',
      { operations: [{ sum: 4_500_000n, returnOf: 'o0' }] },
      '<b>Foam Café</b>\n↩️ Returned to “Deposit”: <b>450 ₽</b>\n24 November, 19:42\nBalance: <b>1,250 ₽</b>',
    ],
    [
      'a credit taken back',
      { operations: [{ ...credit, sum: -220_000n, returnOf: 'o0' }] },
      '<b>Foam Café</b>\n↩️ Credit cancelled, taken back from “Bonus”: <b>22 points</b>\n24 November, 19:42\nBalance: <b>310 points</b>',
    ],
    [
      'an operation of nothing',
      { operations: [{ sum: 0n }] },
      '<b>Foam Café</b>\nOperation on “Deposit”: <b>0 ₽</b>\n24 November, 19:42\nBalance: <b>1,250 ₽</b>',
    ],
    [
      'a return of nothing',
      { operations: [{ sum: 0n, returnOf: 'o0' }] },
      '<b>Foam Café</b>\n↩️ Return on “Deposit”: <b>0 ₽</b>\n24 November, 19:42\nBalance: <b>1,250 ₽</b>',
    ],
    [
      'a chain’s division',
      { operations: [{ division: 'Nevsky 20', balanceAfter: null }] },
      '<b>Foam Café</b> · Nevsky 20\n➖ Taken from “Deposit”: <b>450 ₽</b>\n24 November, 19:42',
    ],
    [
      'a balance switched off',
      { operations: [{}], balance: 'off' },
      '<b>Foam Café</b>\n➖ Taken from “Deposit”: <b>450 ₽</b>\n24 November, 19:42',
    ],
    [
      'the balance of now',
      { operations: [{}], balance: 'current' },
      '<b>Foam Café</b>\n➖ Taken from “Deposit”: <b>450 ₽</b>\n24 November, 19:42\nBalance now: <b>1,250 ₽</b>',
    ],
    [
      'a possible repeat, last year',
      { operations: [{ date: '2025-11-24 19:42:00.000', balanceAfter: null }], repeat: true },
      '<i>Possibly a repeat: you may have had this message already.</i>\n<b>Foam Café</b>\n➖ Taken from “Deposit”: <b>450 ₽</b>\n24 November 2025, 19:42',
    ],
    [
      'a visit',
      { operations: visit },
      '<b>Foam Café</b>\n24 November, 19:42\n➖ Taken from “Deposit”: <b>450 ₽</b>\n➕ Added to “Bonus”: <b>22 points</b>\nBalance of “Deposit”: <b>1,250 ₽</b>\nBalance of “Bonus”: <b>310 points</b>',
    ],
    [
      'a visit with the balances of now',
      { operations: visit, balance: 'current' },
      '<b>Foam Café</b>\n24 November, 19:42\n➖ Taken from “Deposit”: <b>450 ₽</b>\n➕ Added to “Bonus”: <b>22 points</b>\nBalance of “Deposit” now: <b>1,250 ₽</b>\nBalance of “Bonus” now: <b>310 points</b>',
    ],
    [
      'a visit over two minutes on one account',
      { operations: [{}, { date: '2026-11-24 19:43:00.000' }], balance: 'current' },
      '<b>Foam Café</b>\n24 November\n19:42 ➖ Taken from “Deposit”: <b>450 ₽</b>\n19:43 ➖ Taken from “Deposit”: <b>450 ₽</b>\nBalance now: <b>1,250 ₽</b>',
    ],
    [
      'a visit over midnight',
      { operations: [{ date: '2026-11-23 23:59:30.000' }, { date: '2026-11-24 00:00:10.000' }] },
      '<b>Foam Café</b>\n23 November, 23:59 ➖ Taken from “Deposit”: <b>450 ₽</b>\n24 November, 00:00 ➖ Taken from “Deposit”: <b>450 ₽</b>\nBalance: <b>1,250 ₽</b>',
    ],
  ])('%s', (_, given, text) => {
    expect(notice('en', given)).toBe(text);
  });
});
