import type { Language } from '../../core/glossary.ts';

interface HelpTexts {
  readonly program: string;
  readonly titles: Readonly<Record<string, string>>;
  readonly help: string;
  readonly helpCommand: string;
  readonly version: string;
  readonly commands: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  readonly exitCodes: string;
}

/** Everything `--help` says. */
export const HELP: Readonly<Record<Language, HelpTexts>> = {
  en: {
    program: "Tells a restaurant's regular customers in Telegram about every movement on their Tillypad account.",
    titles: { 'Usage:': 'Usage:', 'Options:': 'Options:', 'Commands:': 'Commands:', 'Arguments:': 'Arguments:' },
    help: 'show this help',
    helpCommand: 'show the help of a command',
    version: 'show the version',
    commands: {
      run: 'learn who subscribed, find the operations not yet told, tell them in Telegram',
      preview: "show an operation's notice as the guest will see it (the newest operation by default)",
      status: 'show the last runs, what waits, what is in doubt, who is subscribed, and findings',
      explain: 'tell the whole story of a customer (id or phone) or of an operation (id)',
      resolve: 'settle deliveries in doubt: list them, or say what became of them',
      link: "print a customer's personal link to the bot",
      bot: "show the bot's name, webhook and pending updates",
      pause: 'keep planning, send nothing',
      resume: 'end the pause',
      install: 'make the ledger and the link key',
      upgrade: 'bring the ledger up to date after an update of the program or of Tillypad',
      uninstall: 'take away what install made; the ledger and the subscriptions stay',
      'plan-sql': 'print the SQL that install would run',
      bind: 'say that this copy of the database is a site of its own, or accept a database that was set back',
      keys: 'link keys',
      'keys rotate': 'sign new links with a new key',
      settings: 'settings',
      'settings show': 'show every effective value and where it comes from',
      'settings schema': 'print the JSON Schema of the settings file',
    },
    options: {
      task: 'only this task of the settings',
      sinceLast: 'from where the last run ended (the default)',
      since: 'from this date on, by hand (2026-11-24, 24.11.2026, with a time if need be); the watermark stays',
      until: 'up to, but not including, this date (with --since)',
      limit: 'the oldest N notices only',
      customer: 'only these customers (ids); the watermark stays',
      operation: 'only these operations (ids); the watermark stays',
      maxAge: 'leave older operations untold (30m, 72h, 10d)',
      dryRun: 'show what would be told; nothing is sent, written or asked of Telegram',
      show: 'notices shown in full by --dry-run (default: 20)',
      markOnly: 'mark the operations as seen, tell nobody',
      yes: 'lift the brake on many notices about old operations',
      guestLanguage: "the guest's language",
      explainLimit: 'operations shown (default: 20)',
      resolveAs: 'what became of them',
      reason: 'why you know; it is kept',
      resolveAll: 'all that are in doubt',
      setCommands: "put the bot's commands into Telegram's menu",
      pauseUntil: 'resume by itself at this time',
      installPaused: 'nothing is sent until `resume`',
      dropLedger: 'the ledger and the subscriptions too (with --yes)',
      restored: 'the database was set back on purpose: `mark` the operations of the gap as told (default), or `leave` them to be told',
      bindYes: 'confirm',
      revokeOld: 'links signed with older keys stop working',
      settings: 'the settings file',
      database: 'the database: mssql://user@server/name, or a file of the embedded engine',
      language: 'language of everything this program says',
      json: 'print the result as JSON',
    },
    exitCodes: `Exit codes:
  0    done; also nothing to do, or left to the run that is under way
  1    a fault in the program
  2    usage or settings
  3    the database can't be reached or used
  4    new deliveries in doubt, or refusals that are ours (text, rights)
  5    an account is unusable: token, webhook, a second reader
  6    schema and program don't fit
  7    this database is a copy or was set back in time
  8    Telegram is unreachable or limits us: rows wait and go by themselves
  9    the answer is no (brake, status)
  130  interrupted`,
  },
  ru: {
    program: 'Рассказывает постоянным клиентам ресторана в Telegram о каждом движении на их счёте в Tillypad.',
    titles: { 'Usage:': 'Вызов:', 'Options:': 'Ключи:', 'Commands:': 'Команды:', 'Arguments:': 'Аргументы:' },
    help: 'показать эту справку',
    helpCommand: 'показать справку по команде',
    version: 'показать версию',
    commands: {
      run: 'узнать, кто подписался, найти операции, о которых ещё не рассказано, и рассказать о них в Telegram',
      preview: 'показать уведомление об операции таким, каким его увидит гость (по умолчанию о самой новой)',
      status: 'показать последние запуски, что ждёт, что под вопросом, кто подписан, и замечания',
      explain: 'рассказать всю историю клиента (код или телефон) или операции (код)',
      resolve: 'разобрать доставки под вопросом: показать их или сказать, что с ними стало',
      link: 'напечатать личную ссылку клиента на бота',
      bot: 'показать имя бота, вебхук и ждущие обновления',
      pause: 'планировать дальше, но ничего не отправлять',
      resume: 'закончить паузу',
      install: 'создать журнал доставок и ключ ссылок',
      upgrade: 'обновить журнал доставок после обновления программы или Tillypad',
      uninstall: 'убрать то, что создала install; журнал доставок и подписки останутся',
      'plan-sql': 'напечатать SQL, который выполнит install',
      bind: 'подтвердить, что эта копия базы – отдельное место, или принять базу, возвращённую в прошлое',
      keys: 'ключи ссылок',
      'keys rotate': 'подписывать новые ссылки новым ключом',
      settings: 'настройки',
      'settings show': 'показать каждое действующее значение и откуда оно взялось',
      'settings schema': 'напечатать JSON Schema файла настроек',
    },
    options: {
      task: 'только эта задача из настроек',
      sinceLast: 'с того места, где закончил прошлый запуск (по умолчанию)',
      since: 'с этой даты, вручную (24.11.2026, 2026-11-24, можно со временем); отметка поиска не сдвигается',
      until: 'до этой даты, не включая её (вместе с --since)',
      limit: 'только N самых старых уведомлений',
      customer: 'только эти клиенты (коды); отметка поиска не сдвигается',
      operation: 'только эти операции (коды); отметка поиска не сдвигается',
      maxAge: 'о более старых операциях не рассказывать (30m, 72h, 10d)',
      dryRun: 'показать, что было бы отправлено; ничего не отправляется, не записывается, Telegram не спрашивается',
      show: 'сколько уведомлений --dry-run покажет целиком (по умолчанию 20)',
      markOnly: 'отметить операции как известные и никому не рассказывать',
      yes: 'снять тормоз на много уведомлений о старых операциях',
      guestLanguage: 'язык гостя',
      explainLimit: 'сколько операций показать (по умолчанию 20)',
      resolveAs: 'что с ними стало: delivered – дошло, refused – не дошло, again – отправить ещё раз',
      reason: 'откуда это известно; сохраняется',
      resolveAll: 'все, что под вопросом',
      setCommands: 'поместить команды бота в меню Telegram',
      pauseUntil: 'продолжить самостоятельно в это время',
      installPaused: 'ничего не отправлять до `resume`',
      dropLedger: 'и журнал доставок с подписками (вместе с --yes)',
      restored:
        'база возвращена в прошлое намеренно: `mark` – считать операции пробела известными (по умолчанию), `leave` – рассказать о них',
      bindYes: 'подтвердить',
      revokeOld: 'ссылки, подписанные старыми ключами, перестают действовать',
      settings: 'файл настроек',
      database: 'база данных: mssql://имя@сервер/база или файл встроенной СУБД',
      language: 'язык всего, что говорит программа',
      json: 'напечатать результат в JSON',
    },
    exitCodes: `Коды завершения:
  0    сделано; также «делать нечего» и «передано работающему запуску»
  1    ошибка в программе
  2    вызов или настройки
  3    база данных недоступна или непригодна
  4    новые доставки под вопросом или отказы по нашей вине (текст, права)
  5    учётная запись непригодна: токен, вебхук, второй читатель
  6    схема и программа не подходят друг к другу
  7    эта база – копия или возвращена в прошлое
  8    Telegram недоступен или ограничивает: строки ждут и уйдут сами
  9    ответ «нет» (тормоз, status)
  130  прервано`,
  },
};
