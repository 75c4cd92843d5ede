import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bookPace, holdPace, paceWaitMs, settlePace, startPace } from '../../src/core/pace.ts';
import type { Pace } from '../../src/core/pace.ts';

/** The shortest way to Telegram and back. */
const THERE_MS = 12;
const BACK_MS = 18;

/** One part of a batch: how late it begins, and what each of its calls meets on the way there and back beyond the shortest; -1: no answer. */
interface Part {
  readonly late: number;
  readonly calls: readonly { readonly there: number; readonly back: number }[];
}

interface Played {
  /** When each part began, and with how many calls. */
  readonly began: readonly { readonly at: number; readonly calls: number }[];
  /** When Telegram counted each call, in order. */
  readonly counted: readonly number[];
}

/** Begins part after part, each as soon as it may, while no more than a batch is on the wire. */
function play(parts: readonly Part[], wish: { readonly rate: number; readonly concurrency: number }): Played {
  let now = 1_000;
  const pace = startPace(wish.rate, wish.concurrency, now);
  const wire: { beganAt: number; endedAt: number; answered: boolean }[] = [];
  const began: { at: number; calls: number }[] = [];
  const counted: number[] = [];
  const hear = (until: number): void => {
    wire.sort((a, b) => a.endedAt - b.endedAt);
    while (wire[0] !== undefined && wire[0].endedAt <= until) settlePace(pace, wire.shift() as (typeof wire)[0]);
  };
  for (const { late, calls } of parts) {
    for (;;) {
      hear(now);
      const wait = wire.length > pace.batch - pace.part ? Number.POSITIVE_INFINITY : paceWaitMs(pace, now);
      if (wait === 0) break;
      now = Math.min(now + wait, wire[0]?.endedAt ?? Number.POSITIVE_INFINITY);
      if (now === Number.POSITIVE_INFINITY) throw new Error('waits for an answer that never comes');
    }
    now += late;
    const own = calls.slice(0, pace.part);
    bookPace(pace, own.length, now);
    began.push({ at: now, calls: own.length });
    for (const [index, { there, back }] of own.entries()) {
      // Writing takes its time too.
      const beganAt = now + index * 0.2;
      counted.push(beganAt + THERE_MS + there);
      wire.push({ beganAt, endedAt: beganAt + THERE_MS + there + (back < 0 ? 3_000 : BACK_MS + back), answered: back >= 0 });
    }
  }
  return { began, counted: counted.toSorted((a, b) => a - b) };
}

function mostInOneSecond(moments: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [index, at] of moments.entries()) {
    while ((moments[first] as number) + 1_000 <= at + 1e-6) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

const smooth = (calls: number, late = 0): Part => ({ late, calls: Array.from({ length: calls }, () => ({ there: 0, back: 0 })) });

/** Mostly none: a second that is too full needs many parts in a row that are hardly late. */
const lateness = fc.oneof(
  { weight: 30, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
);
/** What a call meets on its way. Long ones count: calls that are held up together and those that overtake them fall into one second. */
const hold = fc.oneof(
  { weight: 12, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 60 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 900 }) },
);
const back = fc.oneof({ weight: 20, arbitrary: hold }, { weight: 1, arbitrary: fc.constant(-1) });
/** Calls of a part are held up alike, or each for itself. */
const partOf = (calls: number): fc.Arbitrary<Part> => {
  const call = fc.record({ there: hold, back });
  const alike = fc.tuple(call, fc.integer({ min: 1, max: calls })).map(([one, count]) => Array.from({ length: count }, () => one));
  return fc.record({ late: lateness, calls: fc.oneof(alike, fc.array(call, { minLength: 1, maxLength: calls })) });
};

