import type { ServerPlace } from '../src/core/server-place.ts';
import { openLedger } from '../src/sql-server/ledger.ts';
import { median, timed } from './idle.ts';
import type { Idle } from './idle.ts';
import { fillBench, openBenchDatabase } from './mssql-site.ts';
import { benchSettings, runOnce, TOKEN } from './run-once.ts';
import { startSimulator } from './simulator.ts';

const ROUNDS = 15;
const IN_WINDOW = 500;

/** Database time of runs that find nothing new, over few operations and over many, with the same rows in the window, in turn. */
export async function measureIdleOn(server: ServerPlace, sizes: { readonly small: number; readonly large: number }): Promise<Idle> {
  const simulator = await startSimulator(TOKEN);
  const places = {
    small: { ...server, database: `${server.database}_bench` },
    large: { ...server, database: `${server.database}_bench_large` },
  };
  try {
    const { chatIds } = (await simulator.ask('people', { count: 100, known: true })) as { readonly chatIds: readonly string[] };
    await simulator.ask('limits', { freePerSecond: 0, paidPerSecond: 0, chatPerSecond: 0 });
    const settings = benchSettings({ apiRoot: simulator.url, broadcast: 'paid', rate: 0, concurrency: 100 });
    for (const name of ['small', 'large'] as const) {
      const database = await openBenchDatabase(server, name === 'small' ? 'bench' : 'bench_large');
      await fillBench(database, { chatIds, operations: IN_WINDOW, settled: sizes[name] - IN_WINDOW });
      await database.connection.close();
      // The first run tells what is in the window; from then on every run is idle.
      await runOnce({ open: () => openLedger({ place: places[name] }), settings, kind: 'since_last' });
    }
    const warm = { small: await openLedger({ place: places.small }), large: await openLedger({ place: places.large }) };
    const times = { small: [] as number[], large: [] as number[] };
    // One connection each for all rounds, its first one unmeasured: what a connection costs at its first calls is the server's, whatever the ledger's size.
    for (let round = -1; round < ROUNDS; round += 1) {
      for (const name of round % 2 === 0 ? (['small', 'large'] as const) : (['large', 'small'] as const)) {
        let spent = 0;
        const open = async () => ({ ...warm[name], close: async () => {} });
        await runOnce({ open, settings, kind: 'since_last' }, (ledger) => timed(ledger, (ms) => (spent += ms)));
        if (round >= 0) times[name].push(spent);
      }
    }
    await warm.small.close();
    await warm.large.close();
    return {
      small: median(times.small),
      large: median(times.large),
      ratio: median(times.large.map((ms, round) => ms / (times.small[round] ?? ms))),
    };
  } finally {
    simulator.stop();
  }
}
