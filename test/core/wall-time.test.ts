import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addWall,
  dateForGuest,
  dayForGuest,
  diffWall,
  hourIn,
  instantAt,
  parseWallDate,
  timeForGuest,
  wallAt,
  wallFromMs,
  wallToMs,
} from '../../src/core/wall-time.ts';

const moment = fc.integer({ min: wallToMs('0001-01-01 00:00:00.000'), max: wallToMs('9999-12-31 23:59:59.999') });

/** The platform's own calendar, which the code under test may not use. */
function byDate(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

describe('wall-clock text', () => {
  test('is the same as the platform counts, over ten thousand years', () => {
    fc.assert(
      fc.property(moment, (ms) => {
        const wall = wallFromMs(ms);
        expect(wall).toBe(byDate(ms));
        expect(wallToMs(wall)).toBe(ms);
      }),
      { numRuns: 2000 },
    );
  });

  test('goes through every day of four centuries', () => {
    let day = wallToMs('1800-01-01 00:00:00.000');
    for (let count = 0; count < 146_097; count++, day += 86_400_000) {
      if (wallFromMs(day) !== byDate(day)) expect(wallFromMs(day)).toBe(byDate(day));
    }
    expect(wallFromMs(day)).toBe('2200-01-01 00:00:00.000');
  });

  test.each([
    '2024-02-29 00:00:00.000',
    '2000-02-29 23:59:59.999',
    '1970-01-01 00:00:00.000',
    '1969-12-31 23:59:59.999',
    '1753-01-01 00:00:00.000',
  ])('%s comes back', (wall) => {
    expect(wallFromMs(wallToMs(wall))).toBe(wall);
  });

  test.each([
    '2026-02-29 00:00:00.000',
    '1900-02-29 00:00:00.000',
    '2026-11-24',
    '2026-11-24T19:42:00.000',
    '2026-11-24 24:00:00.000',
    '2026-13-01 00:00:00.000',
    '0000-01-01 00:00:00.000',
    '2026-11-24 19:42:00.00x',
    '',
  ])('%j is refused', (wall) => {
    expect(() => wallToMs(wall)).toThrow(RangeError);
  });

  test('times outside of the calendar are refused', () => {
    expect(() => wallFromMs(Number.NaN)).toThrow(RangeError);
    expect(() => addWall('9999-12-31 23:59:59.999', 1)).toThrow(RangeError);
    expect(() => addWall('0001-01-01 00:00:00.000', -1)).toThrow(RangeError);
  });

  test('sums and differences agree', () => {
    expect(addWall('2024-02-28 23:59:59.999', 1)).toBe('2024-02-29 00:00:00.000');
    expect(addWall('2026-01-01 00:00:00.000', -1)).toBe('2025-12-31 23:59:59.999');
    expect(diffWall('2026-11-24 19:43:00.000', '2026-11-24 19:42:00.000')).toBe(60_000);
    fc.assert(
      fc.property(
        moment,
        moment,
        (left, right) => addWall(wallFromMs(right), diffWall(wallFromMs(left), wallFromMs(right))) === wallFromMs(left),
      ),
    );
  });

  test('text order is the order of time', () => {
    fc.assert(fc.property(moment, moment, (left, right) => left < right === wallFromMs(left) < wallFromMs(right)));
  });
});

describe('a date that people write', () => {
  test.each([
    ['2026-11-24', '2026-11-24 00:00:00.000'],
    ['24.11.2026', '2026-11-24 00:00:00.000'],
    [' 4.3.2026 ', '2026-03-04 00:00:00.000'],
    ['2026-11-24 19:42', '2026-11-24 19:42:00.000'],
    ['2026-11-24T19:42:05', '2026-11-24 19:42:05.000'],
    ['24.11.2026 9:42:05', '2026-11-24 09:42:05.000'],
    ['24.11.2026T19:42:05.7', '2026-11-24 19:42:05.700'],
    ['29.02.2024', '2024-02-29 00:00:00.000'],
  ])('%j is %s', (input, wall) => {
    expect(parseWallDate(input)).toEqual({ ok: true, wall });
  });

  test.each([
    ['31.02.2026', 'impossible'],
    ['29.02.2026', 'impossible'],
    ['2026-13-01', 'impossible'],
    ['2026-11-24 24:00', 'impossible'],
    ['2026-11-24 19:60', 'impossible'],
    ['0000-01-01', 'impossible'],
    ['11/24/2026', 'ambiguous'],
    ['03/04/2026', 'ambiguous'],
    ['03/04/26 19:42', 'ambiguous'],
    ['24.11.26', 'ambiguous'],
    ['26-11-24', 'ambiguous'],
    ['24-11-2026', 'ambiguous'],
    ['24.11.2026 19', 'unknown_form'],
    ['2026-11-24T19:42Z', 'unknown_form'],
    ['2026-11-24T19:42+03:00', 'unknown_form'],
    ['2026/11/24', 'unknown_form'],
    ['вчера', 'unknown_form'],
    ['20261124', 'unknown_form'],
    ['', 'unknown_form'],
  ])('%j is refused as %s', (input, code) => {
    expect(parseWallDate(input)).toEqual({ ok: false, code });
  });

  test('every real date is read in both spellings', () => {
    fc.assert(
      fc.property(moment, (ms) => {
        const wall = wallFromMs(ms);
        const [date = '', time = ''] = wall.split(' ');
        const dotted = date.split('-').toReversed().join('.');
        expect(parseWallDate(wall)).toEqual({ ok: true, wall });
        expect(parseWallDate(`${dotted} ${time}`)).toEqual({ ok: true, wall });
      }),
    );
  });
});

describe('a clock in a zone', () => {
  const instant = Date.UTC(2026, 10, 24, 21, 30, 15, 42);

  test('shows the wall time there', () => {
    expect(wallAt(instant, 'Europe/Moscow')).toBe('2026-11-25 00:30:15.042');
    expect(wallAt(instant, 'America/New_York')).toBe('2026-11-24 16:30:15.042');
    expect(wallAt(instant, 'Asia/Kathmandu')).toBe('2026-11-25 03:15:15.042');
    expect(wallAt(-1, 'UTC')).toBe('1969-12-31 23:59:59.999');
  });

  test('tells the hour, midnight as 0', () => {
    expect(hourIn(instant, 'Europe/Moscow')).toBe(0);
    expect(hourIn(instant, 'UTC')).toBe(21);
  });

  test('in UTC it is the platform calendar', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => wallAt(ms, 'UTC') === byDate(ms)));
  });

  test('refuses a zone that does not exist', () => {
    expect(() => wallAt(instant, 'Europe/Atlantis')).toThrow(RangeError);
  });
});

