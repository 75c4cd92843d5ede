import type { Clock } from '../ports/host.ts';

/** One deadline for each call, all of the same length, on one sleeper of the clock instead of a timer and a signal for each. */
export interface Deadlines {
  /** `expire` is called once when the time is over; the answer calls it off. */
  start(expire: () => void): () => void;
}

interface Deadline {
  readonly at: number;
  readonly expire: () => void;
}

export function createDeadlines(clock: Pick<Clock, 'monotonic' | 'sleep'>, ms: number): Deadlines {
  // All have the same length, so the order of starting is the order of expiring.
  const running = new Set<Deadline>();
  let sleeping = new AbortController();
  let watching = false;

  const watch = async (): Promise<void> => {
    for (let oldest = first(running); oldest !== null; oldest = first(running)) {
      const left = oldest.at - clock.monotonic();
      if (left <= 0) {
        running.delete(oldest);
        oldest.expire();
      } else {
        sleeping = new AbortController();
        await clock.sleep(left, sleeping.signal);
      }
    }
    watching = false;
  };

  return {
    start: (expire) => {
      const deadline: Deadline = { at: clock.monotonic() + ms, expire };
      running.add(deadline);
      if (!watching) {
        watching = true;
        void watch();
      }
      return () => {
        // An idle program must be able to end, and a virtual clock must find nobody asleep.
        if (running.delete(deadline) && running.size === 0) sleeping.abort();
      };
    },
  };
}

function first(running: ReadonlySet<Deadline>): Deadline | null {
  return running.values().next().value ?? null;
}
