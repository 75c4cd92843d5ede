import type { ProveWish, Row } from '../chapter.ts';

/** Something tried once for each seed; what it answers is what was broken. */
export interface Trial {
  readonly name: string;
  readonly promise: string;
  /** In the table: «… tried with 1,000 seeds». */
  readonly what: string;
  /** How many of the wished seeds are tried: a whole run costs a second, a text a millisecond. */
  readonly share: number;
  /** How many cases one seed stands for. */
  readonly casesEach?: number;
  run(seed: number): Promise<readonly string[]> | readonly string[];
  /** Made anew from the seed, to be kept when something is broken. */
  sample(seed: number): unknown;
}

interface Sum {
  done: number;
  broken: { readonly seed: number; readonly sentences: readonly string[] }[];
}

const SAVE_EVERY = 50;

/** Tries each one after the other, where it was left; an unhandled rejection counts as broken like anything else. */
export async function tryAll(wish: ProveWish, chapter: string, trials: readonly Trial[]): Promise<readonly Row[]> {
  const stray: string[] = [];
  const note = (reason: unknown): void => void stray.push(`unhandled: ${reason instanceof Error ? reason.message : 'unknown'}`);
  process.on('unhandledRejection', note);
  try {
    const rows: Row[] = [];
    for (const trial of trials) rows.push(await tryOne(wish, `${chapter}-${trial.name}`, { trial, stray }));
    return rows;
  } finally {
    process.off('unhandledRejection', note);
  }
}

async function tryOne(wish: ProveWish, key: string, at: { readonly trial: Trial; readonly stray: string[] }): Promise<Row> {
  const { trial, stray } = at;
  const wanted = Math.max(1, Math.ceil(wish.seeds * trial.share));
  const sum: Sum = structuredClone(wish.progress.read<Sum>(key) ?? { done: 0, broken: [] });
  while (sum.done < wanted && performance.now() < wish.deadline) {
    const seed = wish.firstSeed + sum.done;
    const sentences = await attempt(trial, seed);
    const broken = [...sentences, ...stray.splice(0)];
    if (broken.length > 0) {
      sum.broken.push({ seed, sentences: broken });
      wish.tell(`${trial.name}, seed ${seed}: ${broken.join(' · ')}`);
      wish.tell(`kept in ${wish.progress.keep(`${key}-${seed}.json`, { why: broken, input: trial.sample(seed) })}`);
    }
    sum.done += 1;
    if (sum.done % SAVE_EVERY > 0) continue;
    wish.progress.write(key, sum);
    wish.tell(`${trial.name} ${sum.done} of ${wanted}, ${sum.broken.length} broken`);
  }
  wish.progress.write(key, sum);
  const cases = trial.casesEach === undefined ? '' : ` (${sum.done * trial.casesEach} cases)`;
  return {
    promise: trial.promise,
    what: `${trial.what}: ${sum.done} of ${wanted} seeds from ${wish.firstSeed}${cases}, broken`,
    figure: String(sum.broken.length),
    must: '0',
    kept: sum.broken.length === 0 && sum.done >= wanted,
  };
}

async function attempt(trial: Trial, seed: number): Promise<readonly string[]> {
  try {
    return await trial.run(seed);
  } catch (error) {
    return [`thrown: ${error instanceof Error ? error.message : 'unknown'}`];
  }
}
