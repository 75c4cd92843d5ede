import { fork } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

import type { ServerPlace } from '../src/core/server-place.ts';
import { parseServerAddress } from '../src/core/server-place.ts';
import type { PlanQuery } from '../src/ports/plan.ts';
import { openLedger } from '../src/sql-server/ledger.ts';
import { fillBench, openBenchDatabase } from './mssql-site.ts';
import { BOT_ID, KEYS } from './run-once.ts';

export interface Planned {
  readonly operations: number;
  readonly seconds: number;
  /** Peak memory of the process, MiB. */
  readonly peak: number;
}

/** Planning so many operations in a process of its own. */
export async function measurePlan(server: ServerPlace, operations: number): Promise<Planned> {
  const database = await openBenchDatabase(server, 'bench');
  const chatIds = Array.from({ length: 2_000 }, (_, at) => String(9_000_000 + at));
  await fillBench(database, { chatIds, operations, settled: 0 });
  await database.connection.close();
  const child = fork(fileURLToPath(import.meta.url), ['--child'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Planned));
    child.once('exit', (code) => reject(new Error(`the planning ended with ${code}`)));
  });
}

async function planAll(place: ServerPlace): Promise<Planned> {
  const ledger = await openLedger({ place });
  const opened = await ledger.openRun(
    {
      runId: `plan-${Date.now()}`,
      botId: BOT_ID,
      host: 'bench',
      pid: process.pid,
      keyFingerprint: KEYS.fingerprint,
      remembered: null,
      startedBy: 'since',
    },
    ['default'],
  );
  if (opened.answer !== 'opened') throw new Error(opened.answer);
  const began = performance.now();
  let operations = 0;
  for (let after: Awaited<ReturnType<typeof ledger.preview>>['next'] = null; ;) {
    const chunk = await ledger.plan({ query: queryAt(opened.wallNow), after, limit: null, move: null });
    if (chunk.answer === 'lock_lost') throw new Error('lock_lost');
    operations += chunk.head.planned;
    after = chunk.next;
    if (after === null) break;
  }
  const seconds = (performance.now() - began) / 1000;
  await ledger.finishRun({ exitCode: 0, summary: '{}' }, opened.wakeNo);
  await ledger.close();
  return { operations, seconds, peak: process.resourceUsage().maxRSS / 1024 };
}

function queryAt(ageAt: string): PlanQuery {
  return {
    botId: BOT_ID,
    taskId: 'default',
    look: 'since',
    from: null,
    until: null,
    filters: { startDate: null, accountTypes: [], customerGroups: [], sign: 'any', threshold: 0n },
    admittedOnly: false,
    customers: null,
    operations: null,
    timeToLiveMs: null,
    ageAt,
    ageFloor: null,
    lateBefore: null,
    unsubscribed: 'skip',
    revive: false,
    inviting: false,
    markOnly: false,
    freshFrom: null,
    digestGapMs: 0,
  };
}

if (process.argv[2] === '--child') {
  const parsed = parseServerAddress(process.env['TP_TEST_MSSQL'] ?? '');
  if (!parsed.ok) throw new Error(parsed.code);
  process.send?.(await planAll({ ...parsed.place, database: `${parsed.place.database}_bench` }));
}
