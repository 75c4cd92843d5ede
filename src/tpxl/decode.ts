import { crc32 } from 'node:zlib';

import { newBudget, spend } from './budget.ts';
import type { Budget } from './budget.ts';
import { CHUNK_FREE, CHUNK_ROOT, CHUNK_ROWS, HEADER_SIZE, LARGEST, MAGIC } from './codes.ts';
import { Cursor } from './cursor.ts';
import { decodeBag } from './decode-bag.ts';
import type { PlaceListener } from './decode-bag.ts';
import { TpxlError } from './error.ts';
import { canonicalChunks, sameChunks } from './chunk-order.ts';
import type { ChunkPlace, TpxlFile } from './values.ts';

/**
 * Reads a whole `.tpxl_exp` file. Bytes values are views of the given bytes, which must not change. Throws `TpxlError`, and nothing else,
 * for whatever isn't such a file; no count or length is believed before it fits the bytes left.
 */
export function decode(bytes: Uint8Array, listener: PlaceListener | null = null): TpxlFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length > LARGEST) throw new TpxlError('too_big', 0, { size: file.length, largest: LARGEST });
  readHeader(new Cursor(file, 0, Math.min(file.length, HEADER_SIZE)), file.length);
  const budget = newBudget(file.length);
  const { order, root, rows } = readChunks(new Cursor(file, HEADER_SIZE, file.length), budget);
  if (root === null) throw new TpxlError('root_missing', file.length);
  const defined = new Set<number>();
  const bag = decodeBag(
    root,
    { file, chunks: { byTable: rows, defined }, budget, known: new Map(), isChecked: false, listener },
    { depth: 0, inRoot: true },
  );
  for (const [id, chunk] of rows) if (!defined.has(id)) throw new TpxlError('table_unknown', chunk.at - 4, { id });
  return sameChunks(order, canonicalChunks(bag)) ? { root: bag } : { root: bag, layout: { chunks: order } };
}

function readHeader(cursor: Cursor, fileLength: number): void {
  const { file } = cursor;
  if (cursor.u32() !== MAGIC) throw new TpxlError('magic', 0, { found: file.toString('latin1', 0, 4) });
  const at = cursor.take(8);
  checkSum(cursor, at);
  const size = file.readBigUInt64LE(at);
  if (size !== BigInt(fileLength - HEADER_SIZE)) throw new TpxlError('size', at, { stated: String(size), found: fileLength - HEADER_SIZE });
}

/** In cells. */
const CHUNK_COST = 4;

interface Chunks {
  readonly order: readonly ChunkPlace[];
  readonly root: Cursor | null;
  readonly rows: ReadonlyMap<number, Cursor>;
}

function readChunks(cursor: Cursor, budget: Budget): Chunks {
  const { file } = cursor;
  const order: ChunkPlace[] = [];
  const rows = new Map<number, Cursor>();
  let root: Cursor | null = null;
  while (cursor.left > 0) {
    spend(budget, { cells: CHUNK_COST, at: cursor.at });
    const lengthAt = cursor.at;
    const length = cursor.u32();
    checkSum(cursor, lengthAt);
    const chunk = cursor.part(length);
    checkSum(cursor, chunk.at);
    const kindAt = chunk.at;
    const kind = chunk.u8();
    if (kind === CHUNK_FREE) order.push({ chunk: 'free', content: file.subarray(chunk.at, chunk.end) });
    else if (kind === CHUNK_ROOT) {
      if (root !== null) throw new TpxlError('root_twice', kindAt);
      root = chunk;
      order.push({ chunk: 'root' });
    } else if (kind === CHUNK_ROWS) {
      const id = chunk.u32();
      if (rows.has(id)) throw new TpxlError('table_rows_twice', kindAt, { id });
      rows.set(id, chunk);
      order.push({ chunk: 'table', id });
    } else throw new TpxlError('chunk_kind', kindAt, { found: kind });
  }
  return { order, root, rows };
}

/** Of everything from `from` to here. */
function checkSum(cursor: Cursor, from: number): void {
  const expected = crc32(cursor.file.subarray(from, cursor.at));
  const at = cursor.at;
  const found = cursor.u32();
  if (found !== expected) throw new TpxlError('checksum', at, { expected: hex(expected), found: hex(found) });
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}
