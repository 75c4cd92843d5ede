import type {
  InspectAnswer,
  InspectedObject,
  InspectedPlace,
  InspectedStep,
  InspectedText,
  InspectedValue,
  InspectedWizard,
} from '../ports/object-files.ts';
import { tablesOf } from './chunk-order.ts';
import { OBJECTS } from './codes.ts';
import { wallOfDays } from './date.ts';
import { decode } from './decode.ts';
import { directoryOf, readDependencies, readDirectory, rootProperty } from './directory.ts';
import type { DirectoryEntry } from './directory.ts';
import { TpxlError } from './error.ts';
import { readEvents } from './events.ts';
import { kindOf, TASK_TYPE } from './kinds.ts';
import { readLanguages } from './languages.ts';
import { readWizard } from './read-wizard.ts';
import { readSqlParameters } from './sql-parameters.ts';
import { stepOutputs } from './step-outputs.ts';
import type { Bag, Cell, Column, Table, TpxlFile } from './values.ts';

/** All that a person may want to see of a file; a file that can't be read answers why and where. */
export function inspect(bytes: Uint8Array): InspectAnswer {
  let file: TpxlFile;
  try {
    file = decode(bytes);
  } catch (error) {
    if (!(error instanceof TpxlError)) throw error;
    return { ok: false, finding: { code: error.code, severity: 'fault', offset: error.offset, object: null, args: error.args } };
  }
  const wall = (name: string): string | null => {
    const date = rootProperty(file, name, 'date');
    return date === null ? null : wallOfDays(date.value);
  };
  const inspection = {
    size: bytes.length,
    typeName: rootProperty(file, 'TypeName', 'text')?.value ?? '',
    description: rootProperty(file, 'Description', 'text')?.value ?? '',
    createdAt: wall('DateCreate'),
    createdUtc: wall('UTCDateCreate'),
    writtenAt: wall('DateLastWrite'),
    writtenUtc: wall('UTCDateLastWrite'),
    objectCount: directoryOf(file)?.rows.length ?? 0,
    objects: eachTime(function* objects() {
      for (const entry of readDirectory(file)) yield inspectObject(entry);
    }),
    dependencies: eachTime(function* dependencies() {
      for (const { owner, child } of readDependencies(file)) yield { owner: owner.id, child: child.id };
    }),
    furtherTables: tablesOf(file.root)
      .filter(({ name }) => name !== OBJECTS && name !== 'ObjectDependencies')
      .map(({ name, table }) => ({ name, rows: table.rows.length })),
    canonical: isCanonical(file),
  };
  return { ok: true, inspection };
}

function isCanonical(file: TpxlFile): boolean {
  return file.layout === undefined && !hasLayout(file.root);
}

function hasLayout(bag: Bag): boolean {
  return bag.some((property) => {
    if (property.type === 'bag') return hasLayout(property.value);
    if (property.type === 'dataset') return property.value.layout !== undefined;
    if (property.type !== 'table') return false;
    return property.value.layout !== undefined || (property.name === OBJECTS && hasLayoutInObject(property.value));
  });
}

function hasLayoutInObject({ rows }: Table): boolean {
  for (const row of rows) if (row.some((cell) => Array.isArray(cell) && hasLayout(cell as Bag))) return true;
  return false;
}

function inspectObject(entry: DirectoryEntry): InspectedObject {
  const isTask = entry.type === TASK_TYPE.type;
  const main = (column: string): string => (isTask ? firstText(entry, (name) => name === column) : null) ?? '';
  const wizard = firstText(entry, (name) => name.endsWith('_Wizard'));
  const events = main('tstp_Events');
  return {
    id: entry.id,
    type: entry.type,
    kind: kindOf(entry.type)?.kind ?? null,
    name: entry.name,
    primary: entry.primary,
    tables: entry.datasets.map(({ name, dataset }) => ({ name, rows: dataset.rows.length })),
    values: eachTime(function* values() {
      for (const cell of cellsOf(entry)) yield* valueOf(cell);
    }),
    texts: eachTime(function* texts() {
      for (const cell of cellsOf(entry)) yield* textOf(cell);
    }),
    wizard: wizard === null ? null : inspectWizard(wizard),
    events: events === '' ? [] : readEvents(events).tables,
    parameters: [...new Set(readSqlParameters(main('tstp_SQL')).flatMap(({ name, within }) => (within === 'code' ? [name] : [])))],
  };
}

/** Of the first row, in its first language. */
function firstText({ datasets }: DirectoryEntry, isWanted: (column: string) => boolean): string | null {
  for (const { dataset } of datasets) {
    const column = dataset.columns.findIndex(({ name, type }) => type === 'text' && isWanted(name));
    const cell = column < 0 ? undefined : dataset.rows.at(0)?.[column];
    if (typeof cell === 'string') return languagesOf(cell)[0]?.text ?? '';
  }
  return null;
}

/** Made anew each time it is gone through. */
function eachTime<T>(make: () => Iterator<T>): Iterable<T> {
  return { [Symbol.iterator]: make };
}

interface PlacedCell extends InspectedPlace {
  readonly type: Column['type'];
  readonly cell: Cell;
}

function* cellsOf({ datasets }: DirectoryEntry): Generator<PlacedCell> {
  for (const { name: table, dataset } of datasets) {
    let index = 0;
    for (const row of dataset.rows) {
      for (const [column, { name, type }] of dataset.columns.entries())
        yield { table, column: name, row: index, type, cell: row[column] ?? null };
      index += 1;
    }
  }
}

function* textOf({ table, column, row, type, cell }: PlacedCell): Generator<InspectedText> {
  if (type === 'bytes' && cell instanceof Uint8Array) yield { table, column, row, languages: [], bytes: cell };
  if (type === 'text' && typeof cell === 'string') yield { table, column, row, languages: languagesOf(cell), bytes: null };
}

function languagesOf(text: string): InspectedText['languages'] {
  const languages = readLanguages(text);
  return languages === null || languages === 'broken' ? [{ id: null, text }] : languages;
}

function* valueOf({ table, column, row, type, cell }: PlacedCell): Generator<InspectedValue> {
  if (typeof cell === 'number') yield { table, column, row, value: type === 'date' ? (wallOfDays(cell) ?? String(cell)) : cell };
  else if (typeof cell === 'boolean' || (typeof cell === 'string' && type === 'guid')) yield { table, column, row, value: cell };
}

function inspectWizard(text: string): InspectedWizard | null {
  const { wizard } = readWizard(text);
  if (wizard === null) return null;
  const steps = wizard.steps
    .toSorted((a, b) => a.orderNo - b.orderNo)
    .map((step): InspectedStep => {
      const outputs = stepOutputs(step);
      return {
        order: step.orderNo,
        form: step.form,
        caption: step.viewCaption,
        heading: step.hintCaption,
        hint: step.hintMessage,
        needed: step.needed,
        choiceNeeded: step.enableNeededSelect,
        parameters: outputs.names,
        kind: outputs.form?.kind ?? null,
        keyColumn: outputs.form?.keyColumn ?? null,
        seen: outputs.form?.seen === true,
        options: step.interfaceParams,
      };
    });
  return { neededParams: wizard.neededParams, steps };
}
