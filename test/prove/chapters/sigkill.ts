import { findBroken, killSeeds, SEEDS_OF_SITE } from '../../crash/killed.ts';
import { openProcessSite } from '../../support/processes.ts';
import type { Chapter, ProveWish, Row } from '../chapter.ts';

/** A process costs as much as ten storms. */
const PART = 10;

interface Sum {
  done: number;
  killed: number;
  operations: number;
  marked: number;
  broken: { readonly from: number; readonly sentences: readonly string[] }[];
}

const NOTHING: Sum = { done: 0, killed: 0, operations: 0, marked: 0, broken: [] };

/** Real processes killed by SIGKILL in the midst of their talk with Telegram, a tenth of the seeds; twenty share a site. */
export const sigkill: Chapter = {
  name: 'sigkill',
  engines: ['sqlite'],
  run: async (wish) => {
    const wanted = Math.ceil(wish.seeds / PART / SEEDS_OF_SITE) * SEEDS_OF_SITE;
    const sum: Sum = structuredClone(wish.progress.read<Sum>('sigkill') ?? NOTHING);
    while (sum.done < wanted && performance.now() < wish.deadline) {
      await oneSite(sum, wish.firstSeed + sum.done);
      wish.progress.write('sigkill', sum);
      wish.tell(`sigkill ${sum.done} of ${wanted}: ${sum.killed} killed, ${sum.marked} repeated, ${sum.broken.length} sites broken`);
    }
    return rowsOf(sum, wish, wanted);
  },
};

async function oneSite(sum: Sum, from: number): Promise<void> {
  const site = await openProcessSite();
  try {
    const seeds = await killSeeds(site, { from, count: SEEDS_OF_SITE });
    sum.done += SEEDS_OF_SITE;
    sum.killed += seeds.killed;
    sum.operations += seeds.told.length;
    sum.marked += seeds.told.reduce((marks, { marked }) => marks + marked, 0);
    const sentences = findBroken(seeds);
    if (sentences.length > 0) sum.broken.push({ from, sentences });
  } finally {
    await site.close();
  }
}

function rowsOf({ done, killed, operations, marked, broken }: Sum, { firstSeed }: ProveWish, wanted: number): Row[] {
  const hits = (pattern: RegExp): string => String(broken.filter(({ sentences }) => sentences.some((one) => pattern.test(one))).length);
  const of = `${done} processes, seeds ${firstSeed}–${firstSeed + done - 1}, ${killed} killed (SIGKILL), ${operations} operations`;
  return [
    { promise: '1', what: `sites with an operation lost in ${of}`, figure: hits(/are lost|left at the end/), must: '0' },
    {
      promise: '2',
      what: `sites with one told twice without a mark (${marked} repeated with it)`,
      figure: hits(/doubled silently/),
      must: '0',
    },
    { promise: '1–3', what: 'sites with anything broken', figure: String(broken.length), must: '0' },
  ].map((row) => ({ ...row, kept: row.figure === '0' && done >= wanted }));
}
