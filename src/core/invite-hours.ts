import type { Instant, WallTime } from './glossary.ts';
import type { SmsSettings } from './settings.ts';
import { hourIn, instantAt, wallAt, wallFromMs, wallToMs } from './wall-time.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** A guest who has just paid is awake: the invitation may come later in the evening than to others. */
const FRESH_MS = 30 * 60_000;
/** A till's clock may run ahead by so much; what is dated later isn't fresh but odd. */
const AHEAD_MS = 5 * 60_000;

/** The beginnings of the restaurant's day and month, whose segments the caps count. */
export function budgetPeriods(now: Instant, zone: string): { readonly dayFrom: Instant; readonly monthFrom: Instant } {
  const today = wallAt(now, zone).slice(0, 10);
  return {
    dayFrom: instantAt(`${today} 00:00:00.000`, zone),
    monthFrom: instantAt(`${today.slice(0, 7)}-01 00:00:00.000`, zone),
  };
}

/** Until when an invitation is held because it is night in the restaurant's zone; null = it may go now. */
export function heldUntil({
  now,
  zone,
  hours,
  operationAgeMs,
}: {
  readonly now: Instant;
  readonly zone: string;
  readonly hours: SmsSettings['hours'];
  /** Of the newest operation that asks, by the database's wall clock. */
  readonly operationAgeMs: number;
}): Instant | null {
  const isFresh = operationAgeMs >= -AHEAD_MS && operationAgeMs <= FRESH_MS;
  const hour = hourIn(now, zone);
  if (hour >= hours.from && hour < (isFresh ? Math.max(hours.to, hours.lateTo) : hours.to)) return null;
  const midnight = wallToMs(`${wallAt(now, zone).slice(0, 10)} 00:00:00.000`);
  const morning = (day: number): WallTime => wallFromMs(day + hours.from * HOUR_MS);
  const today = instantAt(morning(midnight), zone);
  return today > now ? today : instantAt(morning(midnight + DAY_MS), zone);
}
