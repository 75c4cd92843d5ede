import type { WallTime } from '../../src/core/glossary.ts';
import { wallFromMs } from '../../src/core/wall-time.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Wall-clock text on the grain of SQL Server's `datetime`: the milliseconds end in 0, 3 or 7. */
export function toWallTime(milliseconds: number): WallTime {
  const whole = Math.floor(milliseconds);
  const digit = ((whole % 10) + 10) % 10;
  return wallFromMs(whole - digit + (digit < 3 ? 0 : digit < 7 ? 3 : 7));
}
