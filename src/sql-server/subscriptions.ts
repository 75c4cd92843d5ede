import type { ChatId, CustomerId, Instant } from '../core/glossary.ts';
import type { Chat, KnownCustomer, KnownSubscribers, Subscription } from '../core/subscriber.ts';
import type { SubscriptionPage } from '../ports/ledger.ts';
import { toCustomer } from './operation-row.ts';
import type { CustomerRow } from './operation-row.ts';
import { allRows, firstRow } from './rows.ts';
import { saveAsHolder } from './session.ts';
import type { RunSession } from './session.ts';
import { at, idList, isId, table, textList } from './values.ts';

/**
 * The customers and chats asked for, and those tied to them: the chats that the customers sit in, and everybody who sits in any of these
 * chats. A customer whom Tillypad doesn't have and a chat without a trace are absent.
 */
export async function findSubscribers(
  session: RunSession,
  customers: readonly CustomerId[],
  chats: readonly ChatId[],
): Promise<KnownSubscribers> {
  const sets = await session.connection.callProcedure('find_subscribers', {
    bot_id: session.run?.botId ?? '0',
    customers: idList(customers),
    chats: textList(chats),
  });
  const subscriptions = allRows<Subscription>(sets, 0);
  const byCustomer = new Map(subscriptions.map((one) => [one.customerId, one]));
  const rows = allRows<CustomerRow & { readonly live: boolean }>(sets, 2);
  return {
    customers: rows.map((row): KnownCustomer => ({
      ...toCustomer(row),
      live: row.live,
      subscription: byCustomer.get(row.customerId) ?? null,
    })),
    chats: mergeChats(
      allRows<Chat>(sets, 1),
      Map.groupBy(subscriptions, (one) => one.chatId),
    ),
  };
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

/** One call is one transaction: the offset with everything that it stands for. */
export async function saveUpdates(session: RunSession, page: SubscriptionPage): Promise<'saved' | 'lock_lost'> {
  const subscriptions = new Map(page.subscriptions.map((one) => [one.customerId, one]));
  const chats = new Map(page.chats.map((one) => [one.chatId, one]));
  const refused = new Map(page.refused.map((one) => [one.updateId, one]));
  return saveAsHolder(session, 'save_updates', {
    offset: page.offset,
    subscriptions: table(
      'subscription_list_1',
      { customer_id: 'id', chat_id: 'text', state: 'text', origin: 'text', epoch: 'number' },
      [...subscriptions.values()].map(({ customerId, chatId, state, origin, epoch }) => [customerId, chatId, state, origin, epoch]),
    ),
    chats: table(
      'chat_list_1',
      { chat_id: 'text', language: 'text' },
      [...chats.values()].map(({ chatId, language }) => [chatId, language]),
    ),
    refused: table(
      'refused_list_1',
      { update_id: 'number', chat_id: 'text', reason: 'text', customer_id: 'id' },
      [...refused.values()].map(({ updateId, chatId, reason, customerId }) => [
        updateId,
        chatId,
        reason,
        customerId !== null && isId(customerId) ? customerId : null,
      ]),
    ),
  });
}

export async function savePoll(session: RunSession): Promise<'saved' | 'lock_lost'> {
  return saveAsHolder(session, 'save_poll', {});
}

/** Chats that came with a forged link since then. */
export async function countForgers({ connection, run }: RunSession, since: Instant): Promise<number> {
  const sets = await connection.callProcedure('count_forgers', { bot_id: run?.botId ?? '0', since: at(since) });
  return firstRow<{ chats: number }>(sets)?.chats ?? 0;
}
