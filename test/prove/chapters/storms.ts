import * as fc from 'fast-check';

import { storms as arbitrary } from '../../storm/action.ts';
import { weather } from '../../storm/storm.ts';
import type { Chapter, ProveWish, Row } from '../chapter.ts';

const SAVE_EVERY = 25;

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
  engines: ['sqlite'],
  run: async (wish) => {
    const sum: Sum = structuredClone(wish.progress.read<Sum>('storms') ?? NOTHING);
    while (sum.done < wish.seeds && performance.now() < wish.deadline) {
      await one(wish, sum, wish.firstSeed + sum.done);
      sum.done += 1;
      if (sum.done % SAVE_EVERY > 0) continue;
      wish.progress.write('storms', sum);
      wish.tell(`storms ${sum.done} of ${wish.seeds}: ${sum.operations} operations, ${sum.told} told, ${sum.broken.length} broken`);
    }
    wish.progress.write('storms', sum);
    return rowsOf(sum, wish);
  },
};

async function one(wish: ProveWish, sum: Sum, seed: number): Promise<void> {
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

function rowsOf({ done, operations, told, repeats, inDoubt, invited, broken }: Sum, { seeds, firstSeed }: ProveWish): Row[] {
  const hits = (pattern: RegExp): number => broken.filter(({ sentences }) => sentences.some((sentence) => pattern.test(sentence))).length;
  const of = `${done} storms of ${seeds}, seeds ${firstSeed}–${firstSeed + done - 1}, ${operations} operations`;
  const whole = done >= seeds;
  return [
    { promise: '1', what: `operations lost in ${of}`, figure: String(hits(/lost|for good|never told|nobody has it/)), must: '0' },
    {
      promise: '2',
      what: `told twice without a mark (${told} told, ${repeats} repeated with it)`,
      figure: String(hits(/without a mark|doesn’t know/)),
      must: '0',
    },
    {
      promise: '2',
      what: `more in doubt than mishaps can reach (${inDoubt} doubts)`,
      figure: String(hits(/in doubt after|without a mishap|nothing had gone wrong/)),
      must: '0',
    },
    { promise: '4', what: 'calls in the time that Telegram had asked to wait', figure: String(hits(/had asked to wait/)), must: '0' },
    {
      promise: '6',
      what: 'told to a chat that never had the link, or after its stop',
      figure: String(hits(/never had|after its stop/)),
      must: '0',
    },
    {
      promise: '5',
      what: `invited twice, at night, over a cap, known already, or because Telegram was down (${invited} invited)`,
      figure: String(hits(/was invited|another one’s link|segments on|sending for good/)),
      must: '0',
    },
    { promise: '1–8', what: 'storms with anything broken', figure: String(broken.length), must: '0' },
  ].map((row) => ({ ...row, kept: row.figure === '0' && whole }));
}
