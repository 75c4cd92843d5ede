import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { accountOf, rightsBeside } from '../../core/private-group.ts';
import type { FileAnswer, SettingsHost } from './files.ts';

const LARGEST = 1_048_576;

/** The real machine. The environment is given, because only `main.ts` reads it. */
export function hostOnDisk(given: {
  readonly platform: string;
  readonly folder: string;
  readonly environment: SettingsHost['environment'];
}): SettingsHost {
  return { ...given, zone: Intl.DateTimeFormat().resolvedOptions().timeZone, read: (path) => readFromDisk(path, given.platform) };
}

function readFromDisk(path: string, platform: string): FileAnswer {
  let file: number | null = null;
  try {
    // One open file for both questions: its contents and its rights are then of the same file.
    // Without O_NONBLOCK a pipe under this name would hold the program for ever; Windows has no such flag.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(file);
    if (!stat.isFile()) return { answer: 'not_a_file' };
    if (stat.size > LARGEST) return { answer: 'too_large' };
    const bytes = readFileSync(file);
    if (platform === 'win32') return { answer: 'file', bytes, mode: null };
    // Of the real folder: behind a link there may be another one.
    const folder = statSync(dirname(realpathSync(path)));
    const account = accountOf(process);
    return { answer: 'file', bytes, mode: rightsBeside(stat, account) & 0o777, folderMode: rightsBeside(folder, account) & 0o1777 };
  } catch (error) {
    return answerOf((error as NodeJS.ErrnoException).code ?? 'unknown');
  } finally {
    if (file !== null) closeSync(file);
  }
}

function answerOf(code: string): FileAnswer {
  if (code === 'ENOENT' || code === 'ENOTDIR') return { answer: 'missing' };
  if (code === 'EACCES' || code === 'EPERM') return { answer: 'denied' };
  return code === 'EISDIR' ? { answer: 'not_a_file' } : { answer: 'failed', detail: code };
}
