import * as z from 'zod';
import { section, setting } from './notes.ts';
import * as sections from './sections.ts';
import { sms } from './sms-section.ts';
import { guid, path, refuse, size, zone } from './values.ts';

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

/** A place of the database: a path now; what looks like an address is refused unechoed, since it may hold a password. */
const database = path.transform((written, context): string =>
  /^[a-z][a-z0-9+.-]+:/i.test(written) ? refuse(context, 'database_scheme') : written,
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
    database: setting(database, { en: 'Database file of the embedded engine.', ru: 'Файл базы данных встроенного движка.', path: true }),
    language: setting(z.enum(['ru', 'en']), { en: 'The administrator’s language.', ru: 'Язык администратора.', default: 'ru' }),
    ...taskShape,
    log: log.optional(),
    tasks: z
      .record(z.string(), taskSchema.optional())
      .optional()
      .meta({ description: 'Tasks by id: a name of your choice, or Tillypad’s task id.' }),
  })
  .meta({ title: 'Settings of tp-tg-notify' });

export type TaskFile = z.output<typeof taskSchema>;
