import type { AcceptedSms } from './record.ts';
import type { SmsWorld } from './world.ts';

/** Where an accepted SMS is. declined: by a moderator. */
export type Stage = 'moderation' | 'declined' | 'queued' | 'sent' | 'delivered' | 'undelivered';

const QUEUE_MS = 1_000;

/** By the clock alone: nothing is kept, nobody sleeps. */
export function stageOf({ account, presence }: SmsWorld, { at, number }: AcceptedSms): Stage {
  const age = presence.now() - at;
  const moderated = account.moderation === 'none' ? 0 : account.moderationMs;
  if (age < moderated) return 'moderation';
  if (account.moderation === 'declines') return 'declined';
  if (age < moderated + QUEUE_MS) return 'queued';
  const fate = account.fates.get(number) ?? 'delivered';
  return fate === 'never' || age < moderated + QUEUE_MS + account.deliveryMs ? 'sent' : fate;
}
