/**
 * `npm run bench [-- --quick]`: rates, memory and database time of the whole program against the Telegram simulator in its own process.
 * The machine may be slow or shared: what counts is the ratio within one run. Writes bench/README.md.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

import { judgeInvitees } from './invitees.ts';
import { measureIdle } from './idle.ts';
import { measurePeak } from './memory.ts';
import { measureClient, measureRun } from './rates.ts';
import type { RateWish } from './rates.ts';

interface Row {
  readonly what: string;
  readonly figure: string;
  readonly bar: string;
  readonly met: boolean;
}

const quick = process.argv.includes('--quick');
const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-bench-'));
const rows: Row[] = [];

function tell(row: Row): void {
  rows.push(row);
  console.log(`${row.met ? 'met   ' : 'MISSED'} ${row.what}: ${row.figure} (bar: ${row.bar})`);
}

try {
  await benchPaid();
  await benchUnlimited();
  await benchFree();
  await benchMemory();
  await benchIdle();
  await benchInvitees();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (!quick) writeFileSync(new URL('README.md', import.meta.url), page());
process.exitCode = rows.every((row) => row.met) ? 0 : 1;

async function benchPaid(): Promise<void> {
  const rate = await measureRun({
    folder,
    chats: 2_000,
    perChat: quick ? 2 : 10,
    latencyMs: 30,
    telegram: { broadcast: 'paid', rate: 970, concurrency: 100 },
    limits: true,
  });
  const met = rate.perSecond >= 950 && rate.messages === rate.expected && rate.answered429 === 0 && rate.doubled === 0;
  tell({
    what: `paid mode, 2,000 chats × ${quick ? 2 : 10}, latency 30 ms`,
    figure: `${rate.perSecond.toFixed(0)}/s, ${rate.messages} of ${rate.expected} arrived, 429: ${rate.answered429}, doubled: ${rate.doubled}`,
    bar: '≥ 950/s',
    met,
  });
}

async function benchUnlimited(): Promise<void> {
  const wish: RateWish = {
    folder,
    chats: 2_000,
    perChat: quick ? 2 : 10,
    latencyMs: 30,
    telegram: { broadcast: 'paid', rate: 0, concurrency: 100 },
    limits: false,
  };
  const client = await measureClient(wish);
  const run = await measureRun(wish);
  const again = await measureClient(wish);
  const ratio = run.perSecond / ((client.perSecond + again.perSecond) / 2);
  tell({
    what: 'limit off, against the same client without a ledger',
    figure: `${run.perSecond.toFixed(0)}/s against ${client.perSecond.toFixed(0)} and ${again.perSecond.toFixed(0)}/s: ${(ratio * 100).toFixed(0)} %`,
    bar: '≥ 60 %',
    met: ratio >= 0.6 && run.messages === run.expected,
  });
  // Holds on a busy machine too, where rates say little.
  const bare = (client.cpuMicros + again.cpuMicros) / 2;
  tell({
    what: 'processor time of a message, against the same client without a ledger',
    figure: `${run.cpuMicros.toFixed(0)} µs against ${client.cpuMicros.toFixed(0)} and ${again.cpuMicros.toFixed(0)} µs: ${(run.cpuMicros / bare).toFixed(2)}`,
    bar: '≤ 1.6',
    met: run.cpuMicros <= bare * 1.6,
  });
}

async function benchFree(): Promise<void> {
  for (const latencyMs of quick ? [30] : [30, 60, 100]) {
    const rate = await measureRun({
      folder,
      chats: quick ? 300 : 900,
      perChat: 1,
      latencyMs,
      telegram: { broadcast: 'free', rate: 29.4, concurrency: 3 },
      limits: true,
    });
    const judged = latencyMs === 30;
    tell({
      what: `free mode, ${rate.expected} chats, latency ${latencyMs} ms`,
      figure: `${rate.perSecond.toFixed(2)}/s, 429: ${rate.answered429}`,
      bar: judged ? '≥ 29.1/s, no 429' : 'no 429',
      met: rate.answered429 === 0 && rate.messages === rate.expected && (!judged || rate.perSecond >= 29.1),
    });
  }
}

async function benchMemory(): Promise<void> {
  const [few, many] = quick ? [2_000, 20_000] : [20_000, 200_000];
  const small = await measurePeak(folder, few);
  const large = await measurePeak(folder, many);
  tell({
    what: `peak memory of a backfill of ${many.toLocaleString('en')} against ${few.toLocaleString('en')}`,
    figure: `${large.toFixed(0)} MiB against ${small.toFixed(0)} MiB: ${(large / small).toFixed(2)}`,
    bar: '≤ 1.2',
    met: large / small <= 1.2,
  });
}

async function benchIdle(): Promise<void> {
  const size = quick ? 100_000 : 1_000_000;
  const idle = await measureIdle(folder, size);
  tell({
    what: `database time of an idle run, ledger of ${size.toLocaleString('en')} against 1,000`,
    figure: `${idle.large.toFixed(2)} ms against ${idle.small.toFixed(2)} ms: ${idle.ratio.toFixed(2)}`,
    bar: '≤ 1.2',
    met: idle.ratio <= 1.2,
  });
}

async function benchInvitees(): Promise<void> {
  // With fewer customers the database's page cache isn't full yet, and its filling would be taken for growth.
  const [few, many] = quick ? [50_000, 100_000] : [100_000, 200_000];
  const small = await judgeInvitees(folder, few);
  const large = await judgeInvitees(folder, many);
  tell({
    what: `peak memory of a dry run that judges ${many.toLocaleString('en')} customers against ${few.toLocaleString('en')}`,
    figure: `${large.peakMiB.toFixed(0)} MiB against ${small.peakMiB.toFixed(0)} MiB: ${(large.peakMiB / small.peakMiB).toFixed(2)}; ${(small.ms / 1000).toFixed(1)} s and ${(large.ms / 1000).toFixed(1)} s`,
    bar: '≤ 1.2',
    met: large.peakMiB / small.peakMiB <= 1.2 && large.texts === many - many / 10,
  });
}

function page(): string {
  const [cpu] = cpus();
  const lines = rows.map(({ what, figure, bar, met }) => `| ${what} | ${figure} | ${bar} | ${met ? 'met' : '**missed**'} |`);
  return `# Bench

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} × ${cpu?.model ?? '?'}. The whole program against the Telegram
simulator in a process of its own; rates are taken from the simulator's record. The machine is shared, so compare figures of one run only.

| what | measured | bar | |
| --- | --- | --- | --- |
${lines.join('\n')}
`;
}
