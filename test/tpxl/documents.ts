import fc from 'fast-check';

import { CELL_WIDTHS, usualMax } from '../../src/tpxl/codes.ts';
import type { Bag, Cell, Column, ColumnType, Dataset, DatasetColumn, Property, Table, TpxlFile } from '../../src/tpxl/values.ts';

const TYPES: readonly ColumnType[] = ['bool', 'integer', 'guid', 'date', 'text', 'bytes'];

/** Any UTF-16, half characters and U+0000 too. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 10 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('', 'Пример', '😀', '\ud83d', 'a\r\nb', 'x'.repeat(3000)),
);
const name = fc.oneof(fc.stringMatching(/^[A-Za-z_]{1,20}$/), fc.constantFrom('', '__proto__', 'constructor', '\u00ff'.repeat(255)));
const guid = fc.uuid();
const days = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => ms / 86_400_000),
);
const raw = fc.uint8Array({ maxLength: 40 });

const CELLS: Readonly<Record<ColumnType, fc.Arbitrary<Cell>>> = {
  bool: fc.boolean(),
  integer: fc.integer(),
  guid,
  date: days,
  text,
  bytes: raw.map((bytes) => Buffer.from(bytes)),
};

const orNull = (cell: fc.Arbitrary<Cell>): fc.Arbitrary<Cell> => fc.option(cell, { nil: null });

const columnOf = (within: 'dataset' | 'table'): fc.Arbitrary<Column> =>
  fc
    .record({ name, type: fc.constantFrom(...TYPES), nullable: fc.boolean(), odd: fc.option(fc.nat(0xffff_ffff), { freq: 9 }) })
    .map(({ odd, ...column }) => ({ ...column, max: odd ?? usualMax(column.type, within) }));

const rowsOf = (columns: readonly Column[]): fc.Arbitrary<readonly (readonly Cell[])[]> =>
  columns.length === 0
    ? fc.constant([])
    : fc.array(fc.tuple(...columns.map(({ type }) => fc.oneof({ arbitrary: CELLS[type], weight: 4 }, fc.constant(null)))), {
        maxLength: 5,
      });

const dataset: fc.Arbitrary<Dataset> = fc
  .array(fc.tuple(columnOf('dataset'), fc.constantFrom(0, 0, 0, 9, 17)), { maxLength: 8 })
  .chain((placed) => {
    let end = 0;
    const columns = placed.map(([column, gap]): DatasetColumn => {
      const offset = end + gap;
      end = offset + 1 + CELL_WIDTHS[column.type];
      return { ...column, offset };
    });
    // The order of the columns needn't be that of their places.
    return fc
      .oneof({ arbitrary: fc.constant(columns), weight: 3 }, fc.shuffledSubarray(columns, { minLength: columns.length }))
      .chain((ordered) => rowsOf(ordered).map((rows) => ({ columns: ordered, rows })));
  });

const plainProperty: fc.Arbitrary<Property> = fc.oneof(
  fc.record({ name, type: fc.constant('integer' as const), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }),
  fc.record({ name, type: fc.constant('date' as const), value: days }),
  fc.record({ name, type: fc.constant('guid' as const), value: guid }),
  fc.record({ name, type: fc.constant('text' as const), value: text }),
  fc.record({ name, type: fc.constant('dataset' as const), value: dataset }),
  fc.record({ name, type: fc.constant('class' as const), classId: guid, value: raw.map((bytes) => Buffer.from(bytes)) }),
);

const bag: fc.Arbitrary<Bag> = fc.letrec<{ bag: Bag }>((tie) => ({
  bag: fc.array(
    fc.oneof({ depthSize: 'small', maxDepth: 3 }, plainProperty, fc.record({ name, type: fc.constant('bag' as const), value: tie('bag') })),
    { maxLength: 4 },
  ),
})).bag;

const OBJECT_COLUMNS: readonly Column[] = [
  { name: 'ID', type: 'guid', nullable: true, max: 0 },
  { name: 'ObjectType', type: 'guid', nullable: true, max: 0 },
  { name: 'Name', type: 'text', nullable: false, max: 0x7fff_ffff },
  { name: 'Data', type: 'bytes', nullable: false, max: 0x7fff_ffff },
  { name: 'IsPrimary', type: 'bool', nullable: false, max: 0 },
];

const objects: fc.Arbitrary<readonly (readonly Cell[])[]> = fc.array(fc.tuple(orNull(guid), guid, text, orNull(bag), fc.boolean()), {
  maxLength: 4,
});

const tables: fc.Arbitrary<readonly Property[]> = fc
  .array(
    fc
      .array(columnOf('table'), { maxLength: 6 })
      .chain((columns) => fc.tuple(name, fc.constant(columns), rowsOf(columns)))
      .map(([of, columns, rows]) => ({ name: of === 'Objects' ? 'Others' : of, columns, rows })),
    { maxLength: 3 },
  )
  .map((list) => list.map(({ name: of, columns, rows }, index): Property => table(of, { id: index + 2, columns, rows })));

export function table(of: string, value: Table): Property {
  return { name: of, type: 'table', value };
}

/** Files of every property, column and object type, with names and types that nobody has seen. */
export const documents: fc.Arbitrary<TpxlFile> = fc.record({ rows: objects, further: tables, before: bag, inner: bag }).map((parts) => ({
  root: [
    ...parts.before,
    {
      name: 'Data',
      type: 'bag' as const,
      value: [table('Objects', { id: 1, columns: OBJECT_COLUMNS, rows: parts.rows }), ...parts.further, ...parts.inner],
    },
  ],
}));
