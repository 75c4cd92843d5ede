import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Progress } from './chapter.ts';

/** Progress in a folder of its own; `fresh` begins anew. */
export function openProgress(folder: string, fresh: boolean): Progress {
  if (fresh) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`);
    renameSync(`${path}.new`, path);
    return path;
  };
  return {
    read: (chapter) => {
      try {
        return JSON.parse(readFileSync(join(folder, `${chapter}.json`), 'utf8')) as never;
      } catch {
        return null;
      }
    },
    write: (chapter, state) => void write(`${chapter}.json`, state),
    keep: write,
  };
}
