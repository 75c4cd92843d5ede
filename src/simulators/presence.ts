import type { Instant } from '../core/glossary.ts';
import type { Clock } from '../ports/host.ts';
import type { VirtualClock } from './clock.ts';

/** What a simulator needs of the clock; on the host's clock holding costs nothing and parking is sleeping. */
export interface Presence {
  /** UTC milliseconds of the world outside: a jump of the program's host does not reach the services. */
  now(): Instant;
  monotonic(): number;
  /** Time stands still until the answer is called. */
  hold(): () => void;
  /** Sleeps on behalf of one received request; release every hold of that request first. */
  park(ms: number, signal?: AbortSignal): Promise<void>;
  /** Sleeps on the simulator's own behalf. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export function presenceOf(clock: Clock): Presence {
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> => clock.sleep(ms, signal);
  const monotonic = (): number => clock.monotonic();
  if (!isVirtual(clock)) return { now: () => clock.now(), monotonic, sleep, park: sleep, hold: () => release };
  return { now: () => clock.trueNow(), monotonic, sleep, park: (ms, signal) => clock.park(ms, signal), hold: () => clock.hold() };
}

function isVirtual(clock: Clock): clock is VirtualClock {
  return 'hold' in clock && 'park' in clock && 'trueNow' in clock;
}

function release(): void {}
