import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Writes text files into a folder, which is made if need be; a file of the same name is written over. Answers their absolute paths. */
export function saveFiles(folder: string, files: readonly { readonly name: string; readonly text: string }[]): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return files.map(({ name, text }) => {
    const path = resolve(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  });
}
