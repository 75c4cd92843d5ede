import { setMaxListeners } from 'node:events';
import { presenceOf } from '../presence.ts';
import { TELEGRAM_ERRORS } from './answers.ts';
import { createBot } from './bots.ts';
import type { Bot, BotDefinition } from './bots.ts';
import type { SimulatedBot, SimulatorOptions, TelegramSimulator } from './contract.ts';
import { CONTROL_PATH, serveControl } from './control.ts';
import { createFaults } from '../faults.ts';
import { listen, LOOPBACK } from '../listener.ts';
import type { Listener } from '../listener.ts';
import { createOutage } from '../outage.ts';
import { createGroup, createPerson } from './people.ts';
import type { Person } from './people.ts';
import { TELEGRAM_LIMITS } from './rates.ts';
import { countRecord } from './record.ts';
import { serve } from './serve.ts';
import type { World } from './world.ts';

export const SIMULATED_BOT: BotDefinition = {
  token: '7000000001:SIMULATED-no-secret-at-all-0123456789',
  username: 'simulated_guests_bot',
  firstName: 'Simulated bot',
};

/** Ids that need more than 32 bits, as Telegram's have since 2021. */
const FIRST_PERSON = 5_200_000_001;
const FIRST_GROUP = -4_100_001;

/** Telegram as `tdlib/telegram-bot-api` plays it, on a real socket of this machine's loopback. */
export async function startTelegramSimulator(options: SimulatorOptions): Promise<TelegramSimulator> {
  const presence = presenceOf(options.clock);
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const bots = (options.bots ?? [SIMULATED_BOT]).map((definition) => createBot(definition, presence));
  const world: World = {
    presence,
    bots: new Map(bots.map((bot) => [bot.token, bot])),
    faults: createFaults(),
    errors: TELEGRAM_ERRORS,
    record: { calls: [], messages: [] },
    limits: { ...TELEGRAM_LIMITS, ...options.limits },
    latencyMs: options.latencyMs ?? 0,
    onMessage: options.onMessage ?? null,
    stopped: stopping.signal,
  };
  const people = new Map<string, Person>();
  let groups = 0;

  const botOf = (username: string | undefined): Bot => {
    const found = username === undefined ? bots[0] : bots.find((bot) => bot.username === username);
    if (found === undefined) throw new Error(`no simulated bot ${username ?? ''}`);
    return found;
  };
  const { refuse, accept } = createOutage(presence, () => listener, stopping.signal);
  const listener: Listener = await listen(options.port ?? 0, (request, response) => {
    const served =
      request.url?.startsWith(CONTROL_PATH) === true
        ? serveControl({ simulator, people, request, response })
        : serve(world, { request, response, refuse: (ms) => void refuse(ms) });
    // A fault in the simulator itself must be seen, not waited for.
    served.catch((error: unknown) => {
      response.destroy();
      queueMicrotask(() => {
        throw error;
      });
    });
  });

  const simulator: TelegramSimulator = {
    url: `http://${LOOPBACK}:${listener.port}`,
    port: listener.port,
    faults: world.faults,
    calls: world.record.calls,
    messages: world.record.messages,
    counts: () => countRecord(world.record),
    bot: (username) => showBot(botOf(username)),
    person: ({ name, languageCode = 'ru', id, bot } = {}) => {
      const person = createPerson(botOf(bot), presence, {
        id: id ?? FIRST_PERSON + people.size,
        name: name ?? `Guest ${people.size + 1}`,
        languageCode,
      });
      people.set(person.chatId, person);
      return person;
    },
    group: ({ title = 'A group', id, bot } = {}) => {
      groups += 1;
      return createGroup(botOf(bot), presence, { id: id ?? FIRST_GROUP - groups, title });
    },
    setLimits: (limits) => {
      world.limits = { ...world.limits, ...limits };
    },
    setLatency: (ms) => {
      world.latencyMs = ms;
    },
    refuse,
    accept,
    reset: () => {
      world.record.calls.length = 0;
      world.record.messages.length = 0;
      world.faults.clear();
    },
    stop: () => {
      stopping.abort();
      return listener.down();
    },
  };
  return simulator;
}

function showBot(bot: Bot): SimulatedBot {
  const { id, token, username } = bot;
  return {
    id,
    token,
    username,
    pendingUpdates: () => bot.updates.pending(),
    revoke: () => {
      bot.revoked = true;
    },
    setWebhook: (url) => {
      if (url !== null) bot.waiting?.end('webhook');
      bot.webhook.url = url;
    },
    restartUpdates: (nextId) => {
      bot.updates.restart(nextId);
    },
  };
}
