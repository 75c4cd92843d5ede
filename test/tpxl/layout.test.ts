import { describe, expect, test } from 'vitest';

import { decode } from '../../src/tpxl/decode.ts';
import { encode } from '../../src/tpxl/encode.ts';
import type { Bag, Cell, Column, Dataset, DatasetColumn, FileLayout, Row, RowsLayout, TpxlFile } from '../../src/tpxl/values.ts';
import { refusalOf } from './bytes.ts';
import { table } from './documents.ts';
import { plain } from './plain.ts';

const OBJECTS: readonly Column[] = [
  { name: 'ID', type: 'guid', nullable: true, max: 0 },
  { name: 'Name', type: 'text', nullable: false, max: 0 },
  { name: 'Data', type: 'bytes', nullable: false, max: 0 },
];
const ID = '3f2a1b4c-5d6e-4f70-8a9b-0c1d2e3f4a5b';
const CHILD = '00000000-0000-4000-8000-000000000001';

const COLUMNS: readonly DatasetColumn[] = [
  { name: 'a_Name', type: 'text', nullable: false, max: 0x3fff_ffff, offset: 17 },
  { name: 'A_extra', type: 'text', nullable: true, max: 0x3fff_ffff, offset: 26 },
  { name: 'a_Count', type: 'integer', nullable: true, max: 0, offset: 35 },
];

function fileOf(
  dataset: Dataset,
  layouts: { readonly file?: FileLayout; readonly objects?: RowsLayout; readonly dependencies?: readonly (readonly Cell[])[] } = {},
): TpxlFile {
  const bag: Bag = [{ name: 'tp_Things', type: 'dataset', value: dataset }];
  const objects = {
    id: 1,
    columns: OBJECTS,
    rows: [[ID, 'имя', bag]],
    ...(layouts.objects === undefined ? {} : { layout: layouts.objects }),
  };
  const dependencies = { id: 2, columns: [OBJECTS[0]!, { ...OBJECTS[0]!, name: 'ID_Child' }], rows: layouts.dependencies ?? [] };
  return {
    root: [{ name: 'Data', type: 'bag', value: [table('Objects', objects), table('ObjectDependencies', dependencies)] }],
    ...(layouts.file === undefined ? {} : { layout: layouts.file }),
  };
}

const rows: readonly Row[] = [
  ['имя', 'extra', 1],
  ['b', null, null],
];
const PLAIN = fileOf({ columns: COLUMNS, rows });

/** Such a file is unlike the canonical one, is read with that layout, and comes back to the byte. */
function expectKept(file: TpxlFile): Buffer {
  const bytes = encode(file);
  expect(plain(decode(bytes))).toEqual(file);
  expect(Buffer.compare(encode(decode(bytes)), bytes)).toBe(0);
  expect(Buffer.compare(encode(PLAIN), bytes)).not.toBe(0);
  return Buffer.from(bytes);
}

describe('what values don’t determine is kept:', () => {
  test('free chunks and the order of chunks', () => {
    const free = { chunk: 'free', content: Buffer.from([1, 2, 3]) } as const;
    const bytes = expectKept(
      fileOf(
        { columns: COLUMNS, rows },
        { file: { chunks: [free, { chunk: 'root' }, { chunk: 'table', id: 1 }, { ...free, content: Buffer.alloc(0) }] } },
      ),
    );
    expect([...bytes.subarray(24, 28)]).toEqual([0, 1, 2, 3]);
  });

  test('a chunk of a table without rows', () => {
    expectKept(
      fileOf({ columns: COLUMNS, rows }, { file: { chunks: [{ chunk: 'table', id: 2 }, { chunk: 'table', id: 1 }, { chunk: 'root' }] } }),
    );
  });

  test('the order of the heap', () => {
    // Canonical are A_extra, a_Name by name without case: «extra», «имя», «b».
    const bytes = expectKept(
      fileOf({ columns: COLUMNS, rows, layout: { heap: { length: 18, offsets: [6, 0, 16], unreferenced: Buffer.of() } } }),
    );
    expect(bytes.includes(Buffer.from('имяextrab', 'utf16le'))).toBe(true);
    expect(Buffer.from(encode(PLAIN)).includes(Buffer.from('extraимяb', 'utf16le'))).toBe(true);
  });

  test('bytes of the heap that no value uses, and values that share bytes', () => {
    const layout = {
      heap: {
        length: 24,
        offsets: [2, 18, 2],
        unreferenced: Buffer.from('zzgarbag'),
      },
    };
    const shared = [
      ['имя', 'extra', 1],
      ['extra', null, null],
    ];
    expectKept(fileOf({ columns: COLUMNS, rows: shared, layout }));
  });

  test('bytes of gaps, behind NULL and behind the last column', () => {
    // 41 bytes a row: a gap of 17, three cells, and one byte more.
    const gap = [9, ...Array<number>(16).fill(0)];
    const spare = Buffer.from([...gap, 5, ...gap, 6, 2, 0, 0, 0, 0, 7, 0, 0, 0, 2, 0, 0, 0, 1]);
    expectKept(fileOf({ columns: COLUMNS, rows, layout: { rowWidth: 41, spare } }));
  });

  test('the heap order of the objects themselves', () => {
    const size = encode(PLAIN).length;
    const canonical = decode(encode(PLAIN));
    expect(plain(canonical)).toEqual(PLAIN);
    const dataset = { columns: COLUMNS, rows };
    const length = encode({ root: [{ name: 'x', type: 'dataset', value: dataset }] }).length - encode({ root: [] }).length - 8;
    const bag = 1 + 10 + 5 + length;
    const bytes = expectKept(fileOf(dataset, { objects: { heap: { length: 6 + bag, offsets: [bag, 0], unreferenced: Buffer.of() } } }));
    expect(bytes.length).toBe(size);
  });
});

