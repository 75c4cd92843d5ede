import type { Sentence } from './say.ts';

/**
 * What a person should know of invitations and what to do about it, by code. `operator`, `reason`, `cost` and `balance` are codes and decimals that
 * become words in `findings.ts`.
 */
export const SMS_FINDINGS = {
  sms_brake: {
    en: 'Task {task}: {customers, plural, one {# guest} other {# guests}} would be invited at once (limit {brake}): {segments, plural, one {# segment} other {# segments}}{cost}. Nobody of them was invited. See the bill: `tp-tg-notify run --dry-run --yes` (sends nothing), then let them go: `tp-tg-notify run --yes`; caps still hold.',
    ru: 'Задача {task}: разом пришлось бы пригласить {customers, plural, one {# гостя} other {# гостей}} (предел {brake}): {segments, plural, one {# сегмент} few {# сегмента} many {# сегментов} other {# сегмента}}{cost}. Никто из них не приглашён. Посмотрите смету: `tp-tg-notify run --dry-run --yes` (ничего не отправит), затем разрешите: `tp-tg-notify run --yes`; пределы при этом действуют.',
  },
  sms_brake_ahead: {
    en: 'Task {task}: brake ahead: without --yes none of {customers, plural, one {# guest} other {# guests}} would be invited (limit {brake}; {segments, plural, one {# segment} other {# segments}}{cost}).',
    ru: 'Задача {task}: сработает тормоз: без --yes не будет приглашён никто из {customers, plural, one {# гостя} other {# гостей}} (предел {brake}; {segments, plural, one {# сегмент} few {# сегмента} many {# сегментов} other {# сегмента}}{cost}).',
  },
  sms_too_long: {
    en: 'Task {task}: with the name of the bot {bot} the invitation takes {segments} segments, and sms.maxSegments is {max}. Nobody was invited; shorten sms.text or restaurant.name, or raise sms.maxSegments.',
    ru: 'Задача {task}: с именем бота {bot} приглашение занимает сегментов: {segments}, а sms.maxSegments – {max}. Никто не приглашён; сократите sms.text или restaurant.name либо увеличьте sms.maxSegments.',
  },
  sms_no_money: {
    en: '{operator}: not enough money{balance}{cost}. Nobody more is invited in this run; notices went on. Top up the account.',
    ru: '{operator}: не хватает денег{balance}{cost}. В этом запуске больше никто не приглашён; уведомления шли дальше. Пополните счёт.',
  },
  sms_refused: {
    en: '{operator} takes no SMS from us: {reason}{detail}. Nobody more is invited in this run; notices went on.',
    ru: '{operator} не принимает наши СМС: {reason}{detail}. В этом запуске больше никто не приглашён; уведомления шли дальше.',
  },
  sms_unreachable: {
    en: '{operator} can’t be reached{detail}. Nothing is lost: a later run goes on. If it lasts, check the network, sms.proxy and sms.apiRoot.',
    ru: '{operator} недоступен{detail}. Ничего не потеряно: продолжит следующий запуск. Если это надолго, проверьте сеть, sms.proxy и sms.apiRoot.',
  },
  sms_limited: {
    en: '{operator} asks to wait {seconds, plural, one {# second} other {# seconds}}; the rest goes with a later run.',
    ru: '{operator} просит подождать {seconds, plural, one {# секунду} few {# секунды} many {# секунд} other {# секунды}}; остальное уйдёт позже.',
  },
  sms_in_doubt: {
    en: '{operator}: it can’t be known whether an SMS went ({reason}). It counts as sent and is never repeated; this run sent no more. See which: tp-tg-notify resolve',
    ru: '{operator}: неизвестно, ушла ли СМС ({reason}). Она считается отправленной и не повторяется; больше этот запуск не отправлял. Какая: tp-tg-notify resolve',
  },
  sms_sender_replaced: {
    en: '{operator} sent under another sender name than sms.sender: have the name approved, or leave sms.sender empty.',
    ru: '{operator} отправил под другим именем, чем sms.sender: согласуйте имя с оператором или оставьте sms.sender пустым.',
  },
  sms_moderation: {
    en: '{operator} holds SMS for moderation: they arrive late. An approved sender name helps.',
    ru: '{operator} держит СМС на модерации: они придут позже. Помогает согласованное имя отправителя.',
  },
  sms_no_sender: {
    en: 'Task {task}: sms.sender is empty, so the operator’s default name is used; SMS under a shared name come late or not at all. Have a name approved.',
    ru: 'Задача {task}: sms.sender пуст, действует имя оператора по умолчанию; СМС под общим именем приходят поздно или не приходят. Согласуйте своё имя.',
  },
  sms_no_restaurant: {
    en: 'Task {task}: restaurant.name is empty, so guests don’t learn who invites them.',
    ru: 'Задача {task}: restaurant.name пуст, и гость не узнает, кто его приглашает.',
  },
  sms_no_consent: {
    en: 'Task {task}: consent to SMS isn’t checked (sms.consent). The law asks for it and you have to prove it: see docs/sms.md.',
    ru: 'Задача {task}: согласие на СМС не проверяется (sms.consent). Его требует закон, и доказывать его вам: см. docs/ru/sms.md.',
  },
} satisfies Record<string, Sentence>;
