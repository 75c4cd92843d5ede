import { CELL_WIDTHS, DATASET_NULL, DATASET_UNSET, DATASET_VALUE, TABLE_NULL, TABLE_VALUE } from './codes.ts';
import { TpxlError } from './error.ts';
import type { Column } from './values.ts';

/** What the first byte of a cell says: a value, NULL as the encoder writes it, and NULL in another way that is known. */
export interface CellFlags {
  readonly value: number;
  readonly none: number;
  readonly unset: number;
}

export const DATASET_FLAGS: CellFlags = { value: DATASET_VALUE, none: DATASET_NULL, unset: DATASET_UNSET };
export const TABLE_FLAGS: CellFlags = { value: TABLE_VALUE, none: TABLE_NULL, unset: TABLE_NULL };

/** A block of rows and the heap behind it, both within bounds. */
export interface RowsBlock {
  readonly file: Buffer;
  readonly within: 'dataset' | 'table';
  readonly columns: readonly Column[];
  /** Of each column's cell in its row. */
  readonly offsets: readonly number[];
  readonly count: number;
  readonly width: number;
  readonly at: number;
  readonly heapAt: number;
  readonly heapLength: number;
  readonly flags: CellFlags;
  /** For the bytes of these columns: they hold a bag. */
  readonly bagColumn: number | null;
}

/** The flag of the cell: true = a value, false = NULL. */
export function isThere({ file, flags }: RowsBlock, at: number): boolean {
  const flag = file[at]!;
  if (flag === flags.value) return true;
  if (flag === flags.none || flag === flags.unset) return false;
  throw new TpxlError('cell_flag', at, { found: flag });
}

/** Of rows whose cells stand one after the other, as in a table. */
export function packedOffsets(columns: readonly Column[]): { readonly offsets: readonly number[]; readonly width: number } {
  const offsets: number[] = [];
  let width = 0;
  for (const { type } of columns) {
    offsets.push(width);
    width += cellSize(type);
  }
  return { offsets, width };
}

/** Bytes of a cell in its row, with its flag. */
export function cellSize(type: Column['type']): number {
  return 1 + CELL_WIDTHS[type];
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The places of a row that no cell takes. */
export function gapsOfRow(columns: readonly Column[], offsets: readonly number[], width: number): readonly Span[] {
  const cells = columns.map(({ type }, index) => ({ from: offsets[index]!, to: offsets[index]! + cellSize(type) }));
  const gaps: Span[] = [];
  let covered = 0;
  for (const { from, to } of cells.toSorted((a, b) => a.from - b.from)) {
    if (from > covered) gaps.push({ from: covered, to: from });
    covered = Math.max(covered, to);
  }
  if (width > covered) gaps.push({ from: covered, to: width });
  return gaps;
}
