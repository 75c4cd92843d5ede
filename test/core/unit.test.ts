import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Unit } from '../../src/core/settings.ts';
import { checkUnit, formatAmount, ROUBLE, unitOf } from '../../src/core/unit.ts';

const POINTS: Unit = {
  accountType: 'points',
  text: { ru: '{count, plural, one {балл} few {балла} many {баллов} other {балла}}', en: '{count, plural, one {point} other {points}}' },
  digits: 1,
};
const DOLLARS: Unit = { accountType: 'dollars', text: { en: '${amount}' }, digits: 2 };

const shown = (money: bigint, unit: Unit, language: 'ru' | 'en' = 'ru', sign: 'always' | 'minus' | 'never' = 'minus'): string =>
  formatAmount(money, { unit, language, sign }).replaceAll('\u00a0', ' ');

describe('an amount in roubles', () => {
  test.each([
    [4_500_000n, '450 ₽'],
    [12_505_000n, '1 250,50 ₽'],
    [-4_500_000n, '\u2212450 ₽'],
    [0n, '0 ₽'],
    [-1n, '0 ₽'],
    [99_999_999_999_999_999_999n, '10 000 000 000 000 000 ₽'],
  ])('%i is %s', (money, text) => {
    expect(shown(money, ROUBLE)).toBe(text);
  });

  test('never breaks over two lines', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        (money) => !/[ \n]/.test(formatAmount(money, { unit: ROUBLE, language: 'ru', sign: 'always' })),
      ),
    );
  });
});

describe('an amount in an own unit', () => {
  test.each([
    [0n, '0 баллов'],
    [10_000n, '1 балл'],
    [20_000n, '2 балла'],
    [50_000n, '5 баллов'],
    [110_000n, '11 баллов'],
    [120_000n, '12 баллов'],
    [210_000n, '21 балл'],
    [220_000n, '22 балла'],
    [1_110_000n, '111 баллов'],
    [1_210_000n, '121 балл'],
    [15_000n, '1,5 балла'],
    [55_000n, '5,5 балла'],
    [-10_000n, '\u22121 балл'],
    [-15_000n, '\u22121,5 балла'],
    [10_499n, '1 балл'],
    [9_999n, '1 балл'],
    [90_071_992_547_409_930_000n, '9 007 199 254 740 993 балла'],
    [90_071_992_547_409_910_000n, '9 007 199 254 740 991 балл'],
  ])('%i is %s', (money, text) => {
    expect(shown(money, POINTS)).toBe(text);
  });

  test.each([
    [10_000n, '1 point'],
    [15_000n, '1.5 points'],
    [210_000n, '21 points'],
  ])('%i is %s in English', (money, text) => {
    expect(shown(money, POINTS, 'en')).toBe(text);
  });

  test('has the plural that Intl chooses for the same number', () => {
    const rules = new Intl.PluralRules('ru');
    const words = { one: 'балл', few: 'балла', many: 'баллов', other: 'балла', zero: '', two: '' };
    fc.assert(fc.property(fc.nat(), (count) => shown(BigInt(count) * 10_000n, POINTS).endsWith(` ${words[rules.select(count)]}`)));
  });

  test('carries its sign before everything', () => {
    expect(shown(4_500_000n, POINTS, 'ru', 'always')).toBe('+450 баллов');
    expect(shown(-12_505_000n, DOLLARS, 'en', 'always')).toBe('\u2212$1,250.50');
  });

  test('is spoken in the other language where its own has no text', () => {
    expect(shown(20_000n, { ...POINTS, text: { ru: POINTS.text.ru ?? '' } }, 'en')).toBe('2 балла');
    expect(shown(20_000n, DOLLARS, 'ru')).toBe('$2');
  });

  test('may have no words at all', () => {
    expect(shown(20_000n, { accountType: null, text: { ru: '' }, digits: 0 })).toBe('2');
    expect(shown(20_000n, { accountType: null, text: {}, digits: 0 })).toBe('2');
  });
});

describe('the unit of an account type', () => {
  const general: Unit = { accountType: null, text: { ru: '€' }, digits: 2 };

  test('is its own, else the general one, else roubles', () => {
    expect(unitOf([general, POINTS], 'points')).toBe(POINTS);
    expect(unitOf([general, POINTS], 'deposit')).toBe(general);
    expect(unitOf([POINTS], 'deposit')).toBe(ROUBLE);
  });
});

describe('a unit text of the settings', () => {
  test.each(['₽', '', '{count, plural, one {балл} few {балла} many {баллов} other {балла}}', '${amount}', 'б.'])('%j is sound', (text) => {
    expect(checkUnit(text, 'ru')).toEqual([]);
  });

  test.each([
    ['{count, plural, one {балл} }', 'broken_syntax'],
    ['{count} баллов', 'wrong_use'],
    ['{count, plural, one {# балл} other {# балла}}', 'wrong_use'],
    ['{amount, number} б', 'wrong_use'],
    ['{sum} б', 'unknown_variable'],
    ['  ', 'empty'],
  ])('%j is refused: %s', (text, code) => {
    expect(checkUnit(text, 'ru')[0]).toMatchObject({ code });
  });
});
