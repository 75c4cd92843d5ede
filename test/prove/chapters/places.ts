import { PLACES, PLACES_SITE } from '../../crash/places.ts';
import { openProcessSite } from '../../support/processes.ts';
import type { Chapter } from '../chapter.ts';
import { stepsChapter } from './steps.ts';

/** Copies, restores, moves, keys, tokens and foreign readers, with processes as an administrator starts them, and the way out of each. */
export const places: Chapter = stepsChapter(
  { name: 'places', msEach: 6_000 },
  Object.entries(PLACES).map(([what, trial]) => ({
    promise: '8',
    what: `${what}: calls made, words, exit codes or ways out otherwise than promised`,
    try: async () => {
      const site = await openProcessSite({ guests: 4, ...PLACES_SITE });
      try {
        return await trial(site, (args, settings) => site.call(args, { settings }).ended);
      } finally {
        await site.close();
      }
    },
  })),
);
