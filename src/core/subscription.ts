import { readCommand } from './bot-command.ts';
import type { BotCommand } from './bot-command.ts';
import type { BotId, ChatId, CustomerId, SubscriptionState } from './glossary.ts';
import { settleReplies } from './guest-reply.ts';
import type { GuestReply } from './guest-reply.ts';
import { judgeLink } from './link.ts';
import type { LinkRefusal } from './link.ts';
import { readPayload } from './start-payload.ts';
import type { LinkKeys } from './start-payload.ts';
import type { Chat, KnownCustomer, KnownSubscribers, Subscription } from './subscriber.ts';
import type { Update } from './update.ts';

export interface RefusedLink {
  readonly chatId: ChatId;
  readonly updateId: number;
  readonly reason: LinkRefusal;
  /** Whom the link named, proven or not. */
  readonly customerId: CustomerId | null;
}

/** Customers by what became of their subscriptions; links refused by reason. */
export interface SubscriptionCounts {
  readonly subscribed: number;
  readonly moved: number;
  readonly stopped: number;
  readonly blocked: number;
  readonly back: number;
  readonly refused: Readonly<Record<string, number>>;
}

export interface UpdatesRequest {
  readonly updates: readonly Update[];
  readonly known: KnownSubscribers;
  readonly keys: LinkKeys;
  readonly botId: BotId;
  /** The former solution's bare links still count. */
  readonly legacyAllowed: boolean;
  /** Keys of replies (`replyKey`) that this run has given already. */
  readonly answered: ReadonlySet<string>;
}

/** What a page changes: only rows that end otherwise than they were known. */
export interface JudgedUpdates {
  readonly subscriptions: readonly Subscription[];
  readonly chats: readonly Chat[];
  readonly refused: readonly RefusedLink[];
  readonly replies: readonly GuestReply[];
  readonly counts: SubscriptionCounts;
}

/** The page as it unfolds. */
interface Page {
  readonly request: UpdatesRequest;
  readonly customers: ReadonlyMap<CustomerId, KnownCustomer>;
  readonly subscriptions: Map<CustomerId, Subscription>;
  readonly chats: Map<ChatId, Chat>;
  readonly blocked: Set<ChatId>;
  readonly refused: RefusedLink[];
  readonly replies: GuestReply[];
  readonly counts: { subscribed: number; moved: number; stopped: number; blocked: number; back: number };
}

type Message = Extract<Update, { kind: 'message' }>;
type Membership = Extract<Update, { kind: 'membership' }>;

/**
 * Applies a page of updates, in its order, to what is known. The same page applied to its own result changes nothing more, so a page that
 * Telegram hands out twice does no harm. Whatever an update holds, it leads at worst to a help text.
 */
export function judgeUpdates(request: UpdatesRequest): JudgedUpdates {
  const { known } = request;
  const before = new Map<CustomerId, Subscription>();
  for (const { subscription } of known.customers) if (subscription !== null) before.set(subscription.customerId, subscription);
  for (const chat of known.chats) for (const subscription of chat.subscriptions) before.set(subscription.customerId, subscription);
  const chatsBefore = new Map(known.chats.map(({ chatId, language }) => [chatId, { chatId, language }]));
  const page: Page = {
    request,
    customers: new Map(known.customers.map((customer) => [customer.id, customer])),
    subscriptions: new Map(before),
    chats: new Map(chatsBefore),
    blocked: new Set(),
    refused: [],
    replies: [],
    counts: { subscribed: 0, moved: 0, stopped: 0, blocked: 0, back: 0 },
  };
  for (const update of request.updates) {
    if (update.kind === 'message') hear(page, update);
    if (update.kind === 'membership') changeMembership(page, update);
  }
  return {
    subscriptions: [...page.subscriptions.values()].filter((now) => !isSameSubscription(now, before.get(now.customerId))),
    chats: [...page.chats.values()].filter((now) => now.language !== chatsBefore.get(now.chatId)?.language),
    refused: page.refused,
    replies: settleReplies(page.replies, {
      activeOf: (chatId) => heldBy(page, chatId, ['active']).map((held) => held.customerId),
      isBlocked: (chatId) => page.blocked.has(chatId),
      answered: request.answered,
    }),
    counts: { ...page.counts, refused: countReasons(page.refused) },
  };
}

function hear(page: Page, message: Message): void {
  const command = readCommand(message.text);
  if (message.chatType !== 'private') {
    if (command.command === 'start') hearInGroup(page, message, command.payload);
    return;
  }
  const { chatId } = message;
  page.blocked.delete(chatId);
  // Whoever writes has not blocked the bot, whatever an earlier call was told. /stop ends it without coming back first.
  if (command.command !== 'stop') comeBack(page, chatId);
  obey(page, message, command);
}

