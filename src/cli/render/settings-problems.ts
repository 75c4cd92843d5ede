import type { Language } from '../../core/glossary.ts';
import { sourceText, type SettingsProblem, type Source } from '../settings/problem.ts';
import { echo } from '../settings/echo.ts';
import type { ShownSetting } from '../settings/show.ts';
import { say, type Sentence } from './say.ts';
import { PROBLEM_TEXTS } from './settings-problem-texts.ts';

/** What stands in a value's place, or should. */
const KINDS: Readonly<Record<string, Sentence>> = {
  text: { en: 'text', ru: 'текст' },
  number: { en: 'a number', ru: 'число' },
  boolean: { en: 'true or false', ru: 'true или false' },
  list: { en: 'a list', ru: 'список' },
  section: { en: 'a section with keys', ru: 'раздел с ключами' },
  nothing: { en: 'nothing', ru: 'пусто' },
};

const NEAR: Sentence = { en: ' Did you mean {nearest}?', ru: ' Может быть, {nearest}?' };
const TASK: Sentence = { en: 'task {task}', ru: 'задача {task}' };
const PLACES: Readonly<Record<Source['from'], Sentence>> = {
  flag: { en: 'flag {place}', ru: 'ключ {place}' },
  environment: { en: 'variable {place}', ru: 'переменная {place}' },
  file: { en: '{place}', ru: '{place}' },
  parameter: { en: 'task parameter {place}', ru: 'параметр задачи {place}' },
  default: { en: 'default', ru: 'по умолчанию' },
};

/** One problem as a line for people: where, which setting, what is wrong, what to do. */
export function renderProblem(problem: SettingsProblem, language: Language): string {
  const sentence = say(PROBLEM_TEXTS[problem.code], language, argsOf(problem, language));
  return [...placesOf(problem, language), sentence].join(': ');
}

/** Where a value comes from, for `settings show` too: `settings.yaml:12:9`, «variable TP_TG_NOTIFY_ZONE», «default». */
export function renderPlace({ from, place }: Pick<ShownSetting, 'from' | 'place'>, language: Language): string {
  return say(PLACES[from], language, { place });
}

function placesOf({ path, taskId, source, code }: SettingsProblem, language: Language): readonly string[] {
  const task = taskId ?? (source?.from === 'parameter' ? source.taskId : null);
  // A sentence about a whole file or a variable names it itself.
  const isNamed = source === null || code === 'unknown_variable' || (source.from === 'file' && source.line === null);
  return [
    ...(isNamed ? [] : [renderPlace({ from: source.from, place: sourceText(source) }, language)]),
    ...(task === null ? [] : [say(TASK, language, { task: echo(task) })]),
    ...(path === null ? [] : [path]),
  ];
}

function argsOf({ args }: SettingsProblem, language: Language): Readonly<Record<string, string | number>> {
  const { nearest, expected, got, line, column } = args;
  return {
    ...args,
    near: nearest === undefined ? '' : say(NEAR, language, { nearest }),
    ...(expected === undefined ? {} : { expected: kind(expected, language) }),
    ...(got === undefined ? {} : { got: kind(got, language) }),
    // As text, so that no thousands are grouped in a position.
    ...(line === undefined ? {} : { line: String(line), column: String(column) }),
  };
}

function kind(code: string | number, language: Language): string {
  return KINDS[code]?.[language] ?? String(code);
}
