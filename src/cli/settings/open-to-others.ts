import { posix } from 'node:path';
import type { ProblemArgs, ProblemCode } from './problem.ts';

/** Others may write the file, or put another one in its place: what it says can't be trusted. */
export function openProblem(open: 'file' | 'folder', file: string): { readonly code: ProblemCode; readonly args: ProblemArgs } {
  return open === 'file'
    ? { code: 'file_writable', args: { file } }
    : { code: 'folder_writable', args: { file, folder: posix.dirname(file) } };
}
