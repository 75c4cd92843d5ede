/** The sections that a task may have of its own; `schema.ts` puts them together. */
import * as z from 'zod';
import { section, setting } from './notes.ts';
import { secret } from './reference.ts';
import { icuTemplate, unitText } from './texts.ts';
import { apiRoot, checkProxy, checkToken } from './urls.ts';
import { amount, duration, guid, hours, line, orOff, path, wallDate } from './values.ts';

const language = z.enum(['ru', 'en']);
const sign = z.enum(['any', 'credit', 'debit']);

export const restaurant = section(
  'restaurant',
  { en: 'The restaurant, as guests know it.', ru: 'Ресторан, как его знают гости.' },
  {
    name: setting(line(100), {
      en: 'Name in notices and in the bot’s replies.',
      ru: 'Название в уведомлениях и ответах бота.',
      default: '',
    }),
    contact: setting(line(200), {
      en: 'Whom a guest should ask when a link is refused: a phone, an address, a name.',
      ru: 'К кому обратиться гостю, если ссылка не принята: телефон, адрес, имя.',
      default: '',
    }),
  },
);

export const guests = section(
  'guests',
  { en: 'How guests are spoken to.', ru: 'Как говорить с гостями.' },
  {
    language: setting(language, {
      en: 'Language of guests who chose none in the bot.',
      ru: 'Язык гостей, не выбравших его в боте.',
      default: 'ru',
    }),
  },
);

export const filters = section(
  'filters',
  { en: 'Which operations are told.', ru: 'О каких операциях уведомлять.' },
  {
    startDate: setting(orOff(wallDate), {
      en: 'Operations before this are never looked at (the database server’s clock); off = from the first run on. Task parameter StartDate.',
      ru: 'Операции до этой даты не рассматриваются (часы сервера базы); off – начиная с первого запуска. Параметр задачи StartDate.',
      default: 'off',
    }),
    accountTypes: setting(z.array(guid), {
      en: 'Account types to tell about (GUIDs); empty = all. Task parameter ClientPurseTypes.',
      ru: 'Типы счетов (GUID); пусто – все. Параметр задачи ClientPurseTypes.',
      default: [],
    }),
    customerGroups: setting(z.array(guid), {
      en: 'Customer groups (GUIDs), each with its descendants; empty = all. Task parameter ClientGroups.',
      ru: 'Группы клиентов (GUID) вместе с вложенными; пусто – все. Параметр задачи ClientGroups.',
      default: [],
    }),
    sign: setting(sign, { en: 'Credits, debits or any.', ru: 'Зачисления (credit), списания (debit) или любые (any).', default: 'any' }),
    threshold: setting(amount, { en: 'Smaller amounts are not told.', ru: 'О меньших суммах не уведомлять.', default: 0 }),
  },
);

export const telegram = section(
  'telegram',
  { en: 'The bot and the way to Telegram.', ru: 'Бот и путь к Telegram.' },
  {
    token: setting(secret(checkToken), {
      en: 'The bot’s token from @BotFather: env:NAME, file:path or the token itself. Task parameter BotToken.',
      ru: 'Токен бота от @BotFather: env:ИМЯ, file:путь или сам токен. Параметр задачи BotToken.',
      secret: checkToken,
    }),
    apiRoot: setting(apiRoot, {
      en: 'Root of the Bot API; an own server may stand here.',
      ru: 'Адрес Bot API; здесь может стоять свой сервер.',
      default: 'https://api.telegram.org',
    }),
    proxy: setting(orOff(secret(checkProxy)), {
      en: 'Proxy: http://, https://, socks5:// or socks5h://, with name:password@ if need be; env: and file: too; off = none.',
      ru: 'Прокси: http://, https://, socks5:// или socks5h://, при необходимости с именем и паролем; можно env: и file:; off – без прокси.',
      default: 'off',
      secret: checkProxy,
    }),
    ca: setting(orOff(path), {
      en: 'PEM file of an own certification authority (a proxy that opens TLS, an own server); off = the system’s.',
      ru: 'PEM-файл своего центра сертификации (прокси, вскрывающий TLS, свой сервер); off – системные.',
      default: 'off',
      path: true,
    }),
    broadcast: setting(z.enum(['free', 'paid']), {
      en: 'paid: up to 1000 messages a second for Telegram Stars.',
      ru: 'paid – до 1000 сообщений в секунду за Telegram Stars.',
      default: 'free',
    }),
    rate: setting(z.number().min(0).max(5000), {
      en: 'Messages a second. By default 29.4 free and 970 paid, a little below Telegram’s limits; 0 = no limit (own server only).',
      ru: 'Сообщений в секунду. По умолчанию 29.4 (free) и 970 (paid), чуть ниже пределов Telegram; 0 – без ограничения (только свой сервер).',
    }),
    concurrency: setting(z.int().min(1).max(100), {
      en: 'Calls at once: by default 3 free, 100 paid.',
      ru: 'Одновременных вызовов: по умолчанию 3 (free) и 100 (paid).',
    }),
    timeout: setting(duration({ min: '1s', max: '10m' }), {
      en: 'How long one call may take.',
      ru: 'Сколько может длиться один вызов.',
      default: '30s',
    }),
    inDoubt: setting(z.enum(['repeat', 'ask', 'giveUp']), {
      en: 'A notice whose outcome can’t be known: repeat = told once more, marked as a possible repeat; ask = left to a person; giveUp = not told again.',
      ru: 'Уведомление с неизвестным исходом: repeat – повторить один раз с пометкой, ask – оставить человеку, giveUp – не повторять.',
      default: 'repeat',
    }),
    repeatAfter: setting(duration({ min: '1m', max: '7d' }), {
      en: 'How long to wait before such a repeat.',
      ru: 'Через сколько повторить такое уведомление.',
      default: '15m',
    }),
    silentHours: setting(orOff(hours), {
      en: 'In these hours of the restaurant’s zone notices about operations older than 30 minutes arrive without sound; off = never.',
      ru: 'В эти часы (пояс ресторана) уведомления об операциях старше 30 минут приходят без звука; off – всегда со звуком.',
      default: '22-9',
    }),
  },
);

