import type { Subscription } from '../core/subscriber.ts';

/** A left join's subscription: all of it is null where there is none. */
export type SubscriptionColumns = { readonly [Key in keyof Omit<Subscription, 'customerId'>]: Subscription[Key] | null };

export function toSubscription(row: SubscriptionColumns & Pick<Subscription, 'customerId'>): Subscription | null {
  const { customerId, chatId, state, origin, epoch } = row;
  if (chatId === null || state === null || origin === null || epoch === null) return null;
  return { customerId, chatId, state, origin, epoch };
}
