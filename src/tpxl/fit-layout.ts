import { sizeOfGaps } from './heap-gaps.ts';
import type { HeapLayout } from './values.ts';
import { render } from './writer.ts';
import type { Writer } from './writer.ts';

export interface HeapContent {
  readonly size: number;
  readonly write: (to: Writer) => void;
}

/** Whether these values, in the layout's order, take so many bytes of the heap that the layout's own bytes fill the rest. */
export function heapFits(heap: HeapLayout, contents: () => Iterable<HeapContent>): boolean {
  const covered = new Uint8Array(heap.length);
  let count = 0;
  let wanted = 0;
  for (const { size } of contents()) {
    if (count === heap.offsets.length) return false;
    const from = heap.offsets[count++]!;
    if (from + size > heap.length) return false;
    covered.fill(1, from, from + size);
    wanted += size;
  }
  const free = sizeOfGaps(covered);
  if (count !== heap.offsets.length || free !== heap.unreferenced.length) return false;
  return wanted === heap.length - free || agree(heap, contents());
}

/** Values that share bytes must want the same ones. */
function agree(heap: HeapLayout, contents: Iterable<HeapContent>): boolean {
  const image = Buffer.alloc(heap.length);
  const written = new Uint8Array(heap.length);
  let value = 0;
  for (const { size, write } of contents) {
    const from = heap.offsets[value++]!;
    for (const [index, byte] of render(write).entries()) {
      if (written[from + index] === 1 && image[from + index] !== byte) return false;
      image[from + index] = byte;
    }
    written.fill(1, from, from + size);
  }
  return true;
}
