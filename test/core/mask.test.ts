import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskName, maskPhone } from '../../src/core/mask.ts';

describe('a phone in a log', () => {
  test.each([
    ['+7 921 123-45-67', '7••••••••67'],
    ['89211234567', '8••••••••67'],
    ['112', '•••'],
    ['', '•••'],
    ['тел. нет', '•••'],
    ['спросить Машу 8 (921) 123 45 67', '8••••••••67'],
  ])('%j is shown as %s', (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked);
  });

  test('shows at most three of its digits and nothing else of the field', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (phone) => {
        expect(maskPhone(phone)).toMatch(/^(?:•{3,6}|\d•{4,12}\d{2})$/);
      }),
    );
  });
});

describe('a name in a log', () => {
  test.each([
    ['Иван Петров', 'И••• П•••'],
    ['Ёлкина-Палкина Анна', 'Ё••• П••• А•••'],
    ['', '•••'],
    ['😀 !!', '•••'],
    ['а б в г д е', 'а••• б••• в••• г•••'],
  ])('%j is shown as %s', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });

  test('shows only first letters, however long or odd it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) =>
        /^(?:[\p{L}\p{N}]?•••)(?: [\p{L}\p{N}]•••){0,3}$/u.test(maskName(name)),
      ),
    );
  });
});
