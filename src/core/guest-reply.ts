import type { ChatId, CustomerId } from './glossary.ts';
import type { LinkRefusal } from './link.ts';

/** What the bot answers a guest; the words are in `bot-texts`. */
export type GuestReply =
  /** Customers this chat now gets notices for: newly linked, moved here, or back after /stop. */
  | { readonly kind: 'welcome'; readonly chatId: ChatId; readonly customerIds: readonly CustomerId[] }
  /** The link was used again where it already works; or Start was pressed by a guest whose notices arrive, such as one who unblocked the bot. */
  | { readonly kind: 'already'; readonly chatId: ChatId; readonly customerIds: readonly CustomerId[] }
  | { readonly kind: 'balance'; readonly chatId: ChatId; readonly customerIds: readonly CustomerId[] }
  /** To the chat that held the customer until now. */
  | { readonly kind: 'moved_away'; readonly chatId: ChatId; readonly customerIds: readonly CustomerId[] }
  | { readonly kind: 'stopped' | 'language'; readonly chatId: ChatId }
  | { readonly kind: 'help'; readonly chatId: ChatId; readonly subscribed: boolean }
  | { readonly kind: 'refused'; readonly chatId: ChatId; readonly reason: LinkRefusal };

/** How the page left things: a reply must be true when it is read. */
export interface PageEnd {
  /** The customers whose notices this chat gets. */
  activeOf(chatId: ChatId): readonly CustomerId[];
  /** The guest's last word was to block the bot: nothing would arrive. */
  isBlocked(chatId: ChatId): boolean;
  /** Replies of which a run gives a chat only one, as `replyKey` names them. */
  readonly answered: ReadonlySet<string>;
}

/** Names a reply of which one per chat and run is enough. */
export function replyKey(reply: GuestReply): string {
  return `${reply.chatId} ${reply.kind} ${reply.kind === 'refused' ? reply.reason : ''}`;
}

/**
 * The replies of one page that are still true at its end, each once, the last of its kind where it stood. A balance goes only to a chat that
 * holds an active subscription; where there is none, help takes its place.
 */
export function settleReplies(replies: readonly GuestReply[], end: PageEnd): readonly GuestReply[] {
  const kept = new Map<string, GuestReply>();
  const settled = replies.map((reply) => settle(reply, end)).filter((reply) => reply !== null);
  const welcomed = new Set(settled.filter((reply) => reply.kind === 'welcome').map((reply) => reply.chatId));
  for (const reply of settled) {
    const once = reply.kind === 'help' || reply.kind === 'refused';
    if (once && end.answered.has(replyKey(reply))) continue;
    // A welcome says all that these say.
    if ((reply.kind === 'help' || reply.kind === 'already') && welcomed.has(reply.chatId)) continue;
    const key = 'customerIds' in reply ? `${replyKey(reply)}${reply.customerIds.join()}` : replyKey(reply);
    kept.delete(key);
    kept.set(key, reply);
  }
  return [...kept.values()];
}

function settle(reply: GuestReply, end: PageEnd): GuestReply | null {
  const { chatId } = reply;
  if (end.isBlocked(chatId)) return null;
  const active = end.activeOf(chatId);
  switch (reply.kind) {
    case 'welcome':
    case 'already': {
      const customerIds = reply.customerIds.filter((id) => active.includes(id));
      return customerIds.length > 0 ? { ...reply, customerIds } : null;
    }
    case 'balance':
      return active.length > 0 ? { ...reply, customerIds: active } : { kind: 'help', chatId, subscribed: false };
    case 'moved_away': {
      const customerIds = reply.customerIds.filter((id) => !active.includes(id));
      return customerIds.length > 0 ? { ...reply, customerIds } : null;
    }
    case 'stopped':
      return active.length > 0 ? null : reply;
    case 'help':
      return { ...reply, subscribed: active.length > 0 };
    default:
      return reply;
  }
}
