import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a verdict of any test depends on, from the root. */
export const PROGRAM_AND_TESTS = ['src', 'sql', 'test', 'scripts', 'tasks', 'package.json', 'tsconfig.json'];

/** SHA-256 of the program and its tests. */
export function digestTree(root: string): string {
  const hash = createHash('sha256');
  for (const name of PROGRAM_AND_TESTS) {
    const path = join(root, name);
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((one) => join(path, one))
      : [path];
    for (const file of files.toSorted())
      if (statSync(file).isFile()) hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}
