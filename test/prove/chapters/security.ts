import { echoes, findEchoed } from '../../fuzz/echoed-secrets.ts';
import { forgeriesThatPass, FORGERIES, links } from '../../fuzz/forged-links.ts';
import { findNamed, guestBooks } from '../../fuzz/masked-run.ts';
import type { Chapter } from '../chapter.ts';
import { arbitraryTrial } from './trial.ts';
import { triesChapter } from './tries.ts';
import type { Trial } from './tries.ts';

const TRIALS: readonly Trial[] = [
  arbitraryTrial(links, {
    name: 'links',
    promise: '6',
    what: 'links forged by a bit, a character, a spelling, another bot, customer, epoch, key or installation: opened an account',
    share: 0.01,
    casesEach: FORGERIES,
    judge: forgeriesThatPass,
  }),
  arbitraryTrial(echoes, {
    name: 'echoes',
    promise: '6',
    what: 'services that say back token, key, number and link in eight spellings and seven shapes: shown by a client',
    share: 0.1,
    judge: findEchoed,
  }),
  arbitraryTrial(guestBooks, {
    name: 'log',
    promise: '6',
    what: 'whole runs with guests of random names and phones, invitations and commands: a name, a phone, a link or a token in the log',
    share: 0.01,
    judge: findNamed,
  }),
];

/** Nobody gets into another's account, and nothing that is secret is said aloud. */
export const security: Chapter = triesChapter({ name: 'security', msEach: 60 }, TRIALS);
