import * as fc from 'fast-check';

import { storms as arbitrary } from '../../storm/action.ts';
import { addCounts, startCounts } from '../../storm/counts.ts';
import type { Counts } from '../../storm/counts.ts';
import { weather } from '../../storm/storm.ts';
import { never } from '../chapter.ts';
import type { Chapter, ProveWish, Row, WorkWish } from '../chapter.ts';

const SAVE_EVERY = 25;
const TELL_EVERY = 250;

interface Sum {
  done: number;
  readonly counts: Counts;
  broken: { readonly seed: number; readonly sentences: readonly string[] }[];
}

/** Random storms by the thousand; each is made from its seed alone, and a broken one is shrunk and kept. */
export const storms: Chapter = {
  name: 'storms',
  unit: 'storms',
  msEach: 220,
  reach: (wish) => ({ done: read(wish).done, of: wish.seeds }),
  work: async (wish) => {
    const sum = read(wish);
    while (sum.done < wish.seeds && performance.now() < wish.deadline) {
      await one(wish, sum, wish.firstSeed + sum.done);
      sum.done += 1;
      if (sum.done % SAVE_EVERY === 0) wish.progress.write('storms', sum);
      if (sum.done % TELL_EVERY === 0) {
        const { operations, told, due } = sum.counts;
        wish.tell(`${sum.done} of ${wish.seeds}: ${operations} operations, ${told} told, ${due} due, ${sum.broken.length} broken`);
      }
    }
    wish.progress.write('storms', sum);
  },
  report,
};

function read({ progress }: ProveWish): Sum {
  return progress.read<Sum>('storms') ?? { done: 0, counts: startCounts(), broken: [] };
}

async function one(wish: WorkWish, sum: Sum, seed: number): Promise<void> {
  const [storm] = fc.sample(arbitrary, { seed, numRuns: 1 });
  if (storm === undefined) throw new Error(`no storm of seed ${seed}`);
  const sentences = await weather(storm).then(
    ({ broken, counts }) => {
      addCounts(sum.counts, counts);
      return broken;
    },
    (error: unknown) => [`thrown: ${error instanceof Error ? error.message : 'unknown'}`],
  );
  if (sentences.length === 0) return;
  sum.broken.push({ seed, sentences });
  wish.tell(`seed ${seed}: ${sentences.join(' · ')}`);
  const property = fc.asyncProperty(arbitrary, async (shrunk) => (await weather(shrunk)).broken.length === 0);
  const { counterexample } = await fc.check(property, { seed, numRuns: 1 });
  wish.tell(`kept in ${wish.progress.keep(`storm-${seed}.json`, { why: sentences.join(' · '), ...(counterexample?.[0] ?? storm) })}`);
}

/** What each line stands for, and the sentences of the storm that belong to it. */
const LINES: readonly { readonly promise: string; readonly broken: RegExp; readonly what: (counts: Counts) => string }[] = [
  {
    promise: '1',
    broken: /lost|for good$|never told|nobody has it|somebody was told/,
    what: ({ operations, due, admitted, calm }) =>
      `lost, of ${operations} operations: ${due} whose guest was there all the time had to be told, ${admitted} chosen in time had to be known without a backfill (${calm} storms calm)`,
  },
  {
    promise: '2',
    broken: /without a mark|doesn’t know|was repeated|had said/,
    what: ({ told, repeats }) =>
      `told twice without a mark, or again after a person had settled it (${told} told, ${repeats} repeated with it)`,
  },
  {
    promise: '2',
    broken: /in doubt|without a mishap|on their way/,
    what: ({ inDoubt, deaths, lateDeaths }) =>
      `doubts without a call that went wrong or a dead run’s (${inDoubt} doubts; ${deaths} runs died, ${lateDeaths} of them after their 24th call)`,
  },
  {
    promise: '4',
    broken: /had asked to wait/,
    what: ({ limited }) => `calls in the time that Telegram had asked to wait (${limited} times it asked, and whoever heard it lived)`,
  },
  {
    promise: '5',
    broken: /was invited|another one’s link|invitations are sending/,
    what: ({ invited, cappedRun, cappedDay, cappedMonth, cappedCustomer }) =>
      `invited over a cap, twice, at night, known already, paused, or because Telegram was down (${invited} invited by three operators; caps reached: run ${cappedRun}, day ${cappedDay}, month ${cappedMonth}, customer ${cappedCustomer})`,
  },
  {
    promise: '6',
    broken: /any more\)|while all was paused: /,
    what: ({ told, ended }) =>
      `told to a chat that isn’t the customer’s, or no longer (${told} told, ${ended} bonds ended), or while paused`,
  },
  {
    promise: '7',
    broken: /past the brake|only marks|marked as seen|filters ever|chosen after/,
    what: ({ braked, heldBack, seen, keptOut, paused }) =>
      `past the brake without a yes (${braked} runs held ${heldBack} guests’ notices back), marked as seen (${seen}), filtered out or chosen too late (${keptOut} of these never told; ${paused} runs paused)`,
  },
  {
    promise: '2',
    broken: /removed|it stands at/,
    what: ({ edited }) => `told otherwise than it is now: removed, or with another sum (${edited} told after an edit)`,
  },
];

function report(wish: ProveWish): Row[] {
  const { done, counts, broken } = read(wish);
  const hits = (pattern: RegExp): number => broken.filter(({ sentences }) => sentences.some((sentence) => pattern.test(sentence))).length;
  const reach = { done, of: wish.seeds };
  return [
    ...LINES.map((line) => never({ promise: line.promise, what: line.what(counts), count: hits(line.broken), reach })),
    never({
      promise: '1–8',
      what: `storms with anything broken, of ${done} of ${wish.seeds}, seeds ${wish.firstSeed}–${wish.firstSeed + done - 1}`,
      count: broken.length,
      reach,
    }),
  ];
}
