import * as fc from 'fast-check';

import { storms as arbitrary } from '../../storm/action.ts';
import { weather } from '../../storm/storm.ts';
import { never } from '../chapter.ts';
import type { Chapter, ProveWish, Row, WorkWish } from '../chapter.ts';

const SAVE_EVERY = 25;
const TELL_EVERY = 250;

interface Sum {
  done: number;
  operations: number;
  told: number;
  repeats: number;
  inDoubt: number;
  invited: number;
  broken: { readonly seed: number; readonly sentences: readonly string[] }[];
}

const NOTHING: Sum = { done: 0, operations: 0, told: 0, repeats: 0, inDoubt: 0, invited: 0, broken: [] };

/** Random storms by the thousand; each is made from its seed alone, and a broken one is shrunk and kept. */
export const storms: Chapter = {
  name: 'storms',
  unit: 'storms',
  msEach: 180,
  reach: (wish) => ({ done: read(wish).done, of: wish.seeds }),
  work: async (wish) => {
    const sum = read(wish);
    while (sum.done < wish.seeds && performance.now() < wish.deadline) {
      await one(wish, sum, wish.firstSeed + sum.done);
      sum.done += 1;
      if (sum.done % SAVE_EVERY === 0) wish.progress.write('storms', sum);
      if (sum.done % TELL_EVERY === 0)
        wish.tell(`${sum.done} of ${wish.seeds}: ${sum.operations} operations, ${sum.told} told, ${sum.broken.length} broken`);
    }
    wish.progress.write('storms', sum);
  },
  report,
};

function read({ progress }: ProveWish): Sum {
  return progress.read<Sum>('storms') ?? structuredClone(NOTHING);
}

async function one(wish: WorkWish, sum: Sum, seed: number): Promise<void> {
  const [actions = []] = fc.sample(arbitrary, { seed, numRuns: 1 });
  const sentences = await weather(actions).then(
    ({ broken, counts }) => {
      sum.operations += counts.operations;
      sum.told += counts.told;
      sum.repeats += counts.repeats;
      sum.inDoubt += counts.inDoubt;
      sum.invited += counts.invited;
      return broken;
    },
    (error: unknown) => [`thrown: ${error instanceof Error ? error.message : 'unknown'}`],
  );
  if (sentences.length === 0) return;
  sum.broken.push({ seed, sentences });
  wish.tell(`seed ${seed}: ${sentences.join(' · ')}`);
  const property = fc.asyncProperty(arbitrary, async (shrunk) => (await weather(shrunk)).broken.length === 0);
  const { counterexample } = await fc.check(property, { seed, numRuns: 1 });
  wish.tell(`kept in ${wish.progress.keep(`storm-${seed}.json`, { why: sentences.join(' · '), actions: counterexample?.[0] ?? actions })}`);
}

function report(wish: ProveWish): Row[] {
  const { done, operations, told, repeats, inDoubt, invited, broken } = read(wish);
  const hits = (pattern: RegExp): number => broken.filter(({ sentences }) => sentences.some((sentence) => pattern.test(sentence))).length;
  const of = `${done} storms of ${wish.seeds}, seeds ${wish.firstSeed}–${wish.firstSeed + done - 1}, ${operations} operations`;
  const reach = { done, of: wish.seeds };
  return [
    never({ promise: '1', what: `operations lost in ${of}`, count: hits(/lost|for good|never told|nobody has it/), reach }),
    never({
      promise: '2',
      what: `told twice without a mark (${told} told, ${repeats} repeated with it)`,
      count: hits(/without a mark|doesn’t know/),
      reach,
    }),
    never({
      promise: '2',
      what: `more in doubt than mishaps can reach (${inDoubt} doubts)`,
      count: hits(/in doubt after|without a mishap|nothing had gone wrong/),
      reach,
    }),
    never({ promise: '4', what: 'calls in the time that Telegram had asked to wait', count: hits(/had asked to wait/), reach }),
    never({
      promise: '6',
      what: 'told to a chat that never had the link, or after its stop',
      count: hits(/never had|after its stop/),
      reach,
    }),
    never({
      promise: '5',
      what: `invited twice, at night, over a cap, known already, or because Telegram was down (${invited} invited)`,
      count: hits(/was invited|another one’s link|segments on|sending for good/),
      reach,
    }),
    never({ promise: '1–8', what: 'storms with anything broken', count: broken.length, reach }),
  ];
}
