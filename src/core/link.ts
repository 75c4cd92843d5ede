import type { BotId, ChatId } from './glossary.ts';
import { isOurs, verifyPayload } from './start-payload.ts';
import type { LinkKeys, ReadPayload } from './start-payload.ts';
import type { KnownCustomer, Subscription } from './subscriber.ts';

/**
 * Why a link was refused.
 * malformed: no payload of ours · forged: not signed by our keys for this bot, another installation's among them · old_epoch: the account has
 * moved since · old_key: signed by a revoked key · deleted: the customer is gone or disabled · unknown_customer: the database has no such
 * customer · group_chat: accounts are told in private chats only · legacy_off: bare links are not accepted (any more) · legacy_taken: a bare
 * link of a customer who has a chat.
 */
export const LINK_REFUSALS = [
  'malformed',
  'forged',
  'old_epoch',
  'old_key',
  'deleted',
  'unknown_customer',
  'group_chat',
  'legacy_off',
  'legacy_taken',
] as const;
export type LinkRefusal = (typeof LINK_REFUSALS)[number];

/** bind: the chat gets the customer · keep: it has them already, or stopped them itself. */
export type LinkVerdict =
  | { readonly answer: 'bind'; readonly origin: 'link' | 'legacy' }
  | { readonly answer: 'keep' }
  | { readonly answer: 'refused'; readonly reason: LinkRefusal };

export interface LinkCase {
  readonly chatId: ChatId;
  /** Null = the database has no such customer. */
  readonly customer: Pick<KnownCustomer, 'live'> | null;
  /** The customer's subscription at this moment, ended ones too. */
  readonly subscription: Subscription | null;
  readonly keys: LinkKeys;
  readonly botId: BotId;
  readonly legacyAllowed: boolean;
}

/** What a link pressed in a private chat leads to. */
export function judgeLink(read: Exclude<ReadPayload, { kind: 'malformed' }>, link: LinkCase): LinkVerdict {
  const reason = read.kind === 'signed' ? judgeSigned(read, link) : judgeLegacy(link);
  if (reason === null) return { answer: 'bind', origin: read.kind === 'signed' ? 'link' : 'legacy' };
  // An old link of ours, pressed once more where the account is told, moves nothing and proves nothing it didn't before.
  const harmless = reason === 'old_epoch' || reason === 'old_key' || reason === 'legacy_off' || reason === 'legacy_taken';
  return harmless && isHeld(link) ? { answer: 'keep' } : { answer: 'refused', reason };
}

/** Ended by staff is not held: then it takes a link that is good. */
function isHeld({ subscription, chatId, customer }: LinkCase): boolean {
  return customer?.live === true && subscription?.chatId === chatId && subscription.state !== 'cleared';
}

function judgeSigned(read: Extract<ReadPayload, { kind: 'signed' }>, link: LinkCase): LinkRefusal | null {
  const { keys, botId, customer } = link;
  // Only who proves that the link is ours learns, by its reason in the ledger, anything about the customer.
  if (customer === null && isOurs(read, { keys, botId })) return 'unknown_customer';
  const verified = verifyPayload(read, { keys, botId, epoch: link.subscription?.epoch ?? 0 });
  if (!verified.ok && verified.reason !== 'old_epoch') return verified.reason;
  if (customer?.live !== true) return 'deleted';
  return verified.ok ? null : verified.reason;
}

function judgeLegacy(link: LinkCase): LinkRefusal | null {
  if (link.subscription !== null) return link.legacyAllowed ? 'legacy_taken' : 'legacy_off';
  if (!link.legacyAllowed) return 'legacy_off';
  if (link.customer === null) return 'unknown_customer';
  return link.customer.live ? null : 'deleted';
}
