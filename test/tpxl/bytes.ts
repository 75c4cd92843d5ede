import { crc32 } from 'node:zlib';

import { expect } from 'vitest';

import { TpxlError } from '../../src/tpxl/error.ts';

/** Length and all checksums made right again, as far as the chunks can be followed: a fault then shows behind them. */
export function resealed(bytes: Uint8Array): Buffer {
  const file = Buffer.from(bytes);
  if (file.length < 16) return file;
  file.writeBigUInt64LE(BigInt(file.length - 16), 4);
  file.writeUInt32LE(crc32(file.subarray(4, 12)), 12);
  for (let at = 16; at + 8 <= file.length;) {
    const length = file.readUInt32LE(at);
    file.writeUInt32LE(crc32(file.subarray(at, at + 4)), at + 4);
    const end = at + 8 + length;
    if (end + 4 > file.length) break;
    file.writeUInt32LE(crc32(file.subarray(at + 8, end)), end);
    at = end + 4;
  }
  return file;
}

/** A copy with other bytes at a place. */
export function patched(bytes: Uint8Array, at: number, by: readonly number[]): Buffer {
  const file = Buffer.from(bytes);
  file.set(by, at);
  return file;
}

/** The codec's refusal; anything else that is thrown fails the test. */
export function refusalOf(read: () => unknown): TpxlError {
  try {
    read();
  } catch (error) {
    if (error instanceof TpxlError) return error;
    throw error;
  }
  return expect.unreachable('it was accepted');
}
