import type { BotId, CustomerId, Instant } from '../core/glossary.ts';
import type { Subscription } from '../core/subscriber.ts';
import type { Session } from './session.ts';

/** Stores a subscription, inside the caller's transaction, with what the customer's note should say from now on. */
export function saveSubscription(
  session: Session,
  change: { readonly botId: BotId; readonly subscription: Subscription; readonly now: Instant },
): void {
  const { botId, now } = change;
  const { customerId, chatId, state, origin, epoch } = change.subscription;
  session.find('save_updates').run('subscription', { bot: botId, customerId, chatId, state, origin, epoch, now });
  wantNote(session, botId, customerId);
}

/** What the note should say, and whether it must be written: both follow from the subscription. Nothing without one. */
export function wantNote(session: Session, botId: BotId, customerId: CustomerId): void {
  const statements = session.find('note_mirror');
  statements.run('want', { bot: botId, customer: customerId });
  statements.run('settle', { bot: botId, customer: customerId });
}
