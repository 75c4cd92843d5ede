import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { decode } from '../../src/tpxl/decode.ts';
import { encode } from '../../src/tpxl/encode.ts';
import type { Bag, DatasetColumn, Row } from '../../src/tpxl/values.ts';
import { patched, refusalOf, resealed } from './bytes.ts';
import { table } from './documents.ts';

const EXAMPLE = readFileSync(new URL('example/tpxl-example.tpxl_exp', import.meta.url));

function u32(value: number): readonly number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return [...bytes];
}

/** The example with other bytes at a place, its checksums right. */
const planted = (at: number, by: readonly number[]): Buffer => resealed(patched(EXAMPLE, at, by));

describe('a file with one fault is refused at its byte:', () => {
  // Places of the worked example, byte for byte as its annotation names them.
  test.each<[string, Buffer, string, number, object]>([
    ['another magic', patched(EXAMPLE, 0, [0x50, 0x4b]), 'magic', 0, { found: 'PKXL' }],
    ['a length that isn’t the file’s', Buffer.concat([EXAMPLE, Buffer.of(0)]), 'size', 4, { stated: '2054', found: 2055 }],
    ['a truncated file', EXAMPLE.subarray(0, 2000), 'size', 4, { stated: '2054', found: 1984 }],
    ['a file that ends in its header', EXAMPLE.subarray(0, 9), 'truncated', 4, { needed: 8, left: 5 }],
    ['nothing at all', Buffer.alloc(0), 'truncated', 0, {}],
    ['a file truncated and sealed again', resealed(EXAMPLE.subarray(0, 2000)), 'truncated', 0x05f5, { needed: 541, left: 475 }],
    ['a damaged header', patched(EXAMPLE, 0x0c, [0]), 'checksum', 0x0c, { expected: '90a29889' }],
    ['a damaged chunk length', patched(EXAMPLE, 0x10, [0xd2]), 'checksum', 0x14, {}],
    ['a damaged text', patched(EXAMPLE, 0x0200, [0x41]), 'checksum', 0x05e9, { found: '8a1b10e4' }],
    ['a chunk without content', resealed(Buffer.concat([EXAMPLE, Buffer.alloc(12)])), 'truncated', 2078, { needed: 1 }],
    ['an unknown kind of chunk', planted(0x18, [3]), 'chunk_kind', 0x18, { found: 3 }],
    ['a second root', resealed(Buffer.concat([EXAMPLE, EXAMPLE.subarray(0x05ed)])), 'root_twice', 2078, {}],
    ['no root', planted(0x05f5, [0]), 'root_missing', 2070, {}],
    ['rows of a table that isn’t defined', planted(0x0019, u32(7)), 'table_unknown', 0x0019, { id: 7 }],
    ['two tables of one number', planted(0x07ad, u32(1)), 'table_defined_twice', 0x07ad, { id: 1 }],
    ['rows of a table twice', resealed(Buffer.concat([EXAMPLE, EXAMPLE.subarray(0x10, 0x05ed)])), 'table_rows_twice', 2078, { id: 1 }],
    ['an unknown type of property', planted(0x05f6, [3]), 'property_type', 0x05f6, { found: 3 }],
    ['an unknown type of property in an object', planted(0x006b, [8]), 'property_type', 0x006b, { found: 8 }],
    ['another flag behind a name', planted(0x0602, [0]), 'constant', 0x0602, { expected: 1, found: 0 }],
    ['another number behind a name', planted(0x007a, u32(5)), 'constant', 0x007a, { expected: 0, found: 5 }],
    ['an unknown type of column', planted(0x0086, [9]), 'column_type', 0x0086, { found: 9 }],
    ['an unknown type of column in a table', planted(0x06ef, [2]), 'column_type', 0x06ef, { found: 2 }],
    ['another tail of a definition', planted(0x0742, u32(8)), 'constant', 0x0742, { expected: 9, found: 8 }],
    ['another page of rows', planted(0x001d, u32(2)), 'constant', 0x001d, { expected: 1, found: 2 }],
    ['a column that is perhaps nullable', planted(0x008f, [2]), 'constant', 0x008f, { found: 2 }],
    ['a table’s column with an offset', planted(0x06e7, u32(4)), 'constant', 0x06de, { expected: 0, found: 4 }],
    ['columns that overlap', planted(0x00a4, u32(35)), 'column_overlap', 0x0082, { offset: 43 }],
    ['rows too narrow for their columns', planted(0x013f, u32(87)), 'row_width', 0x013f, { width: 87, columns: 88 }],
    ['an unknown cell flag in a dataset', planted(0x0143, [1]), 'cell_flag', 0x0143, { found: 1 }],
    ['an unknown cell flag in a table', planted(0x0029, [3]), 'cell_flag', 0x0029, { found: 3 }],
    ['a bool that is neither', planted(0x005e, [1]), 'bool', 0x005e, { found: 1 }],
    ['a date that is none', planted(0x0607, [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]), 'date', 0x0607, {}],
    ['a text of an odd length', planted(0x0166, u32(11)), 'text_length', 0x0165, { length: 11 }],
    ['a property’s text of an odd length', planted(0x07c7, u32(11)), 'text_length', 0x07c7, { length: 11 }],
    ['a text outside of the heap', planted(0x016a, u32(1092)), 'heap_reference', 0x0165, { offset: 1092, length: 12, heap: 1102 }],
    ['an object outside of the heap', planted(0x0055 + 4, u32(13)), 'heap_reference', 0x0054, { offset: 13, heap: 1418 }],
    ['a heap longer than its chunk', planted(0x0025, u32(1419)), 'truncated', 0x005f, { needed: 1419, left: 1418 }],
    ['a heap shorter than its chunk', planted(0x0025, u32(1417)), 'leftover', 0x05e8, { left: 1 }],
    ['more columns than bytes', planted(0x0082, u32(0xffff_ffff)), 'truncated', 0x0082, {}],
    ['more rows than bytes', planted(0x013b, u32(0xffff_ffff)), 'truncated', 0x0143, {}],
    ['more rows of a table than bytes', planted(0x0021, u32(0x7fff_ffff)), 'truncated', 0x0029, {}],
    ['a property longer than its bag', planted(0x0698, u32(2000)), 'truncated', 0x069c, { needed: 2000 }],
    ['a name longer than its bag', planted(0x07d8, [255]), 'truncated', 0x07d9, { needed: 255 }],
  ])('%s', (_what, file, code, offset, args) => {
    const refusal = refusalOf(() => decode(file));
    expect([refusal.code, refusal.offset]).toEqual([code, offset]);
    expect(refusal.args).toMatchObject(args);
  });
});

