import { wizardOf } from './build-wizard.ts';
import type { TextSource } from './build-texts.ts';
import { CELL_WIDTHS, usualMax } from './codes.ts';
import { daysOfWall } from './date.ts';
import type { AnyObjectDefinition, Definition, NoteTypeDefinition, TaskTypeDefinition } from './definition.ts';
import { NOTE_TYPE, NOTE_TYPE_COLUMNS, TASK_TYPE, TASK_TYPE_COLUMNS } from './kinds.ts';
import type { LayoutColumn } from './kinds.ts';
import type { Bag, Cell, DatasetColumn, Property } from './values.ts';
import { writeWizard } from './write-wizard.ts';

export interface BuiltObject {
  readonly type: string;
  readonly bag: Bag;
}

/** The content of one object; `path` is its place in the definition. */
export function buildObject(object: Definition['objects'][number], texts: TextSource, path: string): BuiltObject {
  switch (object.kind) {
    case 'taskType':
      return { type: TASK_TYPE.type, bag: [dataset(TASK_TYPE.mainTable, TASK_TYPE_COLUMNS, taskTypeRow(object, texts, path))] };
    case 'noteType':
      return { type: NOTE_TYPE.type, bag: [dataset(NOTE_TYPE.mainTable, NOTE_TYPE_COLUMNS, noteTypeRow(object))] };
    case 'object':
      return { type: object.type, bag: buildTables(object, texts, path) };
  }
}

function taskTypeRow(of: TaskTypeDefinition, texts: TextSource, path: string): readonly Cell[] {
  return [
    of.id,
    of.name,
    of.description ?? null,
    texts.text(of.sql, `${path}.sql`),
    of.wizard.length === 0 ? null : writeWizard(wizardOf(of.wizard)),
    of.events.length === 0 ? null : of.events.join(';'),
    texts.text(of.documentation, `${path}.documentation`),
  ];
}

function noteTypeRow(of: NoteTypeDefinition): readonly Cell[] {
  return [
    of.id,
    of.valueKind,
    null,
    of.name,
    of.description ?? of.name,
    null,
    of.caption ?? of.name,
    of.pageCaption ?? null,
    of.order ?? null,
    of.unique,
    of.required,
    of.disabled,
  ];
}

function dataset(name: string, columns: readonly LayoutColumn[], row: readonly Cell[]): Property {
  return {
    name,
    type: 'dataset',
    value: { columns: columns.map((column) => ({ ...column, max: usualMax(column.type, 'dataset') })), rows: [row] },
  };
}

function buildTables({ tables }: AnyObjectDefinition, texts: TextSource, path: string): Bag {
  return tables.map(({ name, columns: given, rows }, at): Property => {
    let end = 0;
    const columns = given.map(({ offset = end, ...column }): DatasetColumn => {
      end = offset + 1 + CELL_WIDTHS[column.type];
      return { name: column.name, type: column.type, nullable: column.nullable, offset, max: usualMax(column.type, 'dataset') };
    });
    const cells = rows.map((row, index) => {
      for (const key of Object.keys(row).filter((one) => !columns.some((column) => column.name === one)))
        texts.problems.push({
          code: 'definition_key',
          path: `${path}.tables[${at}].rows[${index}]`,
          args: { keys: key, known: columns.map((column) => column.name).join(', ') },
        });
      return columns.map((column) =>
        cellOf(row[column.name] ?? null, column, { texts, path: `${path}.tables[${at}].rows[${index}].${column.name}` }),
      );
    });
    return { name, type: 'dataset', value: { columns, rows: cells } };
  });
}

type GivenCell = AnyObjectDefinition['tables'][number]['rows'][number][string];

function cellOf(given: GivenCell, { type }: DatasetColumn, { texts, path }: { readonly texts: TextSource; readonly path: string }): Cell {
  if (given === null || given === '') return null;
  if (typeof given === 'object') return type === 'bytes' ? texts.bytes(given.file, path) : texts.text(given.file, path);
  if (type === 'date' && typeof given === 'string') {
    try {
      return daysOfWall(given);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      texts.problems.push({ code: 'definition_example', path, args: { example: "'2026-11-24 12:00:00.000'" } });
      return null;
    }
  }
  return given;
}
