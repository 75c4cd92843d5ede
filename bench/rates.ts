import { createSystemClock } from '../src/host/clock.ts';
import { createTelegramChannel } from '../src/telegram/channel.ts';
import { benchSettings, BOT_ID, KEYS, removeSite, runOnce, TOKEN } from './run-once.ts';
import type { BenchLedger, BenchTelegram } from './run-once.ts';
import type { SimulatorProcess } from './simulator.ts';
import { startSimulator } from './simulator.ts';
import { makeBenchSite } from './site.ts';

export interface RateWish {
  readonly folder: string;
  readonly chats: number;
  readonly perChat: number;
  readonly latencyMs: number;
  readonly telegram: Omit<BenchTelegram, 'apiRoot'>;
  /** False switches the simulator's own limits off. */
  readonly limits: boolean;
}

export interface Rate {
  readonly messages: number;
  /** By the simulator's own record, from its first message to its last. */
  readonly perSecond: number;
  readonly answered429: number;
  readonly doubled: number;
  readonly expected: number;
  /** Processor time of this process for each message, microseconds; the simulator has a process of its own. */
  readonly cpuMicros: number;
}

/** Messages a second of the whole program: claim, compose, send, record. */
export async function measureRun(wish: RateWish): Promise<Rate> {
  const file = `${wish.folder}/rate.sqlite`;
  removeSite(file);
  const rate = await measureRunOn(wish, async (chatIds) => {
    makeBenchSite({ file, botId: BOT_ID, chatIds, perChat: wish.perChat, settled: 0, keyFingerprint: KEYS.fingerprint, now: Date.now() });
    return { file };
  });
  removeSite(file);
  return rate;
}

/** The same on any engine: `makeSite` fills it for these chats. */
export async function measureRunOn(wish: RateWish, makeSite: (chatIds: readonly string[]) => Promise<BenchLedger>): Promise<Rate> {
  return withSimulator(wish, async (simulator, chatIds) => {
    const site = await makeSite(chatIds);
    const settings = benchSettings({ apiRoot: simulator.url, ...wish.telegram });
    return cpuOf(() => runOnce({ ...site, settings, kind: 'since' }));
  });
}

/** The same client sending as many messages without a ledger: what the ledger is measured against. */
export async function measureClient(wish: RateWish): Promise<Rate> {
  return withSimulator(wish, async (simulator, chatIds) => {
    const channel = createTelegramChannel({
      settings: benchSettings({ apiRoot: simulator.url, ...wish.telegram }).telegram,
      clock: createSystemClock(),
    });
    const total = chatIds.length * wish.perChat;
    let next = 0;
    const sender = async (): Promise<void> => {
      while (next < total) {
        const number = next;
        next += 1;
        const html = `<b>Пенка</b>\n−450 ₽ · Депозит\n24 ноября, 19:42 № ${number}`;
        await channel.send({ chatId: chatIds[number % chatIds.length] ?? '', html, silent: false }, () => true);
      }
    };
    const micros = await cpuOf(() => Promise.all(Array.from({ length: wish.telegram.concurrency }, sender)));
    channel.close();
    return micros;
  });
}

/** User and system time of this process, microseconds. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

async function withSimulator(
  wish: RateWish,
  work: (simulator: SimulatorProcess, chatIds: readonly string[]) => Promise<number>,
): Promise<Rate> {
  const simulator = await startSimulator(TOKEN);
  try {
    if (!wish.limits) await simulator.ask('limits', { freePerSecond: 0, paidPerSecond: 0, chatPerSecond: 0 });
    await simulator.ask('latency', { ms: wish.latencyMs });
    const { chatIds } = (await simulator.ask('people', { count: wish.chats, known: true })) as { readonly chatIds: readonly string[] };
    const micros = await work(simulator, chatIds);
    const counts = (await simulator.ask('counts')) as {
      readonly messages: number;
      readonly spanMs: number;
      readonly answered429: number;
      readonly doubled: number;
    };
    return {
      messages: counts.messages,
      perSecond: (counts.messages - 1) / (counts.spanMs / 1000),
      answered429: counts.answered429,
      doubled: counts.doubled,
      expected: wish.chats * wish.perChat,
      cpuMicros: micros / counts.messages,
    };
  } finally {
    simulator.stop();
  }
}
