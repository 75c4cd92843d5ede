import { CELL_WIDTHS } from './codes.ts';
import { TpxlError } from './error.ts';
import type { Column } from './values.ts';

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
  readonly flags: { readonly value: number; readonly none: number };
  /** For the bytes of these columns: they hold a bag. */
  readonly bagColumn: number | null;
}

/** The flag of the cell: true = a value, false = NULL. */
export function isThere({ file, flags }: RowsBlock, at: number): boolean {
  const flag = file.readUInt8(at);
  if (flag !== flags.value && flag !== flags.none) throw new TpxlError('cell_flag', at, { found: flag });
  return flag === flags.value;
}

/** Of rows whose cells stand one after the other, as in a table. */
export function packedOffsets(columns: readonly Column[]): { readonly offsets: readonly number[]; readonly width: number } {
  const offsets: number[] = [];
  let width = 0;
  for (const { type } of columns) {
    offsets.push(width);
    width += 1 + CELL_WIDTHS[type];
  }
  return { offsets, width };
}
