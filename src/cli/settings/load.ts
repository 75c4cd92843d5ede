import type { BotId, Language, TaskId } from '../../core/glossary.ts';
import { showServerPlace, type ServerPlace } from '../../core/server-place.ts';
import type { Finding, TaskSettings } from '../../core/settings.ts';
import type { LogSettings } from '../../ports/host.ts';
import type { StoredParameters } from '../doors.ts';
import { chooseValues, type Chosen, type EffectiveValue } from './effective.ts';
import type { SettingsHost } from './files.ts';
import type { Given, Layer } from './given.ts';
import { findUnknownVariables, readEnvironment, readFlags, type FlagValue } from './outer-layers.ts';
import { readParameters } from './parameters.ts';
import { problemAt, type SettingsProblem } from './problem.ts';
import { ServerAddress, serverPlaceOf, type SqlServerSection } from './server-address.ts';
import { readSettingsFile } from './read-file.ts';
import { resolveTask } from './resolve-task.ts';
import { nest } from './task.ts';
import { botIdOf } from './token.ts';

/** What the settings are read from. */
export interface SettingsRequest {
  /** `--settings`; null = not given. */
  readonly settingsFlag: string | null;
  readonly flags: readonly FlagValue[];
  readonly host: SettingsHost;
  /** False for commands that open no database. */
  readonly requireDatabase: boolean;
}

export interface TaskRequest {
  readonly parameters: readonly StoredParameters[];
  readonly requireToken: boolean;
  /** A task whose own parameters can't be used is left out, as long as another one can work. Otherwise it refuses them all. */
  readonly leavesOut?: boolean;
}

/** The task's id where neither the file nor the database names one. */
const ONLY_TASK: TaskId = 'default';

/** What is known before the database is open; `layers` is for `resolveTasks` alone, and a function so that printing this never prints the environment. */
export interface FirstSettings {
  readonly ok: true;
  /** Null when there is no settings file. */
  readonly file: string | null;
  /** Absolute folder of the settings: the key and the host's memory stand here too. */
  readonly folder: string;
  /** Absolute path, or the address of a server without its password; null only where it isn't required. */
  readonly database: string | null;
  /** Null for a file. */
  readonly server: ServerPlace | null;
  readonly language: Language;
  readonly log: LogSettings;
  readonly layers: () => SettingsLayers;
}

export interface SettingsLayers {
  readonly host: SettingsHost;
  readonly flags: Layer;
  readonly environment: Layer;
  readonly tasks: ReadonlyMap<TaskId, Layer>;
  readonly common: Layer;
  readonly program: Chosen;
  readonly findings: readonly Finding[];
}

/** All that is wrong, at once. `language` is the administrator's as far as it could be known. */
export interface RefusedSettings {
  readonly ok: false;
  readonly problems: readonly SettingsProblem[];
  readonly language: Language;
  /** Where they could be known all the same: the logs of the database's tasks are a way to tell. */
  readonly database: string | null;
  readonly server: ServerPlace | null;
}

export interface LeftOutTask {
  readonly taskId: TaskId;
  readonly problems: readonly SettingsProblem[];
}

/** Everything the program is told, for good. */
export interface ProgramSettings {
  readonly ok: true;
  readonly file: string | null;
  readonly folder: string;
  readonly database: string | null;
  readonly server: ServerPlace | null;
  readonly language: Language;
  readonly log: LogSettings;
  /** In the order of the file, then of the database. */
  readonly tasks: readonly TaskSettings[];
  /** Tasks that can't work because of what stands in their own parameters. */
  readonly leftOut: readonly LeftOutTask[];
  /** What concerns no single task. */
  readonly findings: readonly Finding[];
  /** Secrets that could not be read, where no token was required: `settings show` tells them. */
  readonly unread: readonly SettingsProblem[];
  readonly effective: readonly EffectiveValue[];
}

/** The first stage: flags, environment and file are read whole; database, language and log are settled. */
export function readSettings(request: SettingsRequest): FirstSettings | RefusedSettings {
  const { host } = request;
  const file = readSettingsFile(host, request.settingsFlag);
  const flags = readFlags(request.flags);
  const environment = readEnvironment(host);
  const unknown = findUnknownVariables(host, [environment.layer, file.common, ...file.tasks.values()]);
  const program = chooseValues([flags.layer, environment.layer, file.common], {
    taskId: null,
    surroundings: { host, folder: file.folder, hasFile: file.file !== null },
  });
  const values = nest(program.settled) as {
    readonly database?: string | ServerAddress;
    readonly sqlServer: SqlServerSection;
    readonly language?: Language;
    readonly log: LogSettings;
  };
  const place = serverPlaceOf(values.database, values.sqlServer);
  const language = values.language ?? 'ru';
  const layers: SettingsLayers = {
    host,
    flags: flags.layer,
    environment: environment.layer,
    common: file.common,
    tasks: file.tasks,
    program,
    findings: file.findings,
  };
  const first: FirstSettings = {
    ok: true,
    file: file.file,
    folder: file.folder,
    database:
      place.ok && place.server !== null
        ? showServerPlace(place.server)
        : values.database instanceof ServerAddress
          ? null
          : (values.database ?? null),
    server: place.ok ? place.server : null,
    language,
    log: values.log,
    layers: () => layers,
  };
  const problems = [...file.problems, ...flags.problems, ...environment.problems, ...unknown, ...program.problems];
  const givenBy = flags.layer.get('database');
  if (givenBy?.value instanceof ServerAddress && givenBy.value.holdsPassword)
    problems.push(problemAt('database', givenBy.source, { code: 'database_password_flag' }));
  if (!place.ok && problems.length === 0) problems.push(problemAt(place.path, program.settled.get(place.path)?.source ?? null, place));
  if (request.requireDatabase && problems.length === 0 && first.database === null)
    problems.push(problemAt('database', null, { code: 'database_missing' }));
  if (problems.length === 0) return first;
  const later = resolveTasks(first, { parameters: [], requireToken: false });
  return {
    ok: false,
    problems: inOrder(unique([...problems, ...(later.ok ? later.unread : later.problems)])),
    language,
    database: first.database,
    server: first.server,
  };
}

