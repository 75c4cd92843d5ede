/** The section of invitations by SMS; a task may have its own like any other. */
import * as z from 'zod';
import { section, setting } from './notes.ts';
import { secret } from './reference.ts';
import { smsText } from './texts.ts';
import { apiRoot, checkKey, checkProxy } from './urls.ts';
import { country, dayHours, days, duration, guid, line, orOff, path, price, senderName } from './values.ts';

const segments = z.int().min(0).max(1_000_000);

const text = section(
  'smsText',
  {
    en: 'Own texts of the invitation: ICU MessageFormat with {restaurant} and {hasRestaurant}; the link follows by itself.',
    ru: 'Свои тексты приглашения: ICU MessageFormat с {restaurant} и {hasRestaurant}; ссылка добавляется сама.',
  },
  {
    ru: setting(smsText('ru'), { en: 'Text in Russian.', ru: 'Текст по-русски.' }),
    en: setting(smsText('en'), { en: 'Text in English.', ru: 'Текст по-английски (en).' }),
  },
);

const caps = section(
  'smsCaps',
  {
    en: 'How many segments may be spent; what a cap stops waits for the next budget.',
    ru: 'Сколько сегментов можно потратить; что не поместилось, ждёт следующего бюджета.',
  },
  {
    run: setting(segments, { en: 'Segments in one run.', ru: 'Сегментов за один запуск.', default: 400 }),
    day: setting(segments, {
      en: 'Segments in a day of the restaurant’s zone, by all tasks of the bot together.',
      ru: 'Сегментов за сутки (пояс ресторана), всеми задачами бота вместе.',
      default: 200,
    }),
    month: setting(segments, {
      en: 'Segments in a month of the restaurant’s zone, by all tasks of the bot together.',
      ru: 'Сегментов за месяц (пояс ресторана), всеми задачами бота вместе.',
      default: 3000,
    }),
    customer: setting(segments, { en: 'Segments to one customer in a year.', ru: 'Сегментов одному клиенту за год.', default: 12 }),
  },
);

const consent = section(
  'smsConsent',
  {
    en: 'What proves that a customer agreed to be written to: one of the two. The law asks for it.',
    ru: 'Что доказывает согласие клиента на рассылку: одно из двух. Этого требует закон.',
  },
  {
    note: setting(orOff(line(200)), {
      en: 'Name of a note type that is filled for customers who agreed; off = not asked for.',
      ru: 'Название типа заметки, заполненной у согласившихся клиентов; off – не проверять.',
      default: 'off',
    }),
    group: setting(orOff(guid), {
      en: 'Customer group (GUID) of those who agreed, with its descendants; off = not asked for.',
      ru: 'Группа согласившихся клиентов (GUID) вместе с вложенными; off – не проверять.',
      default: 'off',
    }),
  },
);

export const sms = section(
  'sms',
  { en: 'Invitations by SMS of guests who have not subscribed.', ru: 'Приглашения по СМС для гостей, которые не подписаны.' },
  {
    operator: setting(z.enum(['smsru', 'p1sms', 'pushsms', 'off']), {
      en: 'Operator; off = nobody is invited. Task parameter SmsOperator.',
      ru: 'Оператор; off – никого не приглашать. Параметр задачи SmsOperator.',
      default: 'off',
    }),
    apiKey: setting(secret(checkKey), {
      en: 'Key of SMS.RU or P1SMS: env:NAME, file:path or the key itself. Task parameter ApiKey.',
      ru: 'API-ключ SMS.RU или P1SMS: env:ИМЯ, file:путь или сам ключ. Параметр задачи ApiKey.',
      secret: checkKey,
    }),
    token: setting(secret(checkKey), {
      en: 'Token of PUSHSMS: env:NAME, file:path or the token itself. Task parameter PushToken.',
      ru: 'Токен PUSHSMS: env:ИМЯ, file:путь или сам токен. Параметр задачи PushToken.',
      secret: checkKey,
    }),
    sender: setting(senderName, {
      en: 'Sender name approved by the operator, at most 11 Latin characters; empty = the account’s default. Task parameter SenderName.',
      ru: 'Имя отправителя, согласованное у оператора, до 11 латинских знаков; пусто – имя по умолчанию. Параметр задачи SenderName.',
      default: '',
    }),
    apiRoot: setting(orOff(apiRoot), {
      en: 'Root of the operator’s API, where a reverse proxy stands for it; off = the operator’s own.',
      ru: 'Адрес API оператора, если вместо него стоит обратный прокси; off – собственный адрес оператора.',
      default: 'off',
    }),
    proxy: setting(orOff(secret(checkProxy)), {
      en: 'Proxy on the way to the operator, written as telegram.proxy is; off = none.',
      ru: 'Прокси на пути к оператору, пишется как telegram.proxy; off – без прокси.',
      default: 'off',
      secret: checkProxy,
    }),
    ca: setting(orOff(path), {
      en: 'PEM file of an own certification authority on the way to the operator; off = the system’s.',
      ru: 'PEM-файл своего центра сертификации на пути к оператору; off – системные.',
      default: 'off',
      path: true,
    }),
    timeout: setting(duration({ min: '1s', max: '10m' }), {
      en: 'How long one call may take.',
      ru: 'Сколько может длиться один вызов.',
      default: '60s',
    }),
    price: setting(price, {
      en: 'Roubles a segment, for the forecast and the first look at the balance; SMS.RU is asked by itself. off = unknown.',
      ru: 'Рублей за сегмент – для сметы и первой проверки баланса; SMS.RU спрашивается сам. off – неизвестно.',
      default: 'off',
    }),
    countries: setting(z.array(country), {
      en: 'Countries (two letters) whose mobile numbers are invited; the first one also reads numbers without a country code.',
      ru: 'Страны (две буквы), на чьи мобильные номера идут приглашения; по первой читаются номера без кода страны.',
      default: ['RU'],
    }),
    text: text.optional(),
    maxSegments: setting(z.int().min(1).max(8), {
      en: 'A text that takes more segments than this is refused.',
      ru: 'Текст, занимающий больше сегментов, не принимается.',
      default: 2,
    }),
    intervals: setting(z.array(days), {
      en: 'Days between the first and the second invitation of a guest, the second and the third, …; after the last there is none.',
      ru: 'Дней между первым и вторым приглашением гостя, вторым и третьим, …; после последнего приглашений нет.',
      default: ['30', '90', '180'],
    }),
    hours: setting(dayHours, {
      en: 'Hours in the restaurant’s zone in which invitations go; the others wait for the morning.',
      ru: 'Часы (пояс ресторана), в которые идут приглашения; остальные ждут утра.',
      default: '9-22',
    }),
    lateHour: setting(z.int().min(1).max(24), {
      en: 'Until this hour an invitation goes when the guest’s operation is younger than half an hour.',
      ru: 'До этого часа приглашение уходит, если операции гостя меньше получаса.',
      default: 23,
    }),
    caps: caps.optional(),
    brake: setting(z.int().min(0).max(1_000_000), {
      en: 'More guests to invite at once than this need --yes.',
      ru: 'Больше стольких приглашений разом – только с --yes.',
      default: 50,
    }),
    consent: consent.optional(),
  },
);
