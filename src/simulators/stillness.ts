/** How many turns of the event loop have to pass without anything happening. A new connection on loopback takes four. */
const QUIET_TURNS = 8;
/** Turns taken at full speed before the loop begins to leave the processor to others. */
const SPINS = 200;
/** Node's names of operations that are under way in the kernel or in the thread pool, as opposed to open handles. */
const UNDER_WAY = /Req(?:Wrap|Callback|Promise)$|ConnectWrap$|WriteWrap$|ShutdownWrap$/;

/**
 * What goes on in this process, so that time may stand still meanwhile.
 * holds: real work on the inside · calls: requests that a client has under way · parked: requests that a simulator has received
 * and lets wait for time. While there are more calls than parked ones, some request or answer is between the two.
 */
export interface Stillness {
  /** Real time after which work that was announced and never ended no longer holds time up. */
  readonly patienceMs: number;
  holds: number;
  calls: number;
  parked: number;
  /** Raised whenever anything happens. */
  pulse: number;
  /** How often announced work was given up on; 0 in a sound test. What was announced before counts no longer. */
  stalls: number;
}

export function createStillness(patienceMs: number): Stillness {
  return { patienceMs, holds: 0, calls: 0, parked: 0, pulse: 0, stalls: 0 };
}

/** Announces one more; the answer ends it, once. */
export function announce(state: Stillness, what: 'holds' | 'calls' | 'parked'): () => void {
  const { stalls } = state;
  state[what] += 1;
  state.pulse += 1;
  let ended = false;
  return () => {
    if (ended || stalls !== state.stalls) return;
    ended = true;
    state[what] -= 1;
    state.pulse += 1;
  };
}

function isBusy(state: Stillness): boolean {
  return state.holds > 0 || state.calls > state.parked;
}

/** Resolves when nothing but time can move this process on. It never waits for ever: see its patience. */
export async function untilStill(state: Stillness): Promise<void> {
  let seen = state.pulse;
  let since = performance.now();
  let quiet = 0;
  let spins = 0;
  while (quiet < QUIET_TURNS) {
    await (spins < SPINS ? turn() : pause());
    if (state.pulse !== seen) {
      seen = state.pulse;
      since = performance.now();
      quiet = 0;
      spins = 0;
    } else if (!isBusy(state) && (quiet < QUIET_TURNS - 1 || !isUnderWay())) {
      quiet += 1;
    } else if (performance.now() - since < state.patienceMs) {
      quiet = 0;
      spins += 1;
    } else {
      Object.assign(state, { holds: 0, calls: 0, parked: 0, stalls: state.stalls + 1 });
      return;
    }
  }
}

function isUnderWay(): boolean {
  return process.getActiveResourcesInfo().some((name) => UNDER_WAY.test(name));
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Leaves the processor to the thread pool and to other processes. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
