import { encode } from '../../src/tpxl/encode.ts';
import type { Bag, Cell, Column, DatasetColumn, Row, Rows, TpxlFile } from '../../src/tpxl/values.ts';

const SIZE = 100 * 1024 * 1024;
const TYPE = '7309e48c-051e-49e5-b3bb-9b7bfbabb3d1';
const idOf = (index: number): string => `3f2a1b4c-5d6e-4f70-8a9b-${index.toString(16).padStart(12, '0')}`;

const OBJECTS: readonly Column[] = [
  { name: 'ID', type: 'guid', nullable: true, max: 0 },
  { name: 'ObjectType', type: 'guid', nullable: true, max: 0 },
  { name: 'Name', type: 'text', nullable: false, max: 0x7fff_ffff },
  { name: 'Data', type: 'bytes', nullable: false, max: 0x7fff_ffff },
  { name: 'IsPrimary', type: 'bool', nullable: false, max: 0 },
];
const TASK_TYPE: readonly DatasetColumn[] = [
  { name: 'tstp_ID', type: 'guid', nullable: false, max: 0, offset: 0 },
  { name: 'tstp_Name', type: 'text', nullable: false, max: 0x3fff_ffff, offset: 34 },
  { name: 'tstp_SQL', type: 'text', nullable: true, max: 0x3fff_ffff, offset: 52 },
  { name: 'tstp_Picture', type: 'bytes', nullable: true, max: 0x7fff_ffff, offset: 61 },
];

/** Rows that are made when they are asked for, so that the bench itself has room for them. */
function madeRows(length: number, make: (index: number) => Row): Rows {
  return {
    length,
    at: (index) => (index >= 0 && index < length ? make(index) : undefined),
    *[Symbol.iterator]() {
      for (let index = 0; index < length; index++) yield make(index);
    },
  };
}

function fileOf(rows: Rows): TpxlFile {
  return { root: [{ name: 'Data', type: 'bag', value: [{ name: 'Objects', type: 'table', value: { id: 1, columns: OBJECTS, rows } }] }] };
}

/** So many task types, each with a script and bytes. */
function taskTypes(count: number, content: (index: number) => readonly [string | null, Uint8Array | null]): TpxlFile {
  return fileOf(
    madeRows(count, (index) => {
      const row: readonly Cell[] = [idOf(index), `object ${index}`, ...content(index)];
      const bag: Bag = [{ name: 'tp_TaskTypes', type: 'dataset', value: { columns: TASK_TYPE, rows: [row] } }];
      return [idOf(index), TYPE, `object ${index}`, bag, true];
    }),
  );
}

/** One object with a detail table of so many rows. */
function details(columns: readonly DatasetColumn[], rows: Rows): TpxlFile {
  const bag: Bag = [{ name: 'tp_Details', type: 'dataset', value: { columns, rows } }];
  return fileOf(madeRows(1, () => [idOf(0), TYPE, 'object', bag, true]));
}

const column = (index: number, type: Column['type'], width: number): DatasetColumn => ({
  name: `x_Column${index}`,
  type,
  nullable: true,
  max: 0,
  offset: index * width,
});
const many = (count: number, type: Column['type'], width: number): readonly DatasetColumn[] =>
  Array.from({ length: count }, (_none, index) => column(index, type, width));

/** Values that stand in the heap with a gap behind each, as an exporter that aligns them would put them. */
function aligned(): TpxlFile {
  const count = 4_500_000;
  const file = details(
    many(1, 'text', 9),
    madeRows(count, () => ['жжж']),
  );
  const offsets = Uint32Array.from({ length: count }, (_none, index) => index * 8);
  const layout = { heap: { length: count * 8, offsets, unreferenced: Buffer.alloc(count * 2, 7) } };
  const [data] = file.root;
  if (data?.type !== 'bag') throw new Error('no bag');
  const [objects] = data.value;
  if (objects?.type !== 'table') throw new Error('no table');
  const [row] = objects.value.rows;
  const [dataset] = row![3] as Bag;
  if (dataset?.type !== 'dataset') throw new Error('no dataset');
  const bag: Bag = [{ ...dataset, value: { ...dataset.value, layout } }];
  return fileOf(madeRows(1, () => [...row!.slice(0, 3), bag, true]));
}

export const SHAPES: Readonly<Record<string, () => TpxlFile>> = {
  'one text': () => taskTypes(1, () => ['Ж'.repeat(SIZE / 2), null]),
  'one picture': () => taskTypes(1, () => [null, Buffer.alloc(SIZE, 7)]),
  '20,000 objects of 5 KB': () => taskTypes(20_000, (index) => [`${index} `.repeat(2_600).slice(0, 2_560), null]),
  '100,000 objects of 1 KB': () => taskTypes(100_000, (index) => [`${index} `.repeat(200).slice(0, 400), null]),
  '230,000 objects of 450 bytes': () => taskTypes(230_000, (index) => [`${index} `.repeat(40).slice(0, 80), null]),
  '1,400,000 objects without content': () => fileOf(madeRows(1_400_000, (index) => [idOf(index), TYPE, `${index}`, [], true])),
  '7,000,000 texts of 6 bytes': () =>
    details(
      many(1, 'text', 9),
      madeRows(7_000_000, () => ['жжж']),
    ),
  '50,000,000 cells in rows of 200': () => {
    const row = Array.from({ length: 200 }, (_none, index) => index % 2 === 0);
    return details(
      many(200, 'bool', 2),
      madeRows(250_000, () => row),
    );
  },
  '3,300,000 rows with an id': () =>
    details(
      [column(0, 'guid', 17), { ...column(1, 'integer', 17), offset: 17 }, { ...column(2, 'date', 17), offset: 22 }],
      madeRows(3_300_000, (index) => [idOf(index), index, index]),
    ),
  '4,500,000 aligned texts': aligned,
};

export function bytesOf(shape: string): Uint8Array {
  return encode(SHAPES[shape]!());
}
