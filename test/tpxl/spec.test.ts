import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { decode } from '../../src/tpxl/decode.ts';
import { encode } from '../../src/tpxl/encode.ts';
import { verify } from '../../src/tpxl/verify.ts';
import type { Bag, Property, TpxlFile } from '../../src/tpxl/values.ts';
import { documents } from './documents.ts';
import { plain } from './plain.ts';
import { EXPORTER, specBytes } from './spec-encoder.ts';
import type { Whim } from './spec-encoder.ts';

/** A small generator of its own, so that a seed tells the whole file. */
function whimOf(seed: number): Whim {
  let state = seed | 0;
  return (choices) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return Math.floor(((state >>> 0) / 2 ** 32) * choices);
  };
}

function withoutLayouts({ root }: TpxlFile): TpxlFile {
  return { root: bagWithout(root) };
}

function bagWithout(bag: Bag): Bag {
  return bag.map((property): Property => {
    if (property.type === 'bag') return { ...property, value: bagWithout(property.value) };
    if (property.type !== 'table' && property.type !== 'dataset') return property;
    const { layout: _layout, rows, ...rest } = property.value;
    const bare = [...rows].map((row) => row.map((cell) => (Array.isArray(cell) ? bagWithout(cell as Bag) : cell)));
    return { ...property, value: { ...rest, rows: bare } } as Property;
  });
}

describe('an encoder written from the format’s description alone', () => {
  test('writes what the codec writes without a layout', () => {
    fc.assert(
      fc.property(documents, (file) => {
        expect(Buffer.compare(specBytes(file, EXPORTER), encode(file))).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test('in any order, with gaps, shared bytes, leftovers and free chunks: the codec reads the values and gives back the bytes', () => {
    let layouts = 0;
    fc.assert(
      fc.property(documents, fc.integer(), (file, seed) => {
        const bytes = specBytes(file, whimOf(seed));
        const read = decode(bytes);
        expect(withoutLayouts(plain(read))).toEqual(file);
        expect(Buffer.compare(encode(read), bytes)).toBe(0);
        // A copy by values alone is as good as what was read.
        expect(Buffer.compare(encode(plain(read)), bytes)).toBe(0);
        verify(bytes);
        if (Buffer.compare(encode(file), bytes) !== 0) layouts += 1;
      }),
      { numRuns: 500 },
    );
    // The whims must have changed most of the files, else nothing was tried.
    expect(layouts).toBeGreaterThan(250);
  });
});