const template = z.strictObject({
  accountType: guid.optional().meta({ description: 'Only for this account type.' }),
  customerGroup: guid.optional().meta({ description: 'Only for this customer group and its descendants.' }),
  sign: sign.optional().meta({ description: 'Only for credits or debits.' }),
  text: icuTemplate.meta({ description: 'HTML with ICU MessageFormat variables, by language.' }),
});

const unit = z.strictObject({
  accountType: guid.optional().meta({ description: 'The account type; without it, all that have none of their own.' }),
  text: unitText.meta({ description: 'A sign such as ₽, or an ICU plural, by language.' }),
  digits: z.int().min(0).max(4).optional().meta({ description: 'Digits after the point.', default: 2 }),
});

export const notice = section(
  'notice',
  { en: 'What a notice says and when.', ru: 'Что и когда говорит уведомление.' },
  {
    balance: setting(z.enum(['after', 'current', 'off']), {
      en: 'Which balance is told: after the operation, the current one, or none.',
      ru: 'Какой остаток показывать: после операции (after), текущий (current) или никакой (off).',
      default: 'after',
    }),
    digestGap: setting(duration({ min: '0s', max: '1h' }), {
      en: 'Operations of one guest at most this far apart are told in one notice; 0s = one notice per operation.',
      ru: 'Операции одного гостя, отстоящие не более чем на это время, идут одним уведомлением; 0s – каждая отдельно.',
      default: '60s',
    }),
    digestWait: setting(duration({ min: '0s', max: '10m' }), {
      en: 'A notice waits this long after its newest operation.',
      ru: 'Сколько ждать после последней операции.',
      default: '10s',
    }),
    templates: setting(z.array(template), {
      en: 'Own texts; the most specific one that fits wins.',
      ru: 'Свои тексты; побеждает самый точный из подходящих.',
      default: [],
    }),
    units: setting(z.array(unit), {
      en: 'How amounts of an account type are written.',
      ru: 'Как писать суммы по типам счетов.',
      default: [],
    }),
  },
);

export const subscriptions = section(
  'subscriptions',
  { en: 'How chats come to customers.', ru: 'Как чаты связываются с клиентами.' },
  {
    trustNotes: setting(z.boolean(), {
      en: 'A filled note of a customer without a proven chat counts as a subscription.',
      ru: 'Заполненная заметка клиента без подтверждённого чата считается подпиской.',
      default: true,
    }),
    noteType: setting(line(200).min(1), {
      en: 'Name of the note type that holds the chat id.',
      ru: 'Название типа заметки с номером чата.',
      default: 'chat_ID в Telegram',
    }),
    legacyLinks: section(
      'legacyLinks',
      { en: 'Links of the former solution.', ru: 'Ссылки прежнего решения.' },
      {
        until: setting(orOff(wallDate), {
          en: 'Bare-GUID links are accepted until this date for customers without a chat; off = refused.',
          ru: 'До этой даты принимаются ссылки с одним GUID – для клиентов без чата; off – не принимаются.',
          default: 'off',
        }),
      },
    ).optional(),
  },
);

export const run = section(
  'run',
  { en: 'Limits of a run.', ru: 'Пределы запуска.' },
  {
    timeLimit: setting(orOff(duration({ min: '10s', max: '1d' })), {
      en: 'Ends a run with --since-last in order; off = none.',
      ru: 'Через сколько запуск с --since-last завершается; off – без предела.',
      default: '5m',
    }),
    timeToLive: setting(duration({ min: '1m', max: '3650d' }), {
      en: 'Older operations are not told.',
      ru: 'Об операциях старше не уведомлять.',
      default: '72h',
    }),
    brake: setting(z.int().min(0).max(1_000_000), {
      en: 'More notices about old operations than this need --yes.',
      ru: 'Больше стольких уведомлений о старых операциях – только с --yes.',
      default: 300,
    }),
    brakeAge: setting(duration({ min: '1m', max: '3650d' }), {
      en: 'What counts as old for the brake.',
      ru: 'Какая операция считается старой для тормоза.',
      default: '24h',
    }),
    linger: setting(duration({ min: '0s', max: '10m' }), {
      en: 'How long a woken run stays after the newest wake-up.',
      ru: 'Сколько разбуженный запуск ждёт после последнего сигнала.',
      default: '15s',
    }),
  },
);