describe('a crafted file can’t take the machine:', () => {
  test('bags in bags without end', () => {
    let bag: Bag = [];
    for (let depth = 0; depth < 40; depth++) bag = [{ name: '', type: 'bag', value: bag }];
    expect(refusalOf(() => decode(encode({ root: bag }))).code).toBe('too_deep');
  });

  test('rows without columns, as many as can be counted', () => {
    const empty = { root: [{ name: '', type: 'dataset' as const, value: { columns: [], rows: [] } }] };
    const bytes = encode(empty);
    const countAt = bytes.length - 12;
    expect(refusalOf(() => decode(resealed(patched(bytes, countAt, u32(0xffff_ffff)))))).toMatchObject({
      code: 'row_width',
      offset: countAt + 4,
    });
  });

  test('ten thousand texts over the same bytes', () => {
    const column: DatasetColumn = { name: 'a', type: 'text', nullable: true, max: 0, offset: 0 };
    const rows: Row[] = Array.from({ length: 10_000 }, () => ['x'.repeat(10)]);
    rows[0] = ['x'.repeat(100_000)];
    const layout = { heap: { length: 200_000, offsets: rows.map(() => 0), unreferenced: Buffer.alloc(0) } };
    const bytes = Buffer.from(encode({ root: [{ name: '', type: 'dataset', value: { columns: [column], rows, layout } }] }));
    const rowsAt = bytes.length - 4 - 200_000 - 9 * 10_000;
    expect(decode(bytes).root).toHaveLength(1);
    for (let row = 1; row < rows.length; row++) bytes.writeUInt32LE(200_000, rowsAt + row * 9 + 1);
    expect(refusalOf(() => decode(resealed(bytes)))).toMatchObject({ code: 'heap_shared', offset: rowsAt });
  });

  test('more properties than there is memory for', () => {
    const property = Buffer.from([0x02, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const root = Buffer.concat([Buffer.of(1), Buffer.alloc(property.length * 4_000_001, property)]);
    const file = Buffer.concat([EXAMPLE.subarray(0, 16), Buffer.from(u32(root.length)), Buffer.alloc(4), root, Buffer.alloc(4)]);
    expect(refusalOf(() => decode(resealed(file)))).toMatchObject({ code: 'too_many_cells', offset: 25 + 15 * 3_999_999 });
  });

  test('rows by the million are read where they stand', () => {
    const columns = [{ name: 'a', type: 'bool' as const, nullable: true, max: 0 }];
    const bytes = encode({ root: [table('a', { id: 1, columns, rows: [[true]] })] });
    const rows = 16_000_001;
    const chunk = Buffer.alloc(17 + rows * 2, Buffer.from([0xff, 1]));
    chunk.set(bytes.subarray(24, 41));
    chunk.writeUInt32LE(rows, 9);
    const root = Buffer.from(bytes.subarray(24 + 19 + 4));
    const file = Buffer.concat([bytes.subarray(0, 16), Buffer.from(u32(chunk.length)), Buffer.alloc(4), chunk, Buffer.alloc(4), root]);
    const [property] = decode(resealed(file)).root;
    expect(property).toMatchObject({ type: 'table', value: { rows: { length: rows } } });
    expect(property?.type === 'table' && property.value.rows.at(-1)).toEqual([true]);
  });
});
