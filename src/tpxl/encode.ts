import { crc32 } from 'node:zlib';

import { canonicalChunks, tablesOf } from './chunk-order.ts';
import { CHUNK_FREE, CHUNK_ROOT, CHUNK_ROWS, HEADER_SIZE, LARGEST, MAGIC, OBJECTS, ROWS_PAGE } from './codes.ts';
import { encodeBag } from './encode-bag.ts';
import { encodeTableRows } from './encode-rows.ts';
import { TpxlError } from './error.ts';
import type { ChunkPlace, TpxlFile } from './values.ts';
import { measure, Writer } from './writer.ts';

/**
 * Writes a whole file: canonical, or as its layouts say wherever they still fit the values. Throws `TpxlError` («value») for a value that
 * its property or column can't hold, with the place where it would have stood.
 */
export function encode(file: TpxlFile): Uint8Array {
  const write = (writer: Writer): void => writeFile(writer, file);
  const size = measure(write);
  if (size > LARGEST) throw new TpxlError('too_big', 0, { size, largest: LARGEST });
  const bytes = Buffer.alloc(size);
  write(new Writer(bytes));
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function writeFile(writer: Writer, file: TpxlFile): void {
  writer.u32(MAGIC);
  const sizeAt = writer.skip(8);
  checkSum(writer, sizeAt, () => writer.bytes?.writeBigUInt64LE(BigInt(writer.bytes.length - HEADER_SIZE), sizeAt));
  const tables = new Map(tablesOf(file.root).map((named) => [named.table.id, named]));
  for (const place of chunksOf(file)) {
    writeChunk(writer, () => {
      if (place.chunk === 'root') {
        writer.u8(CHUNK_ROOT);
        encodeBag(writer, file.root, 'root');
      } else if (place.chunk === 'free') {
        writer.u8(CHUNK_FREE);
        writer.raw(place.content);
      } else {
        writer.u8(CHUNK_ROWS);
        writer.u32(place.id);
        writer.u32(ROWS_PAGE);
        const { name, table } = tables.get(place.id)!;
        encodeTableRows(writer, table, name === OBJECTS ? (to, bag) => encodeBag(to, bag, 'object') : null);
      }
    });
  }
}

function writeChunk(writer: Writer, write: () => void): void {
  const lengthAt = writer.skip(4);
  const sumAt = writer.skip(4);
  const from = writer.at;
  checkSum(writer, from, write);
  writer.patchU32(lengthAt, writer.at - from - 4);
  writer.bytes?.writeUInt32LE(crc32(writer.bytes.subarray(lengthAt, sumAt)), sumAt);
}

/** The checksum behind what `write` has written from `from` on. */
function checkSum(writer: Writer, from: number, write: () => void): void {
  write();
  const at = writer.skip(4);
  writer.bytes?.writeUInt32LE(crc32(writer.bytes.subarray(from, at)), at);
}

/** The layout's order where it still names the root and every table with rows once, and nothing that isn't there. */
function chunksOf({ root, layout }: TpxlFile): readonly ChunkPlace[] {
  const tables = tablesOf(root).map(({ table }) => table);
  const ids = new Set(tables.map(({ id }) => id));
  if (ids.size < tables.length) throw new TpxlError('table_defined_twice', 0, { id: tables.map(({ id }) => id).join(', ') });
  const canonical = canonicalChunks(root);
  if (layout === undefined) return canonical;
  const placed = layout.chunks.filter(({ chunk }) => chunk !== 'free').map((place) => (place.chunk === 'table' ? place.id : place.chunk));
  const fits =
    new Set(placed).size === placed.length &&
    placed.every((place) => place === 'root' || (typeof place === 'number' && ids.has(place))) &&
    canonical.every((place) => placed.includes(place.chunk === 'table' ? place.id : place.chunk));
  return fits ? layout.chunks : canonical;
}
