import type { TaskId } from '../../core/glossary.ts';
import type { Finding } from '../../core/settings.ts';
import { decodeText } from './decode.ts';
import { echoKey } from './echo.ts';
import { fieldAt, FIELDS, type Field } from './fields.ts';
import { isOpenToOthers, OTHERS_READ, type FileAnswer, type SettingsHost } from './files.ts';
import { giveValue, type Given, type Layer } from './given.ts';
import { complaintsOf } from './issues.ts';
import { openProblem } from './open-to-others.ts';
import { findSettingsFile, pathsOf } from './places.ts';
import { problemAt, type ProblemCode, type SettingsProblem, type Source } from './problem.ts';
import type { SecretReference } from './reference.ts';
import { settingsSchema } from './schema.ts';
import { taskIdOf } from './task-id.ts';
import { pathText, readYaml, type Place, type ReadYaml } from './yaml.ts';

/** What a settings file gives, for the program and all tasks (`common`) and for each task of its own. */
export interface FileLayers {
  /** Null when there is none at the usual place. */
  readonly file: string | null;
  /** Absolute; the key and the host's memory stand here too. */
  readonly folder: string;
  readonly common: Layer;
  readonly tasks: ReadonlyMap<TaskId, Layer>;
  readonly problems: readonly SettingsProblem[];
  readonly findings: readonly Finding[];
}

const UNREADABLE: Readonly<Record<Exclude<FileAnswer['answer'], 'file'>, ProblemCode>> = {
  missing: 'file_missing',
  denied: 'file_denied',
  not_a_file: 'file_not_a_file',
  too_large: 'file_too_large',
  failed: 'file_failed',
};

/** Finds, reads and checks the settings file. */
export function readSettingsFile(host: SettingsHost, flag: string | null): FileLayers {
  const { file, named } = findSettingsFile(host, flag);
  const empty: FileLayers = {
    file: null,
    folder: pathsOf(host).dirname(file),
    common: new Map(),
    tasks: new Map(),
    problems: [],
    findings: [],
  };
  const answer = host.read(file);
  if (answer.answer === 'missing' && named === null) return empty;
  if (answer.answer !== 'file') {
    const args = { file, ...(answer.answer === 'failed' ? { detail: answer.detail } : {}) };
    return { ...empty, problems: [problemAt(null, named, { code: UNREADABLE[answer.answer], args })] };
  }
  const whole: Source = { from: 'file', file, line: null, column: null };
  const text = decodeText(answer.bytes);
  if (text === null) return { ...empty, file, problems: [problemAt(null, whole, { code: 'file_encoding', args: { file } })] };
  const open = isOpenToOthers(answer);
  const writable = open === null ? [] : [problemAt(null, whole, openProblem(open, file))];
  const layers = readLayers(text, file);
  const readable = answer.mode !== null && (answer.mode & OTHERS_READ) !== 0;
  return { ...empty, ...layers, file, problems: [...writable, ...layers.problems], findings: readable ? exposedSecrets(layers, file) : [] };
}

function readLayers(text: string, file: string): Pick<FileLayers, 'common' | 'tasks' | 'problems'> {
  const yaml = readYaml(text, (path) => isWrittenAsText(path));
  const sourceAt = (place: Place | null): Source => ({ from: 'file', file, line: place?.line ?? null, column: place?.column ?? null });
  const syntax = yaml.problems.map(({ path, code, args, line, column }) =>
    problemAt(path.length === 0 ? null : pathText(path), sourceAt({ line, column }), { code, args }),
  );
  const parsed = settingsSchema.safeParse(yaml.root ?? {});
  const complaints = parsed.success ? [] : parsed.error.issues.flatMap((issue) => complaintsOf(issue, yaml.root));
  const wrong = complaints.map(({ path, code, args }) =>
    problemAt(pathText(path) || null, sourceAt(placeOf(yaml, path, code)), { code, args }),
  );
  const common = takeLayer(FIELDS, [], { yaml, sourceAt });
  const { tasks, problems } = takeTasks({ yaml, sourceAt });
  return { common, tasks, problems: [...syntax, ...wrong, ...problems] };
}

interface Reading {
  readonly yaml: ReadYaml;
  readonly sourceAt: (place: Place | null) => Source;
}

function takeTasks(reading: Reading): { readonly tasks: Map<TaskId, Layer>; readonly problems: readonly SettingsProblem[] } {
  const tasks = new Map<TaskId, Layer>();
  const problems: SettingsProblem[] = [];
  const ofTasks = FIELDS.filter((field) => field.ofTask);
  for (const written of Object.keys(sectionAt(reading.yaml.root, ['tasks']) ?? {})) {
    const id = taskIdOf(written);
    const source = reading.sourceAt(reading.yaml.placeOfKey(['tasks', written]));
    if (id === null) problems.push(problemAt('tasks', source, { code: 'bad_task_id', args: { id: echoKey(written) } }));
    else if (tasks.has(id)) problems.push(problemAt('tasks', source, { code: 'same_task_id', args: { id } }));
    else tasks.set(id, takeLayer(ofTasks, ['tasks', written], reading));
  }
  return { tasks, problems };
}

/** Takes the values that stand under a path; those that were refused are in the layer too, so that no lower source takes their place. */
function takeLayer(fields: readonly Field[], base: readonly string[], { yaml, sourceAt }: Reading): Layer {
  const layer = new Map<string, Given>();
  for (const field of fields) {
    const path = [...base, ...field.path.split('.')];
    const written = sectionAt(yaml.root, path.slice(0, -1))?.[path.at(-1)!];
    if (written !== undefined) layer.set(field.path, giveValue(field, written, sourceAt(yaml.placeOf(path))).given);
  }
  return layer;
}

function sectionAt(root: unknown, path: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  let value = root;
  for (const key of path) value = isSection(value) ? value[key] : undefined;
  return isSection(value) ? value : undefined;
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWrittenAsText(path: readonly PropertyKey[]): boolean {
  const field = fieldAt(path);
  return field !== undefined && (field.writtenAs === 'text' || field.writtenAs === 'list');
}

/** An unknown key's own place, else the value's, else that of the section it is missing in. */
function placeOf(yaml: ReadYaml, path: readonly PropertyKey[], code: ProblemCode): Place | null {
  if (code === 'unknown_key' || code === 'program_key' || code === 'yaml_colon') return yaml.placeOfKey(path);
  for (let length = path.length; length > 0; length--) {
    const place = yaml.placeOf(path.slice(0, length));
    if (place !== null) return place;
  }
  return { line: 1, column: 1 };
}

/** Literal secrets of a file that everybody on the machine can read. */
function exposedSecrets({ common, tasks }: Pick<FileLayers, 'common' | 'tasks'>, file: string): readonly Finding[] {
  const layers = [...tasks].map(([id, layer]) => ({ prefix: `tasks.${id}.`, layer }));
  return [{ prefix: '', layer: common }, ...layers].flatMap(({ prefix, layer }) =>
    [...layer.values()]
      .filter(({ field, value }) => field.notes.secret !== undefined && (value as SecretReference | null | undefined)?.kind === 'literal')
      .map(({ field, source }) => ({
        code: 'secret_readable',
        args: { path: prefix + field.path, file, line: (source.from === 'file' ? source.line : null) ?? 0 },
      })),
  );
}
