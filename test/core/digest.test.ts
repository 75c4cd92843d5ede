import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { groupVisits } from '../../src/core/digest.ts';
import { addWall, diffWall } from '../../src/core/wall-time.ts';

const NOON = '2026-11-24 12:00:00.000';
const at = (...seconds: readonly number[]): { readonly date: string }[] =>
  seconds.map((second) => ({ date: addWall(NOON, second * 1_000) }));
const sizes = (seconds: readonly number[], gapMs: number): number[] => groupVisits(at(...seconds), gapMs).map((visit) => visit.length);

describe('groupVisits', () => {
  it.each([
    [[], 60_000, []],
    [[0], 60_000, [1]],
    [[0, 60], 60_000, [2]],
    [[0, 60.001], 60_000, [1, 1]],
    [[0, 0, 0], 60_000, [3]],
    [[0, 50, 100, 150], 60_000, [4]],
    [[0, 30, 100, 130, 400], 60_000, [2, 2, 1]],
    [[0, 0], 0, [1, 1]],
  ])('parts %j s with a gap of %i ms into %j', (seconds, gapMs, expected) => {
    expect(sizes(seconds, gapMs)).toEqual(expected);
  });

  it('keeps all, in order, and parts exactly where the gap is exceeded', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 120_000 }), { maxLength: 40, size: 'max' });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 90_000 }), (gaps, gapMs) => {
        let date = NOON;
        const operations = gaps.map((gap) => ({ date: (date = addWall(date, gap)) }));
        const visits = groupVisits(operations, gapMs);
        expect(visits.flat()).toEqual(operations);
        for (const visit of visits)
          for (const [index, one] of visit.slice(1).entries())
            expect(diffWall(one.date, visit[index]?.date ?? '')).toBeLessThanOrEqual(gapMs);
        for (const [index, visit] of visits.slice(1).entries())
          expect(diffWall(visit[0]?.date ?? '', visits[index]?.at(-1)?.date ?? '')).toBeGreaterThan(gapMs);
      }),
    );
  });

  it('crosses midnight, months and years', () => {
    const dates = ['2026-12-31 23:59:50.000', '2027-01-01 00:00:10.000', '2027-01-01 00:01:10.001'];
    expect(
      groupVisits(
        dates.map((date) => ({ date })),
        60_000,
      ).map((visit) => visit.length),
    ).toEqual([2, 1]);
  });
});
