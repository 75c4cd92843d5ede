const FIRST_MS = 60_000;
const LONGEST_MS = 3_600_000;

/** How long a row that was surely not sent waits before its next try: a minute, doubling up to an hour. */
export function retryDelayMs(tries: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 6));
}

/** Pauses between the questions «are you there?» after an unknown outcome; when they are used up, the rows wait for the next run. */
export const PROBE_PAUSES_MS: readonly number[] = [0, 1_000, 2_000, 4_000, 8_000, 15_000];
