import { posix, win32, type PlatformPath } from 'node:path';
import { SETTINGS_VARIABLE } from './fields.ts';
import { readVariable, type SettingsHost } from './files.ts';
import type { Source } from './problem.ts';

/** Path arithmetic of the host's platform, so that tests of Windows run anywhere. */
export function pathsOf(host: SettingsHost): PlatformPath {
  return host.platform === 'win32' ? win32 : posix;
}

/** Where the settings are when nobody says otherwise. Never the current folder: schedulers start anywhere. */
export function defaultFolder(host: SettingsHost): string {
  return host.platform === 'win32' ? win32.join(readVariable(host, 'ProgramData') ?? 'C:\\ProgramData', 'tp-tg-notify') : '/etc/tp-tg-notify';
}

/** Which file to read; `named` tells who named it, null for the usual place, where it may be absent. */
export function findSettingsFile(host: SettingsHost, flag: string | null): { readonly file: string; readonly named: Source | null } {
  const paths = pathsOf(host);
  if (flag !== null) return { file: paths.resolve(host.folder, flag), named: { from: 'flag', flag: '--settings' } };
  const variable = readVariable(host, SETTINGS_VARIABLE);
  if (variable !== undefined) return { file: paths.resolve(host.folder, variable.trim()), named: { from: 'environment', variable: SETTINGS_VARIABLE } };
  return { file: paths.join(defaultFolder(host), 'settings.yaml'), named: null };
}

/** The folder that a relative path of this source starts from: a person's own folder for what was typed, the settings' for the rest. */
export function baseOf(source: Source, host: SettingsHost, settingsFolder: string): string {
  return source.from === 'flag' || source.from === 'environment' ? host.folder : settingsFolder;
}

/** Where the log goes when nobody says otherwise. */
export function defaultLogFolder(host: SettingsHost, settingsFolder: string): string {
  return settingsFolder === '/etc/tp-tg-notify' ? '/var/log/tp-tg-notify' : pathsOf(host).join(settingsFolder, 'log');
}
