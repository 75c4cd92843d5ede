/**
 * `TP_TEST_MSSQL=mssql://user:password@host:port/database npm run bench:mssql [-- --quick | --ten-million]`: the bars of the SQL Server engine beside the
 * embedded one, in databases that it makes beside the named one. `--ten-million` measures only the idle look, over ten million operations instead of
 * one. Writes bench/mssql.md.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { readScript, runScript } from '../src/sql-server/install.ts';
import { openLedger } from '../src/sql-server/ledger.ts';
import { serverUnderTest } from '../test/support/mssql-database.ts';
import { measureIdleOn } from './mssql-idle.ts';
import type { Reads } from './mssql-idle.ts';
import { measurePlan } from './mssql-plan.ts';
import { fillBench, openBareDatabase, openBenchDatabase } from './mssql-site.ts';
import { measureRun, measureRunOn } from './rates.ts';
import type { RateWish } from './rates.ts';

interface Row {
  readonly what: string;
  readonly figure: string;
  readonly bar: string;
  /** Null: this server can't show it. */
  readonly met: boolean | null;
  /** What was found to hold a stand-in back; said where it misses the bar. */
  readonly standIn?: string;
}

const STAND_IN = 'a TDS stand-in, not Microsoft’s server';
const quick = process.argv.includes('--quick');
const tenMillion = process.argv.includes('--ten-million');
const place = serverUnderTest();
if (place === null) throw new Error('TP_TEST_MSSQL names no server');
const rows: Row[] = [];
const notes: string[] = [];
/** Found by a sampling profile of the stand-in's process. */
const PARSES =
  'it parses the procedures’ text with a parser that each connection warms up anew: 98 % of the time; the script again is the same batches';
const TEMPORARY_TABLES =
  'temporary tables and table variables are entries of its catalogue: making and dropping them and planning anew for each takes half of a claim’s time';

function tell(row: Row): void {
  rows.push(row);
  console.log(`${row.met === null ? 'NOT COUNTED' : row.met ? 'met   ' : 'MISSED'} ${row.what}: ${row.figure} (bar: ${row.bar})`);
}

const version = await readVersion();
if (!tenMillion) {
  await benchInstall();
  await benchPaid();
  await benchPlan();
}
await benchIdle();
if (!quick) writeFileSync(new URL(tenMillion ? 'mssql-ten-million.md' : 'mssql.md', import.meta.url), page());
process.exitCode = rows.every((row) => row.met !== false) ? 0 : 1;

async function readVersion(): Promise<string> {
  const database = await openBareDatabase(server(), 'bench');
  const [row] = await database.run<{ version: string }>('SELECT @@VERSION AS version');
  await database.connection.close();
  const [line = ''] = (row?.version ?? '').split('\n');
  return line.startsWith('Microsoft SQL') ? line.trim() : STAND_IN;
}

function server(): NonNullable<typeof place> {
  if (place === null) throw new Error('no server');
  return place;
}

async function timeScript(database: Awaited<ReturnType<typeof openBareDatabase>>): Promise<number> {
  const began = performance.now();
  await runScript(database.connection, readScript());
  return (performance.now() - began) / 1000;
}

async function benchInstall(): Promise<void> {
  const database = await openBareDatabase(server(), 'bench');
  const first = await timeScript(database);
  tell({ what: 'install on an empty ledger', figure: `${first.toFixed(1)} s`, bar: '≤ 10 s', met: first <= 10, standIn: PARSES });
  await database.connection.close();
  const settled = quick ? 50_000 : 1_000_000;
  const large = await openBenchDatabase(server(), 'bench_large');
  await fillBench(large, { chatIds: ['1'], operations: 0, settled });
  const again = await timeScript(large);
  await large.connection.close();
  tell({
    what: `the script again over a ledger of ${settled.toLocaleString('en')}`,
    figure: `${again.toFixed(1)} s, ${(again / first).toFixed(2)} × an empty one`,
    bar: '≤ 1.5 × (no copy of the ledger)',
    met: again <= first * 1.5,
  });
}

