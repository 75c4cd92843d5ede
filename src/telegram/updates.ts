import type { Update } from '../core/update.ts';
import { isRecord } from '../http/answer.ts';
import { readId } from './envelope.ts';

/** The kinds of updates that are asked for; the rest Telegram keeps to itself. */
export const ALLOWED_UPDATES: readonly string[] = ['message', 'my_chat_member'];

/** A page in Telegram's order; null when it isn't a list of updates. What this program doesn't understand is `other` and moves the offset. */
export function readUpdates(result: unknown): readonly Update[] | null {
  if (!Array.isArray(result)) return null;
  const updates: Update[] = [];
  for (const raw of result as readonly unknown[]) {
    const update = readUpdate(raw);
    // Without its number it can't be confirmed, so the page would come for ever.
    if (update === null) return null;
    updates.push(update);
  }
  return updates;
}

function readUpdate(raw: unknown): Update | null {
  if (!isRecord(raw)) return null;
  const updateId = raw['update_id'];
  if (typeof updateId !== 'number' || !Number.isSafeInteger(updateId)) return null;
  return readMessage(updateId, raw['message']) ?? readMembership(updateId, raw['my_chat_member']) ?? { kind: 'other', updateId };
}

/** Texts only: photographs, stickers and contacts tell this program nothing. */
function readMessage(updateId: number, message: unknown): Update | null {
  const about = readAbout(message);
  if (about === null || !isRecord(message) || typeof message['text'] !== 'string') return null;
  const from = isRecord(message['from']) ? message['from'] : {};
  const languageCode = typeof from['language_code'] === 'string' && from['language_code'] !== '' ? from['language_code'] : null;
  return { kind: 'message', updateId, ...about, text: message['text'], languageCode };
}

/** Blocked and unblocked; rights and restrictions in groups are not ours. */
function readMembership(updateId: number, change: unknown): Update | null {
  const about = readAbout(change);
  if (about === null || !isRecord(change) || !isRecord(change['new_chat_member'])) return null;
  switch (change['new_chat_member']['status']) {
    case 'kicked':
      return { kind: 'membership', updateId, ...about, status: 'blocked' };
    case 'member':
      return { kind: 'membership', updateId, ...about, status: 'back' };
    default:
      return null;
  }
}

function readAbout(raw: unknown): { readonly chatId: string; readonly chatType: string; readonly date: number } | null {
  if (!isRecord(raw) || !isRecord(raw['chat'])) return null;
  const chatId = readId(raw['chat']['id']);
  if (chatId === null) return null;
  const chatType = typeof raw['chat']['type'] === 'string' ? raw['chat']['type'] : '';
  return { chatId, chatType, date: typeof raw['date'] === 'number' ? raw['date'] : 0 };
}
