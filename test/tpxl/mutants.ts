import { readFileSync } from 'node:fs';

import fc from 'fast-check';

import { decode } from '../../src/tpxl/decode.ts';
import { encode } from '../../src/tpxl/encode.ts';
import { TpxlError } from '../../src/tpxl/error.ts';
import { inspect } from '../../src/tpxl/inspect.ts';
import { verify } from '../../src/tpxl/verify.ts';
import { resealed } from './bytes.ts';
import { builtBytes } from './building.ts';
import { documents } from './documents.ts';

const EXAMPLE = readFileSync(new URL('example/tpxl-example.tpxl_exp', import.meta.url));

/** Numbers that a count, a length or a type is mistaken for. */
const ODD = [0, 1, 2, 3, 8, 9, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff];

type Change =
  | { readonly what: 'byte'; readonly at: number; readonly by: number }
  | { readonly what: 'word'; readonly at: number; readonly by: number }
  | { readonly what: 'cut' | 'double'; readonly at: number; readonly length: number };

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ what: fc.constant('byte' as const), at: fc.nat(), by: fc.nat(255) }),
  fc.record({ what: fc.constant('word' as const), at: fc.nat(), by: fc.constantFrom(...ODD) }),
  fc.record({ what: fc.constantFrom('cut' as const, 'double' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 64 }) }),
);

/** Files with some of their bytes changed; nearly all have right checksums again, so that the change is found behind them. */
export const mutants: fc.Arbitrary<Buffer> = fc
  .record({
    file: fc.oneof(
      { arbitrary: fc.constantFrom(EXAMPLE, builtBytes()), weight: 2 },
      { arbitrary: documents.map((file) => Buffer.from(encode(file))), weight: 1 },
    ),
    changes: fc.array(change, { minLength: 1, maxLength: 3 }),
    sealed: fc.oneof({ arbitrary: fc.constant(true), weight: 9 }, { arbitrary: fc.constant(false), weight: 1 }),
  })
  .map(({ file, changes, sealed }) => {
    const bytes = changes.reduce<Buffer>(applied, file);
    return sealed ? resealed(bytes) : bytes;
  });

function applied(bytes: Buffer, change_: Change): Buffer {
  const at = change_.at % Math.max(1, bytes.length);
  if (change_.what === 'cut') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + change_.length)]);
  if (change_.what === 'double') return Buffer.concat([bytes.subarray(0, at + change_.length), bytes.subarray(at)]);
  const copy = Buffer.from(bytes);
  if (change_.what === 'byte' && copy.length > 0) copy[at] = change_.by;
  if (change_.what === 'word' && at + 4 <= copy.length) copy.writeUInt32LE(change_.by, at);
  return copy;
}

export type Verdict = { readonly read: true } | { readonly read: false; readonly code: string };

/** Refused with place and reason, or read and written back to the same bytes; anything else is thrown. */
export function judge(bytes: Buffer): Verdict {
  try {
    // Whoever looks on must not fall over what the codec takes.
    verify(bytes);
    inspect(bytes);
    const again = encode(decode(bytes));
    if (Buffer.compare(again, bytes) !== 0) throw new Error('read, but written back as other bytes');
    return { read: true };
  } catch (error) {
    if (!(error instanceof TpxlError)) throw error;
    if (!(Number.isInteger(error.offset) && error.offset >= 0 && error.offset <= bytes.length))
      throw new Error(`no place: ${error.message}`, { cause: error });
    if (error.code === 'value') throw new Error(`read, but not written back: ${error.message}`, { cause: error });
    return { read: false, code: error.code };
  }
}
