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
      run: 'learn who subscribed, find the operations not yet told, tell them in Telegram, invite the others by SMS',
      preview: "show an operation's notice as the guest will see it (the newest operation by default)",
      status: 'show the last runs, what waits, what is in doubt, who is subscribed, and findings',
      explain: 'tell the whole story of a customer (id or phone) or of an operation (id)',
      resolve: 'settle notices and SMS in doubt: list them, or say what became of them',
      retry: 'list notices refused because of our text or rights, or tell them anew once that is mended',
      prune: 'forget texts, attempts and runs of long ago; what was told stays known',
      invitations: 'list whom SMS invited, whom it did not, and why',
      link: "print a customer's personal link to the bot",
      bot: "show the bot's name, webhook and pending updates",
      sms: 'the SMS operator of invitations',
      'sms check': "show the operator's account: balance, sender names, what an invitation costs",
      'sms test': 'send one SMS to a phone of your own, after showing its text and price',
      pause: 'keep planning, send nothing',
      resume: 'end the pause',
      install: 'make the ledger and the link key',
      schedule: 'how the program is started',
      'schedule print': 'print everything to run and click so that the program is started, filled in for this installation',
      'schedule check': 'say which ways of starting this server allows, and whether the one in force works',
      'schedule set': 'choose how Tillypad’s task starts the program, once that way is set up',
      upgrade: 'bring the ledger up to date after an update of the program or of Tillypad',
      uninstall: 'take away what install made; the ledger and the subscriptions stay',
      'plan-sql': 'print the SQL that install would run',
      bind: 'say that this copy of the database is a site of its own, or accept a database that was set back',
      keys: 'link keys',
      'keys rotate': 'sign new links with a new key',
      settings: 'settings',
      'settings show': 'show every effective value and where it comes from',
      'settings schema': 'print the JSON Schema of the settings file',
      tpxl: 'Tillypad object files (.tpxl_exp)',
      'tpxl inspect': 'show what an object file holds: objects, texts, the wizard as steps, events',
      'tpxl verify': 'check an object file, and name the byte of whatever is wrong',
      'tpxl build': 'make an object file of a definition: a folder with definition.yaml, or the YAML file itself',
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
      dryRun: 'show what would be told and what invitations would cost; nothing is sent, written or asked of Telegram',
      show: 'notices shown in full by --dry-run (default: 20)',
      markOnly: 'mark the operations as seen, tell nobody',
      yes: 'lift the brake on many notices about old operations and on many invitations',
      guestLanguage: "the guest's language",
      explainLimit: 'operations shown (default: 20)',
      resolveAs: 'what became of them',
      reason: 'why you know; it is kept',
      resolveAll: 'all that are in doubt',
      resolveSms: 'the rows are SMS (delivered – it went out, refused – it never did)',
      retryReason: 'what was mended; it is kept',
      retryAll: 'all that were refused because of us',
      olderThan: 'how long ago it must have ended (400d; at least 37d)',
      invitationState: 'only invitations in this state',
      invitationReason: 'only those with this reason (no_phone, interval, stop_list, …)',
      invitationCustomer: 'only of this customer (id or phone)',
      invitationLimit: 'invitations shown (default: 50)',
      setCommands: "put the bot's commands into Telegram's menu",
      deleteWebhook: 'take the webhook away; the program that set it gets no updates any more',
      smsTestYes: 'really send it; it is paid for',
      pauseUntil: 'resume by itself at this time',
      way: 'how Tillypad’s task starts the program (by default the best that the server allows)',
      os: 'the system on which the program runs (by default this one)',
      account: 'the account under which the program runs (default: tp-tg-notify)',
      login: 'the SQL login of Tillypad’s server',
      starter: 'the Windows account behind xp_cmdshell',
      save: 'write the files into this folder',
      installPaused: 'nothing is sent until `resume`',
      dropLedger: 'the ledger and the subscriptions too (with --yes)',
      restored: 'the database was set back on purpose: `mark` the operations of the gap as told (default), or `leave` them to be told',
      bindYes: 'confirm',
      revokeOld: 'links signed with older keys stop working',
      extract: 'write each text as a file of its own into this new folder',
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
  5    an account is unusable: token, webhook, a second reader, the SMS operator's key, money or sender
  6    schema and program don't fit
  7    this database is a copy or was set back in time
  8    Telegram or the SMS operator is unreachable or limits us: rows wait and go by themselves
  9    the answer is no (brake, status, tpxl)
  130  interrupted`,
  },
  ru: {
    program: 'Рассказывает постоянным клиентам ресторана в Telegram о каждом движении на их счёте в Tillypad.',
    titles: { 'Usage:': 'Вызов:', 'Options:': 'Ключи:', 'Commands:': 'Команды:', 'Arguments:': 'Аргументы:' },
    help: 'показать эту справку',
    helpCommand: 'показать справку по команде',
    version: 'показать версию',
    commands: {
      run: 'узнать, кто подписался, рассказать в Telegram об операциях, о которых ещё не рассказано, остальных пригласить по СМС',
      preview: 'показать уведомление об операции таким, каким его увидит гость (по умолчанию о самой новой)',
      status: 'показать последние запуски, что ждёт, что под вопросом, кто подписан, и замечания',
      explain: 'рассказать всю историю клиента (код или телефон) или операции (код)',
      resolve: 'разобрать уведомления и СМС под вопросом: показать их или сказать, что с ними стало',
      retry: 'показать отказы по нашей вине (текст, права) или, когда причина устранена, рассказать заново',
      prune: 'забыть давние тексты, попытки и запуски; о чём рассказано, остаётся известно',
      invitations: 'показать, кого приглашали по СМС, кого нет и почему',
      link: 'напечатать личную ссылку клиента на бота',
      bot: 'показать имя бота, вебхук и ждущие обновления',
      sms: 'оператор СМС для приглашений',
      'sms check': 'показать учётную запись у оператора: баланс, имена отправителя, цену приглашения',
      'sms test': 'отправить одну СМС на свой телефон, показав сначала текст и цену',
      pause: 'планировать дальше, но ничего не отправлять',
      resume: 'закончить паузу',
      install: 'создать журнал доставок и ключ ссылок',
      schedule: 'как запускается программа',
      'schedule print': 'напечатать всё, что надо выполнить и нажать, чтобы программа запускалась, с данными этой установки',
      'schedule check': 'сказать, какие пути запуска разрешает этот сервер и работает ли действующий',
      'schedule set': 'выбрать, как задача Tillypad запускает программу, когда этот путь настроен',
      upgrade: 'обновить журнал доставок после обновления программы или Tillypad',
      uninstall: 'убрать то, что создала install; журнал доставок и подписки останутся',
      'plan-sql': 'напечатать SQL, который выполнит install',
      bind: 'подтвердить, что эта копия базы – отдельное место, или принять базу, возвращённую в прошлое',
      keys: 'ключи ссылок',
      'keys rotate': 'подписывать новые ссылки новым ключом',
      settings: 'настройки',
      'settings show': 'показать каждое действующее значение и откуда оно взялось',
      'settings schema': 'напечатать JSON Schema файла настроек',
      tpxl: 'файлы объектов Tillypad (.tpxl_exp)',
      'tpxl inspect': 'показать содержимое файла объектов: объекты, тексты, мастер по шагам, события',
      'tpxl verify': 'проверить файл объектов и назвать байт каждой ошибки',
      'tpxl build': 'собрать файл объектов из описания: папка с definition.yaml или сам файл YAML',
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
      dryRun:
        'показать, что было бы отправлено и сколько стоят приглашения; ничего не отправляется, не записывается, Telegram не спрашивается',
      show: 'сколько уведомлений --dry-run покажет целиком (по умолчанию 20)',
      markOnly: 'отметить операции как известные и никому не рассказывать',
      yes: 'снять тормоз на много уведомлений о старых операциях и на много приглашений',
      guestLanguage: 'язык гостя',
      explainLimit: 'сколько операций показать (по умолчанию 20)',
      resolveAs: 'что с ними стало: delivered – дошло, refused – не дошло, again – отправить ещё раз',
      reason: 'откуда это известно; сохраняется',
      resolveAll: 'все, что под вопросом',
      resolveSms: 'строки – это СМС (delivered – ушла, refused – не ушла)',
      retryReason: 'что исправлено; сохраняется',
      retryAll: 'все отказы по нашей вине',
      olderThan: 'насколько давно это должно было закончиться (400d; не меньше 37d)',
      invitationState: 'только приглашения в этом состоянии',
      invitationReason: 'только с этой причиной (no_phone, interval, stop_list, …)',
      invitationCustomer: 'только этого клиента (код или телефон)',
      invitationLimit: 'сколько приглашений показать (по умолчанию 50)',
      setCommands: 'поместить команды бота в меню Telegram',
      deleteWebhook: 'снять вебхук; программа, которая его поставила, больше не получит обновлений',
      smsTestYes: 'действительно отправить; эта СМС оплачивается',
      pauseUntil: 'продолжить самостоятельно в это время',
      way: 'как задача Tillypad запускает программу (по умолчанию лучшее, что разрешает сервер)',
      os: 'система, в которой работает программа (по умолчанию эта)',
      account: 'учётная запись, под которой работает программа (по умолчанию tp-tg-notify)',
      login: 'имя входа SQL сервера Tillypad',
      starter: 'учётная запись Windows, от имени которой работает xp_cmdshell',
      save: 'записать файлы в эту папку',
      installPaused: 'ничего не отправлять до `resume`',
      dropLedger: 'и журнал доставок с подписками (вместе с --yes)',
      restored:
        'база возвращена в прошлое намеренно: `mark` – считать операции пробела известными (по умолчанию), `leave` – рассказать о них',
      bindYes: 'подтвердить',
      revokeOld: 'ссылки, подписанные старыми ключами, перестают действовать',
      extract: 'записать каждый текст отдельным файлом в эту новую папку',
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
  5    учётная запись непригодна: токен, вебхук, второй читатель; ключ, деньги или имя у СМС-оператора
  6    схема и программа не подходят друг к другу
  7    эта база – копия или возвращена в прошлое
  8    Telegram или СМС-оператор недоступен или ограничивает: строки ждут и уйдут сами
  9    ответ «нет» (тормоз, status, tpxl)
  130  прервано`,
  },
};
