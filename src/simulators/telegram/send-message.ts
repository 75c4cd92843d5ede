import { badRequest, fail, succeed, tooMany } from './answers.ts';
import type { Answer } from '../answer.ts';
import { flagOf, textOf } from '../arguments.ts';
import type { Chat } from './bots.ts';
import { parseHtml } from './entities.ts';
import type { ParsedText } from './entities.ts';
import { judgePace } from './rates.ts';
import { tidyText } from './tidy-text.ts';
import type { MethodCall } from './world.ts';

const LONGEST_SOURCE_BYTES = 32_768;
/** Code points after entity parsing (td, MessageContent.cpp), though the documentation says «characters». */
const LONGEST_TEXT = 4_096;

/**
 * The order of checks is the real server's as far as its source shows: the text, the chat as the bot knows it, the length; then what
 * only Telegram's core knows (the rates, a block), whose order between themselves is a guess.
 */
export function sendMessage(call: MethodCall): Answer {
  const { arguments: args, bot, world } = call;
  const source = textOf(args, 'text');
  if (source === '') return badRequest('Message text is empty');
  const parsed = parseText(source, textOf(args, 'parse_mode').toLowerCase());
  if ('problem' in parsed) return badRequest(parsed.problem);

  const chatId = textOf(args, 'chat_id');
  if (chatId === '') return badRequest('chat_id is empty');
  const chat = bot.chats.get(chatId);
  if (chat === undefined || chat.standing === 'unknown') return badRequest('chat not found');
  const shut = refuseBefore(chat);
  if (shut !== null) return shut;

  const tidy = tidyText(parsed.text, parsed.entities);
  if ('problem' in tidy) return badRequest(tidy.problem);
  if (isTooLong(tidy.text)) return badRequest('Message is too long');

  const paid = flagOf(args, 'allow_paid_broadcast');
  const now = world.presence.monotonic();
  const wait = judgePace(
    { bot: bot.pace, chat: chat.pace },
    { limits: world.limits, now, paid: paid && bot.paidBroadcast, group: chat.kind !== 'private' },
  );
  if (wait > 0) return tooMany(wait);
  if (chat.standing === 'blocked') return fail(403, 'Forbidden: bot was blocked by the user');
  return deliver(call, chat, { source, tidy, paid, moment: now });
}

function parseText(source: string, mode: string): ParsedText {
  if (source.length * 3 > LONGEST_SOURCE_BYTES && Buffer.byteLength(source) > LONGEST_SOURCE_BYTES) return { problem: 'Text is too long' };
  if (mode === '' || mode === 'none') return { text: source, entities: [] };
  if (mode === 'markdown' || mode === 'markdownv2') return { problem: 'the simulator parses HTML only' };
  if (mode !== 'html') return { problem: 'Unsupported parse_mode' };
  const parsed = parseHtml(source);
  return 'problem' in parsed ? { problem: `Can't parse entities: ${parsed.problem}` } : parsed;
}

function refuseBefore(chat: Chat): Answer | null {
  if (chat.migratedTo !== null) {
    return fail(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: chat.migratedTo });
  }
  if (chat.standing === 'deactivated') return fail(403, 'Forbidden: user is deactivated');
  if (chat.standing === 'kicked') return fail(403, `Forbidden: bot was kicked from the ${chat.kind} chat`);
  return null;
}

function isTooLong(text: string): boolean {
  return text.length > LONGEST_TEXT && Array.from(text).length > LONGEST_TEXT;
}

function deliver(
  { arguments: args, bot, call, world }: MethodCall,
  chat: Chat,
  { source, tidy, paid, moment }: { source: string; tidy: Exclude<ParsedText, { problem: string }>; paid: boolean; moment: number },
): Answer {
  const messageId = bot.nextMessageId;
  bot.nextMessageId += 1;
  const at = world.presence.now();
  const silent = flagOf(args, 'disable_notification');
  const line = { messageId, at, text: tidy.text, html: source, silent };
  chat.lines.push({ from: 'bot', ...line });
  const message = { call: call.number, botId: bot.id, chatId: String(chat.id), ...line, moment, paid };
  world.record.messages.push(message);
  world.onMessage?.(message);
  const entities = tidy.entities.length === 0 ? '' : `,"entities":${JSON.stringify(tidy.entities)}`;
  const head = `{"message_id":${messageId},"from":${bot.json},"chat":${chat.json},"date":${Math.floor(at / 1_000)}`;
  return succeed(`${head},"text":${JSON.stringify(tidy.text)}${entities}}`);
}
