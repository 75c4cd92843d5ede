import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { instantOf, zoneOf } from '../../src/cli/zone.ts';
import { wallAt } from '../../src/core/wall-time.ts';

describe('instantOf', () => {
  it('is when the zone’s clock shows that time', () => {
    expect(instantOf('2026-11-24 18:30:00.000', 'Europe/Moscow')).toBe(Date.UTC(2026, 10, 24, 15, 30));
    expect(instantOf('2026-07-01 12:00:00.000', 'America/New_York')).toBe(Date.UTC(2026, 6, 1, 16));
  });

  it('undoes wallAt wherever the clock doesn’t stand on a change', () => {
    const day = 86_400_000;
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) }),
        fc.constantFrom('Europe/Moscow', 'Asia/Yekaterinburg', 'Europe/Berlin', 'America/New_York', 'UTC'),
        (at, zone) => {
          // Away from a change of the clock by more than a day, the offset is the same all round.
          const offset = (instant: number): number => Date.parse(`${wallAt(instant, zone).replace(' ', 'T')}Z`) - instant;
          fc.pre(offset(at - day) === offset(at + day));
          expect(instantOf(wallAt(at, zone), zone)).toBe(at);
        },
      ),
    );
  });

  it('is near a time that the clock leaps over, or shows twice', () => {
    const leap = instantOf('2026-03-29 02:30:00.000', 'Europe/Berlin');
    expect(Math.abs(leap - Date.UTC(2026, 2, 29, 1))).toBeLessThanOrEqual(1_800_000);
    expect([Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)]).toContain(instantOf('2026-10-25 02:30:00.000', 'Europe/Berlin'));
  });
});

describe('zoneOf', () => {
  it('is the first task’s, else the host’s', () => {
    expect(zoneOf([{ zone: 'Asia/Omsk' }, { zone: 'UTC' }])).toBe('Asia/Omsk');
    expect(zoneOf([])).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
  });
});
