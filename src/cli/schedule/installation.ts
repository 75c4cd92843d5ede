import { dirname, join } from 'node:path';

import type { Finding } from '../../core/settings.ts';
import type { CommandCall } from '../command.ts';
import type { Site } from '../site.ts';

export type System = 'windows' | 'linux';

/** What the scripts and entries are filled in with. */
export interface Installation {
  /** Absolute paths of Node and of the program's own script. */
  readonly node: string;
  readonly script: string;
  /** Null where there is no settings file; then the database is named. */
  readonly settingsFile: string | null;
  readonly database: string;
  /** Folders that the program's account must be able to write. */
  readonly folders: readonly string[];
  /** After which a scheduler ends a run that hangs. */
  readonly limitMinutes: number;
  /** The account under which the program runs. */
  readonly account: string;
  /** The login of Tillypad's server and the Windows account behind xp_cmdshell; empty = the script asks for it. */
  readonly login: string;
  readonly starter: string;
}

const ACCOUNT = 'tp-tg-notify';
const LEAST_LIMIT_MS = 15 * 60_000;
/** Without a limit of its own a run may well take hours: a first one, a backfill. */
const WITHOUT_LIMIT_MINUTES = 720;

export function describeInstallation({ doors, flags }: CommandCall, site: Site): Installation {
  const text = (name: string): string => (typeof flags[name] === 'string' ? flags[name].trim() : '');
  const { file, folder } = site.settings;
  return {
    ...doors.program,
    settingsFile: file,
    database: site.place.database,
    folders: outermost([file === null ? dirname(site.place.database) : folder, site.log.folder]),
    limitMinutes: limitOf(site),
    account: text('account') || ACCOUNT,
    login: text('login'),
    starter: text('starter'),
  };
}

/** Rights on a folder hold for those inside it. */
function outermost(folders: readonly string[]): readonly string[] {
  const isInside = (folder: string, outer: string): boolean =>
    folder !== outer && folder.startsWith(outer) && /^[\\/]/u.test(folder.slice(outer.length));
  return [...new Set(folders)].filter((folder) => !folders.some((outer) => isInside(folder, outer)));
}

/** The program with its arguments, as any scheduler starts it. */
export function programWords({ script, settingsFile, database }: Installation): readonly string[] {
  const place = settingsFile === null ? ['--database', database] : ['--settings', settingsFile];
  return [script, 'run', '--since-last', ...place];
}

/** Twice a run's own limit and something more: whoever is ended from outside leaves what was on the wire in doubt. */
function limitOf({ tasks }: Site): number {
  const limits = tasks.map(({ run }) => run.timeLimitMs);
  const longest = limits.includes(null) ? null : Math.max(0, ...limits.map((limit) => limit ?? 0));
  return longest === null ? WITHOUT_LIMIT_MINUTES : Math.ceil(Math.max(LEAST_LIMIT_MS, 2 * longest + 300_000) / 60_000);
}

/** What keeps the entries from working as printed. */
export function findInInstallation(
  installation: Installation,
  of: { readonly site: Site; readonly system: System; readonly here: System },
): readonly Finding[] {
  const { site, system, here } = of;
  const names = site.settings.effective.flatMap(({ shown, source }) => {
    if (source.from === 'environment') return [source.variable];
    return /^\*\*\* \(env:(.+)\)$/u.exec(shown ?? '')?.slice(1) ?? [];
  });
  const paths = [installation.node, ...programWords(installation), installation.account];
  return [
    ...(system === here ? [] : [{ code: 'schedule_other_system', args: { system } }]),
    ...(installation.settingsFile === null
      ? [{ code: 'schedule_no_file', args: { file: join(site.settings.folder, 'settings.yaml') } }]
      : []),
    ...(names.length > 0 ? [{ code: 'schedule_environment', args: { names: [...new Set(names)].join(', ') } }] : []),
    ...(system === 'windows' ? paths.filter(isReplaced).map((path) => ({ code: 'schedule_replaced', args: { path } })) : []),
  ];
}

/** What the scheduler of Windows (`%NAME%`, `$(Arg0)`) and the Agent (`$(TOKEN)`) would replace, and no sign can keep them from it. */
function isReplaced(path: string): boolean {
  return /%[^%"\\/:=]+%|\$\(/u.test(path);
}
