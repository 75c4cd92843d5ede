import { tablesOf } from './chunk-order.ts';
import { OBJECTS } from './codes.ts';
import { placeOfCell } from './places.ts';
import type { Bag, Cell, Dataset, Property, Table, TpxlFile } from './values.ts';

/** A row of the object directory, with its content by tables. */
export interface DirectoryEntry {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  /** Null where the file doesn't say. */
  readonly primary: boolean | null;
  readonly bag: Bag;
  readonly datasets: readonly { readonly name: string; readonly dataset: Dataset; readonly property: Property }[];
  /** Of the directory's own cell in that column: where it stands in the file. */
  readonly placeOf: (column: string) => number;
}

/** Objects one after the other, each read when its turn comes: together they may be more than fits into memory. */
export function* readDirectory(file: TpxlFile): Generator<DirectoryEntry> {
  const table = directoryOf(file);
  if (table === null) return;
  const places = new Map(table.columns.map(({ name }, index) => [name, index]).toReversed() as [string, number][]);
  const columnOf = (name: string): number => places.get(name) ?? -1;
  let index = 0;
  for (const row of table.rows) {
    const rowIndex = index++;
    const bag = asBag(row[columnOf('Data')]);
    const primary = row[columnOf('IsPrimary')];
    yield {
      id: asText(row[columnOf('ID')]),
      type: asText(row[columnOf('ObjectType')]),
      name: asText(row[columnOf('Name')]),
      primary: typeof primary === 'boolean' ? primary : null,
      bag,
      datasets: bag.flatMap((property) =>
        property.type === 'dataset' ? [{ name: property.name, dataset: property.value, property }] : [],
      ),
      placeOf: (column) => placeOfCell(table.rows, rowIndex, columnOf(column)),
    };
  }
}

/** The table of objects, or null. */
export function directoryOf(file: TpxlFile): Table | null {
  return tablesOf(file.root).find(({ name }) => name === OBJECTS)?.table ?? null;
}

export interface Dependency {
  /** Each end, and where it stands in the file. */
  readonly owner: { readonly id: string; readonly at: number };
  readonly child: { readonly id: string; readonly at: number };
}

export function* readDependencies(file: TpxlFile): Generator<Dependency> {
  const table = tablesOf(file.root).find(({ name }) => name === 'ObjectDependencies')?.table;
  if (table === undefined) return;
  const columnOf = (name: string): number => table.columns.findIndex((column) => column.name === name);
  const [owner, child] = [columnOf('ID_Owner'), columnOf('ID_Child')];
  let index = 0;
  for (const row of table.rows) {
    const end = (column: number): Dependency['owner'] => ({ id: asText(row[column]), at: placeOfCell(table.rows, index, column) });
    yield { owner: end(owner), child: end(child) };
    index += 1;
  }
}

/** The first property of that name and type in the root. */
export function rootProperty<T extends Property['type']>(
  file: TpxlFile,
  name: string,
  type: T,
): Extract<Property, { readonly type: T }> | null {
  const found = file.root.find((property) => property.name === name && property.type === type);
  return (found as Extract<Property, { readonly type: T }> | undefined) ?? null;
}

function asText(cell: Cell | undefined): string {
  return typeof cell === 'string' ? cell : '';
}

function asBag(cell: Cell | undefined): Bag {
  return Array.isArray(cell) ? (cell as Bag) : [];
}
