import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What earlier runs of the script came to; survivors are not kept, since a test is written against them next. */
export interface Past {
  readonly caught: number;
  caughtBy(mutant: string): string | null;
  keep(mutant: string, by: string): void;
}

interface Kept {
  readonly tree: string;
  readonly caught: Record<string, string>;
}

/** Empty where program or tests are no longer the same: another test may not catch what the former one caught. */
export function openPast(path: string, { tree, fresh }: { readonly tree: string; readonly fresh: boolean }): Past {
  const kept = fresh ? null : read(path);
  const { caught } = kept?.tree === tree ? kept : { caught: {} as Record<string, string> };
  return {
    caught: Object.keys(caught).length,
    caughtBy: (mutant) => caught[mutant] ?? null,
    keep: (mutant, by) => {
      caught[mutant] = by;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${JSON.stringify({ tree, caught } satisfies Kept, null, 2)}\n`);
    },
  };
}

function read(path: string): Kept | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Kept;
  } catch {
    return null;
  }
}
