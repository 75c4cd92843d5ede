import type { WallTime } from '../core/glossary.ts';
import { wallFromMs, wallToMs } from '../core/wall-time.ts';

const DAY_MS = 86_400_000;
/** 1970-01-01 in days since 1899-12-30. */
const UNIX_EPOCH = 25_569;

/** One division of two whole numbers, as the exporter's own dates agree with to the last bit. */
export function daysOfWall(wall: WallTime): number {
  return (wallToMs(wall) + UNIX_EPOCH * DAY_MS) / DAY_MS;
}

/** To the millisecond; null where no calendar reaches (the years 1 to 9999). */
export function wallOfDays(days: number): WallTime | null {
  const ms = Math.round(days * DAY_MS) - UNIX_EPOCH * DAY_MS;
  try {
    return wallFromMs(ms);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