function obey(page: Page, message: Message, command: BotCommand): void {
  const { chatId } = message;
  switch (command.command) {
    case 'start':
      if (command.payload === null) restart(page, chatId);
      else followLink(page, message, command.payload);
      return;
    case 'stop':
      for (const held of heldBy(page, chatId, ['active', 'suspended'])) change(page, { ...held, state: 'stopped' }, 'stopped');
      page.replies.push({ kind: 'stopped', chatId });
      return;
    case 'balance':
      page.replies.push({ kind: 'balance', chatId, customerIds: [] });
      return;
    case 'ru':
    case 'en':
      page.chats.set(chatId, { chatId, language: command.command });
      page.replies.push({ kind: 'language', chatId });
      return;
    default:
      page.replies.push({ kind: 'help', chatId, subscribed: false });
  }
}

/** An account's movements are nobody's business in a group, whoever posts the link there. */
function hearInGroup(page: Page, message: Message, payload: string | null): void {
  if (payload === null) {
    page.replies.push({ kind: 'refused', chatId: message.chatId, reason: 'group_chat' });
    return;
  }
  const read = readPayload(payload);
  refuse(page, message, { reason: 'group_chat', customerId: read.kind === 'malformed' ? null : read.customerId });
}

/** A plain /start undoes this chat's own /stop, and nothing that staff or another chat did. Who holds accounts already is shown them. */
function restart(page: Page, chatId: ChatId): void {
  const stopped = heldBy(page, chatId, ['stopped']);
  for (const held of stopped) change(page, { ...held, state: 'active' }, 'subscribed');
  const customerIds = (stopped.length > 0 ? stopped : heldBy(page, chatId, ['active'])).map((held) => held.customerId);
  if (customerIds.length === 0) page.replies.push({ kind: 'help', chatId, subscribed: false });
  else page.replies.push({ kind: stopped.length > 0 ? 'welcome' : 'already', chatId, customerIds });
}

function followLink(page: Page, message: Message, payload: string): void {
  const { chatId } = message;
  const read = readPayload(payload);
  if (read.kind === 'malformed') {
    refuse(page, message, { reason: 'malformed', customerId: null });
    return;
  }
  const { customerId } = read;
  const { keys, botId, legacyAllowed } = page.request;
  const subscription = page.subscriptions.get(customerId) ?? null;
  const verdict = judgeLink(read, { chatId, customer: page.customers.get(customerId) ?? null, subscription, keys, botId, legacyAllowed });
  if (verdict.answer === 'refused') {
    refuse(page, message, { reason: verdict.reason, customerId });
    return;
  }
  if (subscription === null || (verdict.answer === 'bind' && subscription.chatId !== chatId)) {
    const origin = verdict.answer === 'bind' ? verdict.origin : 'link';
    bind(page, { customerId, chatId, state: 'active', origin, epoch: subscription === null ? 0 : subscription.epoch + 1 });
    return;
  }
  const known = subscription.state === 'active' && (subscription.origin !== 'note' || verdict.answer === 'keep');
  const origin = verdict.answer === 'bind' ? verdict.origin : subscription.origin;
  change(page, { ...subscription, state: 'active', origin }, subscription.state === 'active' ? null : 'subscribed');
  page.replies.push({ kind: known ? 'already' : 'welcome', chatId, customerIds: [customerId] });
}

/** A first chat, or a move: then the epoch has grown, which uses up every link made before. */
function bind(page: Page, next: Subscription): void {
  const former = page.subscriptions.get(next.customerId);
  change(page, next, former === undefined ? 'subscribed' : 'moved');
  page.replies.push({ kind: 'welcome', chatId: next.chatId, customerIds: [next.customerId] });
  if (former?.state === 'active') page.replies.push({ kind: 'moved_away', chatId: former.chatId, customerIds: [next.customerId] });
}

function refuse(page: Page, message: Message, link: Pick<RefusedLink, 'reason' | 'customerId'>): void {
  const { chatId, updateId } = message;
  page.refused.push({ chatId, updateId, ...link });
  page.replies.push({ kind: 'refused', chatId, reason: link.reason });
}

function changeMembership(page: Page, update: Membership): void {
  const { chatId } = update;
  if (update.chatType !== 'private') return;
  if (update.status === 'back') {
    page.blocked.delete(chatId);
    comeBack(page, chatId);
    return;
  }
  page.blocked.add(chatId);
  for (const held of heldBy(page, chatId, ['active'])) change(page, { ...held, state: 'suspended' }, 'blocked');
}

/** Revives only what blocking had ended. */
function comeBack(page: Page, chatId: ChatId): void {
  for (const held of heldBy(page, chatId, ['suspended'])) change(page, { ...held, state: 'active' }, 'back');
}

function change(page: Page, next: Subscription, counted: keyof Page['counts'] | null): void {
  page.subscriptions.set(next.customerId, next);
  if (counted !== null) page.counts[counted] += 1;
}

function heldBy(page: Page, chatId: ChatId, states: readonly SubscriptionState[]): Subscription[] {
  return [...page.subscriptions.values()].filter((held) => held.chatId === chatId && states.includes(held.state));
}

function isSameSubscription(a: Subscription, b: Subscription | undefined): boolean {
  return a.chatId === b?.chatId && a.state === b.state && a.origin === b.origin && a.epoch === b.epoch;
}

function countReasons(refused: readonly RefusedLink[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of refused) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
