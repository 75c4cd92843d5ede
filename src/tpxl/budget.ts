import { TpxlError } from './error.ts';

/** In cells. What is held at once, or for one object, is limited: a property costs some 200 bytes where the file may have 15 for it. */
const MOST_CELLS = 16_000_000;

/** Values may share their bytes, and a small file may do so often; what is refused is reading for hours. */
const SHARED = 256 * 1024 * 1024;

/** What one decoding may still spend, so that a crafted file is refused before it takes the machine's memory or hours of its time. */
export interface Budget {
  /** Bytes that may be read a second time where values share a place of the heap. */
  readonly shared: { left: number };
  cells: number;
}

export function newBudget(fileLength: number): Budget {
  return { shared: { left: Math.max(SHARED, fileLength) }, cells: MOST_CELLS };
}

/** For one object, of which nothing is kept when the next is read. */
export function budgetOfObject({ shared }: Budget): Budget {
  return { shared, cells: MOST_CELLS };
}

export function spend(budget: Budget, { cells, at }: { readonly cells: number; readonly at: number }): void {
  budget.cells -= cells;
  if (budget.cells < 0) throw new TpxlError('too_many_cells', at, { most: MOST_CELLS });
}

/** False when too much is shared. */
export function spendShared(budget: Budget, bytes: number): boolean {
  budget.shared.left -= Math.max(0, bytes);
  return budget.shared.left >= 0;
}
