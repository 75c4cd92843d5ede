import type { Sentence } from './say.ts';

/**
 * What the administrator's commands find and what to do about it, by code. Of the arguments `at` is an instant, `wall` an operation's time,
 * `span` milliseconds, `exit` an exit code (`meaning` its words): they stay numbers in JSON and become words in `sayFinding`.
 */
export const DESK_FINDINGS = {
  bad_key: {
    en: '{value} is neither an identifier (GUID) nor a phone number.',
    ru: '{value} – не код (GUID) и не номер телефона.',
  },
  customer_unknown: {
    en: 'There is no customer {value}: not by this id, nor by this phone in any of the three places where Tillypad keeps phones.',
    ru: 'Клиента {value} нет: ни с таким кодом, ни с таким телефоном во всех трёх местах, где их хранит Tillypad.',
  },
  story_unknown: {
    en: 'There is neither a customer nor an operation {value}, and the ledger has never told about one. Was it deleted in Tillypad, or does it belong to another database?',
    ru: 'Ни клиента, ни операции {value} нет, и журнал доставок о такой не рассказывал. Может быть, она удалена в Tillypad или это код из другой базы?',
  },
  operation_unknown: { en: 'There is no operation {value} in this database.', ru: 'Операции {value} в этой базе нет.' },
  record_unreadable: {
    en: 'Operation {operation}: its date or its sum in Tillypad can’t be read, so nobody can be told about it. Mend the record, then: tp-tg-notify retry.',
    ru: 'Операция {operation}: её дата или сумма в Tillypad не читается, рассказать о ней нельзя. Исправьте запись, затем: tp-tg-notify retry.',
  },
  no_operation: {
    en: 'Task {task}: its filters find no operation at all, so there is nothing to show. Check filters in the settings.',
    ru: 'Задача {task}: её фильтры не находят ни одной операции, показать нечего. Проверьте filters в настройках.',
  },
  tasks_of_both: {
    en: 'At work: {file} (from the settings file) and {tillypad} (from Tillypad). What matches at least one of them is told. If there is to be one task, delete the part `tasks` from the file, or {file} in it.',
    ru: 'Работают задачи {file} (из файла настроек) и {tillypad} (из Tillypad): рассказывается о том, что подходит хотя бы одной. Если задача одна, удалите из файла раздел tasks или {file} в нём.',
  },
  no_task: { en: 'The settings have no task.', ru: 'В настройках нет ни одной задачи.' },
  no_bot: {
    en: 'The settings name no bot: put its token into telegram.token (env:NAME or file:PATH).',
    ru: 'В настройках не назван бот: впишите его токен в telegram.token (env:ИМЯ или file:ПУТЬ).',
  },
  resolve_as_missing: {
    en: 'Say what became of them: --as delivered, --as refused or --as again.',
    ru: 'Скажите, что с ними стало: --as delivered (дошло), --as refused (не дошло) или --as again (отправить ещё раз).',
  },
  resolve_sms_again: {
    en: 'An SMS is never repeated: settle it with --as delivered or --as refused.',
    ru: 'СМС никогда не повторяется: укажите --as delivered (ушла) или --as refused (не ушла).',
  },
  resolve_what_missing: { en: 'Say which: row numbers from the list, or --all.', ru: 'Скажите, какие: номера строк из списка или --all.' },
  resolve_rows_and_all: { en: 'Row numbers and --all exclude each other.', ru: 'Номера строк и --all исключают друг друга.' },
  resolve_reason_missing: {
    en: 'Say with --reason why you know; it is kept with the delivery.',
    ru: 'Скажите ключом --reason, откуда это известно; причина хранится вместе с доставкой.',
  },
  reason_unknown: {
    en: '{value} is no reason of an invitation. Known: {known}.',
    ru: '{value} – не причина приглашения. Есть: {known}.',
  },
  bad_row: {
    en: '{value} is no row number; see the list: tp-tg-notify resolve',
    ru: '{value} – не номер строки; список: tp-tg-notify resolve',
  },
  reason_too_long: { en: '--reason is longer than {max} characters.', ru: '--reason длиннее {max} символов.' },
  prune_age_missing: {
    en: 'Say how old what is forgotten must be: --older-than 400d.',
    ru: 'Скажите, насколько давнее забыть: --older-than 400d.',
  },
  prune_too_young: {
    en: '--older-than is at least {days} days: younger rows may still be found late, doubted or repeated.',
    ru: '--older-than – не меньше {days} дней: более свежие строки ещё могут найтись с опозданием, оказаться под вопросом или повториться.',
  },
  since_pruned: {
    en: '--since {since} lies before {horizon}: what came before that was forgotten by `prune`, so nobody could say what was told. Take a later date.',
    ru: '--since {since} раньше {horizon}: что было до этого, забыто командой prune, и нельзя сказать, о чём уже рассказано. Возьмите более позднюю дату.',
  },
  pause_until_past: { en: '--until ({until}) is over: it is {now} in {zone}.', ru: '--until ({until}) уже прошло: сейчас {now} ({zone}).' },
  never_run: {
    en: 'For the first run: make a link for a guest, press Start, then: tp-tg-notify run',
    ru: 'Для первого запуска: дайте гостю ссылку, нажмите Start, затем: tp-tg-notify run',
  },
  last_run_failed: {
    en: 'The last run ended with {exit} ({meaning}). {exit, select, 4 {Settle it: tp-tg-notify resolve and tp-tg-notify retry} other {See the cause: tp-tg-notify run}}',
    ru: 'Последний запуск закончился с кодом {exit} ({meaning}). {exit, select, 4 {Разберите: tp-tg-notify resolve и tp-tg-notify retry} other {Увидеть причину: tp-tg-notify run}}',
  },
  run_died: {
    en: 'The last run (no. {runNo}) died on its way; the next one goes on and judges what it left.',
    ru: 'Последний запуск (№ {runNo}) погиб в пути; следующий продолжит и разберёт оставленное.',
  },
  holder_silent: {
    en: 'The run that holds the lock ({host}, process {pid}) has given no sign of life for {span}. If it is dead, the next run takes over by itself; if it hangs, end it.',
    ru: 'Запуск, который держит замок ({host}, процесс {pid}), не подаёт признаков жизни {span}. Если он погиб, следующий запуск подхватит сам; если завис, завершите его.',
  },
  never_asked: {
    en: 'Telegram has never been asked for updates, so nobody’s Start has been read. Run: tp-tg-notify run',
    ru: 'Обновления у Telegram ещё ни разу не забирались, нажатия Start не прочитаны. Выполните: tp-tg-notify run',
  },
  word_unread: {
    en: 'A signal of Tillypad’s task has waited for {span}: no run has served it. Does the program start? See: tp-tg-notify schedule check',
    ru: 'Сигнал задачи Tillypad ждёт уже {span}: ни один запуск его не обслужил. Запускается ли программа? См.: tp-tg-notify schedule check',
  },
  runs_stopped: {
    en: 'No run for {span}. Telegram keeps a pressed Start for 24 hours only: run the program at least once a day, best every minute. See: tp-tg-notify schedule print',
    ru: 'Запусков не было {span}. Нажатие Start Telegram хранит только 24 часа: запускайте программу не реже раза в сутки, лучше каждую минуту. См.: tp-tg-notify schedule print',
  },
  runs_rare: {
    en: 'Between two of the last runs lay {span}. Telegram keeps a pressed Start for 24 hours only: run the program at least once a day, best every minute. See: tp-tg-notify schedule print',
    ru: 'Между двумя из последних запусков прошло {span}. Нажатие Start Telegram хранит только 24 часа: запускайте программу не реже раза в сутки, лучше каждую минуту. См.: tp-tg-notify schedule print',
  },
  notes_failed: {
    en: '{n, plural, one {# note} other {# notes}} «chat_ID в Telegram» could not be written; writing is tried again by each run. Subscriptions work without them.',
    ru: 'Не записаны заметки «chat_ID в Telegram»: {n}; каждый запуск пробует снова. Подписки действуют и без них.',
  },
  status_quiet: {
    en: 'Telegram asked to wait; nothing is sent until {at}.',
    ru: 'Telegram попросил подождать; до {at} ничего не отправляется.',
  },
  paused_until: {
    en: 'Paused until {at}: operations are planned, nothing is sent. To end it before: tp-tg-notify resume',
    ru: 'Пауза до {at}: операции планируются, ничего не отправляется. Закончить раньше: tp-tg-notify resume',
  },
  brake_holds: {
    en: 'Task {task}: the brake has held old operations since {wall}. Look at them: `tp-tg-notify run --dry-run --yes` (sends nothing), then let them go: `tp-tg-notify run --yes` – or mark them as seen: `tp-tg-notify run --mark-only`.',
    ru: 'Задача {task}: тормоз держит старые операции с {wall}. Посмотрите их: `tp-tg-notify run --dry-run --yes` (ничего не отправит), затем отпустите: `tp-tg-notify run --yes` – или отметьте известными: `tp-tg-notify run --mark-only`.',
  },
  look_long_ago: {
    en: 'Task {task}: no complete look since {wall} ({span}). Is the schedule running?',
    ru: 'Задача {task}: полного поиска не было с {wall} ({span}). Работает ли расписание?',
  },
  clocks_apart: {
    en: 'The clocks of this host and of the database are {span} apart.',
    ru: 'Часы этой машины и сервера базы расходятся на {span}.',
  },
  key_unusable: {
    en: 'The link key {file} is missing or can’t be read: runs end with 2. On the first host run `tp-tg-notify install`; copy the file to further hosts.',
    ru: 'Ключа ссылок {file} нет или он не читается: запуски завершаются с кодом 2. На первой машине выполните `tp-tg-notify install`; на другие скопируйте этот файл.',
  },
  key_differs: {
    en: 'The link key of this host is not the one the ledger knows ({expected}). Copy the key file from the host where `install` ran, else links made here will not work and runs end with 2. If that file is lost: `tp-tg-notify bind` gives the ledger this host’s key, and links sent before stop working.',
    ru: 'Ключ ссылок этой машины не тот, что знает журнал ({expected}). Скопируйте файл ключа с машины, где выполнялся `install`, иначе ссылки отсюда не подействуют, а запуски завершатся с кодом 2. Если того файла больше нет: `tp-tg-notify bind` даст журналу ключ этой машины, а отправленные раньше ссылки перестанут действовать.',
  },
  key_unfinished: {
    en: 'A `keys rotate` was broken off. The key file {file} holds the new key and runs go on; run `tp-tg-notify keys rotate` again to finish it (with `--revoke-old` if that was asked for).',
    ru: 'Смена ключа (`keys rotate`) была прервана. Новый ключ уже в файле {file}, запуски работают; чтобы закончить её, выполните `tp-tg-notify keys rotate` ещё раз (если отзывались старые ссылки – снова с `--revoke-old`).',
  },
  customer_not_live: {
    en: 'This customer is deleted or disabled (or their group is): the bot will refuse the link.',
    ru: 'Этот клиент (или его группа) удалён или отключён: бот такую ссылку не примет.',
  },
  already_subscribed: {
    en: 'This customer is subscribed already (chat {chat}). Opened in another chat, the link moves the notices there.',
    ru: 'Этот клиент уже подписан (чат {chat}). Если открыть ссылку в другом чате, уведомления перейдут туда.',
  },
  customers_several: {
    en: '{n, plural, one {# customer has} other {# customers have}} this phone. Choose one by id:',
    ru: 'С этим телефоном {n, plural, one {# клиент} few {# клиента} many {# клиентов} other {# клиента}}. Выберите по коду:',
  },
  webhook_set: {
    en: 'A webhook is set ({host}): nobody’s Start can be read while it is. Another program set it; stop that program or make a bot of its own for it, then: tp-tg-notify bot --delete-webhook. From then on that program gets no updates of this bot.',
    ru: 'Установлен вебхук ({host}): пока он есть, нажатия Start не прочитать. Его поставила другая программа; остановите её или заведите ей своего бота, затем: tp-tg-notify bot --delete-webhook. После этого она перестанет получать обновления этого бота.',
  },
  bot_of_another: {
    en: 'Task {task} was told by another bot so far. Guests subscribed to that one: put its token back, or make a further task with an id of its own.',
    ru: 'О задаче {task} до сих пор рассказывал другой бот. Гости подписаны на него: верните его токен или заведите ещё одну задачу со своим кодом.',
  },
  rows_not_in_doubt: {
    en: '{n, plural, one {# row was} other {# rows were}} not in doubt (any more) and stayed as they are.',
    ru: 'Строк, которые не были (или уже не были) под вопросом: {n}; они остались как есть.',
  },
  start_embedded: {
    en: 'The embedded engine has no server that could start programs.',
    ru: 'У встроенной СУБД нет сервера, который мог бы запускать программы.',
  },
  start_edition_without_agent: {
    en: 'This edition of SQL Server (Express, or a cloud’s) has no Agent that starts programs.',
    ru: 'В этой редакции SQL Server (Express или облачной) нет агента, который запускает программы.',
  },
  start_linux: { en: 'SQL Server on Linux starts no programs.', ru: 'SQL Server в Linux программ не запускает.' },
  start_agent_stopped: {
    en: 'The service SQL Server Agent does not run. Start it and set it to start by itself.',
    ru: 'Служба «Агент SQL Server» не запущена. Запустите её и поставьте автоматический запуск.',
  },
  start_agent_unseen: {
    en: 'This login can’t see whether the service SQL Server Agent runs. Look in Management Studio.',
    ru: 'Этому имени входа не видно, запущена ли служба «Агент SQL Server». Посмотрите в Management Studio.',
  },
  start_shell_off: {
    en: 'xp_cmdshell is switched off on this server.',
    ru: 'xp_cmdshell на этом сервере выключена.',
  },
  start_shell_unseen: {
    en: 'This login can’t see whether xp_cmdshell is switched on.',
    ru: 'Этому имени входа не видно, включена ли xp_cmdshell.',
  },
  start_not_set_up: {
    en: 'Not set up yet: tp-tg-notify schedule print --way {way}',
    ru: 'Ещё не настроено: tp-tg-notify schedule print --way {way}',
  },
  start_set_up_unseen: {
    en: 'This login can’t see whether it is set up: tp-tg-notify schedule print --way {way}',
    ru: 'Этому имени входа не видно, настроено ли: tp-tg-notify schedule print --way {way}',
  },
  schedule_way_linux: {
    en: '--way {way} starts a program on Windows. For Linux take --way none: the timer does it.',
    ru: '--way {way} запускает программу в Windows. Для Linux укажите --way none: запускает таймер.',
  },
  schedule_way_missing: {
    en: 'Say which way: --way agent, --way xp_cmdshell or --way none.',
    ru: 'Укажите путь: --way agent, --way xp_cmdshell или --way none.',
  },
  schedule_other_system: {
    en: 'Printed for {system}, but the paths are of this machine: put in those of the machine where the program will run.',
    ru: 'Напечатано для {system}, но пути взяты с этой машины: впишите пути той, где будет работать программа.',
  },
  schedule_no_file: {
    en: 'There is no settings file, and a scheduler doesn’t see what you set in your own window. Write the settings into {file} first.',
    ru: 'Файла настроек нет, а того, что задано в вашем окне, планировщик не увидит. Сначала запишите настройки в {file}.',
  },
  schedule_environment: {
    en: 'These come from the environment of your own window, which a scheduler doesn’t see: {names}. Put them into the settings file (secrets as file:PATH), or give them to the program’s account.',
    ru: 'Это берётся из окружения вашего окна, которого планировщик не увидит: {names}. Перенесите в файл настроек (секреты – как file:ПУТЬ) или задайте для учётной записи программы.',
  },
  schedule_replaced: {
    en: 'Windows or the Agent would replace a part of {path} by something else (%…% or $(…)). Move the program or its files to a folder without such signs.',
    ru: 'Windows или агент подменит часть пути {path} (%…% или $(…)). Перенесите программу или её файлы в папку без таких знаков.',
  },
  bind_unconfirmed: { en: 'Nothing was changed. To do it, add --yes.', ru: 'Ничего не изменено. Чтобы выполнить, добавьте --yes.' },
  install_other_key: {
    en: 'The ledger is signed with another key ({expected}) than the file {file}. It was left as it is: copy the key file from the host where `install` ran first over this one. If that file is lost: `tp-tg-notify bind` gives the ledger this host’s key, and links sent before stop working.',
    ru: 'Журнал подписан другим ключом ({expected}), не из файла {file}. Он оставлен как есть: скопируйте поверх него файл ключа с машины, где `install` выполнялся впервые. Если того файла больше нет: `tp-tg-notify bind` даст журналу ключ этой машины, а отправленные раньше ссылки перестанут действовать.',
  },
  install_copy: {
    en: 'The ledger is bound to {boundTo}, and this is {here}: this database is a copy. Nothing is sent from here until `tp-tg-notify bind`.',
    ru: 'Журнал привязан к {boundTo}, а это {here}: перед вами копия базы. Отсюда ничего не отправляется, пока не выполнено `tp-tg-notify bind`.',
  },
} satisfies Record<string, Sentence>;
