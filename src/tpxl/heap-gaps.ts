import type { Span } from './rows-block.ts';

/** The runs of bytes without a mark. */
export function* heapGaps(covered: Uint8Array): Generator<Span> {
  for (let from = covered.indexOf(0); from >= 0;) {
    const end = covered.indexOf(1, from);
    const to = end < 0 ? covered.length : end;
    yield { from, to };
    from = covered.indexOf(0, to);
  }
}

export function sizeOfGaps(covered: Uint8Array): number {
  let size = 0;
  for (const { from, to } of heapGaps(covered)) size += to - from;
  return size;
}