describe('a date for a guest', () => {
  test('has no year in the current one', () => {
    expect(dateForGuest('2026-11-24 19:42:00.000', 'ru', '2026-12-01 00:00:00.000')).toBe('24\u00a0ноября, 19:42');
    expect(dateForGuest('2026-05-01 09:05:59.999', 'en', '2026-12-01 00:00:00.000')).toBe('1\u00a0May, 09:05');
  });

  test('has its year in another one', () => {
    expect(dateForGuest('2025-12-31 23:59:00.000', 'ru', '2026-01-01 00:00:00.000')).toBe('31\u00a0декабря 2025, 23:59');
    expect(dayForGuest('2027-01-01 00:00:00.000', 'en', '2026-12-31 23:59:00.000')).toBe('1\u00a0January 2027');
  });

  test('shows the time as stored', () => {
    expect(timeForGuest('2026-11-24 00:00:00.000')).toBe('00:00');
  });

  test('names the months as Russian does', () => {
    const named = Array.from({ length: 12 }, (_, month) =>
      dayForGuest(`2026-${String(month + 1).padStart(2, '0')}-02 00:00:00.000`, 'ru', '2026-01-01 00:00:00.000'),
    );
    const intl = Array.from({ length: 12 }, (_, month) =>
      new Intl.DateTimeFormat('ru', { day: 'numeric', month: 'long', timeZone: 'UTC' })
        .format(Date.UTC(2026, month, 2))
        .replace(' ', '\u00a0'),
    );
    expect(named).toEqual(intl);
  });
});

describe('instantAt', () => {
  test('is when the zone’s clock shows that time', () => {
    expect(instantAt('2026-11-24 18:30:00.000', 'Europe/Moscow')).toBe(Date.UTC(2026, 10, 24, 15, 30));
    expect(instantAt('2026-07-01 12:00:00.000', 'America/New_York')).toBe(Date.UTC(2026, 6, 1, 16));
  });

  test('undoes wallAt wherever the clock doesn’t stand on a change', () => {
    const day = 86_400_000;
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) }),
        fc.constantFrom('Europe/Moscow', 'Asia/Yekaterinburg', 'Europe/Berlin', 'America/New_York', 'UTC'),
        (at, zone) => {
          // Away from a change of the clock by more than a day, the offset is the same all round.
          const offset = (instant: number): number => Date.parse(`${wallAt(instant, zone).replace(' ', 'T')}Z`) - instant;
          fc.pre(offset(at - day) === offset(at + day));
          expect(instantAt(wallAt(at, zone), zone)).toBe(at);
        },
      ),
    );
  });

  test('is the first of a time that the clock shows twice, and half an hour behind the leap where it leaps over it', () => {
    expect(instantAt('2026-03-29 02:30:00.000', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 1, 30));
    expect(instantAt('2026-10-25 02:30:00.000', 'Europe/Berlin')).toBe(Date.UTC(2026, 9, 25, 0, 30));
  });
});
