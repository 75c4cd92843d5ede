import type { Instant } from './glossary.ts';
import { hourIn } from './wall-time.ts';

/** A guest who has just paid expects the message, at whatever hour; only older ones come without a sound. */
const FRESH_MS = 30 * 60_000;

/** Hours 0 to 23 of the restaurant's zone: from `from` up to, not including, `to`; 22–9 goes over midnight, equal ones mean the whole day. */
export interface SilentHours {
  readonly from: number;
  readonly to: number;
}

/** True when a notice is to arrive without a sound (decision 23). `operationAgeMs` is that of its newest operation. */
export function isSilent({
  instant,
  zone,
  hours,
  operationAgeMs,
}: {
  readonly instant: Instant;
  readonly zone: string;
  readonly hours: SilentHours | null;
  readonly operationAgeMs: number;
}): boolean {
  if (hours === null || operationAgeMs <= FRESH_MS) return false;
  return isWithin(hourIn(instant, zone), hours);
}

function isWithin(hour: number, { from, to }: SilentHours): boolean {
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
}
