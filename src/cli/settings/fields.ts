import * as z from 'zod';
import { settingNotes, type SettingNotes } from './notes.ts';
import { settingsSchema, taskSchema } from './schema.ts';

/** What a person writes for a setting; `structure` can only stand in the file. */
export type WrittenAs = 'text' | 'number' | 'boolean' | 'list' | 'structure';

/** One setting, taken from the schema. */
export interface Field {
  /** Dotted path: `telegram.apiRoot`. */
  readonly path: string;
  readonly schema: z.ZodType;
  readonly notes: SettingNotes;
  readonly writtenAs: WrittenAs;
  /** False for what holds for the whole program: database, language, log. */
  readonly ofTask: boolean;
  /** `TP_TG_NOTIFY_TELEGRAM_API_ROOT`; null for a structure. */
  readonly variable: string | null;
  /** `--telegram-api-root`; null for secrets, which command lines would show to everybody, and for structures. */
  readonly flag: string | null;
}

export const VARIABLE_PREFIX = 'TP_TG_NOTIFY_';
/** Names the settings file itself. */
export const SETTINGS_VARIABLE = `${VARIABLE_PREFIX}SETTINGS`;

/** Every setting in the order of the schema. */
export const FIELDS: readonly Field[] = fieldsOf(settingsSchema, []);

const BY_PATH = new Map(FIELDS.map((field) => [field.path, field]));
const BY_VARIABLE = new Map(FIELDS.flatMap((field) => (field.variable === null ? [] : [[field.variable, field] as const])));

/** The setting of a dotted path; throws for a path that the schema doesn't have: that is a fault in the caller. */
export function fieldOf(path: string): Field {
  const field = BY_PATH.get(path);
  if (field === undefined) throw new RangeError(`no such setting: ${path}`);
  return field;
}

export function fieldOfVariable(variable: string): Field | undefined {
  return BY_VARIABLE.get(variable);
}

/** The setting that a path inside the file belongs to, with or without `tasks.<id>` before it and indexes after it. */
export function fieldAt(path: readonly PropertyKey[]): Field | undefined {
  const inner = path[0] === 'tasks' ? path.slice(2) : path;
  for (let length = Math.min(inner.length, 3); length > 0; length--) {
    const field = BY_PATH.get(inner.slice(0, length).join('.'));
    if (field !== undefined) return field.ofTask || path[0] !== 'tasks' ? field : undefined;
  }
  return undefined;
}

/** The keys that may stand at a place of the file; empty where the schema has no section. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  const [head, , ...rest] = path;
  let schema: unknown = head === 'tasks' && path.length > 1 ? taskSchema : settingsSchema;
  for (const key of head === 'tasks' && path.length > 1 ? rest : path) schema = unwrap(stepInto(schema, key));
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function stepInto(schema: unknown, key: PropertyKey): unknown {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<PropertyKey, unknown>)[key];
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema instanceof z.ZodPipe ? unwrap(schema.in) : schema;
}

function fieldsOf(object: z.ZodObject, prefix: readonly string[]): Field[] {
  return Object.entries(object.shape).flatMap(([key, schema]): Field[] => {
    const path = [...prefix, key];
    const inner = unwrap(schema);
    if (inner instanceof z.ZodObject) return fieldsOf(inner, path);
    const notes = settingNotes.get(schema as z.ZodType);
    return notes === undefined ? [] : [makeField(path, schema as z.ZodType, notes)];
  });
}

function makeField(path: readonly string[], schema: z.ZodType, notes: SettingNotes): Field {
  const writtenAs = writtenForm(unwrap(schema));
  const words = path.flatMap((key) =>
    key
      .replace(/[A-Z]/g, (letter) => `_${letter}`)
      .toUpperCase()
      .split('_'),
  );
  return {
    path: path.join('.'),
    schema,
    notes,
    writtenAs,
    ofTask: Object.hasOwn(taskSchema.shape, path[0] ?? ''),
    variable: writtenAs === 'structure' ? null : VARIABLE_PREFIX + words.join('_'),
    flag: writtenAs === 'structure' || notes.secret !== undefined ? null : `--${words.join('-').toLowerCase()}`,
  };
}

function writtenForm(schema: unknown): WrittenAs {
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (!(schema instanceof z.ZodArray)) return 'text';
  return unwrap(schema.element) instanceof z.ZodObject ? 'structure' : 'list';
}
