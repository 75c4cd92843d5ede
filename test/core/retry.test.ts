import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PROBE_PAUSES_MS, retryDelayMs } from '../../src/core/retry.ts';

describe('retry', () => {
  it('waits a minute, twice as long each time, an hour at most', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 1_000].map(retryDelayMs)).toEqual([
      60_000, 120_000, 240_000, 480_000, 960_000, 1_920_000, 3_600_000, 3_600_000, 3_600_000,
    ]);
  });

  it('never waits shorter after one more try', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (tries) => {
        expect(retryDelayMs(tries + 1)).toBeGreaterThanOrEqual(retryDelayMs(tries));
      }),
    );
  });

  it('asks at once whether Telegram is there, then at growing intervals, and gives up within a minute', () => {
    expect(PROBE_PAUSES_MS[0]).toBe(0);
    expect(PROBE_PAUSES_MS.toSorted((a, b) => a - b)).toEqual(PROBE_PAUSES_MS);
    expect(PROBE_PAUSES_MS.reduce((sum, pause) => sum + pause, 0)).toBeLessThan(60_000);
  });
});
