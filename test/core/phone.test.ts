import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePhone, isSamePhone, phonesIn, uniquePhones } from '../../src/core/phone.ts';

const RU = ['RU'];
const numberOf = (texts: string | readonly string[], countries: readonly string[] = RU): string => {
  const chosen = choosePhone(typeof texts === 'string' ? [texts] : texts, countries);
  return chosen.ok ? chosen.number : chosen.reason;
};

describe('a phone for an SMS', () => {
  it.each([
    ['+7 916 123-45-67', '79161234567'],
    ['8 (916) 123-45-67', '79161234567'],
    ['8(916)1234567', '79161234567'],
    ['79161234567', '79161234567'],
    ['9161234567', '79161234567'],
    ['8-916-123-45-67 жена', '79161234567'],
    ['тел.: 89161234567', '79161234567'],
    ['89161234567 доб. 12', '79161234567'],
    ['+7 916 123 45 67\u00a0', '79161234567'],
    ['<Phones><Phone>8 916 123-45-67</Phone></Phones>', '79161234567'],
    ['<Phones><Phone>4951234567</Phone><Phone>9031234567</Phone></Phones>', '79031234567'],
  ])('is read from %j', (text, number) => {
    expect(numberOf(text)).toBe(number);
  });

  it.each([
    ['8 916 123-45-67, 8 903 765-43-21', '79161234567'],
    ['8 495 123-45-67; 8 903 765-43-21', '79037654321'],
    ['8 495 123 45 67 8 903 765 43 21', '79037654321'],
    ['89161234567 89037654321', '79161234567'],
    ['+79161234567+79037654321', '79161234567'],
    ['8 495 123-45-67 / 8 903 765-43-21', '79037654321'],
  ])('is the first mobile one of %j', (text, number) => {
    expect(numberOf(text)).toBe(number);
  });

  it.each([
    ['8 (495) 123-45-67', 'bad_phone'],
    ['8 800 555-35-35', 'bad_phone'],
    ['123-45-67', 'bad_phone'],
    ['+7 916 123-45', 'bad_phone'],
    ['1234 5678 9012 3456', 'no_phone'],
    ['00000000000', 'bad_phone'],
    ['нет', 'no_phone'],
    ['', 'no_phone'],
    ['кв. 12', 'no_phone'],
  ])('is none in %j: %s', (text, reason) => {
    expect(numberOf(text)).toBe(reason);
  });

  it.each([
    ['+7 701 123 45 67', ['KZ'], '77011234567'],
    ['8 701 123 45 67', ['RU', 'KZ'], '77011234567'],
    ['+375 29 123-45-67', ['RU', 'BY'], '375291234567'],
    ['375291234567', ['RU', 'BY'], '375291234567'],
    ['8 029 123-45-67', ['BY'], '375291234567'],
    ['+1 212 555 0123', ['US'], '12125550123'],
  ])('of %s goes where %j is allowed', (text, countries, number) => {
    expect(numberOf(text, countries)).toBe(number);
    expect(numberOf(text)).toBe('bad_phone');
  });

  it('is looked for text by text in their order', () => {
    expect(numberOf(['8 495 123-45-67', 'нет', '8 903 765-43-21', '8 916 123-45-67'])).toBe('79037654321');
    expect(numberOf([])).toBe('no_phone');
    expect(numberOf(['', '12345'])).toBe('bad_phone');
  });

  it('is found in whatever stands around it, and nothing else ever is', () => {
    const around = fc.stringMatching(/^[а-яА-Я ,;:№]{0,20}$/);
    const local = fc.integer({ min: 9_000_000_000, max: 9_999_999_999 });
    fc.assert(
      fc.property(around, local, around, (before, digits, after) => {
        const number = numberOf(`${before}8${digits}${after}`);
        return number === `7${digits}` || number === 'bad_phone';
      }),
    );
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => /^(?:no_phone|bad_phone|79\d{9})$/.test(numberOf(text))));
  });
});

describe('phones of a text', () => {
  it('are each kept once, by their last ten digits', () => {
    expect(uniquePhones(['+7 921 123-45-67; 8 (921) 123-45-67', '812 123-45-67'])).toEqual(['+7 921 123-45-67', '812 123-45-67']);
    expect([isSamePhone('+7 921 123-45-67', '89211234567'), isSamePhone('89211234567', '123')]).toEqual([true, false]);
  });

  it('part where only blanks stand between them', () => {
    expect(phonesIn('8 916 123 45 67 8 903 765 43 21')).toEqual(['8 916 123 45 67', '8 903 765 43 21']);
  });
});
