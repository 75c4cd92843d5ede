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
  /** Of an idle look over either site; null where the server counts none. */
  readonly reads: Readonly<Record<Size, Reads>> | null;
  /** How the server says it finds the look's operations on the large site; null where it says nothing. */
  readonly plan: string | null;
  /** Median milliseconds of each call over either site, the dearest first. */
  readonly calls: readonly { readonly name: string; readonly small: number; readonly large: number }[];
}

export interface Reads {
  /** Logical reads of the look's `plan`. */
  readonly reads: number;
  /** Operations in its window. */
  readonly rows: number;
}

interface Warm {
  readonly ledger: Ledger;
  /** A second connection, which reads what the first one has cost. */
  readonly watch: TestDatabase;
  readonly times: number[];
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
      return { ledger: await openLedger({ place }), watch: database, times: [], calls: new Map() };
    };
    const warm = { small: await warmUp('small'), large: await warmUp('large') };
    // One connection each for all rounds, its first one unmeasured: what a connection costs at its first calls is the server's, whatever the ledger's size.
    for (let round = -1; round < ROUNDS; round += 1) {
      for (const name of round % 2 === 0 ? (['small', 'large'] as const) : (['large', 'small'] as const)) {
        const { ledger, times, calls } = warm[name];
        const open = async () => ({ ...ledger, close: async () => {} });
        let spent = 0;
        await runOnce({ open, settings, kind: 'since_last' }, (opened) =>
          timed(opened, (ms, call) => {
            spent += ms;
            if (round >= 0) calls.set(call, [...(calls.get(call) ?? []), ms]);
          }),
        );
        if (round >= 0) times.push(spent);
      }
    }
    // Apart from the rounds, since asking for them takes time.
    const small = await readsOfLook(warm.small, settings);
    const large = await readsOfLook(warm.large, settings);
    const plan = await planOf(warm.large.watch);
    for (const { ledger, watch } of Object.values(warm)) {
      await ledger.close();
      await watch.connection.close();
    }
    return { ...summary(warm), reads: small === null || large === null ? null : { small, large }, plan };
  } finally {
    simulator.stop();
  }
}

/** What `plan` of one more idle run has read. */
async function readsOfLook({ ledger, watch }: Warm, settings: Parameters<typeof runOnce>[0]['settings']): Promise<Reads | null> {
  let reads: number | null = 0;
  let rows = 0;
  const plan: Ledger['plan'] = async (request) => {
    const before = await readsOf(watch);
    const answer = await ledger.plan(request);
    const after = await readsOf(watch);
    reads = reads === null || before === null || after === null ? null : reads + after - before;
    const [row] = await watch.run<{ n: number }>(
      `SELECT COUNT(*) AS n FROM tgn.operation WHERE date >= '${(request.query.from ?? '1900-01-01').replace(' ', 'T')}'`,
    );
    rows += row?.n ?? 0;
    return answer;
  };
  await runOnce({ open: async () => ({ ...ledger, plan, close: async () => {} }), settings, kind: 'since_last' });
  return reads === null ? null : { reads, rows };
}

/** The way to the operations of a window, in the server's words. */
async function planOf(watch: TestDatabase): Promise<string | null> {
  try {
    await watch.run('SET SHOWPLAN_TEXT ON');
    try {
      const lines = await watch.run<Record<string, string>>("SELECT operation_id FROM tgn.operation WHERE date >= '20990101'");
      const said = lines.map((line) => Object.values(line)[0] ?? '').join(' ');
      return /\b(?:Seek|Scan)\b/u.test(said) ? said.trim() : null;
    } finally {
      await watch.run('SET SHOWPLAN_TEXT OFF');
    }
  } catch {
    return null;
  }
}

/** What all connections to the bench's database have read but the asking one; null where the server doesn't count or doesn't tell. */
async function readsOf(watch: TestDatabase): Promise<number | null> {
  const [row] = await watch.run<{ reads: number | null }>(
    'SELECT SUM(logical_reads) AS reads FROM sys.dm_exec_sessions WHERE database_id = DB_ID() AND session_id <> @@SPID',
  );
  // A server that shows the column and counts nothing says 0.
  return row === undefined || row.reads === 0 ? null : row.reads;
}

function summary({ small, large }: Readonly<Record<Size, Warm>>): Omit<IdleOn, 'reads' | 'plan'> {
  const calls = [...large.calls].map(([name, times]) => ({ name, small: median(small.calls.get(name) ?? []), large: median(times) }));
  return {
    small: median(small.times),
    large: median(large.times),
    ratio: median(large.times.map((ms, round) => ms / (small.times[round] ?? ms))),
    calls: calls.toSorted((a, b) => b.large - a.large),
  };
}