async function benchPaid(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-bench-'));
  const wish: RateWish = {
    folder,
    chats: 2_000,
    perChat: quick ? 1 : 5,
    latencyMs: 30,
    telegram: { broadcast: 'paid', rate: 970, concurrency: 100 },
    limits: true,
  };
  try {
    const embedded = await measureRun(wish);
    const database = await openBenchDatabase(server(), 'bench');
    const here = { ...server(), database: `${server().database}_bench` };
    const rate = await measureRunOn(wish, async (chatIds) => {
      await fillBench(database, { chatIds, operations: chatIds.length * wish.perChat, settled: 0 });
      return { open: () => openLedger({ place: here }) };
    });
    await database.connection.close();
    const ratio = rate.perSecond / embedded.perSecond;
    tell({
      what: `paid mode, limit on, ${wish.chats.toLocaleString('en')} chats × ${wish.perChat}`,
      figure: `${rate.perSecond.toFixed(0)}/s against ${embedded.perSecond.toFixed(0)}/s embedded: ${(ratio * 100).toFixed(0)} %; ${rate.messages} of ${rate.expected} arrived, 429: ${rate.answered429}, doubled: ${rate.doubled}`,
      bar: '≥ 80 %',
      met: ratio >= 0.8 && rate.messages === rate.expected && rate.doubled === 0,
      standIn: TEMPORARY_TABLES,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchPlan(): Promise<void> {
  const idle = await measurePlan(server(), 0);
  const count = quick ? 10_000 : 100_000;
  const planned = await measurePlan(server(), count);
  const above = planned.peak - idle.peak;
  tell({
    what: `planning ${count.toLocaleString('en')} operations`,
    figure: `${planned.seconds.toFixed(1)} s, ${above.toFixed(0)} MiB above an idle run (${idle.peak.toFixed(0)} MiB)`,
    bar: '≤ 30 s, ≤ 60 MiB',
    met: planned.operations === count && planned.seconds <= 30 && above <= 60,
  });
}

async function benchIdle(): Promise<void> {
  const large = tenMillion ? 10_000_000 : quick ? 100_000 : 1_000_000;
  const idle = await measureIdleOn(server(), { small: 10_000, large });
  tell({
    what: `database time of an idle hot look and its run, ${large.toLocaleString('en')} operations against 10,000`,
    figure: `${idle.large.toFixed(1)} ms against ${idle.small.toFixed(1)} ms: ${idle.ratio.toFixed(2)}`,
    bar: '≤ 1.3',
    met: idle.ratio <= 1.3,
  });
  const { reads, plan } = idle;
  const told = (one: Reads): string => `${one.reads.toLocaleString('en')} for ${one.rows.toLocaleString('en')} operations in the window`;
  tell({
    what: 'logical reads of an idle look',
    figure:
      reads === null
        ? 'not counted: `sys.dm_exec_sessions.logical_reads` says nothing'
        : `${told(reads.large)}; of the smaller site ${told(reads.small)}`,
    bar: '≤ 4 × operations in the window + 100',
    met: reads === null ? null : [reads.small, reads.large].every((one) => one.reads <= 4 * one.rows + 100),
  });
  notes.push(
    ...(reads !== null ? [] : [plan === null ? 'The server gives no plan (`SHOWPLAN_TEXT`) either.' : `Its plan instead: ${plan}`]),
    'Its calls, median ms over the larger and the smaller site: ' +
      idle.calls.map(({ name, small: few, large: many }) => `${name} ${many.toFixed(1)} / ${few.toFixed(1)}`).join(', ') +
      '.',
  );
}

function page(): string {
  const [cpu] = cpus();
  const reasons =
    version === STAND_IN
      ? rows.flatMap(({ what, met, standIn }) => (met !== false || standIn === undefined ? [] : [`Missed, ${what}: ${standIn}.`]))
      : [];
  const lines = rows.map(
    ({ what, figure, bar, met }) => `| ${what} | ${figure} | ${bar} | ${met === null ? 'not counted here' : met ? 'met' : '**missed**'} |`,
  );
  return `# Bench on SQL Server

Written by \`npm run bench:mssql${tenMillion ? ' -- --ten-million' : ''}\` on ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} × ${cpu?.model ?? '?'}, server and program on
one machine: ${version}. The machine is shared, so compare figures of one run only.

| what | measured | bar | |
| --- | --- | --- | --- |
${lines.join('\n')}
${[...reasons, ...notes].map((note) => `\n${note}\n`).join('')}`;
}
