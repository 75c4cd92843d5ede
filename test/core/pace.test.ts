import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bookPace, paceWaitMs, startPace } from '../../src/core/pace.ts';

/** What began when, and how many calls. */
interface Began {
  readonly at: number;
  readonly calls: number;
}

/** Sends batch after batch, each as soon as it may and `late` milliseconds later, as timers and database answers make it. */
function play(
  batches: readonly { readonly calls: number; readonly late: number }[],
  wish: { readonly rate: number; readonly concurrency: number },
): Began[] {
  let now = 1_000;
  const pace = startPace(wish.rate, wish.concurrency, now);
  return batches.map(({ calls, late }) => {
    now += paceWaitMs(pace, now) + late;
    const began = { at: now, calls: Math.min(calls, pace.batch) };
    bookPace(pace, began.calls, now);
    return began;
  });
}

function mostInOneSecond(began: readonly Began[]): number {
  return began.reduce((most, { at }, index) => {
    const within = began.slice(index).filter((one) => one.at < at + 1_000);
    return Math.max(
      most,
      within.reduce((sum, one) => sum + one.calls, 0),
    );
  }, 0);
}

/** Mostly none: a second that is too full needs ten batches in a row that are hardly late. */
const lateness = fc.oneof(
  { weight: 30, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
);

describe('pace', () => {
  it('lets no more than 30 calls begin in any second at the free rate, whatever comes late and however full the batches are', () => {
    const batch = fc.record({ calls: fc.integer({ min: 1, max: 3 }), late: lateness });
    fc.assert(
      fc.property(fc.array(batch, { minLength: 1, maxLength: 120, size: 'max' }), (batches) => {
        expect(mostInOneSecond(play(batches, { rate: 29.4, concurrency: 3 }))).toBeLessThanOrEqual(30);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps any rate and any number of calls at once below the rate and a fifth', () => {
    const wish = fc.record({ rate: fc.integer({ min: 1, max: 1_000 }), concurrency: fc.integer({ min: 1, max: 100 }) });
    const batch = fc.record({ calls: fc.integer({ min: 1, max: 100 }), late: lateness });
    fc.assert(
      fc.property(wish, fc.array(batch, { minLength: 1, maxLength: 60, size: 'max' }), (asked, batches) => {
        expect(mostInOneSecond(play(batches, asked))).toBeLessThanOrEqual(Math.max(1, asked.rate * 1.2));
      }),
    );
  });

  it.each([
    { rate: 29.4, concurrency: 3, batches: 600 },
    { rate: 970, concurrency: 100, batches: 600 },
  ])('holds the average of $rate a second though each batch begins up to 12 ms late', ({ rate, concurrency, batches }) => {
    const began = play(
      Array.from({ length: batches }, (_, n) => ({ calls: concurrency, late: (n * 7) % 13 })),
      { rate, concurrency },
    );
    const span = (began.at(-1)?.at ?? 0) - (began[0]?.at ?? 0);
    const perSecond = ((batches - 1) * concurrency * 1_000) / span;
    expect(perSecond).toBeGreaterThan(rate * 0.995);
    expect(perSecond).toBeLessThanOrEqual(rate * 1.005);
  });

  it('never makes up for a long delay by a burst', () => {
    const began = play([{ calls: 3, late: 0 }, { calls: 3, late: 60_000 }, ...Array.from({ length: 20 }, () => ({ calls: 3, late: 0 }))], {
      rate: 29.4,
      concurrency: 3,
    });
    const gaps = began.slice(2).map(({ at }, index) => at - (began[index + 1]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(85);
  });

  it('begins as if a run before had ended this moment', () => {
    expect(paceWaitMs(startPace(30, 3, 500), 500)).toBeCloseTo(100);
  });

  it('lets a single call go where a full batch must wait for room in the second', () => {
    const pace = startPace(30, 3, 0);
    for (let n = 1; n <= 26; n += 1) bookPace(pace, 1, n);
    pace.nextAt = 0;
    expect(paceWaitMs(pace, 30, 1)).toBe(0);
    expect(paceWaitMs(pace, 30, 3)).toBeGreaterThan(900);
  });

  it('makes a batch no larger than a fifth of what a second holds', () => {
    expect([startPace(29.4, 3, 0).batch, startPace(29.4, 100, 0).batch, startPace(970, 100, 0).batch, startPace(1, 3, 0).batch]).toEqual([
      3, 5, 100, 1,
    ]);
  });

  it('never waits where the limit is off', () => {
    const pace = startPace(0, 64, 0);
    bookPace(pace, 64, 0);
    expect([paceWaitMs(pace, 0), pace.batch, pace.recent]).toEqual([0, 64, []]);
  });
});
