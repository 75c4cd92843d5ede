import { TpxlError } from './error.ts';

/** A value costs some 60 bytes of memory even where the file has two for it: more of them are refused rather than run out of it. */
const MOST_CELLS = 16_000_000;

/** What one decoding may still spend, so that a crafted file is refused before it takes the machine's memory. */
export interface Budget {
  /** Bytes that may be read a second time where values share a place of the heap. */
  shared: number;
  cells: number;
}

export function newBudget(fileLength: number): Budget {
  return { shared: fileLength, cells: MOST_CELLS };
}

export function spend(budget: Budget, { cells, at }: { readonly cells: number; readonly at: number }): void {
  budget.cells -= cells;
  if (budget.cells < 0) throw new TpxlError('too_many_cells', at, { most: MOST_CELLS });
}