describe('pace', () => {
  it.each([
    { rate: 29.4, concurrency: 3, most: 30, parts: 120 },
    { rate: 970, concurrency: 100, most: 1_000, parts: 70 },
    { rate: 1_000, concurrency: 100, most: 1_000, parts: 70 },
  ])('lets Telegram count no more than $most calls in any second at $rate, whatever holds them up on their way', (wish) => {
    const parts = fc.array(partOf(wish.concurrency), { minLength: 1, maxLength: wish.parts, size: 'max' });
    fc.assert(
      fc.property(parts, (played) => {
        expect(mostInOneSecond(play([smooth(1), ...played], wish).counted)).toBeLessThanOrEqual(wish.most);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves no room for one call too many when a part is held up just before the line and the next ones are not', () => {
    const held: Part = { late: 0, calls: Array.from({ length: 50 }, () => ({ there: 40, back: 0 })) };
    const parts = [smooth(50), held, ...Array.from({ length: 60 }, () => smooth(50))];
    expect(mostInOneSecond(play(parts, { rate: 1_000, concurrency: 100 }).counted)).toBe(1_000);
  });

  it('keeps any rate and any number of calls at once below the rate and a fifth', () => {
    const wish = fc.record({ rate: fc.integer({ min: 1, max: 1_000 }), concurrency: fc.integer({ min: 1, max: 100 }) });
    fc.assert(
      fc.property(wish, fc.array(partOf(100), { minLength: 1, maxLength: 60, size: 'max' }), (asked, parts) => {
        expect(mostInOneSecond(play([smooth(1), ...parts], asked).counted)).toBeLessThanOrEqual(Math.max(1, asked.rate * 1.2));
      }),
    );
  });

  it.each([
    { rate: 29.4, concurrency: 3, parts: 600 },
    { rate: 970, concurrency: 100, parts: 1_200 },
  ])('holds the average of $rate a second though each part begins up to 12 ms late', ({ rate, concurrency, parts }) => {
    const { began } = play(
      Array.from({ length: parts }, (_, n) => smooth(concurrency, (n * 7) % 13)),
      { rate, concurrency },
    );
    const span = (began.at(-1)?.at ?? 0) - (began[0]?.at ?? 0);
    const perSecond = (began.slice(0, -1).reduce((sum, { calls }) => sum + calls, 0) * 1_000) / span;
    expect(perSecond).toBeGreaterThan(rate * 0.995);
    expect(perSecond).toBeLessThanOrEqual(rate * 1.005);
  });

  it('makes up for a long delay by one batch at most', () => {
    const { began } = play([smooth(3), smooth(3, 60_000), ...Array.from({ length: 20 }, () => smooth(3))], { rate: 29.4, concurrency: 3 });
    const after = began.slice(1).map(({ at }) => at - (began[1]?.at ?? 0));
    for (const [index, at] of after.entries()) expect(at).toBeGreaterThan((index - 1) * 102);
  });

  it('begins as if a run before had ended this moment', () => {
    expect(paceWaitMs(startPace(30, 3, 500), 500)).toBeCloseTo(100);
  });

  it('waits as long after somebody else’s turn', () => {
    const pace = startPace(30, 3, 500);
    holdPace(pace, 2_000);
    expect([paceWaitMs(pace, 2_000), pace.open]).toEqual([100, 0]);
  });

  /** A pace on whose line nothing stands, with places in the second taken since 0. */
  const crowded = (rate: number, concurrency: number, open: number): Pace => {
    const pace = startPace(rate, concurrency, -10_000);
    bookPace(pace, open, -10_000);
    pace.nextAt = 0;
    return pace;
  };

  it('keeps the place of a call for a second after its answer, less the shortest way, and a margin', () => {
    const pace = crowded(30, 3, 30);
    settlePace(pace, { beganAt: 0, endedAt: 40, answered: true });
    settlePace(pace, { beganAt: 0, endedAt: 70, answered: true });
    expect(paceWaitMs(pace, 100, 1)).toBe(40 - 40 + 1_005 - 100);
    expect(paceWaitMs(pace, 100, 2)).toBe(70 - 40 + 1_005 - 100);
    expect(paceWaitMs(pace, 1_035, 2)).toBe(0);
  });

  it('takes a place back that a slow first way had set free too early, as soon as a shorter one is seen', () => {
    const pace = startPace(29.4, 3, 0);
    bookPace(pace, 3, 1_000);
    // A busy machine: the first calls take long, and one is held up until Telegram counts it at 11,000.
    for (const endedAt of [1_150, 1_160]) settlePace(pace, { beganAt: 1_000, endedAt, answered: true });
    settlePace(pace, { beganAt: 1_000, endedAt: 11_018, answered: true });
    // From then on the way is short. The second of the held call's has room for thirty, itself among them.
    for (let n = 0; n < 29; n += 1) {
      bookPace(pace, 1, 11_020 + n * 10);
      settlePace(pace, { beganAt: 11_020 + n * 10, endedAt: 11_050 + n * 10, answered: true });
    }
    const begins = 11_400 + paceWaitMs({ ...pace, nextAt: 0 }, 11_400, 1);
    expect(begins + THERE_MS).toBeGreaterThanOrEqual(11_000 + 1_000);
  });

  it('learns nothing of the way from a call without an answer', () => {
    const pace = crowded(30, 3, 30);
    settlePace(pace, { beganAt: 0, endedAt: 5, answered: false });
    expect([pace.fastest, paceWaitMs(pace, 5, 1)]).toEqual([0, 1_005]);
  });

  it('waits for an answer where calls on the wire fill the second', () => {
    expect(paceWaitMs(crowded(30, 3, 30), 0, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('lets a single call go where a full batch must wait for room in the second', () => {
    const pace = crowded(30, 3, 28);
    expect([paceWaitMs(pace, 0, 1), paceWaitMs(pace, 0, 3)]).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  it('makes a batch no larger than a fifth of what a second holds, and parts a large one', () => {
    const shape = ({ batch, part, cap }: Pace): number[] => [batch, part, cap];
    expect([startPace(29.4, 3, 0), startPace(29.4, 100, 0), startPace(970, 100, 0), startPace(1, 3, 0)].map(shape)).toEqual([
      [3, 3, 30],
      [5, 5, 30],
      [100, 50, 1_000],
      [1, 1, 1],
    ]);
  });

  it('goes above Telegram’s limits only with a rate that does', () => {
    expect([startPace(1_000, 100, 0).cap, startPace(2_000, 100, 0).cap]).toEqual([1_000, 2_000]);
  });

  it('never waits where the limit is off', () => {
    const pace = startPace(0, 64, 0);
    bookPace(pace, 64, 0);
    settlePace(pace, { beganAt: 0, endedAt: 1, answered: true });
    expect([paceWaitMs(pace, 0), pace.batch, pace.part, pace.ends]).toEqual([0, 64, 32, []]);
  });
});