describe('a layout that the values have outgrown is left aside:', () => {
  test('a heap whose text became longer', () => {
    const layout = { heap: { length: 18, offsets: [6, 0, 16], unreferenced: Buffer.of() } };
    const changed = fileOf({ columns: COLUMNS, rows: [['имя', 'extra long', 1], rows[1]!], layout });
    expect(plain(decode(encode(changed)))).toEqual(fileOf({ columns: COLUMNS, rows: [['имя', 'extra long', 1], rows[1]!] }));
  });

  test('shared bytes of which one value has changed', () => {
    const layout = { heap: { length: 10, offsets: [0, 0], unreferenced: Buffer.of() } };
    const shared = (second: string): Dataset => ({ columns: COLUMNS.slice(0, 1), rows: [['extra'], [second]], layout });
    expectKept(fileOf(shared('extra')));
    const { layout: _gone, ...canonical } = shared('other');
    expect(plain(decode(encode(fileOf(shared('other')))))).toEqual(fileOf(canonical));
  });

  test('an order of chunks that lacks a table which has rows now', () => {
    const file: FileLayout = { chunks: [{ chunk: 'free', content: Buffer.of(1) }, { chunk: 'table', id: 1 }, { chunk: 'root' }] };
    const dependencies = [[ID, CHILD]];
    expect(plain(decode(encode(fileOf({ columns: COLUMNS, rows }, { file, dependencies }))))).toEqual(
      fileOf({ columns: COLUMNS, rows }, { dependencies }),
    );
  });
});

describe('the canonical order', () => {
  test('puts the dependencies before the objects and the root last', () => {
    const bytes = Buffer.from(encode(fileOf({ columns: COLUMNS, rows }, { dependencies: [[ID, CHILD]] })));
    expect([...bytes.subarray(24, 29)]).toEqual([2, 2, 0, 0, 0]);
    const second = 16 + 12 + bytes.readUInt32LE(16);
    expect([...bytes.subarray(second + 8, second + 13)]).toEqual([2, 1, 0, 0, 0]);
  });
});

describe('a value that can’t be written', () => {
  const set =
    (row: readonly Cell[], columns = COLUMNS): (() => unknown) =>
    () =>
      encode(fileOf({ columns, rows: [row] }));
  test.each<[string, () => unknown, object]>([
    ['of the wrong type', set([1, null, null]), { problem: 'cell', value: 'a_Name', type: 'text' }],
    ['too large', set(['', null, 2 ** 31]), { problem: 'cell', value: 'a_Count' }],
    ['no integer', set(['', null, 1.5]), { problem: 'cell', value: 'a_Count' }],
    ['a cell too few', set(['']), { problem: 'row' }],
    [
      'in cells that overlap',
      set(['', null, 1], [COLUMNS[0]!, { ...COLUMNS[1]!, offset: 20 }, COLUMNS[2]!]),
      { problem: 'column_overlap' },
    ],
    ['no GUID', () => encode({ root: [{ name: 'x', type: 'guid', value: 'abc' }] }), { problem: 'guid', value: 'abc' }],
    ['no date', () => encode({ root: [{ name: 'x', type: 'date', value: Number.NaN }] }), { problem: 'date' }],
    ['a name of two alphabets', () => encode({ root: [{ name: 'имя', type: 'guid', value: ID }] }), { problem: 'name' }],
    ['an integer of more than 8 bytes', () => encode({ root: [{ name: 'x', type: 'integer', value: 2n ** 63n }] }), { problem: 'i64' }],
  ])('%s is refused with its place', (_what, write, args) => {
    const refusal = refusalOf(write);
    expect(refusal).toMatchObject({ code: 'value', args });
    expect(refusal.offset).toBeGreaterThan(0);
  });

  test('as two tables of one number is refused', () => {
    const twice = table('a', { id: 1, columns: [], rows: [] });
    expect(refusalOf(() => encode({ root: [twice, twice] })).code).toBe('table_defined_twice');
  });
});
