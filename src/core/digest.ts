import type { Operation } from './operation.ts';
import { wallGap } from './wall-time.ts';

/** Groups one customer's operations, oldest first, into visits: each at most `gapMs` after the one before. 0 = one each. */
export function groupVisits<T extends Pick<Operation, 'date'>>(operations: readonly T[], gapMs: number): T[][] {
  const visits: T[][] = [];
  for (const operation of operations) {
    const visit = visits.at(-1);
    const previous = visit?.at(-1);
    if (visit !== undefined && previous !== undefined && gapMs > 0 && wallGap(operation.date, previous.date) <= gapMs)
      visit.push(operation);
    else visits.push([operation]);
  }
  return visits;
}
