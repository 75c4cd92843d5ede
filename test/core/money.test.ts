import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absMoney, formatMoney, moneyToDecimal, parseMoney, parseMoneyInput, roundMoney } from '../../src/core/money.ts';

const anyMoney = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const languages = fc.constantFrom('ru' as const, 'en' as const);

describe('decimal text of the database', () => {
  test.each([
    ['-12.5000', -125_000n],
    ['0.0000', 0n],
    ['450', 4_500_000n],
    ['0.5', 5_000n],
    ['99999999999999.9999', 999_999_999_999_999_999n],
    ['-0.0001', -1n],
  ])('%s is read exactly', (text, money) => {
    expect(parseMoney(text)).toBe(money);
  });

  test.each(['', ' 1', '1,5', '1.', '.5', '1.00001', '1e3', '+1', '--1', '1 000', 'NaN', '٣', '1\n'])('%j is refused', (text) => {
    expect(() => parseMoney(text)).toThrow(RangeError);
  });

  test('what is printed is read back unchanged', () => {
    fc.assert(fc.property(anyMoney, (money) => parseMoney(moneyToDecimal(money)) === money));
  });

  test('what is read is printed canonically', () => {
    expect(moneyToDecimal(parseMoney('-12.5'))).toBe('-12.5000');
    expect(moneyToDecimal(parseMoney('-0'))).toBe('0.0000');
  });
});

describe('amounts that people write', () => {
  test.each([
    ['1250', 12_500_000n],
    ['1 250,50', 12_505_000n],
    ['1\u00a0250\u202f000,5', 12_500_005_000n],
    [' +100 ', 1_000_000n],
    ['-3', -30_000n],
    ['\u22123,25', -32_500n],
    ['1.500', 15_000n],
    ['0,500', 5_000n],
    ['1250,500', 12_505_000n],
    ['1,50000000', 15_000n],
  ])('%j is understood', (text, money) => {
    expect(parseMoneyInput(text)).toEqual({ ok: true, money });
  });

  test.each([
    ['1,250', 'ambiguous'],
    ['1,00001', 'too_precise'],
    ['12 50', 'unknown_form'],
    ['1,250.50', 'unknown_form'],
    ['450 ₽', 'unknown_form'],
    ['', 'unknown_form'],
    ['-', 'unknown_form'],
    ['1e5', 'unknown_form'],
  ])('%j is refused as %s', (text, code) => {
    expect(parseMoneyInput(text)).toEqual({ ok: false, code });
  });

  test('what is shown to a Russian guest is understood again', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), (money) => {
        const shown = formatMoney(money, { language: 'ru', digits: 4, sign: 'always' });
        expect(parseMoneyInput(shown)).toEqual({ ok: true, money });
      }),
    );
  });
});

describe('rounding', () => {
  test.each([
    [12_345n, 2, 12_300n],
    [12_350n, 2, 12_400n],
    [-12_350n, 2, -12_400n],
    [-12_349n, 2, -12_300n],
    [5_000n, 0, 10_000n],
    [-5_000n, 0, -10_000n],
    [4_999n, 0, 0n],
    [12_345n, 4, 12_345n],
  ])('%i at %i digits is %i', (money, digits, rounded) => {
    expect(roundMoney(money, digits)).toBe(rounded);
  });

  test('is never farther than half a step and never depends on the sign', () => {
    fc.assert(
      fc.property(anyMoney, fc.integer({ min: 0, max: 4 }), (money, digits) => {
        const rounded = roundMoney(money, digits);
        expect(absMoney(rounded - money) * 2n <= 10n ** BigInt(4 - digits)).toBe(true);
        expect(roundMoney(-money, digits)).toBe(-rounded);
      }),
    );
  });
});

describe('display', () => {
  test.each([
    [4_500_000n, 'ru', 'minus', '450'],
    [12_505_000n, 'ru', 'minus', '1\u00a0250,50'],
    [12_505_000n, 'en', 'minus', '1,250.50'],
    [-12_345_678_900n, 'ru', 'always', '\u22121\u00a0234\u00a0567,89'],
    [-12_345_678_900n, 'en', 'never', '1,234,567.89'],
    [10_000n, 'en', 'always', '+1'],
    [-49n, 'ru', 'always', '0'],
    [0n, 'ru', 'always', '0'],
  ] as const)('%i in %s with sign %s is %j', (money, language, sign, text) => {
    expect(formatMoney(money, { language, digits: 2, sign })).toBe(text);
  });

  test('shows what Intl shows, digit by digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), languages, (whole, language) => {
        const shown = formatMoney(whole * 10_000n, { language, digits: 2, sign: 'minus' });
        expect(shown).toBe(new Intl.NumberFormat(language, { useGrouping: true }).format(whole).replace('-', '\u2212'));
      }),
    );
  });

  test('shows each digit that was asked for', () => {
    fc.assert(
      fc.property(anyMoney, languages, fc.integer({ min: 0, max: 4 }), (money, language, digits) => {
        const shown = formatMoney(money, { language, digits, sign: 'minus' });
        const plain = shown
          .replace(/[\u00a0]/g, '')
          .replace(language === 'ru' ? /$^/ : /,/g, '')
          .replace(',', '.')
          .replace('\u2212', '-');
        expect(parseMoney(plain)).toBe(roundMoney(money, digits));
      }),
    );
  });
});
