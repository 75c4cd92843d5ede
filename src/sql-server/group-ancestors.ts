import type { CustomerGroupId } from '../core/glossary.ts';
import type { ResultSets } from './connection.ts';
import { allRows } from './rows.ts';

/** Ancestors of a group, the nearest first. */
export type Ancestry = (groupId: CustomerGroupId) => readonly CustomerGroupId[];

interface AboveRow {
  readonly groupId: CustomerGroupId;
  readonly ancestorId: CustomerGroupId;
}

/** Of the result set of a procedure that says them for all groups of its answer. */
export function readAncestry(sets: ResultSets, set: number): Ancestry {
  const above = Map.groupBy(allRows<AboveRow>(sets, set), ({ groupId }) => groupId);
  return (groupId) => (above.get(groupId) ?? []).map(({ ancestorId }) => ancestorId);
}
