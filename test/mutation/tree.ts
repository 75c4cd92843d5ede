import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PROGRAM_AND_TESTS } from '../support/tree-digest.ts';
import { breakText } from './mutant.ts';
import type { Mutant } from './mutant.ts';

/** A copy of the program in which it may be broken; the packages are the original's. */
export interface Tree {
  readonly folder: string;
  /** Answers how to mend it again, or null when the text isn't there (any more). */
  break(mutant: Mutant): (() => void) | null;
  remove(): void;
}

export function copyTree(root: string): Tree {
  const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-mutants-'));
  // Some tests start the program as another user.
  chmodSync(folder, 0o755);
  for (const name of PROGRAM_AND_TESTS) cpSync(join(root, name), join(folder, name), { recursive: true });
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
