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
      /** POSIX permission bits without a private group's right to write (core/private-group.ts); null on Windows, where they say nothing. */
      readonly mode: number | null;
      /** The same of the folder it stands in, with the sticky bit. */
      readonly folderMode?: number | null;
    }
  | { readonly answer: 'missing' | 'denied' | 'not_a_file' | 'too_large' }
  | { readonly answer: 'failed'; readonly detail: string };

export const OTHERS_READ = 0o004;
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;

/** Whose contents somebody else, a member of its group too, could have put there: the file itself, or another one in its place. */
export function isOpenToOthers({ mode, folderMode = null }: Extract<FileAnswer, { answer: 'file' }>): 'file' | 'folder' | null {
  if (mode !== null && (mode & OTHERS_WRITE) !== 0) return 'file';
  return folderMode !== null && (folderMode & OTHERS_WRITE) !== 0 && (folderMode & STICKY) === 0 ? 'folder' : null;
}

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
