import { posix, win32, type PlatformPath } from 'node:path';
import { SETTINGS_VARIABLE } from './fields.ts';
import { readVariable, type SettingsHost } from './files.ts';
import type { Source } from './problem.ts';

/** Where secrets and files are looked for. */
export interface Surroundings {
  readonly host: SettingsHost;
  /** The settings file's folder. */
  readonly folder: string;
  /** False: there is no settings file, and `folder` is where it would be. */
  readonly hasFile: boolean;
}

/** Path arithmetic of the host's platform, so that tests of Windows run anywhere. */
export function pathsOf(host: SettingsHost): PlatformPath {
  return host.platform === 'win32' ? win32 : posix;
}

/** Where the settings are when nobody says otherwise. Never the current folder: schedulers start anywhere. */
function defaultFolder(host: SettingsHost): string {
  return host.platform === 'win32'
    ? win32.join(readVariable(host, 'ProgramData') ?? 'C:\\ProgramData', 'tp-tg-notify')
    : '/etc/tp-tg-notify';
}

/** Which file to read; `named` tells who named it, null for the usual place, where it may be absent. */
export function findSettingsFile(host: SettingsHost, flag: string | null): { readonly file: string; readonly named: Source | null } {
  const paths = pathsOf(host);
  if (flag !== null) return { file: paths.resolve(host.folder, flag), named: { from: 'flag', flag: '--settings' } };
  const variable = readVariable(host, SETTINGS_VARIABLE);
  if (variable !== undefined)
    return { file: paths.resolve(host.folder, variable.trim()), named: { from: 'environment', variable: SETTINGS_VARIABLE } };
  return { file: paths.join(defaultFolder(host), 'settings.yaml'), named: null };
}

/** The folder that a relative path of this source starts from: a person's own folder for what was typed, the settings' for the rest. */
export function baseOf(source: Source, host: SettingsHost, settingsFolder: string): string {
  return source.from === 'flag' || source.from === 'environment' ? host.folder : settingsFolder;
}

/** Where the log goes when nobody says otherwise. Without a settings file it stands beside the database: a trial needs no folder of the system's. */
export function defaultLogFolder({ host, folder, hasFile }: Surroundings, database: string | null): string {
  if (!hasFile && database !== null) return pathsOf(host).join(pathsOf(host).dirname(database), 'log');
  return folder === '/etc/tp-tg-notify' ? '/var/log/tp-tg-notify' : pathsOf(host).join(folder, 'log');
}
