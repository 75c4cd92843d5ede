import { performance } from 'node:perf_hooks';

import type { Ledger } from '../src/ports/ledger.ts';
import { benchSettings, BOT_ID, KEYS, removeSite, runOnce, TOKEN } from './run-once.ts';
import { startSimulator } from './simulator.ts';
import { makeBenchSite } from './site.ts';

const ROUNDS = 31;
const IN_WINDOW = 500;

export interface Idle {
  /** Median milliseconds of database time of an idle run over each ledger, and the median of the ratios round by round. */
  readonly small: number;
  readonly large: number;
  readonly ratio: number;
}

/** Database time of runs that find nothing new, over a ledger of 1,000 and one of a million, with the same rows in the window, in turn. */
export async function measureIdle(folder: string, large: number): Promise<Idle> {
  const simulator = await startSimulator(TOKEN);
  const files = { small: `${folder}/idle-small.sqlite`, large: `${folder}/idle-large.sqlite` };
  try {
    const { chatIds } = (await simulator.ask('people', { count: 100, known: true })) as { readonly chatIds: readonly string[] };
    await simulator.ask('limits', { freePerSecond: 0, paidPerSecond: 0, chatPerSecond: 0 });
    const settings = benchSettings({ apiRoot: simulator.url, broadcast: 'paid', rate: 0, concurrency: 100 });
    for (const [name, settled] of [
      ['small', 1_000 - IN_WINDOW],
      ['large', large - IN_WINDOW],
    ] as const) {
      removeSite(files[name]);
      makeBenchSite({
        file: files[name],
        botId: BOT_ID,
        chatIds,
        perChat: IN_WINDOW / 100,
        settled,
        keyFingerprint: KEYS.fingerprint,
        now: Date.now(),
      });
      // The first run tells what is in the window; from then on every run is idle.
      await runOnce({ file: files[name], settings, kind: 'since_last' });
    }
    const times = { small: [] as number[], large: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of round % 2 === 0 ? (['small', 'large'] as const) : (['large', 'small'] as const)) {
        let spent = 0;
        await runOnce({ file: files[name], settings, kind: 'since_last' }, (ledger) => timed(ledger, (ms) => (spent += ms)));
        times[name].push(spent);
      }
    }
    return {
      small: median(times.small),
      large: median(times.large),
      ratio: median(times.large.map((ms, round) => ms / (times.small[round] ?? ms))),
    };
  } finally {
    simulator.stop();
    removeSite(files.small);
    removeSite(files.large);
  }
}

/** Every call of the port, timed; calls don't overlap, as the ledger is one connection. */
export function timed(ledger: Ledger, add: (ms: number, call: string) => void): Ledger {
  return new Proxy(ledger, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]): Promise<unknown> => {
        const began = performance.now();
        try {
          return await Reflect.apply(member, target, args);
        } finally {
          add(performance.now() - began, String(name));
        }
      };
    },
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
