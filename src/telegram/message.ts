import type { ChatId } from '../core/glossary.ts';
import type { TelegramSettings } from '../core/settings.ts';
import type { OutgoingMessage } from '../ports/channel.ts';

/** The JSON of `sendMessage`; put together by hand, because the greater part of it never changes. */
export function messageComposer(broadcast: TelegramSettings['broadcast']): (message: OutgoingMessage) => string {
  const paid = broadcast === 'paid' ? ',"allow_paid_broadcast":true' : '';
  const fixed = `"parse_mode":"HTML","link_preview_options":{"is_disabled":true}${paid}`;
  return ({ chatId, html, silent }) =>
    `{"chat_id":${idLiteral(chatId)},"text":${JSON.stringify(html)},"disable_notification":${silent},${fixed}}`;
}

/** A number where a number is exact, else text: Telegram reads both. */
function idLiteral(chatId: ChatId): string {
  const number = Number(chatId);
  return Number.isSafeInteger(number) && String(number) === chatId ? chatId : JSON.stringify(chatId);
}
