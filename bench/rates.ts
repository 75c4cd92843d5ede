import { createSystemClock } from '../src/clock.ts';
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
    await runOnce({ ...site, settings: benchSettings({ apiRoot: simulator.url, ...wish.telegram }), kind: 'since' });
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
    await Promise.all(Array.from({ length: wish.telegram.concurrency }, sender));
    channel.close();
  });
}

async function withSimulator(
  wish: RateWish,
  work: (simulator: SimulatorProcess, chatIds: readonly string[]) => Promise<void>,
): Promise<Rate> {
  const simulator = await startSimulator(TOKEN);
  try {
    if (!wish.limits) await simulator.ask('limits', { freePerSecond: 0, paidPerSecond: 0, chatPerSecond: 0 });
    await simulator.ask('latency', { ms: wish.latencyMs });
    const { chatIds } = (await simulator.ask('people', { count: wish.chats, known: true })) as { readonly chatIds: readonly string[] };
    await work(simulator, chatIds);
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
    };
  } finally {
    simulator.stop();
  }
}
