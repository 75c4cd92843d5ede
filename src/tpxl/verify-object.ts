import type { FileFinding } from '../ports/object-files.ts';
import type { DirectoryEntry } from './directory.ts';
import { kindOf } from './kinds.ts';
import type { ObjectKind } from './kinds.ts';
import { placeOfCell } from './places.ts';
import type { Places } from './places.ts';
import { readLanguages } from './languages.ts';
import type { Dataset } from './values.ts';

interface ObjectContext {
  readonly places: Places;
  /** No object before it has its id. */
  readonly isNew: boolean;
}

/** Key and name in the directory against those in the object, and its detail rows against its key. */
export function verifyObject(entry: DirectoryEntry, { places, isNew }: ObjectContext): readonly FileFinding[] {
  const findings: FileFinding[] = [];
  const add = (severity: FileFinding['severity']): Find => {
    return (code, offset, args = {}) => void findings.push({ code, severity, offset, object: entry.name, args });
  };
  const find = add('fault');
  if (!isNew) find('object_twice', entry.placeOf('ID'), { id: entry.id });
  const kind = kindOf(entry.type);
  if (kind === null) {
    add('remark')('object_type_unknown', entry.placeOf('ObjectType'), { type: entry.type });
    return findings;
  }
  const doubt = kind.isSure ? find : add('remark');
  const main = entry.datasets.find(({ name }) => name === kind.mainTable);
  if (main === undefined) find('object_table_missing', entry.placeOf('Data'), { table: kind.mainTable });
  else if (main.dataset.rows.length !== 1)
    find('object_rows', places.ofProperty(main.property), { table: kind.mainTable, found: main.dataset.rows.length });
  else verifyMain(entry, { kind, dataset: main.dataset, places, find, doubt });
  verifyDetails(entry, { kind, places, find, doubt });
  return findings;
}

type Find = (code: string, offset: number, args?: FileFinding['args']) => void;

interface Checked {
  readonly kind: ObjectKind;
  readonly places: Places;
  readonly find: Find;
  /** For what is only likely to be wrong in an object of this kind. */
  readonly doubt: Find;
}

function verifyMain(entry: DirectoryEntry, { kind, dataset, places, find, doubt }: Checked & { readonly dataset: Dataset }): void {
  const row = dataset.rows.at(0)!;
  const at = (name: string): number => dataset.columns.findIndex((column) => column.name === name);
  const id = at(`${kind.prefix}_ID`);
  const name = at(kind.nameColumn);
  if (id < 0) find('object_column_missing', places.ofProperty(propertyOf(entry, kind)), { column: `${kind.prefix}_ID` });
  else if (row[id] !== entry.id) find('object_id', placeOfCell(dataset.rows, 0, id), { expected: entry.id, found: String(row[id]) });
  if (name < 0) find('object_column_missing', places.ofProperty(propertyOf(entry, kind)), { column: kind.nameColumn });
  else if (row[name] !== entry.name && !isPacked(row[name]))
    doubt('object_name', placeOfCell(dataset.rows, 0, name), {
      expected: entry.name.slice(0, 120),
      found: String(row[name]).slice(0, 120),
    });
}

/** The directory shows one language of a name that has several. */
function isPacked(cell: unknown): boolean {
  return typeof cell === 'string' && readLanguages(cell) !== null;
}

function propertyOf(entry: DirectoryEntry, kind: ObjectKind): DirectoryEntry['datasets'][number]['property'] {
  return entry.datasets.find(({ name }) => name === kind.mainTable)!.property;
}

function verifyDetails(entry: DirectoryEntry, { kind, doubt }: Checked): void {
  for (const { name, dataset } of entry.datasets) {
    const link = kind.details[name];
    const column = dataset.columns.findIndex((one) => one.name === link);
    if (column < 0) continue;
    let index = 0;
    for (const row of dataset.rows) {
      if (row[column] !== entry.id)
        doubt('detail_link', placeOfCell(dataset.rows, index, column), { table: name, expected: entry.id, found: String(row[column]) });
      index += 1;
    }
  }
}
