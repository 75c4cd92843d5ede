import type { Language } from '../../core/glossary.ts';
import type { Finding } from '../../core/settings.ts';
import type { GatewayName } from '../../core/sms-outcome.ts';
import { certificateAdvice } from './certificate.ts';
import { DESK_FINDINGS } from './desk-finding-texts.ts';
import { OPERATOR_NAMES, sayReason, showRoubles } from './invitation-words.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { GATEWAY_FINDINGS } from './gateway-finding-texts.ts';
import { SMS_FINDINGS } from './sms-finding-texts.ts';
import { TPXL_PROBLEMS } from './tpxl-build-texts.ts';
import { showWall } from './when.ts';

/** What a person should know and what to do about it, by code. */
const FINDINGS: Readonly<Record<string, Sentence>> = {
  ...DESK_FINDINGS,
  ...SMS_FINDINGS,
  ...GATEWAY_FINDINGS,
  ...TPXL_PROBLEMS,
  brake: {
    en: 'Brake: {notices, plural, one {# notice} other {# notices}} about operations older than a day would go out at once (limit {brake}, the oldest of {oldest}). They are held, fresh ones were told. Look at them: `tp-tg-notify run --dry-run --yes` (sends nothing), then let them go: `tp-tg-notify run --yes` – or mark them as seen: `tp-tg-notify run --mark-only`. If this run had a --since, give it there too.',
    ru: 'Тормоз: разом ушло бы {notices, plural, one {# уведомление} few {# уведомления} many {# уведомлений} other {# уведомления}} об операциях старше суток (предел {brake}, самая старая – {oldest}). Они придержаны, о свежих рассказано. Посмотрите их: `tp-tg-notify run --dry-run --yes` (ничего не отправит), затем отпустите: `tp-tg-notify run --yes` – или отметьте известными: `tp-tg-notify run --mark-only`. Если этот запуск был с --since, укажите его и там.',
  },
  brake_ahead: {
    en: 'Brake ahead: {notices, plural, one {# notice} other {# notices}} about operations older than a day (limit {brake}, the oldest of {oldest}) would be held without --yes. To see them here, add --yes to --dry-run: still nothing is sent.',
    ru: 'Сработает тормоз: без --yes будут придержаны {notices, plural, one {# уведомление} few {# уведомления} many {# уведомлений} other {# уведомления}} об операциях старше суток (предел {brake}, самая старая – {oldest}). Чтобы увидеть и их, добавьте --yes к --dry-run: так тоже ничего не отправляется.',
  },
  account_type_unknown: {
    en: 'Task {task}: there is no account type {id}. Nothing was planned and nothing is lost; correct filters.accountTypes (or «Типы счетов» in the task).',
    ru: 'Задача {task}: типа счёта {id} нет. Ничего не запланировано и ничего не потеряно; исправьте filters.accountTypes (или «Типы счетов» в задаче).',
  },
  customer_group_unknown: {
    en: 'Task {task}: there is no customer group {id}. Nothing was planned and nothing is lost; correct filters.customerGroups (or «Группы постоянных клиентов» in the task).',
    ru: 'Задача {task}: группы клиентов {id} нет. Ничего не запланировано и ничего не потеряно; исправьте filters.customerGroups (или «Группы постоянных клиентов» в задаче).',
  },
  watermark_future: {
    en: 'Task {task}: the watermark lies in the future, so the database clock was set back; the search started from now with its usual overlap.',
    ru: 'Задача {task}: отметка поиска оказалась в будущем, значит, часы сервера базы переводили назад; поиск начат с текущего времени с обычным запасом.',
  },
  time_limit: {
    en: 'The time limit of the run was reached; the rest goes with the next run.',
    ru: 'Вышло время запуска; остальное уйдёт следующим запуском.',
  },
  interrupted: {
    en: 'Interrupted; what was on its way is recorded, the rest goes with the next run.',
    ru: 'Прервано; то, что было в пути, записано, остальное уйдёт следующим запуском.',
  },
  telegram_unreachable: {
    en: 'Telegram can’t be reached{detail}. Nothing is lost: the next run goes on. If it lasts, check the network, telegram.proxy and telegram.apiRoot.',
    ru: 'Telegram недоступен{detail}. Ничего не потеряно: продолжит следующий запуск. Если это надолго, проверьте сеть, telegram.proxy и telegram.apiRoot.',
  },
  telegram_limited: {
    en: 'Telegram asks to wait {seconds, plural, one {# second} other {# seconds}}; the rest goes with a later run.',
    ru: 'Telegram просит подождать {seconds, plural, one {# секунду} few {# секунды} many {# секунд} other {# секунды}}; остальное уйдёт позже.',
  },
  telegram_unusable: {
    en: 'Telegram refuses the bot token (revoked or mistyped){detail}. Take a new one from @BotFather and put it into telegram.token or the task.',
    ru: 'Telegram не принимает токен бота (отозван или набран с ошибкой){detail}. Возьмите новый у @BotFather и впишите в telegram.token или в задачу.',
  },
  webhook: {
    en: 'A webhook is set for this bot, so nobody’s Start can be read. The subscribed were told, the others wait. Another program set it: stop that program or make a bot of its own for it, then: tp-tg-notify bot --delete-webhook. From then on that program gets no updates of this bot.',
    ru: 'У бота установлен вебхук, поэтому нажатия Start не прочитать. Подписанным рассказано, остальные ждут. Его поставила другая программа: остановите её или заведите ей своего бота, затем: tp-tg-notify bot --delete-webhook. После этого она перестанет получать обновления этого бота.',
  },
  second_reader: {
    en: 'Another program reads this bot’s updates. The subscribed were told, the others wait. One bot belongs to one installation: stop the other reader or make a bot of its own for it.',
    ru: 'Обновления этого бота читает другая программа. Подписанным рассказано, остальные ждут. Один бот – одна установка: остановите второго читателя или заведите ему своего бота.',
  },
  links_forged: {
    en: 'From {chats, plural, one {# chat} other {# chats}} came links that this installation did not sign: someone else may use this bot, or a key was lost.',
    ru: 'Из {chats, plural, one {# чата} other {# чатов}} пришли ссылки, подписанные не этой установкой: возможно, бота использует кто-то ещё или утерян прежний ключ.',
  },
  updates_gap: {
    en: '{missing, plural, one {# update is} other {# updates are}} missing since the last run: someone else may read this bot.',
    ru: 'С прошлого запуска {missing, plural, one {пропало # обновление} few {пропало # обновления} many {пропало # обновлений} other {пропало # обновления}}: возможно, бота читает кто-то ещё.',
  },
  note_unreadable: {
    en: 'Customer {customer}: the note «chat_ID в Telegram» holds no chat id; it was left alone.',
    ru: 'Клиент {customer}: в заметке «chat_ID в Telegram» не номер чата; заметка оставлена как есть.',
  },
  note_group: {
    en: 'Customer {customer}: the note «chat_ID в Telegram» names a group chat; accounts are told to private chats only.',
    ru: 'Клиент {customer}: в заметке «chat_ID в Telegram» групповой чат; о счёте рассказывается только в личный.',
  },
  note_differs: {
    en: 'Customer {customer}: the note names another chat than the one that subscribed by its own link; the proven one counts.',
    ru: 'Клиент {customer}: в заметке не тот чат, который подписался по своей ссылке; действует подтверждённый.',
  },
  note_stopped: {
    en: 'Customer {customer}: the note names a chat, but the guest said /stop; that stays.',
    ru: 'Клиент {customer}: в заметке указан чат, но гость отписался (/stop); так и остаётся.',
  },
  notes_unused: {
    en: '{notes, plural, one {# note} other {# notes}} «{name}» hold no usable chat id and were left alone.',
    ru: '{notes, plural, one {# заметка} few {# заметки} many {# заметок} other {# заметки}} «{name}» без пригодного номера чата; оставлены как есть.',
  },
  notices_refused: {
    en: 'Telegram refuses our texts one after another; sending stopped. Look at `tp-tg-notify retry` and `tp-tg-notify preview`, correct the template.',
    ru: 'Telegram отклоняет наши тексты один за другим; отправка остановлена. Посмотрите `tp-tg-notify retry` и `tp-tg-notify preview`, исправьте шаблон.',
  },
  notes_not_written: {
    en: '{notes, plural, one {# note} other {# notes}} «{name}» could not be written ({detail}); subscriptions work without them, writing is tried again.',
    ru: 'Не удалось записать {notes, plural, one {# заметку} few {# заметки} many {# заметок} other {# заметки}} «{name}» ({detail}); подписки действуют и без них, запись повторится.',
  },
  note_type_missing: {
    en: 'Tillypad has no note type «{name}»{notes, plural, =0 {} one {; # note waits for it} other {; # notes wait for it}}. Subscriptions work without it, but chats are neither read from notes nor written into them. Run `tp-tg-notify install`, which makes it, or check subscriptions.noteType.',
    ru: 'В Tillypad нет типа заметки «{name}»{notes, plural, =0 {} one {; его ждёт # заметка} few {; его ждут # заметки} many {; его ждут # заметок} other {; его ждут # заметки}}. Подписки действуют и без него, но чаты не читаются из заметок и не записываются в них. Выполните `tp-tg-notify install`, он создаст тип, или проверьте subscriptions.noteType.',
  },
  parameter_shadowed: {
    en: 'Task {task}: the task parameter {parameter} is overridden by {source} ({path}).',
    ru: 'Задача {task}: параметр задачи {parameter} перекрыт: {source} ({path}).',
  },
  all_account_types: {
    en: 'Task {task}: no account type is chosen, so all of them count.',
    ru: 'Задача {task}: типы счетов не выбраны, значит, все.',
  },
  all_customer_groups: {
    en: 'Task {task}: no customer group is chosen, so all of them count.',
    ru: 'Задача {task}: группы клиентов не выбраны, значит, все.',
  },
  test_mode: {
    en: 'Task {task}: mode: test – only the customers in allow are told; the rest waits for mode: live.',
    ru: 'Задача {task}: mode: test – рассказывается только клиентам из allow; остальное ждёт mode: live.',
  },
  paused: {
    en: 'Paused{until}: operations are planned, nothing is sent. To end it: tp-tg-notify resume',
    ru: 'Пауза{until}: операции планируются, ничего не отправляется. Закончить: tp-tg-notify resume',
  },
  in_doubt_waiting: {
    en: '{n, plural, one {# delivery is} other {# deliveries are}} in doubt. See which: tp-tg-notify resolve',
    ru: 'Под вопросом {n, plural, one {# доставка} few {# доставки} many {# доставок} other {# доставки}}. Какие: tp-tg-notify resolve',
  },
  sms_in_doubt_waiting: {
    en: '{n} SMS in doubt, counted as sent. See which: tp-tg-notify resolve',
    ru: 'Под вопросом СМС: {n}; они считаются отправленными. Какие: tp-tg-notify resolve',
  },
  lock_lost: {
    en: 'The lock on the ledger was lost in the middle; this run wrote nothing more. The next run judges what it left.',
    ru: 'Замок журнала утрачен посреди работы; запуск больше ничего не записал. Оставшееся разберёт следующий запуск.',
  },
  never_polled: {
    en: 'Telegram has not been asked for updates for {hours} hours; it keeps them for 24. Run the program at least once a day.',
    ru: 'Обновления у Telegram не забирались {hours} ч, а хранит он их 24. Запускайте программу хотя бы раз в сутки.',
  },
  open_busy: {
    en: 'Another run ({host}, process {pid}) is at work; it has been told and serves this task too.',
    ru: 'Работает другой запуск ({host}, процесс {pid}); ему оставлено слово, он обслужит и эту задачу.',
  },
  open_copy: {
    en: 'This database is a copy: the ledger belongs to {boundTo}, and this is {here}. Nothing is sent. If it is to be a site of its own: tp-tg-notify bind',
    ru: 'Это копия базы: журнал принадлежит {boundTo}, а это {here}. Ничего не отправляется. Если здесь должно быть отдельное место: tp-tg-notify bind',
  },
  open_restored: {
    en: 'The database was set back in time: it doesn’t know run {runNo} of this host. Nothing is sent. See: tp-tg-notify bind --restored',
    ru: 'База вернулась в прошлое: она не знает запуска {runNo} этой машины. Ничего не отправляется. См.: tp-tg-notify bind --restored',
  },
  open_other_bot: {
    en: 'The token belongs to another bot than the ledger’s ({boundTo}). Guests subscribed to that one: put its token back, or make a further task with an id of its own.',
    ru: 'Токен принадлежит другому боту, чем журнал ({boundTo}). Гости подписаны на того: верните его токен или заведите ещё одну задачу со своим кодом.',
  },
  open_other_key: {
    en: 'The link key of this host is not the ledger’s ({expected}). Copy the key file from the host where `install` ran. If that file is lost: `tp-tg-notify bind` gives the ledger this host’s key, and links sent before stop working.',
    ru: 'Ключ ссылок этой машины не тот, что у журнала ({expected}). Скопируйте файл ключа с машины, где выполнялся `install`. Если того файла больше нет: `tp-tg-notify bind` даст журналу ключ этой машины, а отправленные раньше ссылки перестанут действовать.',
  },
  date_impossible: { en: '{flag}: there is no such day or time: {value}.', ru: '{flag}: такого дня или времени нет: {value}.' },
  date_ambiguous: {
    en: '{flag}: {value} can be read in two ways. Write 2026-11-24 or 24.11.2026.',
    ru: '{flag}: {value} можно прочесть двояко. Пишите 24.11.2026 или 2026-11-24.',
  },
  date_unknown_form: {
    en: '{flag}: {value} is no date. Write 2026-11-24 or 24.11.2026, with a time if need be: 24.11.2026 18:30.',
    ru: '{flag}: {value} – не дата. Пишите 24.11.2026 или 2026-11-24, можно со временем: 24.11.2026 18:30.',
  },
  bad_count: { en: '{flag}: {value} is no whole number from {min} to {max}.', ru: '{flag}: {value} – не целое число от {min} до {max}.' },
  bad_duration: {
    en: '{flag}: {value} is no duration. Write 30m, 72h or 10d.',
    ru: '{flag}: {value} – не промежуток времени. Пишите 30m, 72h или 10d.',
  },
  bad_guid: { en: '{flag}: {value} is no identifier (GUID).', ru: '{flag}: {value} – не код (GUID).' },
  until_without_since: { en: '--until goes with --since.', ru: '--until указывается вместе с --since.' },
  until_before_since: { en: '--until ({until}) is not after --since ({since}).', ru: '--until ({until}) не позже --since ({since}).' },
  since_in_future: {
    en: '--since ({since}) lies in the future; the database’s clock says {now}.',
    ru: '--since ({since}) в будущем; часы базы показывают {now}.',
  },
  task_unknown: { en: 'There is no task {task} in the settings. Known: {known}.', ru: 'Задачи {task} в настройках нет. Есть: {known}.' },
  parameter_unknown: {
    en: 'Task {task}: the task parameter {parameter} is unknown and was left aside.',
    ru: 'Задача {task}: параметр задачи {parameter} неизвестен, он оставлен без внимания.',
  },
  secret_file_readable: {
    en: 'The secret {path} stands in a file that others can read ({file}): chmod 600 {file}.',
    ru: 'Секрет {path} лежит в файле, который могут читать другие ({file}): chmod 600 {file}.',
  },
  secret_readable: {
    en: 'The secret {path} stands in a file that others can read ({file}). Refer to it (env:NAME, file:PATH) or restrict the file: chmod 600.',
    ru: 'Секрет {path} записан в файле, который могут читать другие ({file}). Сошлитесь на него (env:ИМЯ, file:ПУТЬ) или ограничьте доступ: chmod 600.',
  },
  key_readable: {
    en: 'Others can read the link key {file}: chmod 600 {file}.',
    ru: 'Ключ ссылок {file} могут читать другие: chmod 600 {file}.',
  },
};

