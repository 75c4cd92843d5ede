import { never } from '../chapter.ts';
import type { Chapter, ProveWish, Row, WorkWish } from '../chapter.ts';

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
  /** The smallest input found that breaks something as the seed does, to be kept. */
  shrink(seed: number): Promise<unknown>;
  /** After the last one. */
  close?(): Promise<void>;
}

interface Sum {
  done: number;
  broken: { readonly seed: number; readonly sentences: readonly string[] }[];
}

const SAVE_EVERY = 50;

/** A chapter of trials, one after the other; an unhandled rejection counts as broken like anything else. */
export function triesChapter(about: Pick<Chapter, 'name' | 'msEach'>, trials: readonly Trial[]): Chapter {
  const keyOf = ({ name }: Trial): string => `${about.name}-${name}`;
  return {
    ...about,
    unit: 'tries',
    reach: (wish) => {
      const all = trials.map((trial) => ({ done: read(wish, keyOf(trial)).done, of: wantedOf(wish, trial) }));
      return { done: all.reduce((n, { done }) => n + done, 0), of: all.reduce((n, { of }) => n + of, 0) };
    },
    work: async (wish) => {
      const stray: string[] = [];
      const note = (reason: unknown): void => void stray.push(`unhandled: ${reason instanceof Error ? reason.message : 'unknown'}`);
      process.on('unhandledRejection', note);
      try {
        // The costly ones get no less of the time than the others.
        for (const [index, trial] of trials.entries()) {
          const now = performance.now();
          const deadline = now + (wish.deadline - now) / (trials.length - index);
          await tryOne({ ...wish, deadline }, keyOf(trial), { trial, stray });
        }
      } finally {
        process.off('unhandledRejection', note);
        for (const { close } of trials) await close?.();
      }
    },
    report: (wish) => trials.map((trial) => rowOf(wish, trial, read(wish, keyOf(trial)))),
  };
}

function read({ progress }: ProveWish, key: string): Sum {
  return progress.read<Sum>(key) ?? { done: 0, broken: [] };
}

function wantedOf({ seeds }: ProveWish, { share }: Trial): number {
  return Math.max(1, Math.ceil(seeds * share));
}

async function tryOne(wish: WorkWish, key: string, at: { readonly trial: Trial; readonly stray: string[] }): Promise<void> {
  const { trial, stray } = at;
  const wanted = wantedOf(wish, trial);
  const sum = read(wish, key);
  if (sum.done >= wanted) return;
  while (sum.done < wanted && performance.now() < wish.deadline) {
    const seed = wish.firstSeed + sum.done;
    const sentences = await attempt(trial, seed);
    const broken = [...sentences, ...stray.splice(0)];
    if (broken.length > 0) {
      sum.broken.push({ seed, sentences: broken });
      wish.tell(`${trial.name}, seed ${seed}: ${broken.join(' · ')}`);
      wish.tell(`kept in ${wish.progress.keep(`${key}-${seed}.json`, { why: broken, input: await shrink(trial, seed) })}`);
    }
    sum.done += 1;
    if (sum.done % SAVE_EVERY === 0) wish.progress.write(key, sum);
  }
  wish.progress.write(key, sum);
  wish.tell(`${trial.name} ${sum.done} of ${wanted}, ${sum.broken.length} broken`);
}

function rowOf(wish: ProveWish, trial: Trial, { done, broken }: Sum): Row {
  const of = wantedOf(wish, trial);
  const cases = trial.casesEach === undefined ? '' : ` (${done * trial.casesEach} cases)`;
  const what = `${trial.what}: ${done} of ${of} seeds from ${wish.firstSeed}${cases}, broken`;
  return never({ promise: trial.promise, what, count: broken.length, reach: { done, of } });
}

/** What throws instead of answering is kept by its seed alone. */
async function shrink(trial: Trial, seed: number): Promise<unknown> {
  try {
    return await trial.shrink(seed);
  } catch (error) {
    return `not made smaller: ${error instanceof Error ? error.message : 'unknown'}`;
  }
}

async function attempt(trial: Trial, seed: number): Promise<readonly string[]> {
  try {
    return await trial.run(seed);
  } catch (error) {
    return [`thrown: ${error instanceof Error ? error.message : 'unknown'}`];
  }
}
