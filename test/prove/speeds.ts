import type { Chapter, Progress, ProveWish, Reach } from './chapter.ts';

/** What a chapter took so far on this machine: all its units and all its real time. */
interface Spent {
  readonly units: number;
  readonly ms: number;
}

/** Fewer units than these say little. */
const ENOUGH = 5;

/** Milliseconds a unit of the chapter takes: as measured here, or as somebody else's machine had it. */
export function msEachOf(
  { name, msEach }: Chapter,
  { progress }: Pick<ProveWish, 'progress'>,
): { readonly ms: number; readonly measured: boolean } {
  const spent = read(progress)[name];
  return spent === undefined || spent.units < ENOUGH ? { ms: msEach, measured: false } : { ms: spent.ms / spent.units, measured: true };
}

export function spentMs({ name }: Chapter, { progress }: Pick<ProveWish, 'progress'>): number {
  return read(progress)[name]?.ms ?? 0;
}

export function note(
  progress: Progress,
  name: string,
  { before, after, ms }: { readonly before: Reach; readonly after: Reach; readonly ms: number },
): void {
  const all = read(progress);
  const { units, ms: former } = all[name] ?? { units: 0, ms: 0 };
  progress.write('spent', { ...all, [name]: { units: units + Math.max(0, after.done - before.done), ms: former + ms } });
}

function read(progress: Progress): Readonly<Record<string, Spent>> {
  return progress.read<Record<string, Spent>>('spent') ?? {};
}
