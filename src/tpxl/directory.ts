import { tablesOf } from './chunk-order.ts';
import { OBJECTS } from './codes.ts';
import type { Bag, Cell, Dataset, Property, Row, Table, TpxlFile } from './values.ts';

/** A row of the object directory, with its content by tables. */
export interface DirectoryEntry {
  readonly row: Row;
  readonly id: string;
  readonly type: string;
  readonly name: string;
  /** Null where the file doesn't say. */
  readonly primary: boolean | null;
  readonly bag: Bag;
  readonly datasets: readonly { readonly name: string; readonly dataset: Dataset; readonly property: Property }[];
  /** Of a directory's column in `row`; −1 where there is none. */
  readonly columnOf: (name: string) => number;
}

/** Objects one after the other, each read when its turn comes: together they may be more than fits into memory. */
export function* readDirectory(file: TpxlFile): Generator<DirectoryEntry> {
  const table = directoryOf(file);
  if (table === null) return;
  const places = new Map(table.columns.map(({ name }, index) => [name, index]).toReversed() as [string, number][]);
  const columnOf = (name: string): number => places.get(name) ?? -1;
  for (const row of table.rows) {
    const bag = asBag(row[columnOf('Data')]);
    const primary = row[columnOf('IsPrimary')];
    yield {
      row,
      id: asText(row[columnOf('ID')]),
      type: asText(row[columnOf('ObjectType')]),
      name: asText(row[columnOf('Name')]),
      primary: typeof primary === 'boolean' ? primary : null,
      bag,
      datasets: bag.flatMap((property) =>
        property.type === 'dataset' ? [{ name: property.name, dataset: property.value, property }] : [],
      ),
      columnOf,
    };
  }
}

/** The table of objects, or null. */
export function directoryOf(file: TpxlFile): Table | null {
  return tablesOf(file.root).find(({ name }) => name === OBJECTS)?.table ?? null;
}

export interface Dependency {
  readonly row: Row;
  readonly owner: string;
  readonly child: string;
  readonly ownerColumn: number;
  readonly childColumn: number;
}

export function* readDependencies(file: TpxlFile): Generator<Dependency> {
  const table = tablesOf(file.root).find(({ name }) => name === 'ObjectDependencies')?.table;
  if (table === undefined) return;
  const at = (name: string): number => table.columns.findIndex((column) => column.name === name);
  const [ownerColumn, childColumn] = [at('ID_Owner'), at('ID_Child')];
  for (const row of table.rows)
    yield { row, owner: asText(row[ownerColumn]), child: asText(row[childColumn]), ownerColumn, childColumn };
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
