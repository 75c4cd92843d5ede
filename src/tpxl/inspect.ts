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
import { readDependencies, readDirectory, rootProperty } from './directory.ts';
import type { DirectoryEntry } from './directory.ts';
import { TpxlError } from './error.ts';
import { readEvents } from './events.ts';
import { kindOf, TASK_TYPE } from './kinds.ts';
import { readLanguages } from './languages.ts';
import { readWizard } from './read-wizard.ts';
import { readSqlParameters } from './sql-parameters.ts';
import { stepOutputs } from './step-outputs.ts';
import type { Bag, Cell, Column, Dataset, TpxlFile } from './values.ts';

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
    objects: readDirectory(file).map(inspectObject),
    dependencies: readDependencies(file).map(({ owner, child }) => ({ owner, child })),
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
    const { layout, rows } = property.value;
    return layout !== undefined || rows.some((row) => row.some((cell) => Array.isArray(cell) && hasLayout(cell as Bag)));
  });
}

function inspectObject(entry: DirectoryEntry): InspectedObject {
  const cells = entry.datasets.flatMap(({ name, dataset }) => cellsOf(name, dataset));
  const texts = cells.flatMap((cell) => textOf(cell));
  const main = (column: string): string => {
    const found = texts.find((text) => text.column === column && text.row === 0);
    return entry.type === TASK_TYPE.type ? (found?.languages[0]?.text ?? '') : '';
  };
  const wizard = texts.find(({ column }) => column.endsWith('_Wizard'));
  return {
    id: entry.id,
    type: entry.type,
    kind: kindOf(entry.type)?.kind ?? null,
    name: entry.name,
    primary: entry.primary,
    tables: entry.datasets.map(({ name, dataset }) => ({ name, rows: dataset.rows.length })),
    values: cells.flatMap((cell) => valueOf(cell)),
    texts,
    wizard: wizard === undefined ? null : inspectWizard(wizard.languages[0]?.text ?? ''),
    events: main('tstp_Events') === '' ? [] : readEvents(main('tstp_Events')).tables,
    parameters: [...new Set(readSqlParameters(main('tstp_SQL')).flatMap(({ name, within }) => (within === 'code' ? [name] : [])))],
  };
}

interface PlacedCell extends InspectedPlace {
  readonly type: Column['type'];
  readonly cell: Cell;
}

function cellsOf(table: string, { columns, rows }: Dataset): readonly PlacedCell[] {
  return rows.flatMap((row, index) =>
    columns.map(({ name, type }, column) => ({ table, column: name, row: index, type, cell: row[column] ?? null })),
  );
}

function textOf({ table, column, row, type, cell }: PlacedCell): readonly InspectedText[] {
  if (type === 'bytes' && cell instanceof Uint8Array) return [{ table, column, row, languages: [], bytes: cell }];
  if (type !== 'text' || typeof cell !== 'string') return [];
  const languages = readLanguages(cell);
  const plain = languages === null || languages === 'broken';
  return [{ table, column, row, languages: plain ? [{ id: null, text: cell }] : languages, bytes: null }];
}

function valueOf({ table, column, row, type, cell }: PlacedCell): readonly InspectedValue[] {
  if (typeof cell === 'number') return [{ table, column, row, value: type === 'date' ? (wallOfDays(cell) ?? String(cell)) : cell }];
  const fixed = typeof cell === 'boolean' || (typeof cell === 'string' && type === 'guid');
  return fixed ? [{ table, column, row, value: cell }] : [];
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
