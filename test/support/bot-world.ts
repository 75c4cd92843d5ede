import type { GuestReply } from '../../src/core/guest-reply.ts';
import { makePayload } from '../../src/core/start-payload.ts';
import type { KnownCustomer, Subscription } from '../../src/core/subscriber.ts';
import { judgeUpdates } from '../../src/core/subscription.ts';
import type { JudgedUpdates, UpdatesRequest } from '../../src/core/subscription.ts';
import type { Update } from '../../src/core/update.ts';
import { makeKeys } from './link-keys.ts';

const KEYS = makeKeys([1]);
export const BOT = '7000000001';
export const ANNA = '00000000-0000-4000-8000-00000000000a';
export const BORIS = '00000000-0000-4000-8000-00000000000b';
export const GONE = '00000000-0000-4000-8000-00000000000d';
export const NOBODY = '00000000-0000-4000-8000-00000000000e';

/** What the ledger holds. */
export interface World {
  readonly customers: readonly Pick<KnownCustomer, 'id' | 'live'>[];
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  readonly languages: ReadonlyMap<string, 'ru' | 'en' | null>;
}

export const EMPTY: World = {
  customers: [ANNA, BORIS].map((id) => ({ id, live: true })).concat({ id: GONE, live: false }),
  subscriptions: new Map(),
  languages: new Map(),
};

export function worldOf(...subscriptions: readonly Subscription[]): World {
  return { ...EMPTY, subscriptions: new Map(subscriptions.map((one) => [one.customerId, one])) };
}

/** Judges as the run does: it asks for all that the page names. */
export function judge(world: World, updates: readonly Update[], options: Partial<UpdatesRequest> = {}): JudgedUpdates {
  const chatIds = [...new Set(updates.flatMap((update) => ('chatId' in update ? [update.chatId] : [])))];
  const known = {
    customers: world.customers.map((one) => ({
      ...one,
      name: '',
      groupId: '',
      group: '',
      subscription: world.subscriptions.get(one.id) ?? null,
    })),
    chats: chatIds.map((chatId) => ({
      chatId,
      language: world.languages.get(chatId) ?? null,
      subscriptions: [...world.subscriptions.values()].filter((one) => one.chatId === chatId),
    })),
  };
  return judgeUpdates({ updates, known, keys: KEYS, botId: BOT, legacyAllowed: false, answered: new Set(), ...options });
}

export function apply(world: World, updates: readonly Update[], options: Partial<UpdatesRequest> = {}): World {
  const judged = judge(world, updates, options);
  return {
    ...world,
    subscriptions: new Map([...world.subscriptions, ...judged.subscriptions.map((one) => [one.customerId, one] as const)]),
    languages: new Map([...world.languages, ...judged.chats.map((chat) => [chat.chatId, chat.language] as const)]),
  };
}

let lastUpdateId = 100;
export function say(chatId: string, text: string, chatType = 'private'): Update {
  lastUpdateId += 1;
  return { kind: 'message', updateId: lastUpdateId, chatId, chatType, text, languageCode: null, date: 0 };
}
export function turn(chatId: string, status: 'blocked' | 'back', chatType = 'private'): Update {
  lastUpdateId += 1;
  return { kind: 'membership', updateId: lastUpdateId, chatId, chatType, status, date: 0 };
}
export function link(customer: string, epoch = 0): string {
  return `/start ${makePayload(customer, { keys: KEYS, botId: BOT, epoch })}`;
}
export function subscription(customerId: string, chatId: string, rest: Partial<Subscription> = {}): Subscription {
  return { customerId, chatId, state: 'active', origin: 'link', epoch: 0, ...rest };
}
export function kinds(judged: JudgedUpdates): string[] {
  return judged.replies.map((reply: GuestReply) => `${reply.chatId} ${reply.kind}${reply.kind === 'refused' ? ` ${reply.reason}` : ''}`);
}
