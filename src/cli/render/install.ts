import type { Language } from '../../core/glossary.ts';
import type { Finding } from '../../core/settings.ts';
import type { InstallReport } from '../../ports/desk.ts';
import { sayFinding } from './desk-findings.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent } from './shown.ts';
import type { Viewer } from './when.ts';

export interface FilledNotes {
  readonly noteType: string;
  /** Customers who have a filled note of this type. */
  readonly filled: number;
  /** `subscriptions.trustNotes`. */
  readonly trusted: boolean;
}

export interface Installed {
  readonly report: InstallReport;
  readonly notes: readonly FilledNotes[];
  readonly key: { readonly file: string; readonly created: boolean };
  readonly paused: boolean;
  /** The ledger knows of runs, so this was no first installation. */
  readonly hasRun: boolean;
  readonly hasToken: boolean;
  readonly findings: readonly Finding[];
  /** False: a finding keeps runs from working here, so there is nothing to do next but that. */
  readonly ready: boolean;
}

export const INSTALL_TEXTS = {
  step: { en: '{done, select, yes {done} other {was there}}  {what}', ru: '{done, select, yes {сделано} other {уже было}}  {what}' },
  key: { en: 'link key {file}', ru: 'ключ ссылок {file}' },
  copyKey: {
    en: 'Keep a copy of the key file: without it every link sent so far stops working. Further hosts need the same file.',
    ru: 'Сохраните копию файла ключа: без него перестанут действовать все отправленные ссылки. Другим машинам нужен этот же файл.',
  },
  notes: {
    en: '{n, plural, =0 {No customer has a filled note «{name}».} one {# customer has a filled note «{name}»; the first run subscribes them by it.} other {# customers have a filled note «{name}»; the first run subscribes them by it.}}',
    ru: '{n, plural, =0 {Заполненных заметок «{name}» нет.} one {Заметка «{name}» заполнена у # клиента; первый запуск подпишет его по ней.} other {Заметка «{name}» заполнена у # клиентов; первый запуск подпишет их по ней.}}',
  },
  notesRead: {
    en: '{n, plural, =0 {No customer has a filled note «{name}».} one {# customer has a filled note «{name}».} other {# customers have a filled note «{name}».}}',
    ru: '{n, plural, =0 {Заполненных заметок «{name}» нет.} one {Заметка «{name}» заполнена у # клиента.} other {Заметка «{name}» заполнена у # клиентов.}}',
  },
  notesUntrusted: {
    en: '{n, plural, =0 {No customer has a filled note «{name}».} one {# customer has a filled note «{name}»; it subscribes nobody, as subscriptions.trustNotes: false says: a personal link does.} other {# customers have a filled note «{name}»; they subscribe nobody, as subscriptions.trustNotes: false says: personal links do.}}',
    ru: '{n, plural, =0 {Заполненных заметок «{name}» нет.} one {Заметка «{name}» заполнена у # клиента; по ней его не подпишут, так велит subscriptions.trustNotes: false: подписывает личная ссылка.} other {Заметка «{name}» заполнена у # клиентов; по ним никого не подпишут, так велит subscriptions.trustNotes: false: подписывают личные ссылки.}}',
  },
  scriptLeft: {
    en: 'The script was not run: this login is no member of db_owner. The ledger that somebody made by it is there and fits this program. After every update of the program or of Tillypad it has to be run by hand again (`plan-sql` prints it).',
    ru: 'Скрипт не выполнялся: это имя входа не член db_owner. Журнал, созданный им раньше, на месте и подходит программе. После каждого обновления программы или Tillypad скрипт нужно снова выполнить вручную (его печатает `plan-sql`).',
  },
  login: {
    en: 'A login of its own for the runs may execute the ledger’s procedures and nothing else; these two statements make it (choose a password):',
    ru: 'Отдельное имя входа для запусков может выполнять процедуры журнала и ничего больше; его создают две команды (придумайте пароль):',
  },
  next: { en: 'What to do next:', ru: 'Что дальше:' },
  nextToken: {
    en: 'put the bot’s token into telegram.token (env:NAME or file:PATH)',
    ru: 'впишите токен бота в telegram.token (env:ИМЯ или file:ПУТЬ)',
  },
  nextLink: {
    en: 'tp-tg-notify link CUSTOMER – open the link on a phone and press Start',
    ru: 'tp-tg-notify link КЛИЕНТ – откройте ссылку на телефоне и нажмите Start',
  },
  nextLook: {
    en: 'tp-tg-notify run --dry-run – see what would be told',
    ru: 'tp-tg-notify run --dry-run – посмотрите, о чём будет рассказано',
  },
  nextRun: {
    en: 'tp-tg-notify run – the first run; then by schedule, best every minute',
    ru: 'tp-tg-notify run – первый запуск; дальше по расписанию, лучше каждую минуту',
  },
  nextResume: { en: 'tp-tg-notify resume – until then nothing is sent', ru: 'tp-tg-notify resume – до этого ничего не отправляется' },
} satisfies Record<string, Sentence>;

