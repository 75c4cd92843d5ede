import { CELL_WIDTHS, COLUMN_TYPES, isVariable } from './codes.ts';
import { spend } from './budget.ts';
import type { Budget } from './budget.ts';
import type { Cursor } from './cursor.ts';
import { TpxlError } from './error.ts';
import type { DatasetColumn } from './values.ts';

/** Type, name's length, nullable, offset, max: no column is shorter. */
const LEAST_COLUMN = 11;
/** In cells. */
const COLUMN_COST = 2;

/** Column definitions by their bytes: a file of many objects of one type repeats them in each. */
export type KnownColumns = Map<string, readonly DatasetColumn[]>;
const MOST_KNOWN = 200;
const LONGEST_KNOWN = 4_096;

/** Column definitions of a dataset; a table's have 0 for each offset. */
export function decodeColumns(
  cursor: Cursor,
  { budget, known }: { readonly budget: Budget; readonly known: KnownColumns },
): readonly DatasetColumn[] {
  const from = cursor.at;
  const columns = readColumns(cursor, budget);
  if (cursor.at - from > LONGEST_KNOWN) return columns;
  const key = cursor.file.toString('latin1', from, cursor.at);
  const former = known.get(key);
  if (former === undefined && known.size < MOST_KNOWN) known.set(key, columns);
  return former ?? columns;
}

function readColumns(cursor: Cursor, budget: Budget): readonly DatasetColumn[] {
  const count = cursor.count(LEAST_COLUMN);
  spend(budget, { cells: count * COLUMN_COST, at: cursor.at });
  const columns: DatasetColumn[] = [];
  for (let index = 0; index < count; index++) columns.push(decodeColumn(cursor));
  return columns;
}

function decodeColumn(cursor: Cursor): DatasetColumn {
  const at = cursor.at;
  const code = cursor.u8();
  const type = COLUMN_TYPES.get(code);
  if (type === undefined) throw new TpxlError('column_type', at, { found: code });
  const name = cursor.name();
  const nullableAt = cursor.at;
  const nullable = cursor.u8();
  if (nullable > 1) throw new TpxlError('constant', nullableAt, { expected: 1, found: nullable });
  const offset = cursor.u32();
  const max = cursor.u32();
  if (isVariable(type)) cursor.constant(0, 'u32');
  return { name, type, nullable: nullable === 1, offset, max };
}

/** Where the last cell ends. Cells that overlap could not both be meant. */
export function endOfCells(columns: readonly DatasetColumn[], blame: number): number {
  const inOrder = columns.every(({ offset }, index) => index === 0 || columns[index - 1]!.offset <= offset);
  let end = 0;
  for (const { offset, type } of inOrder ? columns : columns.toSorted((a, b) => a.offset - b.offset)) {
    if (offset < end) throw new TpxlError('column_overlap', blame, { offset });
    end = offset + 1 + CELL_WIDTHS[type];
  }
  return end;
}
