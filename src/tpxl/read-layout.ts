import { heapGaps, sizeOfGaps } from './heap-gaps.ts';
import type { RowsBlock } from './rows-block.ts';
import type { HeapLayout } from './values.ts';

/** Where each value of the heap stands, unless all of them stand as the encoder would put them. The cells have been checked. */
export function heapLayout(block: RowsBlock, order: readonly number[]): HeapLayout | null {
  const { file, heapAt, heapLength } = block;
  let next = 0;
  let count = 0;
  let canonical = true;
  eachReference(block, order, (offset, length) => {
    canonical &&= offset === next;
    next = offset + length;
    count += 1;
  });
  if (canonical && next === heapLength) return null;
  const offsets = new Uint32Array(count);
  const covered = new Uint8Array(heapLength);
  count = 0;
  eachReference(block, order, (offset, length) => {
    offsets[count++] = offset;
    covered.fill(1, offset, offset + length);
  });
  const unreferenced = Buffer.allocUnsafe(sizeOfGaps(covered));
  let at = 0;
  for (const { from, to } of heapGaps(covered)) at += file.copy(unreferenced, at, heapAt + from, heapAt + to);
  return { length: heapLength, offsets, unreferenced };
}

function eachReference(block: RowsBlock, order: readonly number[], tell: (offset: number, length: number) => void): void {
  const { file, flags } = block;
  for (let row = 0; row < block.count; row++) {
    for (const column of order) {
      const at = block.at + row * block.width + block.offsets[column]!;
      if (file[at] === flags.value) tell(file.readUInt32LE(at + 5), file.readUInt32LE(at + 1));
    }
  }
}
