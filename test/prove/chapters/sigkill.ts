import { findBroken, KILLED_SITE, killSeeds, SEEDS_OF_SITE } from '../../crash/killed.ts';
import { openProcessSite } from '../../support/processes.ts';
import { never } from '../chapter.ts';
import type { Chapter, ProveWish, Reach, Row } from '../chapter.ts';

/** A process costs as much as ten storms. */
const PART = 10;

interface Sum {
  done: number;
  killed: number;
  operations: number;
  marked: number;
  invited: number;
  smsInDoubt: number;
  broken: { readonly from: number; readonly sentences: readonly string[] }[];
}

const NOTHING: Sum = { done: 0, killed: 0, operations: 0, marked: 0, invited: 0, smsInDoubt: 0, broken: [] };

/** Real processes killed by SIGKILL in the midst of their talk with Telegram and the operator, a tenth of the seeds; twenty share a site. */
export const sigkill: Chapter = {
  name: 'sigkill',
  unit: 'processes',
  msEach: 1_500,
  reach: (wish) => reachOf(wish, read(wish)),
  work: async (wish) => {
    const sum = read(wish);
    const { of } = reachOf(wish, sum);
    while (sum.done < of && performance.now() < wish.deadline) {
      await oneSite(sum, wish.firstSeed + sum.done);
      wish.progress.write('sigkill', sum);
      wish.tell(`${sum.done} of ${of}: ${sum.killed} killed, ${sum.marked} repeated, ${sum.broken.length} sites broken`);
    }
  },
  report,
};

function read({ progress }: ProveWish): Sum {
  return progress.read<Sum>('sigkill') ?? structuredClone(NOTHING);
}

function reachOf({ seeds }: ProveWish, { done }: Sum): Reach {
  return { done, of: Math.ceil(seeds / PART / SEEDS_OF_SITE) * SEEDS_OF_SITE };
}

async function oneSite(sum: Sum, from: number): Promise<void> {
  const site = await openProcessSite(KILLED_SITE);
  try {
    const seeds = await killSeeds(site, { from, count: SEEDS_OF_SITE });
    sum.done += SEEDS_OF_SITE;
    sum.killed += seeds.killed;
    sum.operations += seeds.told.length;
    sum.marked += seeds.told.reduce((marks, { marked }) => marks + marked, 0);
    sum.invited += seeds.invited.length;
    sum.smsInDoubt += seeds.invited.filter(({ fate }) => fate.startsWith('in_doubt')).length;
    const sentences = findBroken(seeds);
    if (sentences.length > 0) sum.broken.push({ from, sentences });
  } finally {
    await site.close();
  }
}

function report(wish: ProveWish): Row[] {
  const sum = read(wish);
  const { done, killed, operations, marked, invited, smsInDoubt, broken } = sum;
  const reach = reachOf(wish, sum);
  const hits = (pattern: RegExp): number => broken.filter(({ sentences }) => sentences.some((one) => pattern.test(one))).length;
  const of = `${done} processes of ${reach.of}, seeds ${wish.firstSeed}–${wish.firstSeed + done - 1}, ${killed} killed (SIGKILL), ${operations} operations`;
  return [
    never({ promise: '1', what: `sites with an operation lost in ${of}`, count: hits(/are lost|left at the end/), reach }),
    never({
      promise: '2',
      what: `sites with one told twice without a mark (${marked} repeated with it)`,
      count: hits(/doubled silently/),
      reach,
    }),
    never({
      promise: '2',
      what: `sites with an SMS sent twice or untold (${invited} invited, ${smsInDoubt} left in doubt)`,
      count: hits(/SMS to one number/),
      reach,
    }),
    never({ promise: '2', what: 'sites where a death left more in doubt than its last batch', count: hits(/a death left/), reach }),
    never({ promise: '1–3', what: 'sites with anything broken', count: broken.length, reach }),
  ];
}
