import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { decode } from '../../src/tpxl/decode.ts';
import { encode } from '../../src/tpxl/encode.ts';
import { documents } from './documents.ts';

describe('decoding what was encoded', () => {
  test('gives the same values back, and no layout', () => {
    fc.assert(
      fc.property(documents, (file) => {
        expect(decode(encode(file))).toEqual(file);
      }),
      { numRuns: 500 },
    );
  });

  test('and encoding it again gives the same bytes', () => {
    fc.assert(
      fc.property(documents, (file) => {
        const bytes = encode(file);
        expect(Buffer.compare(encode(decode(bytes)), bytes)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
