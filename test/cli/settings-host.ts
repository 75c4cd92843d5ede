import type { FileAnswer, SettingsHost } from '../../src/cli/settings/files.ts';
import {
  loadSettings,
  type ProgramSettings,
  type RefusedSettings,
  type SettingsRequest,
  type TaskRequest,
} from '../../src/cli/settings/load.ts';

export type FakeFile =
  | string
  | Uint8Array
  | { readonly content: string | Uint8Array; readonly mode: number; readonly folderMode?: number }
  | Exclude<FileAnswer, { answer: 'file' }>;

export interface FakeHost {
  readonly files?: Readonly<Record<string, FakeFile>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly platform?: string;
  readonly folder?: string;
}

export const USUAL = '/etc/tp-tg-notify/settings.yaml';
export const TOKEN = `987654321:AAHs${'x'.repeat(31)}`;

/** A machine without a disk: its files are private (0600) unless a mode is given. */
export function fakeHost({ files = {}, environment = {}, platform = 'linux', folder = '/home/admin' }: FakeHost = {}): SettingsHost {
  return { platform, folder, zone: 'Asia/Novosibirsk', environment, read: (path) => answerOf(files[path], platform) };
}

function answerOf(file: FakeFile | undefined, platform: string): FileAnswer {
  if (file === undefined) return { answer: 'missing' };
  if (typeof file === 'object' && 'answer' in file) return file;
  const {
    content,
    mode,
    folderMode = 0o755,
  } = typeof file === 'string' || file instanceof Uint8Array ? { content: file, mode: 0o600, folderMode: 0o755 } : file;
  return {
    answer: 'file',
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
    mode: platform === 'win32' ? null : mode,
    folderMode: platform === 'win32' ? null : folderMode,
  };
}

export type FakeRequest = FakeHost & Partial<Omit<SettingsRequest, 'host'> & TaskRequest> & { readonly yaml?: FakeFile };

/** Loads settings of a fake machine; `yaml` stands at the usual place. */
export function load({ yaml, files = {}, ...request }: FakeRequest = {}): ProgramSettings | RefusedSettings {
  const host = fakeHost({ ...request, files: yaml === undefined ? files : { [USUAL]: yaml, ...files } });
  return loadSettings({ settingsFlag: null, flags: [], requireDatabase: false, parameters: [], requireToken: false, ...request, host });
}

/** The settings, or an error that names the problems. */
export function loaded(request: FakeRequest = {}): ProgramSettings {
  const answer = load(request);
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.problems)}`);
  return answer;
}

/** The problems; an error where there are none. */
export function refused(request: FakeRequest): RefusedSettings {
  const answer = load(request);
  if (answer.ok) throw new Error('not refused');
  return answer;
}

/** The only task. */
export function onlyTask(request: FakeRequest): ProgramSettings['tasks'][number] {
  const [task, ...more] = loaded(request).tasks;
  if (task === undefined || more.length > 0) throw new Error('not one task');
  return task;
}
