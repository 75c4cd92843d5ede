import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetPeriods, heldUntil } from '../../src/core/invite-hours.ts';
import { hourIn, instantAt, wallAt } from '../../src/core/wall-time.ts';

const HOUR = 3_600_000;
const HOURS = { from: 9, to: 22, lateTo: 23 };
const held = (now: number, zone: string, operationAgeMs = HOUR) => heldUntil({ now, zone, hours: HOURS, operationAgeMs });
const ZONES = [
  'Europe/Moscow',
  'Asia/Kamchatka',
  'Europe/Berlin',
  'America/Sao_Paulo',
  'Africa/Cairo',
  'Australia/Lord_Howe',
  'America/Havana',
];
const anyZone = fc.constantFrom(...ZONES);
const anyInstant = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2035, 0, 1) });

describe('hours of invitations', () => {
  it.each([
    ['2026-11-24 08:59:59.999', '2026-11-24 09:00:00.000'],
    ['2026-11-24 09:00:00.000', null],
    ['2026-11-24 21:59:59.999', null],
    ['2026-11-24 22:00:00.000', '2026-11-25 09:00:00.000'],
    ['2026-12-31 23:30:00.000', '2027-01-01 09:00:00.000'],
  ])('hold what is due at %s until %s', (wall, until) => {
    const answer = held(instantAt(wall, 'Europe/Moscow'), 'Europe/Moscow');
    expect(answer === null ? null : wallAt(answer, 'Europe/Moscow')).toBe(until);
  });

  it('let it go until 23 where the operation is younger than half an hour, and not where it lies in the future', () => {
    const now = instantAt('2026-11-24 22:40:00.000', 'Europe/Moscow');
    const ages = [30 * 60_000, 30 * 60_000 + 1, -60_000, -HOUR].map((age) => held(now, 'Europe/Moscow', age) === null);
    expect(ages).toEqual([true, false, true, false]);
    expect(held(now + 20 * 60_000, 'Europe/Moscow', 0)).not.toBeNull();
  });

  it('end at nine by the wall also over a night of 23 or 25 hours', () => {
    for (const wall of ['2026-03-28 23:30:00.000', '2026-10-24 23:30:00.000'])
      expect(wallAt(held(instantAt(wall, 'Europe/Berlin'), 'Europe/Berlin') ?? 0, 'Europe/Berlin').slice(11)).toBe('09:00:00.000');
  });

  it('never let one go at night, and hold none for longer than a night, whatever the zone and the time', () => {
    fc.assert(
      fc.property(anyInstant, anyZone, fc.integer({ min: 0, max: 2 * HOUR }), (now, zone, age) => {
        const until = held(now, zone, age);
        const hour = hourIn(until ?? now, zone);
        expect(hour >= 9 && hour < 23).toBe(true);
        if (until === null) return;
        expect(until > now && until - now <= 13 * HOUR).toBe(true);
        expect(held(until, zone)).toBeNull();
      }),
    );
  });
});

describe('a day’s budget', () => {
  it.each([
    ['2026-11-01 00:00:00.000', 'Europe/Moscow', '2026-11-01 00:00:00.000', '2026-11-01 00:00:00.000'],
    ['2026-11-24 23:59:59.999', 'Europe/Moscow', '2026-11-24 00:00:00.000', '2026-11-01 00:00:00.000'],
    // No midnight on that day: the clock jumps from 00:00 to 01:00.
    ['2018-11-04 12:00:00.000', 'America/Sao_Paulo', '2018-11-04 01:00:00.000', '2018-11-01 00:00:00.000'],
  ])('begins at the restaurant’s midnight: at %s in %s', (wall, zone, day, month) => {
    const { dayFrom, monthFrom } = budgetPeriods(instantAt(wall, zone), zone);
    expect([wallAt(dayFrom, zone), wallAt(monthFrom, zone)]).toEqual([day, month]);
  });

  it('has begun at any time of the day, and its month before it', () => {
    fc.assert(
      fc.property(anyInstant, anyZone, (now, zone) => {
        const { dayFrom, monthFrom } = budgetPeriods(now, zone);
        expect(wallAt(dayFrom, zone).slice(0, 10)).toBe(wallAt(now, zone).slice(0, 10));
        expect(monthFrom <= dayFrom && dayFrom <= now && now - dayFrom <= 25 * HOUR).toBe(true);
        expect(wallAt(dayFrom - 1, zone).slice(0, 10)).not.toBe(wallAt(now, zone).slice(0, 10));
      }),
    );
  });
});
