import type { Bag, ChunkPlace, Table } from './values.ts';

/** The tables of the root, also of the bags within it, in the order of their definitions. */
export function tablesOf(bag: Bag): readonly { readonly name: string; readonly table: Table }[] {
  return bag.flatMap((property) => {
    if (property.type === 'bag') return tablesOf(property.value);
    return property.type === 'table' ? [{ name: property.name, table: property.value }] : [];
  });
}

/** The order in which chunks are written unless a layout says otherwise: tables that have rows, the last defined first, then the root. */
export function canonicalChunks(root: Bag): readonly ChunkPlace[] {
  const tables = tablesOf(root)
    .filter(({ table }) => table.rows.length > 0)
    .toReversed()
    .map(({ table }) => ({ chunk: 'table', id: table.id }) as const);
  return [...tables, { chunk: 'root' }];
}

export function sameChunks(a: readonly ChunkPlace[], b: readonly ChunkPlace[]): boolean {
  return a.length === b.length && a.every((place, at) => samePlace(place, b[at]!));
}

function samePlace(a: ChunkPlace, b: ChunkPlace): boolean {
  if (a.chunk === 'free') return false;
  return a.chunk === b.chunk && (a.chunk === 'root' || (b.chunk === 'table' && a.id === b.id));
}
