import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Progress } from './chapter.ts';

export function openProgress(folder: string): Progress {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`);
    renameSync(`${path}.new`, path);
    return path;
  };
  return {
    folder,
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

/** What a proof is about: figures of another program, or of other seeds, are none of this one. */
export interface About {
  readonly program: string;
  readonly firstSeed: number;
}

/** As `openProgress`, emptied when it is of something else or of nobody knows what; `begunAnew` says that there was such. */
export function openProgressOf(folder: string, about: About): { readonly progress: Progress; readonly begunAnew: boolean } {
  const former = openProgress(folder).read<About>('about');
  const isOther = former?.program !== about.program || former.firstSeed !== about.firstSeed;
  const begunAnew = isOther && readdirSync(folder).length > 0;
  if (isOther) rmSync(folder, { recursive: true });
  const progress = openProgress(folder);
  progress.write('about', about);
  return { progress, begunAnew };
}
