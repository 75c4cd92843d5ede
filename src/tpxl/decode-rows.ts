import { isVariable } from './codes.ts';
import { spend } from './budget.ts';
import type { Budget } from './budget.ts';
import { readBool, readDate, readText } from './cursor.ts';
import { TpxlError } from './error.ts';
import type { KnownColumns } from './decode-columns.ts';
import { readGuid } from './guid.ts';
import { heapOrder } from './heap-order.ts';
import { heapLayout, spareBytes } from './read-layout.ts';
import { isThere } from './rows-block.ts';
import type { RowsBlock } from './rows-block.ts';
import type { Bag, Cell, Column, Row, RowsLayout } from './values.ts';

export interface RowsContext {
  readonly budget: Budget;
  readonly known: KnownColumns;
  decodeBag(at: number, length: number): Bag;
  /** Told of each row and of where its cells' content stands. */
  readonly onRow: ((row: Row, places: readonly number[]) => void) | null;
}

export function decodeRows(block: RowsBlock, context: RowsContext): { readonly rows: Row[]; readonly layout: RowsLayout | null } {
  checkReferences(block, context);
  const rows: Row[] = [];
  for (let index = 0; index < block.count; index++) rows.push(decodeRow(block, block.at + index * block.width, context));
  const order = heapOrder(block.columns, block.within);
  const heap = heapLayout(block, order);
  const spare = spareBytes(block);
  if (heap === null && spare.length === 0) return { rows, layout: null };
  return { rows, layout: { ...(spare.length === 0 ? {} : { spare }), ...(heap === null ? {} : { heap }) } };
}

/** Before any value is made: each lies in the heap, and all together aren't a multiple of what the file holds. */
function checkReferences(block: RowsBlock, context: RowsContext): void {
  spend(context.budget, { cells: block.count * rowCost(block.columns), at: block.at });
  const variable = [...block.columns.keys()].filter((index) => isVariable(block.columns[index]!.type));
  let referenced = 0;
  for (let index = 0; index < block.count; index++) {
    for (const column of variable) {
      const at = block.at + index * block.width + block.offsets[column]!;
      if (!isThere(block, at)) continue;
      const length = block.file.readUInt32LE(at + 1);
      const offset = block.file.readUInt32LE(at + 5);
      if (offset + length > block.heapLength) throw new TpxlError('heap_reference', at, { offset, length, heap: block.heapLength });
      referenced += length;
    }
  }
  context.budget.shared -= Math.max(0, referenced - block.heapLength);
  if (context.budget.shared < 0) throw new TpxlError('heap_shared', block.at, { referenced, heap: block.heapLength });
}

/** What a row costs beside its texts, in cells; a view of bytes costs as much as several. */
function rowCost(columns: readonly Column[]): number {
  return columns.reduce((sum, { type }) => sum + (type === 'bytes' ? 4 : 1), 1);
}

function decodeRow(block: RowsBlock, rowAt: number, context: RowsContext): Row {
  const row: Cell[] = [];
  const places: number[] | null = context.onRow === null ? null : [];
  for (const [index, { type }] of block.columns.entries()) {
    const at = rowAt + block.offsets[index]!;
    const there = isThere(block, at);
    places?.push(there && isVariable(type) ? block.heapAt + block.file.readUInt32LE(at + 5) : at);
    row.push(there ? decodeCell(block, { index, at }, context) : null);
  }
  context.onRow?.(row, places!);
  return row;
}

function decodeCell(block: RowsBlock, { index, at }: { readonly index: number; readonly at: number }, context: RowsContext): Cell {
  const { file, columns, heapAt } = block;
  const { type } = columns[index]!;
  switch (type) {
    case 'bool':
      return readBool(file, at + 1);
    case 'integer':
      return file.readInt32LE(at + 1);
    case 'guid':
      return readGuid(file, at + 1);
    case 'date':
      return readDate(file, at + 1);
    case 'text':
    case 'bytes': {
      const length = file.readUInt32LE(at + 1);
      const from = heapAt + file.readUInt32LE(at + 5);
      if (type === 'text') return readText(file, { at: from, length, blame: at });
      return index === block.bagColumn ? context.decodeBag(from, length) : file.subarray(from, from + length);
    }
  }
}
