import { gapsBetween } from './read-layout.ts';
import type { HeapLayout } from './values.ts';
import { render } from './writer.ts';
import type { Writer } from './writer.ts';

interface Content {
  readonly size: number;
  readonly write: (to: Writer) => void;
}

/** The layout, if these values fill exactly the places that it leaves them; else null. */
export function fittingHeap(heap: HeapLayout, contents: readonly Content[]): HeapLayout | null {
  if (contents.length !== heap.offsets.length) return null;
  const spans = contents.map(({ size }, index) => ({ from: heap.offsets[index]!, to: heap.offsets[index]! + size }));
  if (spans.some(({ to }) => to > heap.length)) return null;
  const gaps = gapsBetween(
    spans.filter(({ from, to }) => to > from),
    heap.length,
  );
  const sameGaps =
    gaps.length === heap.unreferenced.length &&
    heap.unreferenced.every(({ at, bytes }, index) => at === gaps[index]!.from && at + bytes.length === gaps[index]!.to);
  if (!sameGaps) return null;
  const used = heap.length - gaps.reduce((sum, { from, to }) => sum + to - from, 0);
  const wanted = contents.reduce((sum, { size }) => sum + size, 0);
  return wanted === used || agree(heap, contents) ? heap : null;
}

/** Values that share bytes must want the same ones. */
function agree(heap: HeapLayout, contents: readonly Content[]): boolean {
  const image = Buffer.alloc(heap.length);
  for (const [index, { write }] of contents.entries()) image.set(render(write), heap.offsets[index]);
  return contents.every(({ size, write }, index) => {
    const at = heap.offsets[index]!;
    return render(write).equals(image.subarray(at, at + size));
  });
}
