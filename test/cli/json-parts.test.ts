import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { jsonParts } from '../../src/cli/json-parts.ts';
import { base64, LongText, partsOfText } from '../../src/cli/long-text.ts';

const written = (value: unknown): string => [...jsonParts(value)].join('');

describe('JSON in parts', () => {
  test('is what JSON.stringify writes with an indent of 2', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(written(value)).toBe(JSON.stringify(value, null, 2));
      }),
    );
    const odd = { a: undefined, b: [undefined, 1], c: new Date(0), d: () => 1, e: {}, f: [], g: null, h: 'a\n"b' };
    expect(written(odd)).toBe(JSON.stringify(odd, null, 2));
    const large = { text: 'ж"\n'.repeat(50_000), list: Array.from({ length: 5_000 }, (_none, at) => ({ at, inner: [at] })) };
    expect(written(large)).toBe(JSON.stringify(large, null, 2));
    expect([...jsonParts(large)].length).toBeGreaterThan(2);
  });

  test('writes money as text', () => {
    expect(JSON.parse(written({ sum: 12n, list: [1n], deep: { sum: 3n } }))).toEqual({ sum: '12', list: ['1'], deep: { sum: '3' } });
  });

  test('writes whatever can be gone through as an array, item by item', () => {
    let made = 0;
    const items = {
      *[Symbol.iterator]() {
        for (; made < 3; made++) yield { made, bytes: base64(Buffer.from('abc')) };
      },
    };
    const parts = jsonParts({ items, none: new Set() });
    expect(made).toBe(0);
    expect(JSON.parse([...parts].join(''))).toEqual({
      items: [0, 1, 2].map((at) => ({ made: at, bytes: 'YWJj' })),
      none: [],
    });
  });
});

describe('a long text', () => {
  test('is cut between characters, and is whole again', () => {
    for (const text of ['', 'ж'.repeat(600_000), `x${'😀'.repeat(300_000)}`, '\ud83d'.repeat(300_000)]) {
      const parts = [...partsOfText(text)];
      expect(parts.join('') === text).toBe(true);
      if (text.isWellFormed()) expect(parts.every((part) => part.isWellFormed())).toBe(true);
    }
  });

  test('of bytes is their base64, and of parts their sum', () => {
    const bytes = Buffer.alloc(500_001, 'жук');
    expect([...base64(bytes).parts()].join('')).toBe(bytes.toString('base64'));
    expect(written(new LongText(() => ['a', '"']))).toBe('"a\\""');
  });
});
