import { CELL_WIDTHS, DATASET_NULL, DATASET_VALUE, isVariable, OBJECT_CONTENT, TABLE_NULL, TABLE_VALUE } from './codes.ts';
import { packedOffsets } from './rows-block.ts';
import { encodeCell, encodeContent } from './encode-cell.ts';
import { heapOrder } from './heap-order.ts';
import { fittingHeap } from './fit-layout.ts';
import type { Bag, Cell, Column, Dataset, Row, RowsLayout, Table } from './values.ts';
import { measure } from './writer.ts';
import type { Writer } from './writer.ts';

export type EncodeBag = (writer: Writer, bag: Bag) => void;

interface Block {
  readonly within: 'dataset' | 'table';
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly offsets: readonly number[];
  readonly width: number;
  readonly flags: { readonly value: number; readonly none: number };
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
  const flags = { value: DATASET_VALUE, none: DATASET_NULL };
  writeBlock(writer, { within: 'dataset', columns, rows, offsets, width, flags, layout, encodeBag: null });
}

/** Row count, heap length, rows, heap. */
export function encodeTableRows(writer: Writer, { columns, rows, layout }: Table, encodeBag: EncodeBag | null): void {
  writer.u32(rows.length);
  const lengthAt = writer.skip(4);
  const { offsets, width } = packedOffsets(columns);
  const flags = { value: TABLE_VALUE, none: TABLE_NULL };
  const heapLength = writeBlock(writer, {
    within: 'table',
    columns,
    rows,
    offsets,
    width,
    flags,
    layout,
    encodeBag,
  });
  writer.patchU32(lengthAt, heapLength);
}

function endOf(writer: Writer, columns: Dataset['columns']): number {
  let end = 0;
  for (const { name, offset, type } of columns.toSorted((a, b) => a.offset - b.offset)) {
    if (offset < end) writer.fail({ problem: 'column_overlap', value: name });
    end = offset + 1 + CELL_WIDTHS[type];
  }
  return end;
}

/** Answers the heap's length. */
function writeBlock(writer: Writer, block: Block): number {
  const { columns, rows, offsets, width, layout } = block;
  if (rows.length > 0 && width === 0) writer.fail({ problem: 'columns', value: rows.length });
  const at = writer.skip(rows.length * width);
  for (const { at: from, bytes } of layout?.spare ?? []) {
    if (from + bytes.length <= rows.length * width) writer.bytes?.set(bytes, at + from);
  }
  for (const [index, row] of rows.entries()) {
    if (row.length !== columns.length) writer.fail({ problem: 'row', value: index });
    for (const [column, cell] of row.entries()) writeCell(writer, block, { at: at + index * width + offsets[column]!, column, cell });
  }
  return writeHeap(writer, block, at);
}

function writeCell(writer: Writer, { columns, flags }: Block, { at, column, cell }: { at: number; column: number; cell: Cell }): void {
  writer.bytes?.writeUInt8(cell === null ? flags.none : flags.value, at);
  if (cell === null || isVariable(columns[column]!.type)) return;
  const end = writer.at;
  writer.at = at + 1;
  encodeCell(writer, columns[column]!, cell);
  writer.at = end;
}

function writeHeap(writer: Writer, block: Block, rowsAt: number): number {
  const { columns, rows, offsets, width } = block;
  const order = heapOrder(columns, block.within);
  const heapAt = writer.at;
  const heap = block.layout?.heap === undefined ? null : fittingHeap(block.layout.heap, contentsOf(writer, block, order));
  let value = 0;
  for (const [index, row] of rows.entries()) {
    for (const column of order) {
      const cell = row[column]!;
      if (cell === null) continue;
      if (heap !== null) writer.at = heapAt + heap.offsets[value++]!;
      const from = writer.at;
      writeContent(writer, block, { column: columns[column]!, cell });
      const cellAt = rowsAt + index * width + offsets[column]!;
      writer.patchU32(cellAt + 1, writer.at - from);
      writer.patchU32(cellAt + 5, from - heapAt);
    }
  }
  if (heap === null) return writer.at - heapAt;
  for (const { at, bytes } of heap.unreferenced) writer.bytes?.set(bytes, heapAt + at);
  writer.at = heapAt + heap.length;
  return heap.length;
}

function writeContent(writer: Writer, { encodeBag }: Block, { column, cell }: { readonly column: Column; readonly cell: Cell }): void {
  if (encodeBag !== null && column.name === OBJECT_CONTENT && Array.isArray(cell)) encodeBag(writer, cell as Bag);
  else encodeContent(writer, column, cell);
}

/** The heap's values with their sizes, without their bytes. */
function contentsOf(writer: Writer, block: Block, order: readonly number[]): Parameters<typeof fittingHeap>[1] {
  const { columns, rows } = block;
  return rows.flatMap((row) =>
    order
      .filter((column) => row[column] !== null)
      .map((column) => {
        const write = (to: Writer): void => writeContent(to, block, { column: columns[column]!, cell: row[column]! });
        return { size: measure(write, writer.origin + writer.at), write };
      }),
  );
}
