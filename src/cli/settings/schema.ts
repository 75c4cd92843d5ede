import * as z from 'zod';
import { section, setting } from './notes.ts';
import * as sections from './sections.ts';
import { secret } from './reference.ts';
import { addressIn, addressProblem } from './server-address.ts';
import type { ServerAddress } from './server-address.ts';
import { sms } from './sms-section.ts';
import { guid, line, path, refuse, size, zone } from './values.ts';

/** What each task may have of its own; at the top of the file the same keys hold for all tasks. */
const taskShape = {
  zone: setting(zone, {
    en: 'IANA zone of the restaurant: silent hours, hours and budgets of invitations, the program’s own stamps. By default the host’s.',
    ru: 'Часовой пояс ресторана (IANA): тихие часы, часы и бюджеты приглашений, отметки программы. По умолчанию – пояс компьютера.',
  }),
  mode: setting(z.enum(['live', 'test']), {
    en: 'test: only the customers in `allow` are told, and nothing is marked as seen.',
    ru: 'test – уведомляются только клиенты из allow, место в журнале не сдвигается.',
    default: 'live',
  }),
  allow: setting(z.array(guid), { en: 'Customers (GUIDs) told in test mode.', ru: 'Клиенты (GUID) для режима test.', default: [] }),
  restaurant: sections.restaurant.optional(),
  guests: sections.guests.optional(),
  filters: sections.filters.optional(),
  telegram: sections.telegram.optional(),
  notice: sections.notice.optional(),
  subscriptions: sections.subscriptions.optional(),
  run: sections.run.optional(),
  sms: sms.optional(),
};

/** A place of the database: a path, or an address of SQL Server. What looks like another address is refused unechoed: it may hold a password. */
const database = path.transform((written, context): string | ServerAddress => {
  const address = addressIn(written);
  if (address === null) return /^[a-z][a-z0-9+.-]+:/i.test(written) ? refuse(context, 'database_scheme') : written;
  const problem = addressProblem(address);
  return problem === null ? address : refuse(context, problem.code, problem.args);
});

const sqlServer = section(
  'sqlServer',
  {
    en: 'SQL Server in single settings, where `database` doesn’t say it all; password and ca also complete an address.',
    ru: 'SQL Server отдельными настройками, если database не говорит всего; password и ca дополняют и адрес.',
  },
  {
    server: setting(line(255).min(1), {
      en: 'Name or IP address of the server, or of an availability group’s listener.',
      ru: 'Имя или IP-адрес сервера либо прослушивателя группы доступности.',
    }),
    port: setting(z.int().min(1).max(65_535), {
      en: 'TCP port; 1433 where neither it nor an instance is given.',
      ru: 'Порт TCP; 1433, если не указаны ни он, ни экземпляр.',
    }),
    instance: setting(line(100).min(1), {
      en: 'Name of the instance; then «SQL Server Browser» tells the port.',
      ru: 'Имя экземпляра; тогда порт сообщает служба «Обозреватель SQL Server».',
    }),
    database: setting(line(128).min(1), { en: 'Name of the Tillypad database.', ru: 'Имя базы Tillypad.' }),
    user: setting(line(128).min(1), {
      en: 'SQL login, or a Windows user with `domain`.',
      ru: 'Имя входа SQL или пользователь Windows вместе с domain.',
    }),
    password: setting(
      secret(() => null),
      {
        en: 'Its password: env:NAME, file:path or the password itself.',
        ru: 'Пароль: env:ИМЯ, file:путь или сам пароль.',
        secret: () => null,
      },
    ),
    domain: setting(line(100).min(1), {
      en: 'Windows domain (or computer): the user signs on by NTLM. Signing on without a password can’t be had.',
      ru: 'Домен Windows (или компьютер): вход по NTLM. Вход без пароля невозможен.',
    }),
    encrypt: setting(z.boolean(), {
      en: 'false only in your own network with a server that knows no TLS 1.2.',
      ru: 'false – только в своей сети, если сервер не знает TLS 1.2.',
      default: true,
    }),
    trustServerCertificate: setting(z.boolean(), {
      en: 'Takes the server’s certificate unseen, a self-signed one among them: whoever stands between can read everything.',
      ru: 'Принимать сертификат сервера без проверки, в том числе самоподписанный: тот, кто посередине, сможет читать всё.',
      default: false,
    }),
    ca: setting(path, {
      en: 'PEM file of the authority that signed the server’s certificate.',
      ru: 'Файл PEM центра, подписавшего сертификат сервера.',
      path: true,
    }),
    multiSubnetFailover: setting(z.boolean(), {
      en: 'For the listener of an availability group: all its addresses are tried at once.',
      ru: 'Для прослушивателя группы доступности: пробовать все его адреса сразу.',
      default: false,
    }),
  },
);

const log = section(
  'log',
  { en: 'The program’s own log.', ru: 'Журнал работы программы.' },
  {
    folder: setting(path, {
      en: 'Folder of the log files. By default `log` beside the settings file (/var/log/tp-tg-notify for /etc), or beside the database where there is no such file.',
      ru: 'Папка журнала. По умолчанию log рядом с файлом настроек (для /etc – /var/log/tp-tg-notify), а без него – рядом с базой.',
      path: true,
    }),
    level: setting(z.enum(['error', 'warn', 'info', 'debug']), { en: 'How much is told.', ru: 'Насколько подробно.', default: 'info' }),
    maxSize: setting(size, {
      en: 'Size at which a file is rotated.',
      ru: 'Размер, после которого начинается новый файл.',
      default: '10 MB',
    }),
    keep: setting(z.int().min(1).max(1000), { en: 'How many files are kept.', ru: 'Сколько файлов хранить.', default: 14 }),
  },
);

export const taskSchema = z
  .strictObject(taskShape)
  .meta({ id: 'task', description: 'Settings of one task; they win over the same keys at the top.' });

/** The one truth of what a settings file may say. `docs/settings.schema.json` is made from it. */
export const settingsSchema = z
  .strictObject({
    database: setting(database, {
      en: 'mssql://user:password@server/database of Tillypad’s SQL Server, or a database file of the embedded engine.',
      ru: 'mssql://имя:пароль@сервер/база – SQL Server с базой Tillypad, или файл базы данных встроенного движка.',
      path: true,
    }),
    sqlServer: sqlServer.optional(),
    language: setting(z.enum(['ru', 'en']), { en: 'The administrator’s language.', ru: 'Язык администратора.', default: 'ru' }),
    ...taskShape,
    log: log.optional(),
    tasks: z
      .record(z.string(), taskSchema.optional())
      .optional()
      .meta({ description: 'Tasks by id: a name of your choice in Latin letters, or Tillypad’s task id.' }),
  })
  .meta({ title: 'Settings of tp-tg-notify' });

export type TaskFile = z.output<typeof taskSchema>;
