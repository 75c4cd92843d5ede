import type { Presence } from '../presence.ts';
import { addChat } from './bots.ts';
import type { Bot, Chat, ChatLine } from './bots.ts';

/** Someone with Telegram who may talk to one bot. */
export interface Person {
  readonly id: number;
  /** The id as the bot's database keeps it. */
  readonly chatId: string;
  readonly name: string;
  /** Everything in the chat with the bot, both sides, oldest first. */
  readonly chat: readonly ChatLine[];
  /** The bot's own lines. */
  readonly received: readonly ChatLine[];
  /** Presses START, maybe behind a link with a payload of 1 to 64 letters, digits, `_` or `-`; a blocked bot is unblocked first. */
  start(payload?: string): void;
  /** Throws when the bot is blocked, as Telegram has no field to type in then. */
  say(text: string): void;
  block(): void;
  unblock(): void;
  /** The account is gone. The bot hears nothing of it. */
  deactivate(): void;
  /** The bot knows this person from earlier; no update tells of it. */
  becomeKnown(): void;
}

/** A group with the bot in it. */
export interface Group {
  readonly id: number;
  readonly chatId: string;
  readonly chat: readonly ChatLine[];
  start(person: Person, payload?: string): void;
  say(person: Person, text: string): void;
  kickBot(): void;
  /** Becomes a supergroup under another id; answers the new group. */
  upgrade(): Group;
}

/** The `User` objects of persons, which groups need too. */
const users = new WeakMap<Person, string>();

export function createPerson(
  bot: Bot,
  presence: Presence,
  { id, name, languageCode }: { id: number; name: string; languageCode: string | null },
): Person {
  const [firstName = '', ...rest] = name.split(' ');
  const named = { first_name: firstName, last_name: rest.length === 0 ? undefined : rest.join(' ') };
  const json = JSON.stringify({ id, is_bot: false, ...named, language_code: languageCode ?? undefined });
  const chat = addChat(bot, { id, kind: 'private', json: JSON.stringify({ id, ...named, type: 'private' }) });
  const write = (text: string): void => {
    pushMessage(bot, presence, { chat, from: json, text });
  };
  const turn = (standing: 'member' | 'blocked'): void => {
    if (chat.standing === 'deactivated' || chat.standing === standing) return;
    const known = chat.standing !== 'unknown';
    chat.standing = standing;
    if (known) pushMembership(bot, presence, { chat, from: json, status: standing === 'member' ? 'member' : 'kicked' });
  };
  const person: Person = {
    id,
    chatId: String(id),
    name,
    chat: chat.lines,
    get received() {
      return chat.lines.filter((line) => line.from === 'bot');
    },
    start: (payload) => {
      if (payload !== undefined && !/^[\w-]{1,64}$/.test(payload)) throw new Error('START_PARAM_INVALID');
      turn('member');
      write(payload === undefined ? '/start' : `/start ${payload}`);
    },
    say: (text) => {
      if (chat.standing === 'blocked') throw new Error(`${name} has blocked the bot`);
      turn('member');
      write(text);
    },
    block: () => {
      if (chat.standing === 'member') turn('blocked');
    },
    unblock: () => {
      if (chat.standing === 'blocked') turn('member');
    },
    deactivate: () => {
      chat.standing = 'deactivated';
    },
    becomeKnown: () => {
      if (chat.standing === 'unknown') chat.standing = 'member';
    },
  };
  users.set(person, json);
  return person;
}

export function createGroup(bot: Bot, presence: Presence, { id, title }: { id: number; title: string }): Group {
  const kind = id < -1_000_000_000_000 ? 'supergroup' : 'group';
  const chat = addChat(bot, { id, kind, json: JSON.stringify({ id, title, type: kind }) });
  chat.standing = 'member';
  const write = (person: Person, text: string): void => {
    pushMessage(bot, presence, { chat, from: users.get(person) ?? bot.json, text });
  };
  return {
    id,
    chatId: String(id),
    chat: chat.lines,
    start: (person, payload) => {
      write(person, payload === undefined ? `/start@${bot.username}` : `/start@${bot.username} ${payload}`);
    },
    say: write,
    kickBot: () => {
      chat.standing = 'kicked';
      pushMembership(bot, presence, { chat, from: bot.json, status: 'kicked' });
    },
    upgrade: () => {
      const successor = createGroup(bot, presence, { id: -1_000_000_000_000 + id, title });
      chat.migratedTo = successor.id;
      return successor;
    },
  };
}

function pushMessage(bot: Bot, presence: Presence, { chat, from, text }: { chat: Chat; from: string; text: string }): void {
  if (chat.standing === 'deactivated') throw new Error('a deactivated account writes nothing');
  const messageId = bot.nextMessageId;
  bot.nextMessageId += 1;
  const at = presence.now();
  chat.lines.push({ from: 'person', messageId, at, text, html: text, silent: false });
  const command = /^\/[\w@]+/.exec(text)?.[0];
  const entities = command === undefined ? '' : `,"entities":[{"offset":0,"length":${command.length},"type":"bot_command"}]`;
  const date = Math.floor(at / 1_000);
  const head = `{"message_id":${messageId},"from":${from},"chat":${chat.json},"date":${date}`;
  bot.updates.push('message', `${head},"text":${JSON.stringify(text)}${entities}}`);
}

function pushMembership(
  bot: Bot,
  presence: Presence,
  { chat, from, status }: { chat: Chat; from: string; status: 'member' | 'kicked' },
): void {
  const date = Math.floor(presence.now() / 1_000);
  const member = (of: string): string => `{"user":${bot.json},"status":"${of}"${of === 'kicked' ? ',"until_date":0' : ''}}`;
  const before = member(status === 'member' ? 'kicked' : 'member');
  const members = `"old_chat_member":${before},"new_chat_member":${member(status)}`;
  bot.updates.push('my_chat_member', `{"chat":${chat.json},"from":${from},"date":${date},${members}}`);
}
