import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { breakText } from './mutant.ts';
import type { Mutant } from './mutant.ts';

/** A copy of the program in which it may be broken; the packages are the original's. */
export interface Tree {
  readonly folder: string;
  /** Answers how to mend it again, or null when the text isn't there (any more). */
  break(mutant: Mutant): (() => void) | null;
  remove(): void;
}

const COPIED = ['src', 'sql', 'test', 'scripts', 'tasks', 'package.json', 'tsconfig.json'];

export function copyTree(root: string): Tree {
  const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-mutants-'));
  // Some tests start the program as another user.
  chmodSync(folder, 0o755);
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    break: (mutant) => {
      const path = join(folder, mutant.file);
      const whole = readFileSync(path, 'utf8');
      const broken = breakText(whole, mutant);
      if (broken === null) return null;
      writeFileSync(path, broken);
      return () => writeFileSync(path, whole);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Of all that a verdict depends on. */
export function digestTree(root: string): string {
  const hash = createHash('sha256');
  for (const name of COPIED) {
    const path = join(root, name);
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((one) => join(path, one))
      : [path];
    for (const file of files.toSorted())
      if (statSync(file).isFile()) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}
