import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Progress } from './chapter.ts';

/** Failing cases outlive what they were found by: they are wanted most when the program has just been mended. */
const KEPT = 'kept';

export function openProgress(folder: string): Progress {
  mkdirSync(join(folder, KEPT), { recursive: true });
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
    keep: (name, content) => {
      const mark = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8);
      return write(join(KEPT, name.replace(/(?:\.json)?$/u, `-${mark}.json`)), content);
    },
  };
}

/** Takes away how far the chapters are; failing cases stay. */
export function emptyProgress(folder: string): void {
  for (const name of listed(folder)) rmSync(join(folder, name), { recursive: true });
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name !== KEPT);
  } catch {
    return [];
  }
}

/** What a proof is about: figures of another program, or of other seeds, are none of this one. */
export interface About {
  readonly program: string;
  readonly firstSeed: number;
}

/** As `openProgress`, emptied but for failing cases when it is of something else or of nobody knows what; `begunAnew` says that there was such. */
export function openProgressOf(folder: string, about: About): { readonly progress: Progress; readonly begunAnew: boolean } {
  const former = openProgress(folder).read<About>('about');
  const isOther = former?.program !== about.program || former.firstSeed !== about.firstSeed;
  const begunAnew = isOther && listed(folder).length > 0;
  if (isOther) emptyProgress(folder);
  const progress = openProgress(folder);
  progress.write('about', about);
  return { progress, begunAnew };
}
