import type { ChatId, CustomerId, Instant } from '../core/glossary.ts';
import type { Chat, KnownCustomer, KnownSubscribers, Subscription } from '../core/subscriber.ts';
import type { SubscriptionPage } from '../ports/ledger.ts';
import { toCustomer } from './operation-row.ts';
import type { CustomerRow } from './operation-row.ts';
import { saveSubscription } from './save-subscription.ts';
import { asHolder } from './session.ts';
import type { RunSession, Session } from './session.ts';

/**
 * The customers and chats asked for, and those tied to them: the chats that the customers sit in, and everybody who sits in any of these
 * chats. A customer whom Tillypad doesn't have and a chat without a trace are absent.
 */
export function findSubscribers(session: RunSession, customers: readonly CustomerId[], chats: readonly ChatId[]): KnownSubscribers {
  const statements = session.find('find_subscribers');
  const bot = session.run?.botId ?? '';
  const homes = statements.all<{ chatId: ChatId }>('chats_of', { bot, customers: JSON.stringify(customers) }).map((row) => row.chatId);
  const chatIds = JSON.stringify([...new Set([...chats, ...homes])]);
  const subscriptions = statements.all<Subscription>('subscriptions', { bot, chats: chatIds }).map((row) => ({ ...row }));
  const known = statements.all<Chat>('chats', { bot, chats: chatIds });
  const customerIds = JSON.stringify([...new Set([...customers, ...subscriptions.map((one) => one.customerId)])]);
  return {
    customers: readCustomers(session, customerIds, subscriptions),
    chats: mergeChats(
      known,
      Map.groupBy(subscriptions, (one) => one.chatId),
    ),
  };
}

function readCustomers(session: Session, customerIds: string, subscriptions: readonly Subscription[]): KnownCustomer[] {
  const byCustomer = new Map(subscriptions.map((one) => [one.customerId, one]));
  const rows = session.find('find_subscribers').all<CustomerRow & { live: number | null }>('customers', { customers: customerIds });
  return rows.map((row) => ({ ...toCustomer(row), live: row.live === 1, subscription: byCustomer.get(row.customerId) ?? null }));
}

function mergeChats(known: readonly Chat[], subscriptions: ReadonlyMap<ChatId, readonly Subscription[]>): KnownSubscribers['chats'] {
  const languages = new Map(known.map((chat) => [chat.chatId, chat.language]));
  const chatIds = new Set([...languages.keys(), ...subscriptions.keys()]);
  return [...chatIds].map((chatId) => ({
    chatId,
    language: languages.get(chatId) ?? null,
    subscriptions: subscriptions.get(chatId) ?? [],
  }));
}

/** The offset is stored as received: Telegram's numbers may start anew after a week of silence. */
export function saveUpdates(session: RunSession, page: SubscriptionPage): 'saved' | 'lock_lost' {
  return asHolder(session, ({ botId }, { now }) => {
    const statements = session.find('save_updates');
    statements.run('offset', { bot: botId, offset: page.offset });
    for (const chat of page.chats) statements.run('chat', { bot: botId, chatId: chat.chatId, language: chat.language });
    for (const subscription of page.subscriptions) saveSubscription(session, { botId, subscription, now });
    for (const { chatId, updateId, reason, customerId } of page.refused) {
      statements.run('refused', { bot: botId, chatId, updateId, reason, customerId, now });
    }
    return 'saved' as const;
  });
}

export function savePoll(session: RunSession): 'saved' | 'lock_lost' {
  return asHolder(session, ({ botId }, { now }) => {
    session.find('save_updates').run('poll', { bot: botId, now });
    return 'saved' as const;
  });
}

/** Chats that came with a forged link since then. */
export function countForgers(session: RunSession, since: Instant): number {
  return session.find('save_updates').get<{ chats: number }>('forgers', { bot: session.run?.botId ?? '', since })?.chats ?? 0;
}
