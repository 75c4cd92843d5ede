import { composeReply, SHOWN_CUSTOMERS } from '../core/bot-replies.ts';
import type { ReplyContext } from '../core/bot-replies.ts';
import type { CustomerId, Instant, WallTime } from '../core/glossary.ts';
import { replyKey } from '../core/guest-reply.ts';
import type { GuestReply } from '../core/guest-reply.ts';
import type { Outcome } from '../core/outcome.ts';
import type { TaskSettings } from '../core/settings.ts';
import type { KnownSubscribers } from '../core/subscriber.ts';
import type { OutgoingMessage } from '../ports/channel.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { RunApp } from './context.ts';

/** Sends one message within Telegram's limits, when the run may still begin a call. */
export type SendReply = (message: OutgoingMessage) => Promise<Outcome>;

/** How replying goes; moves with each page. */
export interface Replying {
  sent: number;
  /** By Telegram, mostly because the guest is gone. */
  refused: number;
  /** Never begun, or of unknown outcome: nobody tries again. */
  left: number;
  quietUntil: Instant | null;
  /** Telegram is in trouble or wants silence: the run answers nobody any more. */
  halted: boolean;
}

export interface ReplyApp extends Pick<RunApp, 'signal'> {
  readonly ledger: Pick<Ledger, 'findSubscribers' | 'readAccounts'>;
}

export interface ReplyTurn {
  readonly replies: readonly GuestReply[];
  readonly settings: Pick<TaskSettings, 'restaurant' | 'guests' | 'notice'>;
  readonly wallNow: WallTime;
  readonly send: SendReply | null;
  readonly answered: Set<string>;
  readonly replying: Replying;
}

/**
 * Answers a page that is saved already, as far as it goes: each reply once, never retried, and nobody's at the cost of a notice. Who holds
 * what is read anew, so that a balance follows the ledger and not the page.
 */
export async function reply(app: ReplyApp, turn: ReplyTurn): Promise<void> {
  const { replies, replying, send, settings } = turn;
  if (replies.length === 0) return;
  if (send === null || replying.halted || app.signal.aborted) {
    replying.left += replies.length;
    return;
  }
  const known = await app.ledger.findSubscribers(unique(replies.flatMap(shownCustomers)), unique(replies.map((one) => one.chatId)));
  const held = replies.flatMap((one) => (one.kind === 'moved_away' ? [] : heldOf(one, known)));
  const { accounts, newest } = held.length === 0 ? { accounts: [], newest: [] } : await app.ledger.readAccounts(unique(held));
  const context = { restaurant: settings.restaurant, units: settings.notice.units, accounts, newest, wallNow: turn.wallNow };
  for (const one of replies) {
    const language = known.chats.find((chat) => chat.chatId === one.chatId)?.language ?? settings.guests.language;
    const html = compose(one, { ...context, language, customerIds: heldOf(one, known) });
    if (html === null) continue;
    if (replying.halted || app.signal.aborted) {
      replying.left += 1;
      continue;
    }
    turn.answered.add(replyKey(one));
    count(replying, await send({ chatId: one.chatId, html, silent: false }));
  }
}

/** A guest who asked for an account that can't be shown is answered all the same. */
function compose(one: GuestReply, context: ReplyContext): string | null {
  const html = composeReply(one, context);
  return html === null && (one.kind === 'balance' || one.kind === 'already')
    ? composeReply({ kind: 'help', chatId: one.chatId, subscribed: false }, context)
    : html;
}

function count(replying: Replying, outcome: Outcome): void {
  switch (outcome.outcome) {
    case 'delivered':
      replying.sent += 1;
      return;
    case 'refused':
      replying.refused += 1;
      return;
    default:
      // The next call would fare no better; notices have their own way of finding out when Telegram is back.
      replying.left += 1;
      replying.halted = true;
      if (outcome.outcome === 'retry' && outcome.code === 'limited') replying.quietUntil = outcome.notBefore;
  }
}

function shownCustomers(one: GuestReply): readonly CustomerId[] {
  return 'customerIds' in one ? one.customerIds.slice(0, SHOWN_CUSTOMERS + 1) : [];
}

/** Customers of the reply whose account its chat may see at this moment. */
function heldOf(one: GuestReply, known: KnownSubscribers): CustomerId[] {
  const holds = (id: CustomerId): boolean =>
    known.customers.some(
      (customer) =>
        customer.id === id && customer.live && customer.subscription?.chatId === one.chatId && customer.subscription.state === 'active',
    );
  return shownCustomers(one).filter(holds);
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
