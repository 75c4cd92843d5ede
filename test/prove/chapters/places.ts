import { SIMULATED_BOT } from '../../../src/simulators/telegram/simulator.ts';
import { OTHER_BOT, PLACES } from '../../crash/places.ts';
import { openProcessSite } from '../../support/processes.ts';
import type { Chapter, Row } from '../chapter.ts';

/** Copies, restores, moves, keys, tokens and foreign readers, with processes as an administrator starts them, and the way out of each. */
export const places: Chapter = {
  name: 'places',
  engines: ['sqlite'],
  run: async (wish) => {
    const rows: Row[] = [];
    for (const [what, trial] of Object.entries(PLACES)) {
      const site = await openProcessSite({ guests: 4, bots: [SIMULATED_BOT, OTHER_BOT] });
      try {
        const broken = await trial(site, (args, settings) => site.call(args, { settings }).ended);
        wish.tell(`places, ${what}: ${broken.join(' · ') || 'as promised'}`);
        const figure = String(broken.length);
        rows.push({
          promise: '8',
          what: `${what}: calls made, words, exit codes or ways out otherwise than promised`,
          figure,
          must: '0',
          kept: figure === '0',
        });
      } finally {
        await site.close();
      }
    }
    return rows;
  },
};
