import type { WallTime } from '../core/glossary.ts';
import { wallFromMs, wallToMs } from '../core/wall-time.ts';

const DAY_MS = 86_400_000;
/** A datetime counts three hundred ticks a second; as text it shows .000, .003, .007, .010 and so on. */
const TICKS_PER_MS = 0.3;
const TICKS_PER_DAY = DAY_MS * TICKS_PER_MS;

/** The first and the last moment that a datetime can hold. */
export const FIRST_WALL: WallTime = '1753-01-01 00:00:00.000';
export const LAST_WALL: WallTime = '9999-12-31 23:59:59.997';

/**
 * A wall-clock time for a datetime parameter: the first tick that isn't before it, so that `date < x` and `date >= x` mean in the database what they
 * mean of the texts. What a datetime can't hold becomes the nearest that it can. Written with a T, as only that form is read alike whatever the
 * session's language is.
 */
export function wall(text: WallTime | null): string | null {
  return text === null ? null : write(tickFrom(wallToMs(text)));
}

/** The last moment before a wall-clock time. */
export function wallBefore(text: WallTime): string {
  return write(tickFrom(wallToMs(text)) - 1);
}

function write(tick: number): string {
  return wallFromMs(within(msOf(tick))).replace(' ', 'T');
}

function tickFrom(ms: number): number {
  const day = Math.floor(ms / DAY_MS);
  const rest = ms - day * DAY_MS;
  const tick = day * TICKS_PER_DAY + Math.round(rest * TICKS_PER_MS);
  return msOf(tick) < ms ? tick + 1 : tick;
}

function msOf(tick: number): number {
  const day = Math.floor(tick / TICKS_PER_DAY);
  return day * DAY_MS + Math.round((tick - day * TICKS_PER_DAY) / TICKS_PER_MS);
}

function within(ms: number): number {
  return Math.min(Math.max(ms, wallToMs(FIRST_WALL)), wallToMs(LAST_WALL));
}

/** As `addWall`, but never beyond what a datetime holds. */
export function addWithin(text: WallTime, ms: number): WallTime {
  return wallFromMs(within(wallToMs(text) + ms));
}
