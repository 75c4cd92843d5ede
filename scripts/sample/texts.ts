import type { Sentence } from '../../src/cli/render/say.ts';

/** What `npm run sample` says. */
export const SAMPLE_TEXTS = {
  description: {
    en: 'Makes a SQLite file with the Tillypad tables of an invented restaurant chain. The same seed and --now give the same rows.',
    ru: 'Создаёт файл SQLite с таблицами Tillypad выдуманной сети ресторанов. Одни и те же --seed и --now дают одни и те же строки.',
  },
  file: { en: 'the file to make', ru: 'какой файл создать' },
  operations: {
    en: 'operations on the accounts, at least {least} (default: {usual})',
    ru: 'операций по счетам, не меньше {least} (по умолчанию {usual})',
  },
  customers: {
    en: 'customers, at least {least} (default: one for every {each} operations)',
    ru: 'клиентов, не меньше {least} (по умолчанию один на каждые {each} операций)',
  },
  seed: {
    en: 'a whole number that decides all chance (default: 1)',
    ru: 'целое число, от которого зависит всё случайное (по умолчанию 1)',
  },
  now: {
    en: 'the restaurant’s wall clock; the newest visits are minutes older (default: now)',
    ru: 'часы ресторана; самые новые посещения на минуты раньше (по умолчанию – сейчас)',
  },
  force: { en: 'replace FILE if it exists', ru: 'заменить ФАЙЛ, если он есть' },
  language: { en: 'language of all this: en or ru (default: en)', ru: 'язык всего этого: en или ru (по умолчанию en)' },
  help: { en: 'display help for command', ru: 'показать эту справку' },
  usage: {
    en: 'Usage: npm run sample -- FILE [--operations N] [--customers N] [--seed S] [--now DATE] [--force] [--language en|ru]',
    ru: 'Вызов: npm run sample -- ФАЙЛ [--operations N] [--customers N] [--seed S] [--now ДАТА] [--force] [--language en|ru]',
  },
  badCount: {
    en: '--{name} takes a whole number from {least} to {most}, not «{text}»',
    ru: '--{name}: нужно целое число от {least} до {most}, а не «{text}»',
  },
  badNow: {
    en: '--now takes a date such as «2026-11-24 19:30», not «{text}»{impossible, select, yes {: there is no such day or hour} other {}}',
    ru: '--now: нужна дата, например «24.11.2026 19:30», а не «{text}»{impossible, select, yes {: такого дня или часа нет} other {}}',
  },
  fileEmpty: { en: 'FILE is empty', ru: 'ФАЙЛ не назван' },
  noFolder: { en: 'there is no folder {folder}', ru: 'папки {folder} нет' },
  isFolder: { en: '{file} is a folder', ru: '{file} – папка' },
  exists: { en: '{file} exists already; --force replaces it', ru: '{file} уже есть; --force заменит его' },
  fault: { en: '{file} could not be made: {detail}', ru: '{file} не создать: {detail}' },
  made: {
    en: '{file}: {operations} operations of {customers} customers, seed {seed}, clock {clock} ({seconds} s)',
    ru: '{file}: операций {operations}, клиентов {customers}, --seed {seed}, часы {clock} ({seconds} с)',
  },
  regulars: {
    en: 'Regulars who have just been here, for `link` and `explain`:',
    ru: 'Постоянные клиенты, которые только что заходили, – для link и explain:',
  },
  odd: { en: 'Odd ones, for `explain`:', ru: 'Необычные – для explain:' },
  next: {
    en: 'Next, with a bot of your own (its token from @BotFather; README, «With your own bot»):',
    ru: 'Дальше – со своим ботом (токен даст @BotFather; docs/ru/README.md, «Со своим ботом»):',
  },
  token: { en: '123456:your-token', ru: '123456:ваш-токен' },
  open: { en: 'Open the link on your phone and press Start, then:', ru: 'Откройте ссылку на телефоне и нажмите Start, затем:' },
  settings: {
    en: 'Or in a settings file, with points instead of roubles on the bonus account:',
    ru: 'Или файлом настроек, где на бонусном счёте баллы вместо рублей:',
  },
} satisfies Record<string, Sentence>;

/** The odd customers that are worth a look, by what is odd of them. */
export const SHOWN_ODD: ReadonlyMap<string, Sentence> = new Map([
  ['packed name', { en: 'packed name', ru: 'имя на нескольких языках в одном поле' }],
  ['two numbers in one field', { en: 'two numbers in one field', ru: 'два телефона в одном поле' }],
  ['without a profile', { en: 'without a profile', ru: 'без анкеты' }],
  ['carries odd operations', { en: 'carries odd operations', ru: 'с необычными операциями' }],
]);
