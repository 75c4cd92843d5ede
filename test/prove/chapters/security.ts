import * as fc from 'fast-check';

import { echoes, findEchoed } from '../../fuzz/echoed-secrets.ts';
import { forgeriesThatPass, FORGERIES, links } from '../../fuzz/forged-links.ts';
import { findNamed, guestBooks } from '../../fuzz/masked-run.ts';
import type { Chapter } from '../chapter.ts';
import { triesChapter } from './tries.ts';
import type { Trial } from './tries.ts';

const TRIALS: readonly Trial[] = [
  {
    name: 'links',
    promise: '6',
    what: 'links forged by a bit, a character, a spelling, another bot, customer, epoch, key or installation: opened an account',
    share: 0.01,
    casesEach: FORGERIES,
    sample: (seed) => first(links, seed),
    run: (seed) => forgeriesThatPass(first(links, seed)),
  },
  {
    name: 'echoes',
    promise: '6',
    what: 'services that say back token, key, number and link in eight spellings and seven shapes: shown by a client',
    share: 0.1,
    sample: (seed) => first(echoes, seed),
    run: (seed) => findEchoed(first(echoes, seed)),
  },
  {
    name: 'log',
    promise: '6',
    what: 'whole runs with guests of random names and phones, invitations and commands: a name, a phone, a link or a token in the log',
    share: 0.01,
    sample: (seed) => first(guestBooks, seed),
    run: (seed) => findNamed(first(guestBooks, seed)),
  },
];

/** Nobody gets into another's account, and nothing that is secret is said aloud. */
export const security: Chapter = triesChapter({ name: 'security', msEach: 60 }, TRIALS);

function first<T>(arbitrary: fc.Arbitrary<T>, seed: number): T {
  const [sampled] = fc.sample(arbitrary, { seed, numRuns: 1 });
  if (sampled === undefined) throw new Error('nothing was sampled');
  return sampled;
}
