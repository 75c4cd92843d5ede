import type { Language, TaskId } from '../../core/glossary.ts';
import type { Finding } from '../../core/settings.ts';
import type { SettingsProblem } from '../settings/problem.ts';
import type { ShownSetting } from '../settings/show.ts';
import { renderFinding } from './findings.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { renderProblem } from './settings-problems.ts';
import { indent, showDetail } from './shown.ts';
import { showWall } from './when.ts';

export interface ShownSettings {
  readonly file: string | null;
  readonly settings: readonly ShownSetting[];
  /** Secrets and files that could not be read. */
  readonly problems: readonly SettingsProblem[];
  readonly findings: readonly Finding[];
  /** Already rendered: why task parameters could not be read. */
  readonly notes: readonly string[];
}

export const SETTINGS_TEXTS = {
  file: { en: 'Settings file: {file}', ru: 'Файл настроек: {file}' },
  noFile: { en: 'There is no settings file.', ru: 'Файла настроек нет.' },
  program: { en: 'The program:', ru: 'Программа:' },
  task: { en: 'Task {task}:', ru: 'Задача {task}:' },
  line: { en: '{path} = {value}{place}', ru: '{path} = {value}{place}' },
  unset: { en: '(not set)', ru: '(не задано)' },
  findings: { en: 'To know:', ru: 'Замечания:' },
} satisfies Record<string, Sentence>;

export const SOURCE_WORDS: Readonly<Record<ShownSetting['from'], Sentence>> = {
  flag: { en: '  [flag {place}]', ru: '  [ключ {place}]' },
  environment: { en: '  [variable {place}]', ru: '  [переменная {place}]' },
  file: { en: '  [{place}]', ru: '  [{place}]' },
  parameter: { en: '  [task parameter {place}]', ru: '  [параметр задачи {place}]' },
  default: { en: '  [default]', ru: '  [по умолчанию]' },
};

export function renderSettings({ file, settings, problems, findings, notes }: ShownSettings, language: Language): string {
  const tasks: readonly (TaskId | null)[] = [...new Set(settings.map(({ taskId }) => taskId))];
  const remarks = [
    ...notes,
    ...problems.map((problem) => renderProblem(problem, language)),
    ...findings.map((finding) => renderFinding(finding, language)),
  ];
  return [
    file === null ? say(SETTINGS_TEXTS.noFile, language) : say(SETTINGS_TEXTS.file, language, { file }),
    ...tasks.flatMap((task) => [
      '',
      task === null ? say(SETTINGS_TEXTS.program, language) : say(SETTINGS_TEXTS.task, language, { task }),
      ...indent(settings.filter(({ taskId }) => taskId === task).map((setting) => renderOne(setting, language))),
    ]),
    ...(remarks.length === 0 ? [] : ['', say(SETTINGS_TEXTS.findings, language), ...indent(remarks)]),
  ].join('\n');
}

function renderOne({ path, value, from, place }: ShownSetting, language: Language): string {
  const source = value === null ? '' : say(SOURCE_WORDS[from], language, { place });
  return say(SETTINGS_TEXTS.line, language, {
    path,
    value: value === null ? say(SETTINGS_TEXTS.unset, language) : showDetail(showDate(path, value, language)) || "''",
    place: source,
  });
}

/** As dates are shown elsewhere; the settings take this form too. */
function showDate(path: string, value: string, language: Language): string {
  return path === 'filters.startDate' && value.endsWith('.000') ? showWall(value, language) : value;
}
