import type { ServerPlace } from '../src/core/server-place.ts';
import { openLedger } from '../src/sql-server/ledger.ts';
import type { Ledger } from '../src/ports/ledger.ts';
import type { TestDatabase } from '../test/support/mssql-database.ts';
import { median, timed } from './idle.ts';
import type { Idle } from './idle.ts';
import { fillBench, openBenchDatabase } from './mssql-site.ts';
import { benchSettings, runOnce, TOKEN } from './run-once.ts';
import { startSimulator } from './simulator.ts';

const ROUNDS = 15;
const IN_WINDOW = 500;

export interface IdleOn extends Idle {
  /** Logical reads of the large site's idle run, its median; null where the server doesn't count them. */
  readonly reads: number | null;
  /** Median milliseconds of each call over either site, the dearest first. */
  readonly calls: readonly { readonly name: string; readonly small: number; readonly large: number }[];
}

interface Warm {
  readonly ledger: Ledger;
  /** A second connection, which reads what the first one has cost. */
  readonly watch: TestDatabase;
  readonly times: number[];
  readonly reads: (number | null)[];
  readonly calls: Map<string, number[]>;
}

type Size = 'small' | 'large';
const SUFFIXES = { small: 'bench', large: 'bench_large' } as const;

/** Database time of runs that find nothing new, over few operations and over many, with the same rows in the window, in turn. */
export async function measureIdleOn(server: ServerPlace, sizes: Readonly<Record<Size, number>>): Promise<IdleOn> {
  const simulator = await startSimulator(TOKEN);
  try {
    const { chatIds } = (await simulator.ask('people', { count: 100, known: true })) as { readonly chatIds: readonly string[] };
    await simulator.ask('limits', { freePerSecond: 0, paidPerSecond: 0, chatPerSecond: 0 });
    const settings = benchSettings({ apiRoot: simulator.url, broadcast: 'paid', rate: 0, concurrency: 100 });
    const warmUp = async (name: Size): Promise<Warm> => {
      const database = await openBenchDatabase(server, SUFFIXES[name]);
      await fillBench(database, { chatIds, operations: IN_WINDOW, settled: sizes[name] - IN_WINDOW });
      const { place } = database;
      // The first run tells what is in the window; from then on every run is idle.
      await runOnce({ open: () => openLedger({ place }), settings, kind: 'since_last' });
      return { ledger: await openLedger({ place }), watch: database, times: [], reads: [], calls: new Map() };
    };
    const warm = { small: await warmUp('small'), large: await warmUp('large') };
    // One connection each for all rounds, its first one unmeasured: what a connection costs at its first calls is the server's, whatever the ledger's size.
    for (let round = -1; round < ROUNDS; round += 1) {
      for (const name of round % 2 === 0 ? (['small', 'large'] as const) : (['large', 'small'] as const)) {
        const { ledger, watch, times, reads, calls } = warm[name];
        const open = async () => ({ ...ledger, close: async () => {} });
        const before = await readsOf(watch);
        let spent = 0;
        await runOnce({ open, settings, kind: 'since_last' }, (opened) =>
          timed(opened, (ms, call) => {
            spent += ms;
            if (round >= 0) calls.set(call, [...(calls.get(call) ?? []), ms]);
          }),
        );
        if (round < 0) continue;
        times.push(spent);
        const after = await readsOf(watch);
        reads.push(before === null || after === null ? null : after - before);
      }
    }
    for (const { ledger, watch } of Object.values(warm)) {
      await ledger.close();
      await watch.connection.close();
    }
    return summary(warm);
  } finally {
    simulator.stop();
  }
}

/** What all connections to the bench's database have read but the asking one; null where the server doesn't count or doesn't tell. */
async function readsOf(watch: TestDatabase): Promise<number | null> {
  const [row] = await watch.run<{ reads: number | null }>(
    'SELECT SUM(logical_reads) AS reads FROM sys.dm_exec_sessions WHERE database_id = DB_ID() AND session_id <> @@SPID',
  );
  return row?.reads ?? null;
}

function summary({ small, large }: Readonly<Record<Size, Warm>>): IdleOn {
  const counted = large.reads.filter((reads) => reads !== null);
  const calls = [...large.calls].map(([name, times]) => ({ name, small: median(small.calls.get(name) ?? []), large: median(times) }));
  return {
    small: median(small.times),
    large: median(large.times),
    ratio: median(large.times.map((ms, round) => ms / (small.times[round] ?? ms))),
    reads: counted.length < large.reads.length ? null : median(counted),
    calls: calls.toSorted((a, b) => b.large - a.large),
  };
}