/** Codes that have a sentence; a test holds every code used in the program against it. */
export const FINDING_CODES: readonly string[] = Object.keys(FINDINGS);

export function renderFinding(finding: Finding, language: Language): string {
  const sentence = FINDINGS[finding.code];
  const text =
    sentence === undefined ? `${finding.code} ${JSON.stringify(finding.args)}` : say(sentence, language, wordsOf(finding, language));
  return [text, certificateAdvice(finding.args['detail'], language)].filter((part) => part !== '').join(' ');
}

const MONEY = {
  cost: { en: ', {roubles}', ru: ', {roubles}' },
  balance: { en: ' (on the account: {roubles})', ru: ' (на счёте: {roubles})' },
  price: { en: '; the next SMS costs {roubles}', ru: '; следующая СМС стоит {roubles}' },
} satisfies Record<string, Sentence>;

/** Arguments that are wall times, by code. */
const WALLS: Readonly<Record<string, readonly string[]>> = {
  brake: ['oldest'],
  brake_ahead: ['oldest'],
  since_in_future: ['since', 'now'],
  since_pruned: ['since', 'horizon'],
  until_before_since: ['since', 'until'],
};

/** Wall times as people write them, operators, reasons and roubles of invitations in words; in JSON they stay as stored. */
function wordsOf({ code, args: stored }: Finding, language: Language): Finding['args'] {
  const walls = (WALLS[code] ?? []).map((name) => [name, showWall(String(stored[name] ?? ''), language)] as const);
  const args = { ...stored, ...Object.fromEntries(walls) };
  if (!Object.hasOwn(SMS_FINDINGS, code) && !Object.hasOwn(GATEWAY_FINDINGS, code)) return args;
  const { operator, reason, cost, balance } = args;
  const roubles = (sentence: Sentence, decimal: string | number): string =>
    decimal === '' ? '' : say(sentence, language, { roubles: showRoubles(String(decimal), language) });
  return {
    ...args,
    ...(operator === undefined ? {} : { operator: OPERATOR_NAMES[operator as GatewayName] ?? operator }),
    ...(reason === undefined ? {} : { reason: sayReason(String(reason), language) }),
    ...(cost === undefined ? {} : { cost: roubles(code === 'sms_no_money' ? MONEY.price : MONEY.cost, cost) }),
    ...(balance === undefined ? {} : { balance: roubles(MONEY.balance, balance) }),
  };
}
