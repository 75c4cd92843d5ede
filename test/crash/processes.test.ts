import { afterEach, describe, expect, it } from 'vitest';

import { openProcessSite } from '../support/processes.ts';
import type { ProcessSite } from '../support/processes.ts';
import { crowd, findBroken as findBrokenInCrowd } from './crowd.ts';
import { CONCURRENCY, findBroken, KILLED_SITE, killSeeds, SEEDS_OF_SITE } from './killed.ts';

let site: ProcessSite;
afterEach(() => site.close());

describe('processes killed at twenty moments', () => {
  it(
    'lose nothing and double nothing without a mark, by Telegram’s own record; no SMS goes twice, by the operator’s',
    { timeout: 120_000 },
    async () => {
      site = await openProcessSite(KILLED_SITE);
      const seeds = await killSeeds(site, { from: 0, count: SEEDS_OF_SITE });
      expect(findBroken(seeds)).toEqual([]);
      // Some died with a notice on its way, so that the mark was put to the proof.
      expect(seeds.told.some(({ plain, marked }) => plain === 1 && marked === 1)).toBe(true);
      expect(Math.max(...seeds.doubts.map(({ notices }) => notices))).toBe(CONCURRENCY);
      // Some died with an SMS on its way, and some after it was taken and told.
      expect(Math.max(...seeds.doubts.map(({ sms }) => sms))).toBe(1);
      expect(seeds.invited.map(({ fate }) => fate)).toEqual(expect.arrayContaining(['accepted', 'in_doubt(orphan)']));
    },
  );
});

describe('20 processes started at once', () => {
  it('one works, nobody loses a wake-up, nobody sends doubled, the others leave with 0', { timeout: 120_000 }, async () => {
    const STARTS = 20;
    site = await openProcessSite({ linger: '1s', guests: 2 * STARTS });
    const round = await crowd(site, { starts: STARTS, early: STARTS, late: STARTS });
    expect(findBrokenInCrowd(round)).toEqual([]);
    expect(round.ends.filter(({ summary }) => summary?.opened === 'opened')).toHaveLength(1);
    expect(round.ends.filter(({ summary }) => summary?.opened === 'busy')).toHaveLength(STARTS - 1);
    expect(round.told).toHaveLength(2 * STARTS);
    expect(site.states()).toEqual({ delivered: 2 * STARTS });
  });
});
