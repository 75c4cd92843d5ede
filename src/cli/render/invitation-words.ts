import type { Language } from '../../core/glossary.ts';
import type { InvitationSkip, InvitationState } from '../../core/invitation.ts';
import { INVITATION_SKIPS } from '../../core/invitation.ts';
import { formatMoney, parseMoney } from '../../core/money.ts';
import type { GatewayName, SmsDoubtCode, SmsLaterCode, SmsRefusalCode, SmsStatus, SmsWarning } from '../../core/sms-outcome.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { sayWord, SETTLED_WORDS } from './words.ts';

export const OPERATOR_NAMES: Readonly<Record<GatewayName, string>> = { smsru: 'SMS.RU', p1sms: 'P1SMS', pushsms: 'PUSHSMS' };

export const INVITATION_STATE_WORDS: Readonly<Record<InvitationState, Sentence>> = {
  planned: { en: 'waiting', ru: 'ждёт отправки' },
  sending: { en: 'being sent', ru: 'отправляется' },
  accepted: { en: 'taken by the operator', ru: 'принято оператором' },
  refused: { en: 'refused', ru: 'не принято' },
  in_doubt: { en: 'in doubt', ru: 'под вопросом' },
  skipped: { en: 'not invited', ru: 'без приглашения' },
};

export const INVITATION_SKIP_WORDS: Readonly<Record<InvitationSkip, Sentence>> = {
  no_phone: { en: 'no phone', ru: 'телефона нет' },
  bad_phone: { en: 'no mobile number of an allowed country', ru: 'нет мобильного номера разрешённой страны' },
  interval: { en: 'invited too recently, or often enough', ru: 'приглашали недавно или достаточно раз' },
  noted: { en: 'has a filled note', ru: 'заметка заполнена' },
  no_consent: { en: 'no consent', ru: 'нет согласия' },
  not_allowed: { en: 'may not be invited (may_invite)', ru: 'приглашать нельзя (may_invite)' },
  subscribed: { en: 'subscribed, now or once', ru: 'подписан сейчас или раньше' },
  gone: { en: 'deleted, disabled, or the operation is gone', ru: 'удалён или отключён, либо операции больше нет' },
  customer_cap: { en: 'the yearly cap of the customer is spent', ru: 'исчерпан годовой предел клиента' },
  too_long: { en: 'the text is too long', ru: 'текст слишком длинный' },
};

export const SMS_REFUSAL_WORDS: Readonly<Record<SmsRefusalCode, Sentence>> = {
  bad_number: { en: 'the number is wrong', ru: 'номер неверен' },
  no_route: { en: 'no route to this number', ru: 'на этот номер нет маршрута' },
  stop_list: { en: 'the number is on a stop-list', ru: 'номер в стоп-листе' },
  abroad: { en: 'a number abroad', ru: 'номер за рубежом' },
  number_limit: { en: 'the operator’s limit for this number', ru: 'предел оператора для этого номера' },
  sender_unregistered: {
    en: 'the sender name isn’t registered with the guest’s own operator',
    ru: 'имя отправителя не зарегистрировано у оператора гостя',
  },
  rejected: { en: 'rejected by the operator', ru: 'отклонено оператором' },
  unauthorized: { en: 'the key is wrong', ru: 'ключ неверен' },
  no_money: { en: 'no money on the account', ru: 'на счёте нет денег' },
  daily_limit: { en: 'the account’s daily limit', ru: 'дневной предел учётной записи' },
  sender: { en: 'the sender name is refused', ru: 'имя отправителя не принято' },
  text: { en: 'the text is refused', ru: 'текст не принят' },
  account: { en: 'the account isn’t confirmed or is suspended', ru: 'учётная запись не подтверждена или приостановлена' },
  address: { en: 'calls from this address are forbidden', ru: 'вызовы с этого адреса запрещены' },
  request: { en: 'the operator didn’t understand the request', ru: 'оператор не понял запрос' },
};

