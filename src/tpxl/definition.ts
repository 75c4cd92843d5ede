import * as z from 'zod';

import { isGuid } from './guid.ts';

/** The readable definition that `build` makes a file of. Every text is the name of a file beside it. */
const guid = z
  .string()
  .refine(isGuid)
  .transform((text) => text.toLowerCase());
const name = z.string().min(1).max(400);
const line = z.string().max(4_000).default('');
const wall = z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}$/);

/** `file`, or a part of it: lines between `--<name>` and `--</name>` are left out for the names given. */
const textFile = z.union([
  z.string().min(1),
  z.strictObject({ file: z.string().min(1), leaveOut: z.array(z.string().min(1)).default([]) }),
]);

const step = z.strictObject({
  form: z.string().regex(/^T[A-Za-z]\w*$/),
  /** The form's own name of a parameter → the script's. */
  rename: z.record(z.string(), z.string().regex(/^[A-Za-z]\w*$/)).default({}),
  caption: line,
  heading: line,
  hint: line,
  needed: z.boolean().default(true),
  choiceNeeded: z.boolean().default(true),
  order: z.int().min(1).max(999).optional(),
  id: guid,
  options: z.record(z.string().regex(/^[A-Za-z]+$/), z.union([z.string(), z.boolean(), z.number()])).default({}),
});

const taskType = z.strictObject({
  kind: z.literal('taskType'),
  id: guid,
  name,
  primary: z.boolean().default(true),
  description: z.string().optional(),
  sql: textFile,
  documentation: textFile.optional(),
  events: z.array(z.string().regex(/^tp_[A-Za-z]\w*$/)).default([]),
  wizard: z.array(step).default([]),
});

const noteType = z.strictObject({
  kind: z.literal('noteType'),
  id: guid,
  name,
  primary: z.boolean().default(true),
  /** tp_NoteTypes.nttp_vdt_ID: 0 text, 4 date. */
  valueKind: z.int().min(0).default(0),
  description: z.string().optional(),
  caption: z.string().optional(),
  pageCaption: z.string().optional(),
  order: z.int().optional(),
  unique: z.boolean(),
  required: z.boolean().default(false),
  disabled: z.boolean().default(false),
});

const column = z.strictObject({
  name: z.string().regex(/^[A-Za-z]\w*$/),
  type: z.enum(['bool', 'integer', 'guid', 'date', 'text', 'bytes']),
  nullable: z.boolean().default(true),
  /** Behind the column before it, unless a column was left out between them. */
  offset: z.int().min(0).optional(),
});
const cell = z.union([z.string(), z.boolean(), z.number(), z.null(), z.strictObject({ file: z.string().min(1) })]);

/** Any other object, by its tables. */
const anyObject = z.strictObject({
  kind: z.literal('object'),
  type: guid,
  id: guid,
  name,
  primary: z.boolean().default(true),
  tables: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z]\w*$/),
        columns: z.array(column).min(1),
        rows: z.array(z.record(z.string(), cell)),
      }),
    )
    .min(1),
});

const dependency = z.strictObject({ owner: guid, child: guid });

export const definitionSchema = z.strictObject({
  /** Wall clock of the export, and its distance from UTC: fixed, so that a build is the same to the byte. */
  createdAt: wall,
  writtenAt: wall.optional(),
  utcOffsetMinutes: z.int().min(-840).max(840),
  objects: z.array(z.discriminatedUnion('kind', [taskType, noteType, anyObject])).min(1),
  dependencies: z.array(dependency).default([]),
});

export type Definition = z.infer<typeof definitionSchema>;
export type TaskTypeDefinition = z.infer<typeof taskType>;
export type NoteTypeDefinition = z.infer<typeof noteType>;
export type AnyObjectDefinition = z.infer<typeof anyObject>;
export type TextFile = z.infer<typeof textFile>;

/** Every key there is, for whoever misspelt one. */
export const DEFINITION_KEYS: readonly string[] = [
  ...new Set([definitionSchema, taskType, noteType, anyObject, step, column, dependency].flatMap(({ shape }) => Object.keys(shape))),
];

/** What a value of that key looks like, where a shape alone wouldn't tell. */
export const DEFINITION_EXAMPLES: Readonly<Record<string, string>> = {
  createdAt: "'2026-11-24 12:00:00.000'",
  writtenAt: "'2026-11-24 12:00:01.500'",
  utcOffsetMinutes: '180',
  kind: 'taskType | noteType | object',
  id: '3f2a1b4c-5d6e-4f70-8a9b-0c1d2e3f4a5b',
  type: '7309e48c-051e-49e5-b3bb-9b7bfbabb3d1',
  owner: '3f2a1b4c-5d6e-4f70-8a9b-0c1d2e3f4a5b',
  child: '3f2a1b4c-5d6e-4f70-8a9b-0c1d2e3f4a5b',
  form: 'TfmUsers',
  events: '[tp_ClientPurseOperations]',
  rename: '{ Value: Greeting }',
  sql: 'task.sql',
  documentation: 'help.txt',
};
