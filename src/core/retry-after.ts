import type { Instant } from './glossary.ts';

/** When a 429 names no time, this is kept. */
const SILENCE_S = 30;

/** Until when a 429 asks for silence; also one that is nobody's own (a proxy's, a shield's). */
export function silentUntil({ retryAfterS }: { readonly retryAfterS: number | null }, now: Instant): Instant {
  return now + (retryAfterS ?? SILENCE_S) * 1000;
}

/** Thirty years; a longer wait is no wait but a mistake. */
const LONGEST_S = 1_000_000_000;

/**
 * The first of these that is a number of seconds, given as one or as digits: rounded up and at least one, else never shortened. Null when none is.
 */
export function readSeconds(candidates: readonly unknown[]): number | null {
  for (const candidate of candidates) {
    const seconds =
      typeof candidate === 'number'
        ? candidate
        : typeof candidate === 'string' && /^\d{1,12}$/.test(candidate.trim())
          ? Number(candidate)
          : Number.NaN;
    if (seconds >= 0 && seconds <= LONGEST_S) return Math.max(1, Math.ceil(seconds));
  }
  return null;
}
