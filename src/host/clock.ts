import type { Clock } from '../ports/host.ts';

/** The longest delay that one Node timer takes; beyond it a timer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The host's own clocks. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: async (ms, signal) => {
      const until = performance.now() + ms;
      let left = ms;
      // A timer may fire a fraction of a millisecond early by this clock, hence the loop also for short sleeps.
      do {
        await rest(Math.min(Math.max(left, 0), LONGEST_TIMER_MS), signal);
        left = until - performance.now();
      } while (left > 0 && signal?.aborted !== true);
    },
  };
}

function rest(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, Math.ceil(ms));
    signal?.addEventListener('abort', wake, { once: true });
  });
}
