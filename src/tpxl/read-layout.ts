import { CELL_WIDTHS } from './codes.ts';
import type { RowsBlock } from './rows-block.ts';
import type { Bytes, HeapLayout } from './values.ts';

/** Where each value of the heap stands, unless all of them stand as the encoder would put them. The cells have been checked. */
export function heapLayout(block: RowsBlock, order: readonly number[]): HeapLayout | null {
  const { file, heapLength, flags } = block;
  let next = 0;
  let canonical = true;
  eachReference((offset, length) => {
    canonical &&= offset === next;
    next = offset + length;
  });
  if (canonical && next === heapLength) return null;
  const offsets: number[] = [];
  const taken: { readonly from: number; readonly to: number }[] = [];
  eachReference((offset, length) => {
    offsets.push(offset);
    if (length > 0) taken.push({ from: offset, to: offset + length });
  });
  return { length: heapLength, offsets, unreferenced: gapsBetween(taken, heapLength).map(({ from, to }) => bytesOf(block, from, to)) };

  function eachReference(tell: (offset: number, length: number) => void): void {
    for (let row = 0; row < block.count; row++) {
      for (const column of order) {
        const at = block.at + row * block.width + block.offsets[column]!;
        if (file.readUInt8(at) === flags.value) tell(file.readUInt32LE(at + 5), file.readUInt32LE(at + 1));
      }
    }
  }
}

function bytesOf({ file, heapAt }: RowsBlock, from: number, to: number): Bytes {
  return { at: from, bytes: file.subarray(heapAt + from, heapAt + to) };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

export function gapsBetween(spans: readonly Span[], end: number): readonly Span[] {
  const gaps: Span[] = [];
  let covered = 0;
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    if (from > covered) gaps.push({ from: covered, to: from });
    covered = Math.max(covered, to);
  }
  if (end > covered) gaps.push({ from: covered, to: end });
  return gaps;
}

/** What stands in gaps and behind NULL flags, where it isn't zero. */
export function spareBytes(block: RowsBlock): readonly Bytes[] {
  const { file, columns, offsets, width } = block;
  const cells = columns.map(({ type }, index) => ({ from: offsets[index]!, to: offsets[index]! + 1 + CELL_WIDTHS[type] }));
  const gaps = gapsBetween(cells, width);
  const spare: Bytes[] = [];
  const keep = (at: number, end: number): void => {
    for (let from = at; from < end; from++) {
      if (file[from] !== 0) return void spare.push({ at: at - block.at, bytes: file.subarray(at, end) });
    }
  };
  for (let row = 0; row < block.count; row++) {
    const rowAt = block.at + row * width;
    for (const { from, to } of gaps) keep(rowAt + from, rowAt + to);
    for (const { from, to } of cells) if (file[rowAt + from] === block.flags.none) keep(rowAt + from + 1, rowAt + to);
  }
  return spare;
}
