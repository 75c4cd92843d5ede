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

/** Column definitions of a dataset; a table's have 0 for each offset. */
export function decodeColumns(cursor: Cursor, budget: Budget): DatasetColumn[] {
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
  const placed = columns
    .map(({ type, offset }) => ({ from: offset, to: offset + 1 + CELL_WIDTHS[type] }))
    .toSorted((a, b) => a.from - b.from);
  let end = 0;
  for (const { from, to } of placed) {
    if (from < end) throw new TpxlError('column_overlap', blame, { offset: from });
    end = to;
  }
  return end;
}
