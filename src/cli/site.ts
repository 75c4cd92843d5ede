import { dirname, join, resolve } from 'node:path';

import { EXIT } from '../core/exit-code.ts';
import type { BotId, Language } from '../core/glossary.ts';
import type { Finding, TaskSettings } from '../core/settings.ts';
import type { LogSettings } from '../ports/host.ts';
import type { CommandCall } from './command.ts';
import type { DatabasePlace } from './doors.ts';
import { CommandProblem, SettingsRefused } from './problem.ts';
import { hostOnDisk } from './settings/disk.ts';
import { readSettings, resolveTasks } from './settings/load.ts';
import type { FirstSettings, ProgramSettings, RefusedSettings } from './settings/load.ts';
import { nearest } from './settings/nearest.ts';
import type { FlagValue } from './settings/outer-layers.ts';
import { botIdOf } from './settings/token.ts';

/** The tasks of one bot. */
export interface BotTasks {
  readonly botId: BotId;
  readonly tasks: readonly TaskSettings[];
}

/** The settings as a command uses them: parsed, checked, with the files beside them. */
export interface Site {
  readonly language: Language;
  readonly place: DatabasePlace;
  readonly keyPath: string;
  readonly memoryPath: string;
  readonly log: LogSettings;
  /** All tasks, or the one that `--task` names. */
  readonly tasks: readonly TaskSettings[];
  /** All tasks of the bots that `tasks` belong to; empty where no task has a token and the command can do without. */
  readonly bots: readonly BotTasks[];
  /** What concerns no single task. */
  readonly findings: readonly Finding[];
  readonly settings: ProgramSettings;
}

export interface SiteNeed {
  readonly token: boolean;
  /** Waits for the first parameters of Tillypad's task: whoever it starts may be quicker than the commit of what it saved. */
  readonly waits?: boolean;
  /** Goes on without a task whose own parameters can't be used, as long as another one can work. */
  readonly leavesOut?: boolean;
}

/** Where the settings name no other. */
export const NOTE_TYPE = 'chat_ID в Telegram';
const FIRST_PARAMETERS_MS = 15_000;
const ASK_EVERY_MS = 1_000;

/** Reads the settings in their two stages; throws `SettingsRefused` with all that is wrong, `CommandProblem` for an unknown task. */
export async function openSite(call: CommandCall, need: SiteNeed): Promise<Site> {
  const first = readFirst(call, true);
  const place = { database: first.database ?? '', server: first.server };
  const settings = await resolvePatiently(call, first, need);
  if (!settings.ok) throw new SettingsRefused(settings);
  const tasks = chosenTasks(settings, call.flags['task']);
  const folder = folderOf(settings);
  return {
    language: languageOf(call, first),
    place,
    keyPath: keyPathIn(folder),
    memoryPath: join(folder, 'tp-tg-notify.memory.json'),
    log: settings.log,
    tasks,
    bots: botsOf(settings.tasks, tasks),
    findings: settings.findings,
    settings,
  };
}

async function resolvePatiently(
  { doors, terminal }: CommandCall,
  first: FirstSettings,
  { token, waits = false, leavesOut = false }: SiteNeed,
): Promise<ProgramSettings | RefusedSettings> {
  const until = doors.clock.monotonic() + FIRST_PARAMETERS_MS;
  for (;;) {
    const parameters = await doors.readParameters({ database: first.database ?? '', server: first.server });
    const settings = resolveTasks(first, { parameters, requireToken: token, leavesOut });
    const mayCome = !settings.ok && parameters.length === 0 && settings.problems.every(({ code }) => code === 'token_missing');
    if (!waits || !mayCome || terminal.signal.aborted || doors.clock.monotonic() >= until) return settings;
    await doors.clock.sleep(ASK_EVERY_MS, terminal.signal);
  }
}

/** Without a settings file the key and the memory stand beside a database that is a file: a folder of the system's is no place for a trial. */
function folderOf({ file, server, database, folder }: Pick<FirstSettings, 'file' | 'server' | 'database' | 'folder'>): string {
  return file === null && server === null ? dirname(database ?? '') : folder;
}

function keyPathIn(folder: string): string {
  return join(folder, 'tp-tg-notify.key.json');
}

/** The key's path and the tasks, for a command that opens no database; throws as `openSite` does. */
export function readSite(call: CommandCall): {
  readonly place: DatabasePlace;
  readonly keyPath: string;
  readonly tasks: readonly TaskSettings[];
} {
  const first = readFirst(call, true);
  const settings = resolveTasks(first, { parameters: [], requireToken: false });
  if (!settings.ok) throw new SettingsRefused(settings);
  return { place: { database: first.database ?? '', server: first.server }, keyPath: keyPathIn(folderOf(first)), tasks: settings.tasks };
}

/** The names of the note types that tasks keep chats in, each once. */
export function noteTypesOf(tasks: readonly TaskSettings[]): readonly string[] {
  return [...new Set(tasks.map(({ subscriptions }) => subscriptions.noteType))];
}

/** The first stage alone, for commands that need no database. */
export function readFirst(call: CommandCall, requireDatabase: boolean): FirstSettings {
  const first = tryFirst(call, requireDatabase);
  if (!first.ok) throw new SettingsRefused(first);
  return first;
}

/** The database, as far as broken settings still tell it. */
export function findPlace(call: CommandCall): DatabasePlace | null {
  const { database, server } = tryFirst(call, true);
  return database === null ? null : { database, server };
}

function tryFirst(call: CommandCall, requireDatabase: boolean): FirstSettings | RefusedSettings {
  const host = hostOnDisk({ platform: process.platform, folder: resolve('.'), environment: call.doors.env });
  const settingsFlag = typeof call.flags['settings'] === 'string' ? call.flags['settings'] : null;
  const flags = ['database', 'language'].flatMap((path): FlagValue[] => {
    const text = call.flags[path];
    return typeof text === 'string' ? [{ path, flag: `--${path}`, text }] : [];
  });
  const first = readSettings({ settingsFlag, flags, host, requireDatabase });
  call.speak(first.language);
  return first;
}

function languageOf(call: CommandCall, first: FirstSettings): Language {
  return call.flags['language'] === undefined ? first.language : call.language;
}

function chosenTasks(settings: ProgramSettings, wanted: unknown): readonly TaskSettings[] {
  if (typeof wanted !== 'string') return settings.tasks;
  const ids = settings.tasks.map((task) => task.id);
  const chosen = settings.tasks.filter((task) => task.id === wanted || task.id === wanted.toLowerCase());
  if (chosen.length > 0) return chosen;
  throw new CommandProblem(EXIT.usage, [
    { code: 'task_unknown', args: { task: wanted.slice(0, 60), nearest: nearest(wanted, ids) ?? '', known: ids.join(', ') } },
  ]);
}

function botsOf(all: readonly TaskSettings[], chosen: readonly TaskSettings[]): BotTasks[] {
  const ids = new Set(chosen.flatMap((task) => botIdOf(task.telegram.token) ?? []));
  return [...ids].map((botId) => ({ botId, tasks: all.filter((task) => botIdOf(task.telegram.token) === botId) }));
}
