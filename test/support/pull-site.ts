import type { Outcome } from '../../src/core/outcome.ts';
import { makePayload } from '../../src/core/start-payload.ts';
import type { OutgoingMessage } from '../../src/ports/channel.ts';
import { subscribe } from '../../src/run/subscribe.ts';
import type { PullTurn, SubscribeApp, Subscribed } from '../../src/run/subscribe.ts';
import { makeSubscribers } from './fake-subscribers.ts';
import type { FakeSubscribers } from './fake-subscribers.ts';
import { makeUpdates } from './fake-updates.ts';
import type { FakeUpdates } from './fake-updates.ts';
import { makeKeys } from './link-keys.ts';

const BOT = '7000000001';
const KEYS = makeKeys([1]);
export const NOW = 1_800_000_000_000;
export const DELIVERED: Outcome = { outcome: 'delivered', messageId: '1' };

export const SETTINGS: PullTurn['settings'] = {
  restaurant: { name: 'Ёлка', contact: '+7 812 000-00-00' },
  guests: { language: 'ru' },
  subscriptions: { trustNotes: true, noteType: 'chat_ID', legacyLinksUntil: null },
  notice: { balance: 'after', digestGapMs: 0, digestWaitMs: 0, templates: [], units: [] },
};

export function customer(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
export function link(number: number, epoch = 0): string {
  return `/start ${makePayload(customer(number), { keys: KEYS, botId: BOT, epoch })}`;
}

/** A bot, its ledger and its Telegram, ready to be pulled. */
export interface Site {
  readonly ledger: FakeSubscribers;
  readonly telegram: FakeUpdates;
  readonly sent: OutgoingMessage[];
  readonly journal: string[];
  readonly stop: AbortController;
  /** What the next messages come to; delivered when it is used up. */
  readonly outcomes: Outcome[];
  pull(turn?: Partial<PullTurn>): Promise<Subscribed>;
  write(chatId: string, text: string, chatType?: string): void;
}

export function makeSite(customers = 9): Site {
  const ledger = makeSubscribers(Array.from({ length: customers }, (_, index) => customer(index)));
  const telegram = makeUpdates();
  const sent: OutgoingMessage[] = [];
  const outcomes: Outcome[] = [];
  const journal: string[] = [];
  const stop = new AbortController();
  let monotonic = 0;
  const app: SubscribeApp = {
    ledger,
    channel: telegram,
    clock: { monotonic: () => (monotonic += 10) },
    keys: KEYS,
    journal: {
      tell: (event) => journal.push(event),
      warn: (event) => journal.push(`! ${event}`),
      fail: (event) => journal.push(`!! ${event}`),
    },
    progress: () => {},
    signal: stop.signal,
  };
  const send = async (message: OutgoingMessage): Promise<Outcome> => {
    sent.push(message);
    return outcomes.shift() ?? DELIVERED;
  };
  let since: PullTurn['since'] = { offset: null, polledAt: null };
  return {
    ledger,
    telegram,
    sent,
    outcomes,
    journal,
    stop,
    pull: async (turn = {}) => {
      const pulled = await subscribe(app, {
        botId: BOT,
        since,
        now: NOW,
        wallNow: '2026-11-24 12:00:00.000',
        settings: SETTINGS,
        send,
        answered: new Set(),
        ...turn,
      });
      since = { offset: pulled.since.offset, polledAt: NOW - 60_000 };
      return pulled;
    },
    write: (chatId, text, chatType = 'private') => {
      telegram.add({ kind: 'message', chatId, text, chatType });
    },
  };
}
