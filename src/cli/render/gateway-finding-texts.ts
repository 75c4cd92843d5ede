import type { Sentence } from './say.ts';

/** What can be the matter with an SMS operator's account, by code. `operator` and `reason` are codes that become words in `findings.ts`. */
export const GATEWAY_FINDINGS = {
  sms_off: {
    en: 'No task invites by SMS: sms.operator is off. Set it to smsru, p1sms or pushsms (or «Выбор оператора отправки СМС» in the task).',
    ru: 'Ни одна задача не приглашает по СМС: sms.operator – off. Укажите smsru, p1sms или pushsms (или «Выбор оператора отправки СМС» в задаче).',
  },
  gateway_key_missing: {
    en: 'Task {task}: the secret of {operator} is not set. Write sms.token for PUSHSMS, sms.apiKey for the others (or «API-ключ», «ТОКЕН» in the task).',
    ru: 'Задача {task}: секрет для {operator} не задан. Укажите sms.token для PUSHSMS, sms.apiKey для остальных (или «API-ключ», «ТОКЕН» в задаче).',
  },
  gateway_refused: { en: '{operator} refuses: {reason}{detail}.', ru: '{operator} отказывает: {reason}{detail}.' },
  gateway_unreachable: {
    en: '{operator} can’t be reached{detail}. Check the network, sms.proxy and sms.apiRoot.',
    ru: '{operator} недоступен{detail}. Проверьте сеть, sms.proxy и sms.apiRoot.',
  },
  gateway_unreadable: {
    en: '{operator} gave no answer that makes sense{detail}. If it lasts, ask the operator; check sms.apiRoot and what stands in between.',
    ru: '{operator}: ответ не разобрать{detail}. Если это надолго, спросите оператора; проверьте sms.apiRoot и всё, что стоит между вами.',
  },
  gateway_limited: {
    en: '{operator} asks to wait {seconds, plural, one {# second} other {# seconds}}.',
    ru: '{operator} просит подождать {seconds, plural, one {# секунду} few {# секунды} many {# секунд} other {# секунды}}.',
  },
  sender_default: {
    en: 'No sender name is set (sms.sender): invitations go under the account’s default name, often late, and some mobile operators refuse it.',
    ru: 'Имя отправителя не задано (sms.sender): приглашения пойдут под именем по умолчанию, часто с задержкой, а часть мобильных операторов его не пропускает.',
  },
  sender_digits: {
    en: 'No sender name is set (sms.sender): invitations come from a number of the operator’s and may wait for its moderator.',
    ru: 'Имя отправителя не задано (sms.sender): приглашения придут с номера оператора и могут ждать его модератора.',
  },
  sender_unapproved: {
    en: 'The sender name {sender} is not among the account’s names ({known}): SMS will be refused. Have it approved by the operator, or correct sms.sender.',
    ru: 'Имени отправителя {sender} нет среди имён учётной записи ({known}): СМС будут отклонены. Согласуйте его у оператора или исправьте sms.sender.',
  },
  sender_replaced: {
    en: 'The sender name {sender} is not among the account’s names ({known}): the operator would put its own in its place without a word. Have it approved, or correct sms.sender.',
    ru: 'Имени отправителя {sender} нет среди имён учётной записи ({known}): оператор молча заменит его своим. Согласуйте его у оператора или исправьте sms.sender.',
  },
  balance_low: {
    en: 'The balance doesn’t pay for one invitation: top the account up. Notices in Telegram go on without it.',
    ru: 'Баланса не хватит и на одно приглашение: пополните счёт у оператора. Уведомления в Telegram идут и без него.',
  },
  sms_several: {
    en: 'The tasks send by different accounts: choose one with --task ({tasks}).',
    ru: 'У задач разные учётные записи: выберите одну ключом --task ({tasks}).',
  },
  bad_test_phone: {
    en: '{value} is no mobile number of the countries in sms.countries ({countries}).',
    ru: '{value} – не мобильный номер стран из sms.countries ({countries}).',
  },
  sms_test_unconfirmed: { en: 'Nothing was sent. To send it, add --yes.', ru: 'Ничего не отправлено. Чтобы отправить, добавьте --yes.' },
} satisfies Record<string, Sentence>;
