import type { Language } from '../../core/glossary.ts';
import type { Finding } from '../../core/settings.ts';
import type { JudgedWay, ServerStart, StartWay } from '../../core/starting.ts';
import type { ScheduleStep } from '../schedule/steps.ts';
import { renderFinding } from './findings.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent } from './shown.ts';

export const WAY_WORDS: Readonly<Record<StartWay, Sentence>> = {
  agent: { en: 'SQL Server Agent', ru: 'агент SQL Server' },
  xp_cmdshell: { en: 'xp_cmdshell and the Task Scheduler of Windows', ru: 'xp_cmdshell и планировщик заданий Windows' },
  none: { en: 'the schedule alone', ru: 'только расписание' },
};

export const SCHEDULE_TEXTS = {
  head: {
    en: 'The program is started by: {way}{chosen, select, yes { (the best that this server allows)} other {}}. {code, select, none {The schedule of every minute} other {A schedule of every minute stands beside it in any case: it}} serves what was left waiting, and reads who pressed Start.',
    ru: 'Программу запускает: {way}{chosen, select, yes { (лучшее, что разрешает этот сервер)} other {}}. {code, select, none {Расписание «каждую минуту»} other {Рядом в любом случае стоит расписание «каждую минуту»: оно}} подбирает отложенное и читает нажатия Start.',
  },
  headEmbedded: {
    en: 'The embedded engine has no server that could start the program: the schedule of every minute does it.',
    ru: 'У встроенной СУБД нет сервера, который мог бы запустить программу: её запускает расписание «каждую минуту».',
  },
  file: { en: 'File {name}:', ru: 'Файл {name}:' },
  saved: { en: 'Written to {file}', ru: 'Записан: {file}' },
  before: { en: 'First of all:', ru: 'Прежде всего:' },
  checkAllowed: {
    en: '{mark}  {way}: {ready, select, yes {ready} other {allowed, not ready yet}}',
    ru: '{mark}  {way}: {ready, select, yes {готово} other {разрешено, ещё не готово}}',
  },
  checkRefused: { en: '–  {way}: not possible', ru: '–  {way}: нельзя' },
  checkNow: { en: 'The program is started now by: {way}', ru: 'Сейчас программу запускает: {way}' },
  checkBetter: {
    en: 'Better here: {way}. See: tp-tg-notify schedule print --way {code}',
    ru: 'Здесь лучше: {way}. См.: tp-tg-notify schedule print --way {code}',
  },
  checkSchedule: {
    en: 'The schedule of every minute is needed in any case; whether it runs, tells: tp-tg-notify status',
    ru: 'Расписание «каждую минуту» нужно в любом случае; идёт ли оно, скажет: tp-tg-notify status',
  },
  set: { en: 'From now on the program is started by: {way}', ru: 'Теперь программу запускает: {way}' },
} satisfies Record<string, Sentence>;

/** One sentence a step: what to do, and what is seen then. */
export const STEP_TEXTS: Readonly<Record<ScheduleStep['say'], Sentence>> = {
  windowsAccount: {
    en: 'Make a Windows account of its own for the program (no administrator), and let it write its folders. In the command prompt as administrator:',
    ru: 'Заведите программе отдельную учётную запись Windows (не администратора) и дайте ей право записи в папки программы. В командной строке от имени администратора:',
  },
  windowsEntry: {
    en: 'Save the file and import it into the Task Scheduler, in the folder where the file is; you are asked for the account’s password. Then «Task Scheduler Library» shows tp-tg-notify, and «Last Run Time» moves every minute.',
    ru: 'Сохраните файл и загрузите его в планировщик заданий из той папки, где лежит файл; будет спрошен пароль учётной записи. После этого в «Библиотеке планировщика заданий» есть tp-tg-notify, и «Время прошлого запуска» меняется каждую минуту.',
  },
  agentScript: {
    en: 'Put into the script what it asks for (the login of Tillypad’s server, the password of the account) and run it in SQL Server Management Studio as a sysadmin. It ends with «the Agent starts the program from now on»; then «SQL Server Agent → Jobs» shows tp-tg-notify. Try it: right-click, «Start Job at Step…». Take the password out of the file.',
    ru: 'Впишите в скрипт то, что он просит (имя входа сервера Tillypad, пароль учётной записи), и выполните его в SQL Server Management Studio от имени sysadmin. В конце будет «the Agent starts the program from now on», а в «Агент SQL Server → Задания» появится tp-tg-notify. Проверьте: правая кнопка, «Запустить задание на шаге…». Пароль из файла уберите.',
  },
  shellScript: {
    en: 'Put into the script what it asks for and run it in SQL Server Management Studio as a sysadmin. It ends with «the Task Scheduler starts the program from now on». It does not switch xp_cmdshell on: where that is off, it says so and changes nothing.',
    ru: 'Впишите в скрипт то, что он просит, и выполните его в SQL Server Management Studio от имени sysadmin. В конце будет «the Task Scheduler starts the program from now on». Сам он xp_cmdshell не включает: если выключено, скажет об этом и ничего не изменит.',
  },
  shellRight: {
    en: 'Let the account behind xp_cmdshell start this entry, and nothing else: the proxy account, or SQL Server’s own where Tillypad’s login is a sysadmin. In PowerShell as administrator:',
    ru: 'Разрешите учётной записи, от имени которой работает xp_cmdshell, запускать это задание, и только его: это учётная запись-посредник, а если имя входа Tillypad – sysadmin, то учётная запись службы SQL Server. В PowerShell от имени администратора:',
  },
  noneScript: {
    en: 'Run the script in SQL Server Management Studio, so that Tillypad’s task starts nothing by itself; what it leaves waits for the schedule, a minute at most.',
    ru: 'Выполните скрипт в SQL Server Management Studio: тогда задача Tillypad сама ничего не запускает, а оставленное ею ждёт расписания, не дольше минуты.',
  },
  windowsTry: {
    en: 'Try the entry. A minute later `tp-tg-notify status` shows a run with its exit code, and `tp-tg-notify schedule check` the way in force:',
    ru: 'Проверьте задание. Через минуту `tp-tg-notify status` покажет запуск с кодом завершения, а `tp-tg-notify schedule check` – действующий путь:',
  },
  linuxAccount: {
    en: 'Make an account of its own for the program and give it its folders. As root:',
    ru: 'Заведите программе отдельную учётную запись и отдайте ей папки программы. От имени root:',
  },
  linuxUnits: {
    en: 'Put both files into /etc/systemd/system and switch the timer on; `systemctl list-timers` shows it then:',
    ru: 'Положите оба файла в /etc/systemd/system и включите таймер; после этого его показывает `systemctl list-timers`:',
  },
  linuxTry: {
    en: 'Try it. `tp-tg-notify status` shows a run with its exit code:',
    ru: 'Проверьте. `tp-tg-notify status` покажет запуск с кодом завершения:',
  },
};

