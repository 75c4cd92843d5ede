import type { GatewayName, SmsDoubtCode, SmsLaterCode, SmsRefusalCode, SmsWarning } from '../../core/sms-outcome.ts';
import type { Sentence } from './say.ts';

/** The operators as they write themselves. */
export const OPERATOR_NAMES: Readonly<Record<GatewayName, string>> = { smsru: 'SMS.RU', p1sms: 'P1SMS', pushsms: 'PUSHSMS' };

export const SMS_REFUSAL_WORDS: Readonly<Record<SmsRefusalCode, Sentence>> = {
  bad_number: { en: 'the number is wrong', ru: 'номер неверный' },
  no_route: { en: 'SMS don’t reach this number', ru: 'СМС на этот номер не доходят' },
  stop_list: { en: 'the number is on a stop-list', ru: 'номер в стоп-листе' },
  abroad: {
    en: 'the number is abroad, and the account doesn’t serve its country',
    ru: 'номер зарубежный, а эта страна в учётной записи закрыта',
  },
  number_limit: { en: 'the operator’s limit of SMS to this number is reached', ru: 'предел оператора на СМС этому номеру исчерпан' },
  sender_unregistered: {
    en: 'the sender name is not registered with this number’s mobile operator',
    ru: 'имя отправителя не зарегистрировано у мобильного оператора этого номера',
  },
  rejected: { en: 'the operator refuses this SMS', ru: 'оператор отклонил это СМС' },
  unauthorized: {
    en: 'the key is wrong, revoked, or another operator’s',
    ru: 'ключ неверный, отозванный или от другого оператора',
  },
  no_money: { en: 'the account has no money', ru: 'на счёте у оператора нет денег' },
  daily_limit: { en: 'the account’s limit of the day is reached', ru: 'дневной предел учётной записи исчерпан' },
  sender: { en: 'the sender name may not be used', ru: 'этим именем отправителя пользоваться нельзя' },
  text: { en: 'the operator doesn’t take this text', ru: 'оператор не принимает такой текст' },
  account: { en: 'the account is not confirmed, or suspended', ru: 'учётная запись не подтверждена или приостановлена' },
  address: {
    en: 'the operator doesn’t take calls from this IP address or country',
    ru: 'оператор не принимает запросы с этого IP-адреса или из этой страны',
  },
  request: { en: 'the operator doesn’t understand the request', ru: 'оператор не понял запрос' },
};

export const SMS_LATER_WORDS: Readonly<Record<SmsLaterCode, Sentence>> = {
  limited: { en: 'the operator asks to wait', ru: 'оператор просит подождать' },
  unavailable: { en: 'the operator is out of order for a while', ru: 'оператор временно не работает' },
  unreachable: { en: 'the operator could not be reached', ru: 'оператор недоступен' },
  not_begun: { en: 'not begun: interrupted', ru: 'не начато: прервано' },
};

export const SMS_DOUBT_WORDS: Readonly<Record<SmsDoubtCode, Sentence>> = {
  timeout: { en: 'the operator did not answer in time', ru: 'оператор не ответил вовремя' },
  cut: { en: 'the connection broke after the request was on its way', ru: 'связь оборвалась, когда запрос уже ушёл' },
  server: { en: 'the operator answered with a fault of its own', ru: 'оператор ответил ошибкой сервера' },
  unreadable: { en: 'the answer made no sense', ru: 'ответ не удалось разобрать' },
  mismatch: { en: 'the answer doesn’t speak of this number', ru: 'в ответе нет этого номера' },
  orphan: { en: 'the run died while it was being sent', ru: 'запуск погиб во время отправки' },
};

export const SMS_WARNING_WORDS: Readonly<Record<SmsWarning, Sentence>> = {
  sender_replaced: {
    en: 'the operator replaced the sender name by its own: it is not approved there',
    ru: 'оператор заменил имя отправителя своим: оно там не одобрено',
  },
  moderation: {
    en: 'a moderator of the operator looks at it first, so it comes late',
    ru: 'сначала его смотрит модератор оператора, поэтому придёт позже',
  },
};
