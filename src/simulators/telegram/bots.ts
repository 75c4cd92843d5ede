import type { Presence } from '../presence.ts';
import { createChatPace, createBotPace } from './rates.ts';
import type { BotPace, ChatPace } from './rates.ts';
import { createUpdates } from './updates.ts';
import type { Updates } from './updates.ts';

export interface BotDefinition {
  /** `digits:letters`; the digits are the bot's id. */
  readonly token: string;
  readonly username: string;
  readonly firstName: string;
  /** Telegram's test environment answers under `/bot<token>/test/`. */
  readonly environment?: 'prod' | 'test';
  /** Whether paid broadcasts are enabled in BotFather; without it `allow_paid_broadcast` changes nothing. */
  readonly paidBroadcast?: boolean;
  readonly firstUpdateId?: number;
}

/** One line of a chat as the person sees it. */
export interface ChatLine {
  readonly from: 'bot' | 'person';
  readonly messageId: number;
  /** UTC milliseconds. */
  readonly at: number;
  /** As displayed, after entity parsing. */
  readonly text: string;
  /** As the bot sent it; for the person's own lines the text. */
  readonly html: string;
  readonly silent: boolean;
}

/** The world's side of one chat with one bot. */
export interface Chat {
  readonly id: number;
  readonly kind: 'private' | 'group' | 'supergroup';
  /** unknown: the bot has never heard of it. */
  standing: 'unknown' | 'member' | 'blocked' | 'deactivated' | 'kicked';
  /** The supergroup that a group became. */
  migratedTo: number | null;
  readonly lines: ChatLine[];
  readonly pace: ChatPace;
  /** Telegram's `Chat` object. */
  readonly json: string;
}

/** A getUpdates that waits. */
export interface Waiting {
  end(why: 'updates' | 'other_reader' | 'webhook'): void;
}

export interface Bot {
  readonly id: number;
  readonly token: string;
  readonly username: string;
  readonly environment: 'prod' | 'test';
  readonly paidBroadcast: boolean;
  /** Telegram's `User` object, as it stands in messages. */
  readonly json: string;
  readonly firstName: string;
  revoked: boolean;
  readonly chats: Map<string, Chat>;
  readonly updates: Updates;
  readonly pace: BotPace;
  readonly commands: Map<string, string>;
  nextMessageId: number;
  readonly webhook: { url: string | null; connections: number; nextSetAt: number };
  waiting: Waiting | null;
  /** For the rules against spinning: the offset and the moment (monotonic) of the last getUpdates. */
  lastPoll: { readonly offset: number; readonly at: number };
  nextConflictAt: number;
}

/** A token as Telegram gives it out; anything else is no address at all. */
export const TOKEN = /^[1-9]\d{0,15}:[\w-]{1,64}$/;

export function createBot(definition: BotDefinition, presence: Presence): Bot {
  const { token, username, firstName } = definition;
  if (!TOKEN.test(token)) throw new Error('a token is digits, a colon, and letters, digits, _ or -');
  const id = Number(token.slice(0, token.indexOf(':')));
  const bot: Bot = {
    id,
    token,
    username,
    firstName,
    environment: definition.environment ?? 'prod',
    paidBroadcast: definition.paidBroadcast ?? true,
    json: JSON.stringify({ id, is_bot: true, first_name: firstName, username }),
    revoked: false,
    chats: new Map(),
    updates: createUpdates(definition.firstUpdateId ?? 731_000_001, {
      now: () => presence.now(),
      wake: () => bot.waiting?.end('updates'),
    }),
    pace: createBotPace(),
    commands: new Map(),
    nextMessageId: 1,
    webhook: { url: null, connections: 40, nextSetAt: -Infinity },
    waiting: null,
    lastPoll: { offset: 0, at: -Infinity },
    nextConflictAt: -Infinity,
  };
  return bot;
}

export function addChat(bot: Bot, chat: Pick<Chat, 'id' | 'kind' | 'json'>): Chat {
  if (bot.chats.has(String(chat.id))) throw new Error(`chat ${chat.id} exists already`);
  const added: Chat = { ...chat, standing: 'unknown', migratedTo: null, lines: [], pace: createChatPace() };
  bot.chats.set(String(chat.id), added);
  return added;
}