/** The steps of every engine's install; `view NAME` is one of the views. */
export const STEP_WORDS: Readonly<Record<string, Sentence>> = {
  tillypad: { en: 'Tillypad’s tables', ru: 'таблицы Tillypad' },
  view: { en: 'view {name}', ru: 'представление {name}' },
  ledger: { en: 'the ledger’s tables', ru: 'таблицы журнала доставок' },
  place: { en: 'the ledger bound to this place', ru: 'журнал привязан к этому месту' },
  note_type: { en: 'note type for the chat’s number', ru: 'тип заметки для номера чата' },
  paused: { en: 'pause until `tp-tg-notify resume`', ru: 'пауза до `tp-tg-notify resume`' },
};

export function renderInstalled(installed: Installed, viewer: Viewer): string {
  const { language } = viewer;
  const { report, key, findings } = installed;
  const steps = [
    sayStep(say(INSTALL_TEXTS.key, language, { file: key.file }), key.created, language),
    ...report.steps.map(({ step, did }) => sayStep(stepName(step, language), did, language)),
  ];
  return [
    ...steps,
    ...(report.scriptLeft === true ? [say(INSTALL_TEXTS.scriptLeft, language)] : []),
    ...(report.said ?? []),
    ...installed.notes.map((notes) => sayNotes(notes, installed.hasRun, language)),
    ...sayStatements(report, language),
    ...(key.created ? [say(INSTALL_TEXTS.copyKey, language)] : []),
    ...findings.map((finding) => sayFinding(finding, viewer)),
    ...nextLines(installed, language),
  ].join('\n');
}

function sayNotes({ noteType, filled, trusted }: FilledNotes, hasRun: boolean, language: Language): string {
  const trustedText = hasRun ? INSTALL_TEXTS.notesRead : INSTALL_TEXTS.notes;
  return say(trusted ? trustedText : INSTALL_TEXTS.notesUntrusted, language, { n: filled, name: noteType });
}

function sayStatements({ statements = [] }: InstallReport, language: Language): string[] {
  return statements.length === 0 ? [] : [say(INSTALL_TEXTS.login, language), ...indent(statements)];
}

function sayStep(what: string, did: boolean, language: Language): string {
  return say(INSTALL_TEXTS.step, language, { done: did ? 'yes' : 'no', what });
}

function stepName(step: string, language: Language): string {
  const [kind = '', name = ''] = step.split(' ');
  const words = Object.hasOwn(STEP_WORDS, kind) ? STEP_WORDS[kind] : undefined;
  return words === undefined ? step : say(words, language, { name });
}

function nextLines({ ready, hasToken, paused, hasRun }: Installed, language: Language): string[] {
  const steps = [
    ...(hasToken ? [] : [INSTALL_TEXTS.nextToken]),
    ...(hasRun ? [] : [INSTALL_TEXTS.nextLink, INSTALL_TEXTS.nextLook]),
    ...(paused ? [INSTALL_TEXTS.nextResume] : []),
    ...(hasRun ? [] : [INSTALL_TEXTS.nextRun]),
  ];
  if (!ready || steps.length === 0) return [];
  return ['', say(INSTALL_TEXTS.next, language), ...indent(steps.map((step, at) => `${at + 1}. ${say(step, language)}`))];
}
