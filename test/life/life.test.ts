import { describe, expect, it } from 'vitest';

import { live } from './life.ts';

/** Two days of which the second has the clocks changed, an event day among them. */
describe('a restaurant of few days', () => {
  it.each([
    ['spring, when an hour is missing', Date.UTC(2026, 2, 28)],
    ['autumn, when an hour comes twice', Date.UTC(2026, 9, 24)],
  ])('loses nothing and tells everything once in %s, over prune, a new key and an upgrade', async (_season, from) => {
    const lived = await live({
      from,
      days: 2,
      everyMs: 30 * 60_000,
      operationsADay: 100,
      customers: 60,
      subscribers: 4,
      eventDayEvery: 2,
      upkeepEvery: 1,
      upgradeOn: 2,
      log: { maxSize: '100KB', keep: 2 },
      goesOn: () => true,
      tell: () => {},
    });
    expect(lived.broken).toEqual([]);
    expect(lived).toMatchObject({ days: 2, clockChanges: 1, verdict: { lost: 0, notTold: 0, doubled: 0, toldToOthers: 0 } });
    expect(lived.operations).toBeGreaterThan(150);
    expect(lived.upkeep).toHaveLength(3);
  });
});