export const SMS_LATER_WORDS: Readonly<Record<SmsLaterCode, Sentence>> = {
  limited: { en: 'the operator asked to wait', ru: 'оператор попросил подождать' },
  unavailable: { en: 'the operator was out of service', ru: 'оператор не работал' },
  unreachable: { en: 'the operator could not be reached', ru: 'оператор был недоступен' },
  not_begun: { en: 'not begun: the run was ending', ru: 'не начато: запуск завершался' },
};

export const SMS_DOUBT_WORDS: Readonly<Record<SmsDoubtCode, Sentence>> = {
  timeout: { en: 'the operator did not answer in time', ru: 'оператор не ответил вовремя' },
  cut: { en: 'the connection broke after the SMS was on its way', ru: 'связь оборвалась, когда СМС уже ушла' },
  server: { en: 'the operator answered with a fault of its own', ru: 'оператор ответил ошибкой сервера' },
  unreadable: { en: 'the answer made no sense', ru: 'ответ не удалось разобрать' },
  mismatch: { en: 'the answer did not speak of our number', ru: 'ответ был не о нашем номере' },
  orphan: { en: 'the run died while it was being sent', ru: 'запуск погиб во время отправки' },
};

export const SMS_WARNING_WORDS: Readonly<Record<SmsWarning, Sentence>> = {
  sender_replaced: { en: 'under another sender name', ru: 'под другим именем отправителя' },
  moderation: { en: 'under moderation', ru: 'на модерации' },
};

export const SMS_STATUS_WORDS: Readonly<Record<SmsStatus['status'], Sentence>> = {
  pending: { en: 'on its way', ru: 'в пути' },
  delivered: { en: 'delivered', ru: 'доставлено' },
  undelivered: { en: 'not delivered', ru: 'не доставлено' },
  unknown: { en: 'fate unknown', ru: 'судьба неизвестна' },
};

export const CAP_WORDS: Readonly<Record<'run' | 'day' | 'month', Sentence>> = {
  run: { en: 'of a run', ru: 'на запуск' },
  day: { en: 'of a day', ru: 'на сутки' },
  month: { en: 'of a month', ru: 'на месяц' },
};

const REASONS: Readonly<Record<string, Sentence>> = {
  ...INVITATION_SKIP_WORDS,
  ...SMS_REFUSAL_WORDS,
  ...SMS_LATER_WORDS,
  ...SMS_DOUBT_WORDS,
  ...SMS_WARNING_WORDS,
  by_hand: SETTLED_WORDS.by_hand,
};

/** Every reason that `invitations --reason` knows. */
export const INVITATION_REASONS: readonly string[] = Object.keys(REASONS);

export function sayReason(reason: string, language: Language): string {
  return sayWord(REASONS, reason, language);
}

/** The same before a number of customers, whatever it is. */
export const INVITATION_SKIP_COUNT_WORDS: Readonly<Record<InvitationSkip, Sentence>> = {
  ...INVITATION_SKIP_WORDS,
  noted: { en: 'have a filled note', ru: 'заметка заполнена' },
  subscribed: { en: 'subscribed, now or once', ru: 'подписаны сейчас или раньше' },
  gone: { en: 'deleted, disabled, or the operation is gone', ru: 'удалены или отключены, либо операции больше нет' },
};

const SKIPS: Sentence = { en: 'Not invited – {list}', ru: 'Без приглашения – {list}' };

/** «Not invited – no phone: 12, …»; empty when there are none. */
export function renderInvitationSkips(skipped: Readonly<Partial<Record<InvitationSkip, number>>>, language: Language): string {
  const list = INVITATION_SKIPS.filter((reason) => (skipped[reason] ?? 0) > 0).map(
    (reason) => `${say(INVITATION_SKIP_COUNT_WORDS[reason], language)}: ${skipped[reason] ?? 0}`,
  );
  return list.length === 0 ? '' : say(SKIPS, language, { list: list.join(', ') });
}

/** `1 250,50 ₽`. */
export function showRoubles(decimal: string, language: Language): string {
  return `${formatMoney(parseMoney(decimal), { language, digits: 2, sign: 'minus' })}\u00a0₽`;
}
