import { readdirSync, readFileSync } from 'node:fs';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { storms } from './action.ts';
import type { Storm } from './action.ts';
import { addCounts, startCounts } from './counts.ts';
import type { Counts } from './counts.ts';
import { weather } from './storm.ts';

const SEEDS = 50;
/** Storms that once broke something, shrunk. */
const KEPT = new URL('kept/', import.meta.url);

/** About half of what these seeds give: a judge that is shown less no longer judges. */
const LEAST: Partial<Counts> = {
  operations: 250,
  told: 100,
  repeats: 4,
  due: 50,
  admitted: 200,
  keptOut: 50,
  seen: 35,
  edited: 10,
  ended: 35,
  inDoubt: 7,
  limited: 9,
  braked: 10,
  paused: 7,
  deaths: 40,
  lateDeaths: 8,
  invited: 30,
  cappedRun: 5,
  cappedDay: 4,
  cappedMonth: 1,
  calm: 6,
};

describe('a storm', () => {
  it.each(readdirSync(KEPT))('that once broke a promise breaks it no more: %s', async (file) => {
    const storm = JSON.parse(readFileSync(new URL(file, KEPT), 'utf8')) as Storm;
    expect((await weather(storm)).broken).toEqual([]);
  });

  it(`of whatever seed loses nothing, doubles nothing silently and lets nobody in (${SEEDS} of them)`, { timeout: 600_000 }, async () => {
    const judged = startCounts();
    const property = fc.asyncProperty(storms, async (storm) => {
      const { broken, counts } = await weather(storm);
      expect(broken).toEqual([]);
      addCounts(judged, counts);
    });
    await fc.assert(property, { numRuns: SEEDS, seed: 1 });
    const starved = Object.entries(LEAST).filter(([name, least]) => judged[name as keyof Counts] < least);
    expect(starved, JSON.stringify(judged)).toEqual([]);
  });
});
