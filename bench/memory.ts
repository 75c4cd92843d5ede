import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { benchSettings, BOT_ID, KEYS, removeSite, runOnce, TOKEN } from './run-once.ts';
import { startSimulator } from './simulator.ts';
import { makeBenchSite } from './site.ts';

/** Peak memory (MiB) of a process that does nothing but one backfill of so many notices. */
export async function measurePeak(folder: string, notices: number): Promise<number> {
  const simulator = await startSimulator(TOKEN);
  const file = `${folder}/memory.sqlite`;
  try {
    await simulator.ask('limits', { freePerSecond: 0, paidPerSecond: 0, chatPerSecond: 0 });
    const { chatIds } = (await simulator.ask('people', { count: 2_000, known: true })) as { readonly chatIds: readonly string[] };
    removeSite(file);
    makeBenchSite({
      file,
      botId: BOT_ID,
      chatIds,
      perChat: notices / chatIds.length,
      settled: 0,
      keyFingerprint: KEYS.fingerprint,
      now: Date.now(),
    });
    const told = await backfillInChild(file, simulator.url);
    const counts = (await simulator.ask('counts')) as { readonly messages: number };
    if (counts.messages !== notices) throw new Error(`${counts.messages} of ${notices} messages arrived`);
    return told;
  } finally {
    simulator.stop();
    removeSite(file);
  }
}

async function backfillInChild(file: string, apiRoot: string): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url), ['--child', file, apiRoot], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)));
    child.once('exit', (code) => reject(new Error(`the backfill ended with ${code}`)));
  });
}

if (process.argv[2] === '--child') {
  const [, , , file = '', apiRoot = ''] = process.argv;
  await runOnce({ file, settings: benchSettings({ apiRoot, broadcast: 'paid', rate: 0, concurrency: 100 }), kind: 'since' });
  process.send?.(process.resourceUsage().maxRSS / 1024);
}
