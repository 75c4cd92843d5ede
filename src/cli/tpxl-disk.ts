import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { EXIT } from '../core/exit-code.ts';
import { partsOfText } from './long-text.ts';
import { CommandProblem } from './problem.ts';
import { echo } from './settings/echo.ts';

const LARGEST = 512 * 1024 * 1024;

/** A whole file; throws `CommandProblem` (usage) for what can't be read. */
export function readWhole(file: string): Uint8Array {
  const answer = tryRead(file);
  if (answer instanceof Uint8Array) return answer;
  throw new CommandProblem(EXIT.usage, [{ code: answer.code, args: { file: pathOf(file), detail: answer.detail } }]);
}

/** The same, null for a file that isn't there. */
export function readIfThere(file: string): Uint8Array | null {
  const answer = tryRead(file);
  if (answer instanceof Uint8Array) return answer;
  if (answer.code === 'tpxl_missing') return null;
  throw new CommandProblem(EXIT.usage, [{ code: answer.code, args: { file: pathOf(file), detail: answer.detail } }]);
}

type ReadRefusal = { readonly code: 'tpxl_missing' | 'tpxl_unreadable' | 'tpxl_too_large'; readonly detail: string };

function tryRead(file: string): Uint8Array | ReadRefusal {
  try {
    const stat = statSync(file);
    if (!stat.isFile()) return { code: 'tpxl_unreadable', detail: 'EISDIR' };
    return stat.size > LARGEST ? { code: 'tpxl_too_large', detail: '' } : readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return code === 'ENOENT' || code === 'ENOTDIR' ? { code: 'tpxl_missing', detail: '' } : { code: 'tpxl_unreadable', detail: code };
  }
}

/** Whole, so that a wrong folder is seen; the names of Tillypad's objects alone are longer than what is usually repeated. */
function pathOf(file: string): string {
  return echo(resolve(file), 300);
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

export function writeWhole(file: string, content: Uint8Array | string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const open = openSync(file, 'w');
    try {
      for (const part of typeof content === 'string' ? partsOfText(content) : [content]) writeFileSync(open, part);
    } finally {
      closeSync(open);
    }
  } catch (error) {
    const detail = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new CommandProblem(EXIT.usage, [{ code: 'tpxl_unwritable', args: { file: pathOf(file), detail } }]);
  }
}

/** Nothing of the administrator's is ever written over: the folder must be new or empty. Answers what was written. */
export function writeAll(
  folder: string,
  files: Iterable<{ readonly path: string; readonly content: Uint8Array | string }>,
): readonly string[] {
  if (isFolder(folder) && readdirSync(folder).length > 0)
    throw new CommandProblem(EXIT.usage, [{ code: 'tpxl_not_empty', args: { folder: pathOf(folder) } }]);
  const written: string[] = [];
  for (const { path, content } of files) {
    writeWhole(join(folder, path), content);
    written.push(path);
  }
  return written;
}

// What Windows or a shell takes for something else than a character of a name.
// oxlint-disable-next-line no-control-regex
const NOT_IN_NAMES = /[\u0000-\u001f\u007f-\u009f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;
const LONGEST_NAME = 80;
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$/i;

/** A name from a file as a file's name: nothing in it can lead out of its folder. */
export function fileName(text: string): string {
  const plain = [...text.toWellFormed().replaceAll(NOT_IN_NAMES, ' ')]
    .slice(0, LONGEST_NAME)
    .join('')
    .trim()
    .replace(/[. ]+$/, '');
  return plain === '' || plain.startsWith('.') || DEVICE.test(plain) ? `_${plain.replace(/^\.+/, '')}` : plain;
}
