import type { Update } from '../core/update.ts';
import { isRecord } from '../http/answer.ts';
import type { Scrub } from '../http/scrub.ts';
import type { BotIdentity } from '../ports/channel.ts';
import { readId } from './envelope.ts';
import { readUpdates } from './updates.ts';

// The results of the methods that this program calls; null for one of another shape.

export function readBot(result: unknown): { readonly answer: 'bot'; readonly bot: BotIdentity } | null {
  if (!isRecord(result)) return null;
  const id = readId(result['id']);
  const { username, first_name: firstName } = result;
  if (id === null || typeof username !== 'string') return null;
  return { answer: 'bot', bot: { id, username, firstName: typeof firstName === 'string' ? firstName : '' } };
}

export function readPage(result: unknown): { readonly answer: 'updates'; readonly updates: readonly Update[] } | null {
  const updates = readUpdates(result);
  return updates === null ? null : { answer: 'updates', updates };
}

/** Of the webhook's address its host is told: people put tokens into its path. */
export function readWebhook(
  result: unknown,
  scrub: Scrub,
): { readonly answer: 'webhook'; readonly url: string; readonly pending: number } | null {
  if (!isRecord(result) || typeof result['url'] !== 'string') return null;
  const pending = result['pending_update_count'];
  return { answer: 'webhook', url: scrub(result['url']), pending: typeof pending === 'number' ? pending : 0 };
}

export function readDone(result: unknown): { readonly answer: 'done' } | null {
  return result === true ? { answer: 'done' } : null;
}
