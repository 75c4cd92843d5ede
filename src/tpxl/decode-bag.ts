import { DEEPEST, PROPERTY_TYPES, TABLE_CLASS } from './codes.ts';
import { budgetOfObject, spend } from './budget.ts';
import type { Budget } from './budget.ts';
import { Cursor, readText } from './cursor.ts';
import { decodeColumns, endOfCells } from './decode-columns.ts';
import type { KnownColumns } from './decode-columns.ts';
import { decodeRows } from './decode-rows.ts';
import type { RowsContext } from './decode-rows.ts';
import { decodeTable } from './decode-table.ts';
import type { RowChunks } from './decode-table.ts';
import { TpxlError } from './error.ts';
import { DATASET_FLAGS } from './rows-block.ts';
import type { Bag, Dataset, Property } from './values.ts';

/** Told of where properties stand in the file, for whoever must point at a byte. */
export interface PlaceListener {
  /** Where the property's value begins. */
  property(property: Property, at: number): void;
}

/** What the parts of one decoding share. */
export interface DecodeContext {
  readonly file: Buffer;
  readonly chunks: RowChunks;
  readonly budget: Budget;
  readonly known: KnownColumns;
  /** Whether the part was read before. */
  readonly isChecked: boolean;
  readonly listener: PlaceListener | null;
}

/** In cells. */
const PROPERTY_COST = 4;

/** A bag has neither count nor end mark: properties up to the end of its part. Only tables of the root have rows in chunks. */
export function decodeBag(cursor: Cursor, context: DecodeContext, at: { readonly depth: number; readonly inRoot: boolean }): Bag {
  if (at.depth > DEEPEST) throw new TpxlError('too_deep', cursor.at, { deepest: DEEPEST });
  const bag: Property[] = [];
  while (cursor.left > 0) {
    spend(context.budget, { cells: PROPERTY_COST, at: cursor.at });
    bag.push(decodeProperty(cursor, context, at));
  }
  return bag;
}

function decodeProperty(cursor: Cursor, context: DecodeContext, at: { readonly depth: number; readonly inRoot: boolean }): Property {
  const codeAt = cursor.at;
  const code = cursor.u8();
  const type = PROPERTY_TYPES.get(code);
  if (type === undefined) throw new TpxlError('property_type', codeAt, { found: code });
  const name = cursor.name();
  cursor.constant(1, 'u8');
  cursor.constant(0, 'u32');
  const valueAt = cursor.at;
  const property = decodeValue(cursor, context, { ...at, type, name });
  context.listener?.property(property, valueAt);
  return property;
}

interface ValueOf {
  readonly depth: number;
  readonly inRoot: boolean;
  readonly type: Exclude<Property['type'], 'class'>;
  readonly name: string;
}

function decodeValue(cursor: Cursor, context: DecodeContext, { depth, inRoot, type, name }: ValueOf): Property {
  switch (type) {
    case 'integer':
      return { name, type, value: context.file.readBigInt64LE(cursor.take(8)) };
    case 'date':
      return { name, type, value: cursor.date() };
    case 'guid':
      return { name, type, value: cursor.guid() };
    case 'text': {
      const blame = cursor.at;
      const length = cursor.u32();
      return { name, type, value: readText(context.file, { at: cursor.take(length), length, blame }) };
    }
    case 'dataset':
      return { name, type, value: decodeDataset(cursor.part(cursor.u32()), context, depth) };
    case 'bag':
      return { name, type, value: decodeBag(cursor.part(cursor.u32()), context, { depth: depth + 1, inRoot }) };
    case 'table': {
      const classId = cursor.guid();
      const content = cursor.part(cursor.u32());
      if (classId !== TABLE_CLASS) return { name, type: 'class', classId, value: context.file.subarray(content.at, content.end) };
      const rows = rowsContext(context, depth);
      return { name, type: 'table', value: decodeTable(content, { name, chunks: inRoot ? context.chunks : null, rows }) };
    }
  }
}

function decodeDataset(cursor: Cursor, context: DecodeContext, depth: number): Dataset {
  const columnsAt = cursor.at;
  const columns = decodeColumns(cursor, context);
  const end = endOfCells(columns, columnsAt);
  const countAt = cursor.at;
  const count = cursor.u32();
  const width = cursor.u32();
  if (count > 0 && (width < end || width === 0)) throw new TpxlError('row_width', countAt + 4, { width, columns: end });
  const at = cursor.take(count * width);
  const { rows, layout } = decodeRows(
    {
      file: context.file,
      within: 'dataset',
      columns,
      offsets: columns.map(({ offset }) => offset),
      count,
      width,
      at,
      heapAt: cursor.at,
      heapLength: cursor.left,
      flags: DATASET_FLAGS,
      bagColumn: null,
    },
    rowsContext(context, depth),
  );
  if (layout === null && width === end) return { columns, rows };
  return { columns, rows, layout: { ...(width === end ? {} : { rowWidth: width }), ...layout } };
}

function rowsContext(context: DecodeContext, depth: number): RowsContext {
  const { file, budget, known, isChecked, listener } = context;
  const object = { depth: depth + 1, inRoot: false };
  return {
    budget,
    known,
    isChecked,
    decodeBag: ({ at, length }, why) =>
      decodeBag(
        new Cursor(file, at, at + length),
        { ...context, budget: budgetOfObject(budget), isChecked: why === 'read', listener: why === 'read' ? listener : null },
        object,
      ),
  };
}
