import type { Clock } from '../../src/ports/host.ts';

/** A clock that stands still until it is moved by hand. */
export interface HandClock extends Clock {
  /** How many sleep on it. */
  readonly sleeping: number;
  /** Moves both clocks and wakes whoever is due. */
  pass(ms: number): void;
}

export const HAND_CLOCK_START = Date.UTC(2026, 10, 24, 12);

export function createHandClock(): HandClock {
  const sleepers = new Set<{ readonly due: number; readonly wake: () => void }>();
  let elapsed = 0;
  return {
    now: () => HAND_CLOCK_START + elapsed,
    monotonic: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = {
          due: elapsed + ms,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        if (signal?.aborted === true) resolve();
        else {
          sleepers.add(sleeper);
          signal?.addEventListener('abort', sleeper.wake, { once: true });
        }
      }),
    get sleeping() {
      return sleepers.size;
    },
    pass: (ms) => {
      elapsed += ms;
      for (const sleeper of sleepers) if (sleeper.due <= elapsed) sleeper.wake();
    },
  };
}
