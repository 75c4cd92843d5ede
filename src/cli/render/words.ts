import type { DeliveryState, Language, SubscriptionOrigin, SubscriptionState } from '../../core/glossary.ts';
import type { LinkRefusal } from '../../core/link.ts';
import type { DoubtCode, RefusalCode, RetryCode } from '../../core/outcome.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { SKIP_WORDS } from './skips.ts';

export const STATE_WORDS: Readonly<Record<DeliveryState, Sentence>> = {
  planned: { en: 'waiting', ru: 'ждёт отправки' },
  sending: { en: 'being sent', ru: 'отправляется' },
  delivered: { en: 'delivered', ru: 'доставлено' },
  refused: { en: 'refused', ru: 'не принято' },
  in_doubt: { en: 'in doubt', ru: 'под вопросом' },
  skipped: { en: 'without a notice', ru: 'без уведомления' },
};

/** The same before a number of deliveries, whatever it is. */
export const STATE_COUNT_WORDS: Readonly<Record<DeliveryState, Sentence>> = {
  ...STATE_WORDS,
  planned: { en: 'waiting', ru: 'ждут отправки' },
  sending: { en: 'being sent', ru: 'отправляются' },
};

export const REFUSAL_WORDS: Readonly<Record<RefusalCode, Sentence>> = {
  blocked: { en: 'the guest has blocked the bot', ru: 'гость заблокировал бота' },
  deactivated: { en: 'the guest’s Telegram account is deleted', ru: 'учётная запись гостя в Telegram удалена' },
  chat_not_found: { en: 'Telegram knows no such chat', ru: 'такого чата в Telegram нет' },
  not_started: { en: 'the guest has never pressed Start', ru: 'гость не нажимал Start' },
  migrated: { en: 'the chat has moved to another number', ru: 'чат переехал под другой номер' },
  bad_text: { en: 'Telegram can’t read our text', ru: 'Telegram не смог прочесть наш текст' },
  too_long: { en: 'our text is too long', ru: 'наш текст слишком длинный' },
  bad_request: { en: 'Telegram refused the request', ru: 'Telegram отклонил запрос' },
  no_template: { en: 'there is no text for it', ru: 'для неё нет текста' },
  bad_record: { en: 'its date or sum in Tillypad can’t be read', ru: 'её дата или сумма в Tillypad не читается' },
};

export const DOUBT_WORDS: Readonly<Record<DoubtCode, Sentence>> = {
  timeout: { en: 'Telegram did not answer in time', ru: 'Telegram не ответил вовремя' },
  cut: { en: 'the connection broke after the message was on its way', ru: 'связь оборвалась, когда сообщение уже ушло' },
  server: { en: 'Telegram answered with a fault of its own', ru: 'Telegram ответил ошибкой сервера' },
  unreadable: { en: 'the answer made no sense', ru: 'ответ не удалось разобрать' },
  orphan: { en: 'the run died while it was being sent', ru: 'запуск погиб во время отправки' },
};

export const RETRY_WORDS: Readonly<Record<RetryCode, Sentence>> = {
  limited: { en: 'Telegram asked to wait', ru: 'Telegram попросил подождать' },
  unreachable: { en: 'Telegram could not be reached', ru: 'Telegram был недоступен' },
  unusable: { en: 'Telegram refused the bot token', ru: 'Telegram не принял токен бота' },
  not_begun: { en: 'not begun: the run was ending', ru: 'не начато: запуск завершался' },
};

export const OUTCOME_WORDS: Readonly<Record<string, Sentence>> = {
  delivered: STATE_WORDS.delivered,
  refused: STATE_WORDS.refused,
  retry: { en: 'surely not sent', ru: 'точно не отправлено' },
  in_doubt: STATE_WORDS.in_doubt,
};

