import { isVariable, OBJECT_CONTENT } from './codes.ts';
import { encodeCell, encodeContent } from './encode-cell.ts';
import { heapFits } from './fit-layout.ts';
import type { HeapContent } from './fit-layout.ts';
import { heapGaps } from './heap-gaps.ts';
import { heapOrder } from './heap-order.ts';
import { cellSize, DATASET_FLAGS, packedOffsets, TABLE_FLAGS } from './rows-block.ts';
import type { CellFlags } from './rows-block.ts';
import { fillSpare } from './spare-bytes.ts';
import type { Bag, Cell, Column, Dataset, Rows, RowsLayout, Table } from './values.ts';
import { measure } from './writer.ts';
import type { Writer } from './writer.ts';

export type EncodeBag = (writer: Writer, bag: Bag) => void;

interface Block {
  readonly within: 'dataset' | 'table';
  readonly columns: readonly Column[];
  readonly rows: Rows;
  readonly offsets: readonly number[];
  readonly width: number;
  readonly flags: CellFlags;
  readonly layout: RowsLayout | undefined;
  /** Where bytes of the column `Data` may be given as a bag. */
  readonly encodeBag: EncodeBag | null;
}

/** Row count, row width, rows, heap. */
export function encodeDatasetRows(writer: Writer, { columns, rows, layout }: Dataset): void {
  const end = endOf(writer, columns);
  const kept = layout?.rowWidth ?? end;
  const width = rows.length === 0 ? kept : Math.max(end, kept);
  writer.u32(rows.length);
  writer.u32(width);
  const offsets = columns.map(({ offset }) => offset);
  writeBlock(writer, { within: 'dataset', columns, rows, offsets, width, flags: DATASET_FLAGS, layout, encodeBag: null });
}

/** Row count, heap length, rows, heap. */
export function encodeTableRows(writer: Writer, { columns, rows, layout }: Table, encodeBag: EncodeBag | null): void {
  writer.u32(rows.length);
  const lengthAt = writer.skip(4);
  const { offsets, width } = packedOffsets(columns);
  const heapLength = writeBlock(writer, { within: 'table', columns, rows, offsets, width, flags: TABLE_FLAGS, layout, encodeBag });
  writer.patchU32(lengthAt, heapLength);
}

function endOf(writer: Writer, columns: Dataset['columns']): number {
  let end = 0;
  for (const { name, offset, type } of columns.toSorted((a, b) => a.offset - b.offset)) {
    if (offset < end) writer.fail({ problem: 'column_overlap', value: name });
    end = offset + cellSize(type);
  }
  return end;
}

/** Rows and heap together, so that each row is read once; answers the heap's length. */
function writeBlock(writer: Writer, block: Block): number {
  const { columns, rows, offsets, width, layout } = block;
  if (rows.length > 0 && width === 0) writer.fail({ problem: 'columns', value: rows.length });
  const order = heapOrder(columns, block.within);
  const at = writer.skip(rows.length * width);
  const heapAt = writer.at;
  const heap = layout?.heap !== undefined && heapFits(layout.heap, () => contentsOf(writer, block, order)) ? layout.heap : null;
  const covered = heap === null ? null : new Uint8Array(heap.length);
  let index = 0;
  let value = 0;
  for (const row of rows) {
    const rowAt = at + index * width;
    if (row.length !== columns.length) writer.fail({ problem: 'row', value: index });
    for (let column = 0; column < columns.length; column++)
      writeCell(writer, block, { at: rowAt + offsets[column]!, column: columns[column]!, cell: row[column]! });
    for (const column of order) {
      if (row[column] === null) continue;
      if (heap !== null) writer.at = heapAt + heap.offsets[value++]!;
      const from = writer.at;
      writeContent(writer, block, { column: columns[column]!, cell: row[column]! });
      writer.patchU32(rowAt + offsets[column]! + 1, writer.at - from);
      writer.patchU32(rowAt + offsets[column]! + 5, from - heapAt);
      covered?.fill(1, from - heapAt, writer.at - heapAt);
    }
    index += 1;
  }
  if (layout?.spare !== undefined && writer.bytes !== null)
    fillSpare({ file: writer.bytes, columns, offsets, width, flags: block.flags, count: rows.length, at }, layout.spare);
  if (heap === null || covered === null) return writer.at - heapAt;
  fillGaps(writer.bytes?.subarray(heapAt, heapAt + heap.length), covered, heap.unreferenced);
  writer.at = heapAt + heap.length;
  return heap.length;
}

function fillGaps(into: Uint8Array | undefined, covered: Uint8Array, bytes: Uint8Array): void {
  let at = 0;
  for (const { from, to } of heapGaps(covered)) {
    into?.set(bytes.subarray(at, at + to - from), from);
    at += to - from;
  }
}

function writeCell(writer: Writer, { flags }: Block, { at, column, cell }: { at: number; column: Column; cell: Cell }): void {
  writer.bytes?.writeUInt8(cell === null ? flags.none : flags.value, at);
  if (cell === null || isVariable(column.type)) return;
  const end = writer.at;
  writer.at = at + 1;
  encodeCell(writer, column, cell);
  writer.at = end;
}

function writeContent(writer: Writer, { encodeBag }: Block, { column, cell }: { readonly column: Column; readonly cell: Cell }): void {
  if (encodeBag !== null && column.name === OBJECT_CONTENT && Array.isArray(cell)) encodeBag(writer, cell as Bag);
  else encodeContent(writer, column, cell);
}

/** The heap's values in its canonical order, with their sizes. */
function* contentsOf(writer: Writer, block: Block, order: readonly number[]): Generator<HeapContent> {
  for (const row of block.rows) {
    for (const column of order) {
      if (row[column] === null || row[column] === undefined) continue;
      const write = (to: Writer): void => writeContent(to, block, { column: block.columns[column]!, cell: row[column]! });
      yield { size: measure(write, writer.origin + writer.at), write };
    }
  }
}