export interface PrintedSchedule {
  readonly way: StartWay;
  readonly chosen: boolean;
  readonly embedded: boolean;
  readonly steps: readonly ScheduleStep[];
  readonly findings: readonly Finding[];
  /** Paths of files that were written; their texts aren't printed then. */
  readonly saved: readonly string[];
}

export function renderSchedule(printed: PrintedSchedule, language: Language): string {
  const { way, chosen, embedded, steps, findings, saved } = printed;
  const head = embedded
    ? say(SCHEDULE_TEXTS.headEmbedded, language)
    : say(SCHEDULE_TEXTS.head, language, { way: say(WAY_WORDS[way], language), code: way, chosen: chosen ? 'yes' : 'no' });
  const warnings = findings.map((finding) => `• ${renderFinding(finding, language)}`);
  return [
    head,
    ...(warnings.length > 0 ? ['', say(SCHEDULE_TEXTS.before, language), ...indent(warnings)] : []),
    ...steps.flatMap((step, at) => ['', `${at + 1}. ${say(STEP_TEXTS[step.say], language)}`, ...renderStep(step, { saved, language })]),
  ].join('\n');
}

function renderStep(
  { files, commands }: ScheduleStep,
  { saved, language }: { readonly saved: readonly string[]; readonly language: Language },
): string[] {
  const pages = files.flatMap(({ name, text }) => {
    const file = saved.find((path) => path.endsWith(name));
    // Not indented: a file copied out of the terminal must be what it was.
    return file === undefined
      ? ['', say(SCHEDULE_TEXTS.file, language, { name }), '', ...text.trimEnd().split('\n'), '']
      : [`   ${say(SCHEDULE_TEXTS.saved, language, { file })}`];
  });
  return [...pages, ...indent(commands, '   ')];
}

export function renderCheck(
  checked: {
    readonly server: ServerStart;
    readonly ways: readonly JudgedWay[];
    readonly inForce: StartWay;
    readonly recommended: StartWay;
  },
  language: Language,
): string {
  const { server, ways, inForce, recommended } = checked;
  const now = say(SCHEDULE_TEXTS.checkNow, language, { way: say(WAY_WORDS[inForce], language) });
  const better =
    recommended === inForce || server.engine === 'embedded'
      ? []
      : [say(SCHEDULE_TEXTS.checkBetter, language, { way: say(WAY_WORDS[recommended], language), code: recommended })];
  return [...ways.flatMap((way) => renderWay(way, language)), '', now, ...better, say(SCHEDULE_TEXTS.checkSchedule, language)].join('\n');
}

function renderWay({ way, allowed, ready, obstacles }: JudgedWay, language: Language): string[] {
  const words = say(WAY_WORDS[way], language);
  const line = allowed
    ? say(SCHEDULE_TEXTS.checkAllowed, language, { mark: ready ? '+' : '·', way: words, ready: ready ? 'yes' : 'no' })
    : say(SCHEDULE_TEXTS.checkRefused, language, { way: words });
  return [
    line,
    ...indent(
      obstacles.map((obstacle) => renderFinding({ code: `start_${obstacle}`, args: { way } }, language)),
      '     ',
    ),
  ];
}

export function renderWaySet(way: StartWay, language: Language): string {
  return say(SCHEDULE_TEXTS.set, language, { way: say(WAY_WORDS[way], language) });
}