export const LINK_REFUSAL_WORDS: Readonly<Record<LinkRefusal, Sentence>> = {
  malformed: { en: 'no link of ours', ru: 'не наша ссылка' },
  forged: { en: 'not signed by this installation', ru: 'подписана не этой установкой' },
  old_epoch: { en: 'used up by a move to another chat', ru: 'уже использована для переезда в другой чат' },
  old_key: { en: 'signed by a revoked key', ru: 'подписана отозванным ключом' },
  deleted: { en: 'the customer is deleted or disabled', ru: 'клиент удалён или отключён' },
  unknown_customer: { en: 'there is no such customer', ru: 'такого клиента нет' },
  group_chat: { en: 'opened in a group chat', ru: 'открыта в групповом чате' },
  legacy_off: { en: 'a link of the former solution, no longer accepted', ru: 'ссылка прежнего решения, больше не принимается' },
  legacy_taken: {
    en: 'a link of the former solution for a customer who has a chat',
    ru: 'ссылка прежнего решения, а у клиента уже есть чат',
  },
};

export const SUBSCRIPTION_WORDS: Readonly<Record<SubscriptionState, Sentence>> = {
  active: { en: 'subscribed', ru: 'подписан' },
  suspended: { en: 'the guest has blocked the bot', ru: 'гость заблокировал бота' },
  stopped: { en: 'the guest said stop', ru: 'гость отписался' },
  cleared: { en: 'staff emptied the note', ru: 'сотрудники очистили заметку' },
};

/** The same before a number of customers, whatever it is. */
export const SUBSCRIPTION_COUNT_WORDS: Readonly<Record<SubscriptionState, Sentence>> = {
  active: { en: 'subscribed', ru: 'подписаны' },
  suspended: { en: 'blocked the bot', ru: 'заблокировали бота' },
  stopped: { en: 'said stop', ru: 'отписались' },
  cleared: { en: 'staff emptied the note', ru: 'сотрудники очистили заметку' },
};

export const ORIGIN_WORDS: Readonly<Record<SubscriptionOrigin, Sentence>> = {
  link: { en: 'by link', ru: 'по ссылке' },
  legacy: { en: 'by a link of the former solution', ru: 'по ссылке прежнего решения' },
  note: { en: 'by note', ru: 'по заметке' },
};

/** Exit codes in a few words, for a table of runs. */
export const EXIT_WORDS: Readonly<Record<number, Sentence>> = {
  0: { en: 'done', ru: 'сделано' },
  1: { en: 'a fault in the program', ru: 'ошибка в программе' },
  2: { en: 'usage or settings', ru: 'вызов или настройки' },
  3: { en: 'the database', ru: 'база данных' },
  4: { en: 'in doubt, or refusals that are ours', ru: 'под вопросом или отказы по нашей вине' },
  5: { en: 'an account is unusable', ru: 'учётная запись непригодна' },
  6: { en: 'schema and program don’t fit', ru: 'схема и программа не подходят' },
  7: { en: 'a copy, or set back in time', ru: 'копия или база из прошлого' },
  8: { en: 'a service is unreachable or asks to wait, goes on by itself', ru: 'служба недоступна или просит подождать, продолжится само' },
  9: { en: 'the answer is no', ru: 'ответ «нет»' },
  130: { en: 'interrupted', ru: 'прервано' },
};

/** Ends of a doubt that no call brought. */
export const SETTLED_WORDS: Readonly<Record<'by_hand' | 'given_up', Sentence>> = {
  by_hand: { en: 'so said a person', ru: 'так сказал человек' },
  given_up: { en: 'in doubt and, by the settings, given up', ru: 'исход неизвестен, по настройкам не повторяется' },
};

const CODES: Readonly<Record<string, Sentence>> = { ...SETTLED_WORDS, ...REFUSAL_WORDS, ...DOUBT_WORDS, ...RETRY_WORDS, ...SKIP_WORDS };

/** A reason or outcome code in words; one of a newer schema as it stands. */
export function sayCode(code: string, language: Language): string {
  return sayWord(CODES, code, language);
}

export function sayWord(words: Readonly<Record<string, Sentence>>, code: string, language: Language): string {
  const word = Object.hasOwn(words, code) ? words[code] : undefined;
  return word === undefined ? code : say(word, language);
}
