import type { Instant } from '../core/glossary.ts';
import type { Clock } from '../ports/host.ts';
import { createSleepers } from './sleepers.ts';
import type { Sleeper } from './sleepers.ts';
import { announce, createStillness, untilStill } from './stillness.ts';

/**
 * A clock on which hours pass in milliseconds, for one process that holds both the program and the simulators it talks to over
 * real sockets. Time stands still while anything happens and moves to the earliest sleeper when nothing else can.
 */
export interface VirtualClock extends Clock {
  /** UTC milliseconds as the world outside counts them: not moved by `jump`. */
  trueNow(): Instant;
  /** Real work begins; time stands still until the answer is called. */
  hold(): () => void;
  /** The same for a promise. Not for work that itself sleeps on this clock: that would wait for itself. */
  busy<T>(work: Promise<T>): Promise<T>;
  /** A client's request, from its beginning to its settling. Time stands still unless a simulator has parked it. */
  track<T>(call: Promise<T>): Promise<T>;
  /** Sleep of a simulator on behalf of one request that it received. */
  park(ms: number, signal?: AbortSignal): Promise<void>;
  /** Sets the host's wall clock forward or (below zero) back; `monotonic` and `trueNow` don't notice. */
  jump(ms: number): void;
  /** Lets this much time pass, waking everybody on the way; by hand it settles when the process is still again. */
  advance(ms: number): Promise<void>;
  /** How often time moved on although announced work had not ended within its patience; 0 in a sound test. */
  readonly stalls: number;
}

/** Work on loopback takes milliseconds; what takes a second has been forgotten, or the machine is very busy. */
const PATIENCE_MS = 1_000;

/**
 * `moves`: 'when still' (the default) by itself, 'by hand' only through `advance`. `patienceMs`: how long announced work may take in real time.
 */
export function createVirtualClock(
  start: Instant,
  { moves = 'when still', patienceMs = PATIENCE_MS }: { readonly moves?: 'when still' | 'by hand'; readonly patienceMs?: number } = {},
): VirtualClock {
  const sleepers = createSleepers();
  const state = createStillness(patienceMs);
  let elapsed = 0;
  let shift = 0;
  let moving = false;
  let lastAdvance = Promise.resolve();

  /** Moves time from one wish to the next, each time when all is still, until there is none. */
  const move = async (nextTime: () => number | null): Promise<void> => {
    for (;;) {
      await untilStill(state);
      const next = nextTime();
      if (next === null) return;
      elapsed = Math.max(elapsed, next);
      state.pulse += 1;
      for (const sleeper of sleepers.takeDue(elapsed)) sleeper.wake();
    }
  };
  const moveWhenStill = (): void => {
    if (moves === 'by hand' || moving) return;
    moving = true;
    void move(() => {
      const next = sleepers.earliest();
      // Cleared in the same breath as the last look: whoever lies down a microtask later must start the loop anew.
      moving = next !== null;
      return next;
    });
  };

  const sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', giveUp);
        state.pulse += 1;
        resolve();
      };
      const sleeper: Sleeper = { due: elapsed + Math.max(ms, 0), wake };
      const giveUp = (): void => {
        sleepers.remove(sleeper);
        wake();
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      sleepers.add(sleeper);
      state.pulse += 1;
      moveWhenStill();
    });
  };

  const advanceTo = (target: number): Promise<void> => {
    let reached = false;
    return move(() => {
      if (reached) return null;
      const next = sleepers.earliest() ?? Infinity;
      reached = next > target;
      return reached ? target : next;
    });
  };

  return {
    now: () => start + Math.floor(elapsed) + shift,
    trueNow: () => start + Math.floor(elapsed),
    monotonic: () => elapsed,
    sleep,
    hold: () => announce(state, 'holds'),
    busy: (work) => work.finally(announce(state, 'holds')),
    track: (call) => call.finally(announce(state, 'calls')),
    park: (ms, signal) => sleep(ms, signal).finally(announce(state, 'parked')),
    jump: (ms) => {
      shift += ms;
    },
    advance: (ms) => {
      if (moves === 'when still') return sleep(ms);
      lastAdvance = lastAdvance.then(() => advanceTo(elapsed + ms));
      return lastAdvance;
    },
    get stalls() {
      return state.stalls;
    },
  };
}
