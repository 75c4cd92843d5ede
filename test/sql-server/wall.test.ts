import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wallFromMs } from '../../src/core/wall-time.ts';
import { addWithin, FIRST_WALL, LAST_WALL, wall, wallBefore } from '../../src/sql-server/wall.ts';

const DAY = 86_400_000;
const days = fc.integer({ min: -40_000, max: 40_000 });
/** What a datetime holds: 300 ticks a second, shown in whole milliseconds. */
const ticks = fc.tuple(days, fc.nat(25_919_999)).map(([day, tick]) => wallFromMs(day * DAY + Math.round((tick * 10) / 3)));
const walls = fc.tuple(days, fc.nat(DAY - 1)).map(([day, ms]) => wallFromMs(day * DAY + ms));
const near = fc.tuple(ticks, fc.integer({ min: -5, max: 5 })).map(([tick, ms]) => addWithin(tick, ms));

describe('a wall clock as a datetime', () => {
  it('is itself where a datetime can hold it', () => {
    fc.assert(fc.property(ticks, (tick) => wall(tick) === tick.replace(' ', 'T')));
    expect(wall('2026-11-24 12:00:00.997')).toBe('2026-11-24T12:00:00.997');
    expect(wall(null)).toBeNull();
  });

  it('compares with dates as its text does', () => {
    fc.assert(
      fc.property(ticks, fc.oneof(walls, near), (date, text) => {
        const sent = (wall(text) ?? '').replace('T', ' ');
        return date < sent === date < text && date >= sent === date >= text;
      }),
    );
  });

  it('has a last moment before it', () => {
    fc.assert(fc.property(ticks, fc.oneof(walls, near), (date, text) => date <= wallBefore(text).replace('T', ' ') === date < text));
    expect(wallBefore('2026-11-24 00:00:00.000')).toBe('2026-11-23T23:59:59.997');
  });

  it('becomes the nearest that can be held', () => {
    expect(wall('0001-01-01 00:00:00.000')).toBe('1753-01-01T00:00:00.000');
    expect(wall('9999-12-31 23:59:59.999')).toBe('9999-12-31T23:59:59.997');
    expect(addWithin(LAST_WALL, DAY)).toBe(LAST_WALL);
    expect(addWithin(FIRST_WALL, -DAY)).toBe(FIRST_WALL);
  });
});
