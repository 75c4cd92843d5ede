/** What the settings need of the machine; tests give their own, so no disk is touched. */
export interface SettingsHost {
  readonly platform: string;
  /** The current folder: flags and variables name files relative to it, the settings file does not. */
  readonly folder: string;
  /** The host's IANA zone. */
  readonly zone: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads a file of an absolute path; expected failures are answers. */
  read(path: string): FileAnswer;
}

export type FileAnswer =
  | {
      readonly answer: 'file';
      readonly bytes: Uint8Array;
      /** POSIX permission bits; null on Windows, where they say nothing. */
      readonly mode: number | null;
    }
  | { readonly answer: 'missing' | 'denied' | 'not_a_file' | 'too_large' }
  | { readonly answer: 'failed'; readonly detail: string };

export const OTHERS_READ = 0o004;
export const OTHERS_WRITE = 0o002;

/** A variable of the environment; Windows doesn't mind the case. Empty means unset. */
export function readVariable(host: SettingsHost, name: string): string | undefined {
  const exact = host.environment[name];
  const key =
    exact === undefined && host.platform === 'win32'
      ? Object.keys(host.environment).find((known) => known.toUpperCase() === name.toUpperCase())
      : undefined;
  const text = exact ?? (key === undefined ? undefined : host.environment[key]);
  return text === undefined || text.trim() === '' ? undefined : text;
}
