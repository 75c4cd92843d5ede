import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forDisplay, isolate, oneLine, plainText } from '../../src/core/multilingual.ts';

const RUSSIAN = 25;
const ENGLISH = 9;
const GERMAN = 7;

function pack(texts: readonly (readonly [number, string])[]): string {
  const parts = texts.map(([id, text]) => String.fromCharCode(id, text.length % 0x1_0000, Math.floor(text.length / 0x1_0000)) + text);
  return `\u0000${parts.join('')}`;
}

describe('a packed text', () => {
  test('is unpacked as the format says, unit by unit', () => {
    const packed = String.fromCharCode(0x0000, 0x0019, 0x0002, 0x0000, 0x0434, 0x0430, 0x0009, 0x0002, 0x0000, 0x006e, 0x006f);
    expect(plainText(packed, 'ru')).toBe('да');
    expect(plainText(packed, 'en')).toBe('no');
  });

  test.each([
    [
      'the wanted language',
      [
        [ENGLISH, 'Bonus'],
        [RUSSIAN, 'Бонусы'],
      ],
      'en',
      'Bonus',
    ],
    [
      'Russian instead of a missing one',
      [
        [GERMAN, 'Bonus'],
        [RUSSIAN, 'Бонусы'],
      ],
      'en',
      'Бонусы',
    ],
    [
      'Russian instead of an empty one',
      [
        [RUSSIAN, 'Бонусы'],
        [ENGLISH, ''],
      ],
      'en',
      'Бонусы',
    ],
    [
      'Russian instead of a blank one',
      [
        [ENGLISH, '  '],
        [RUSSIAN, 'Бонусы'],
      ],
      'en',
      'Бонусы',
    ],
    [
      'the first one that says something',
      [
        [RUSSIAN, ''],
        [GERMAN, 'Prämie'],
        [ENGLISH, 'Bonus'],
      ],
      'ru',
      'Prämie',
    ],
    [
      'nothing when all are empty',
      [
        [RUSSIAN, ''],
        [ENGLISH, ''],
      ],
      'ru',
      '',
    ],
  ] as const)('gives %s', (_, texts, language, expected) => {
    expect(plainText(pack(texts), language)).toBe(expected);
  });

  test('may be longer than 65,535 characters', () => {
    const long = 'ы'.repeat(70_000);
    expect(
      plainText(
        pack([
          [GERMAN, long],
          [ENGLISH, 'short'],
        ]),
        'en',
      ),
    ).toBe('short');
    expect(plainText(pack([[RUSSIAN, long]]), 'ru')).toBe(long);
  });

  test('may hold U+0000 within a language', () => {
    expect(
      plainText(
        pack([
          [RUSSIAN, 'а\u0000б'],
          [ENGLISH, 'c'],
        ]),
        'en',
      ),
    ).toBe('c');
  });

  test('that was cut off gives what is left', () => {
    const packed = pack([
      [RUSSIAN, 'Депозит'],
      [ENGLISH, 'Deposit'],
    ]);
    expect(plainText(packed.slice(0, -3), 'en')).toBe('Depo');
    expect(plainText(packed.slice(0, 8), 'ru')).toBe('Депо');
    expect(plainText(packed.slice(0, 13), 'en')).toBe('Депозит');
  });

  test.each([
    ['\u0000', ''],
    ['\u0000\u0000\u0000', ''],
    ['\u0000Депозит', 'Депозит'],
    ['\u0000Deposit', 'Deposit'],
    ['\u0000\u0019', '\u0019'],
  ])('that is none gives its best part: %j', (value, expected) => {
    expect(plainText(value, 'ru')).toBe(expected);
  });

  test('never throws, whatever follows its mark, and gives a part of what was there', () => {
    const units = fc.array(fc.oneof(fc.nat(0xffff), fc.nat(40), fc.constant(0)), { maxLength: 60 });
    fc.assert(
      fc.property(units, fc.constantFrom('ru' as const, 'en' as const), (codes, language) => {
        const value = `\u0000${String.fromCharCode(...codes)}`;
        expect(value).toContain(plainText(value, language));
      }),
      { numRuns: 1000 },
    );
  });

  test('is found again whatever its languages say', () => {
    const texts = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.string({ minLength: 1 })), {
      selector: ([id]) => id,
      maxLength: 6,
    });
    fc.assert(
      fc.property(texts, fc.string({ unit: 'grapheme', minLength: 1 }), (others, wanted) => {
        fc.pre(wanted.trim() !== '');
        expect(plainText(pack([...others.filter(([id]) => id !== RUSSIAN), [RUSSIAN, wanted]]), 'ru')).toBe(wanted);
      }),
    );
  });
});

describe('a plain text', () => {
  test('passes unchanged', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => text.startsWith('\u0000') || plainText(text, 'en') === text));
  });
});

describe('text for display', () => {
  test.each([
    ['a\u0000b\u0007c', 'abc'],
    ['a\r\nb\rc\u2028d\u0085e', 'a\nb\nc\nd\ne'],
    ['a\tb\nc', 'a\tb\nc'],
    ['10 ₽\u202e₽ 000 1', '10 ₽₽ 000 1'],
    ['\u2066a\u2069\u200fb\u200e\u061c', 'ab'],
    ['\ud83d', '\ufffd'],
    ['a\ude00b', 'a\ufffdb'],
    ['👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['\ufeffИмя\u200b', 'Имя'],
  ])('%j becomes %j', (text, shown) => {
    expect(forDisplay(text)).toBe(shown);
  });

  test('holds no control, no bidi control and no half of a character', () => {
    const units = fc.array(
      fc.oneof(fc.nat(0xffff), fc.nat(0x20), fc.integer({ min: 0x2000, max: 0x2070 }), fc.integer({ min: 0xd800, max: 0xdfff })),
    );
    fc.assert(
      fc.property(units, (codes) => {
        const shown = forDisplay(String.fromCharCode(...codes));
        expect(shown.isWellFormed()).toBe(true);
        expect(shown.replace(/[\n\t]/g, '')).not.toMatch(/\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]/u);
        expect(forDisplay(shown)).toBe(shown);
      }),
      { numRuns: 1000 },
    );
  });

  test('is one line where it must not look like several', () => {
    expect(oneLine('  Заказ\n\nОстаток: \t 5 ₽ ')).toBe('Заказ Остаток: 5 ₽');
  });

  test('is isolated only when it has right-to-left letters', () => {
    expect(isolate('Кофейня 5 ₽')).toBe('Кофейня 5 ₽');
    expect(isolate('קפה 5')).toBe('\u2068קפה 5\u2069');
    expect(isolate('مقهى')).toBe('\u2068مقهى\u2069');
  });
});
