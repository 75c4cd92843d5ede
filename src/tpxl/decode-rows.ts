import { spendShared } from './budget.ts';
import type { Budget } from './budget.ts';
import { isVariable } from './codes.ts';
import { checkTextLength, readBool, readDate, readText } from './cursor.ts';
import { TpxlError } from './error.ts';
import type { KnownColumns } from './decode-columns.ts';
import { readGuid } from './guid.ts';
import { heapOrder } from './heap-order.ts';
import { heapLayout } from './read-layout.ts';
import { isThere } from './rows-block.ts';
import type { RowsBlock } from './rows-block.ts';
import { spareBytes } from './spare-bytes.ts';
import type { Bag, Cell, Row, Rows, RowsLayout } from './values.ts';

export interface RowsContext {
  readonly budget: Budget;
  readonly known: KnownColumns;
  /** Whether the block was read before, so that all in it is known to be right. */
  readonly isChecked: boolean;
  /** The content of one object; «check» keeps nothing of it. */
  decodeBag(part: { readonly at: number; readonly length: number }, why: 'check' | 'read'): Bag;
}

/** Looks at every byte of the block once; its values are made only when they are asked for. */
export function decodeRows(block: RowsBlock, context: RowsContext): { readonly rows: Rows; readonly layout: RowsLayout | null } {
  if (!context.isChecked) {
    checkReferences(block, context);
    for (let index = 0; index < block.count; index++) checkRow(block, block.at + index * block.width, context);
  }
  const heap = heapLayout(block, heapOrder(block.columns, block.within));
  const spare = spareBytes(block);
  const rows = new StoredRows(block, context);
  if (heap === null && spare === null) return { rows, layout: null };
  return { rows, layout: { ...(spare === null ? {} : { spare }), ...(heap === null ? {} : { heap }) } };
}

class StoredRows implements Rows {
  readonly #block: RowsBlock;
  readonly #context: RowsContext;
  /** Whoever asks for a row mostly asks for it again. */
  #last: { readonly index: number; readonly row: Row } | null = null;

  constructor(block: RowsBlock, context: RowsContext) {
    this.#block = block;
    this.#context = context;
  }

  get length(): number {
    return this.#block.count;
  }

  at(index: number): Row | undefined {
    const from = index < 0 ? index + this.length : index;
    return from >= 0 && from < this.length ? this.#read(from) : undefined;
  }

  *[Symbol.iterator](): Generator<Row> {
    for (let index = 0; index < this.length; index++) yield this.#read(index);
  }

  placeOf(index: number, column: number): number {
    const { file, columns, offsets, width, heapAt } = this.#block;
    const at = this.#block.at + index * width + offsets[column]!;
    const inHeap = isVariable(columns[column]!.type) && isThere(this.#block, at);
    return inHeap ? heapAt + file.readUInt32LE(at + 5) : at;
  }

  #read(index: number): Row {
    if (this.#last?.index === index) return this.#last.row;
    const row = decodeRow(this.#block, this.#block.at + index * this.#block.width, this.#context);
    this.#last = { index, row };
    return row;
  }
}

/** Before any value is looked at: each lies in the heap, and all together aren't a multiple of what the file holds. */
function checkReferences(block: RowsBlock, { budget }: RowsContext): void {
  const { file, columns, offsets, heapLength } = block;
  const variable = [...columns.keys()].filter((index) => isVariable(columns[index]!.type));
  let referenced = 0;
  for (let index = 0; index < block.count; index++) {
    for (const column of variable) {
      const at = block.at + index * block.width + offsets[column]!;
      if (!isThere(block, at)) continue;
      const length = file.readUInt32LE(at + 1);
      const offset = file.readUInt32LE(at + 5);
      if (offset + length > heapLength) throw new TpxlError('heap_reference', at, { offset, length, heap: heapLength });
      referenced += length;
    }
  }
  if (!spendShared(budget, referenced - heapLength)) throw new TpxlError('heap_shared', block.at, { referenced, heap: heapLength });
}

/** What `decodeRow` would refuse, without making values. */
function checkRow(block: RowsBlock, rowAt: number, context: RowsContext): void {
  const { file, columns, offsets, heapAt } = block;
  for (let index = 0; index < columns.length; index++) {
    const at = rowAt + offsets[index]!;
    if (!isThere(block, at)) continue;
    const { type } = columns[index]!;
    if (type === 'bool') readBool(file, at + 1);
    else if (type === 'date') readDate(file, at + 1);
    else if (type === 'text') checkTextLength(file.readUInt32LE(at + 1), at);
    else if (index === block.bagColumn)
      context.decodeBag({ at: heapAt + file.readUInt32LE(at + 5), length: file.readUInt32LE(at + 1) }, 'check');
  }
}

function decodeRow(block: RowsBlock, rowAt: number, context: RowsContext): Row {
  const row: Cell[] = [];
  for (let index = 0; index < block.columns.length; index++) {
    const at = rowAt + block.offsets[index]!;
    row.push(isThere(block, at) ? decodeCell(block, { index, at }, context) : null);
  }
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
      return index === block.bagColumn ? context.decodeBag({ at: from, length }, 'read') : file.subarray(from, from + length);
    }
  }
}