/** The second stage, with what the database keeps. `requireToken`: each task must have a token, and every secret and file named must be there. */
export function resolveTasks(first: FirstSettings, request: TaskRequest): ProgramSettings | RefusedSettings {
  const { layers: layersOf, ...known } = first;
  const layers = layersOf();
  const parameters = new Map(request.parameters.map(readParameters).map((taken) => [taken.taskId, taken]));
  const named = [...new Set([...layers.tasks.keys(), ...parameters.keys()])];
  const resolved = (named.length === 0 ? [ONLY_TASK] : named).map((taskId) => ({
    taskId,
    ...resolveTask(taskId, {
      above: [layers.flags, layers.environment, layers.tasks.get(taskId) ?? new Map<string, Given>()],
      below: layers.common,
      parameters: parameters.get(taskId) ?? null,
      surroundings: { host: layers.host, folder: first.folder, hasFile: first.file !== null },
      requireToken: request.requireToken,
    }),
  }));
  const leftOut = request.leavesOut === true ? leaveOut(resolved) : [];
  const problems = leftOut.length > 0 ? [] : unique(resolved.flatMap((task) => task.problems));
  if (problems.length > 0)
    return { ok: false, problems: inOrder(problems), language: first.language, database: first.database, server: first.server };
  const tasks = resolved.flatMap(({ task }) => task ?? []);
  return {
    ...known,
    tasks,
    leftOut,
    findings: unique([...layers.findings, ...layers.program.findings, ...findBeside(tasks, new Set(parameters.keys()))]),
    unread: unique(resolved.flatMap(({ unread }) => unread)),
    effective: [...layers.program.effective, ...resolved.flatMap(({ effective }) => effective)],
  };
}

/** A task of the file beside one of Tillypad's, of the same bot: often a leftover, and then more is told than was chosen in the wizard. */
function findBeside(tasks: readonly TaskSettings[], handedOver: ReadonlySet<TaskId>): readonly Finding[] {
  const botOf = ({ telegram }: TaskSettings): BotId | null => botIdOf(telegram.token);
  const tillypad = tasks.filter(({ id }) => handedOver.has(id));
  const bots = new Set(tillypad.map(botOf));
  const file = tasks.filter((task) => !handedOver.has(task.id) && bots.has(botOf(task)));
  if (file.length === 0) return [];
  const named = (some: readonly TaskSettings[]): string => some.map(({ id }) => id).join(', ');
  return [{ code: 'tasks_of_both', args: { file: named(file), tillypad: named(tillypad) } }];
}

/** None where a problem stands anywhere else, or no task is left. */
function leaveOut(resolved: readonly (LeftOutTask & { readonly task: TaskSettings | null })[]): readonly LeftOutTask[] {
  const broken = resolved.filter(({ problems }) => problems.length > 0);
  const isOwn = ({ source, code }: SettingsProblem): boolean =>
    source?.from === 'parameter' || code === 'token_missing' || code === 'parameters_damaged';
  if (broken.length === resolved.length || !broken.every(({ problems }) => problems.every(isOwn))) return [];
  return broken.map(({ taskId, problems }) => ({ taskId, problems }));
}

/** Both stages, for whoever has the parameters already or needs none. */
export function loadSettings(request: SettingsRequest & TaskRequest): ProgramSettings | RefusedSettings {
  const first = readSettings(request);
  return first.ok ? resolveTasks(first, request) : first;
}

/** Several tasks meet the same value of the file; its problem is told once. */
function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** What concerns the file as a whole, then its lines from top to bottom, then the rest. */
function inOrder(problems: readonly SettingsProblem[]): readonly SettingsProblem[] {
  const rank = ({ source }: SettingsProblem): number =>
    source?.from === 'file' ? (source.line ?? 0) * 10_000 + (source.column ?? 0) : Infinity;
  return problems.toSorted((left, right) => (rank(left) === rank(right) ? 0 : rank(left) - rank(right)));
}
