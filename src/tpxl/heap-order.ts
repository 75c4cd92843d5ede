import { isVariable } from './codes.ts';
import type { Column } from './values.ts';

const KNOWN = new WeakMap<readonly Column[], readonly number[]>();

/** In which order a row's values stand in the heap, as indexes of its columns: by name in a dataset, by place in a table. */
export function heapOrder(columns: readonly Column[], within: 'dataset' | 'table'): readonly number[] {
  const known = within === 'dataset' ? KNOWN.get(columns) : undefined;
  if (known !== undefined) return known;
  const variable = [...columns.keys()].filter((index) => isVariable(columns[index]!.type));
  if (within === 'table') return variable;
  const names = columns.map(({ name }) => name.toLowerCase());
  const order = variable.toSorted((a, b) => (names[a]! < names[b]! ? -1 : names[a]! > names[b]! ? 1 : a - b));
  KNOWN.set(columns, order);
  return order;
}
