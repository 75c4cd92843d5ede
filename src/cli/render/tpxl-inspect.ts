import type { Language } from '../../core/glossary.ts';
import type { InspectedObject, InspectedPlace, InspectedText, Inspection } from '../../ports/object-files.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent, showDetail } from './shown.ts';
import { drawWizard, TPXL_WIZARD_TEXTS } from './tpxl-wizard.ts';
import { showWall } from './when.ts';

export const TPXL_INSPECT_TEXTS = {
  head: { en: '{description}', ru: '{description}' },
  file: { en: '{size} bytes; exported {created} (local time)', ru: '{size} байт; выгружен {created} (местное время)' },
  unusual: { en: 'written in an order of its own; it is kept', ru: 'записан в собственном порядке; он сохраняется' },
  object: { en: '{kind} «{name}»{dependency}', ru: '{kind} «{name}»{dependency}' },
  dependency: { en: ', only where the database has none (dependency)', ru: ', только если в базе такого нет (зависимость)' },
  id: { en: 'id {id}', ru: 'код {id}' },
  type: { en: 'object type {type}', ru: 'тип объекта {type}' },
  table: {
    en: '{name}: {rows, plural, one {# row} other {# rows}}',
    ru: '{name}: {rows, plural, one {# строка} few {# строки} many {# строк} other {# строки}}',
  },
  events: { en: 'Events: {tables}', ru: 'События: {tables}' },
  parameters: { en: 'Script parameters: {names}', ru: 'Параметры скрипта: {names}' },
  text: {
    en: '{column}: {length, plural, one {# character} other {# characters}}{lines}',
    ru: '{column}: {length, plural, one {# символ} few {# символа} many {# символов} other {# символа}}{lines}',
  },
  lines: {
    en: ', {lines, plural, one {# line} other {# lines}}',
    ru: ', {lines, plural, one {# строка} few {# строки} many {# строк} other {# строки}}',
  },
  bytes: {
    en: '{column}: {length, plural, one {# byte} other {# bytes}}',
    ru: '{column}: {length, plural, one {# байт} few {# байта} many {# байт} other {# байта}}',
  },
  moreObjects: {
    en: '… and {count, plural, one {# more object} other {# more objects}}; --json shows all',
    ru: '… и ещё {count, plural, one {# объект} few {# объекта} many {# объектов} other {# объекта}}; все покажет --json',
  },
  moreDependencies: { en: '… and more dependencies; --json shows all', ru: '… и другие зависимости; все покажет --json' },
  needs: { en: '{owner} needs {child}', ru: '{owner} нуждается в {child}' },
} satisfies Record<string, Sentence>;

export const TPXL_KINDS = {
  task_type: { en: 'Task type', ru: 'Тип задачи' },
  note_type: { en: 'Note type', ru: 'Тип заметки' },
  package: { en: 'Update package', ru: 'Пакет обновления' },
  identifier_type: { en: 'Identifier type', ru: 'Тип идентификатора' },
  module_print_format: { en: 'Module print format', ru: 'Печатное представление модуля' },
  report: { en: 'Report', ru: 'Отчёт' },
  report_group: { en: 'Report group', ru: 'Группа отчётов' },
  unknown: { en: 'Object of an unknown type', ru: 'Объект неизвестного типа' },
} satisfies Record<string, Sentence>;

/** Of each only so many are shown; `--json` has all. */
const SHOWN_OBJECTS = 200;
const SHOWN_DEPENDENCIES = 200;

/** Longer texts are counted, not shown; `--extract` writes them. */
const SHOWN_TEXT = 100;

export function renderInspection(inspection: Inspection, language: Language): string {
  const { description, size, createdAt, canonical, objectCount, objects, dependencies, furtherTables } = inspection;
  const created = createdAt === null ? '–' : showWall(createdAt, language);
  const needs = renderDependencies(inspection, language);
  const more = objectCount - SHOWN_OBJECTS;
  const moreNeeds = [...take(dependencies, SHOWN_DEPENDENCIES + 1)].length > SHOWN_DEPENDENCIES;
  return [
    say(TPXL_INSPECT_TEXTS.head, language, { description: showDetail(description) }),
    say(TPXL_INSPECT_TEXTS.file, language, { size: String(size), created }),
    ...(canonical ? [] : [say(TPXL_INSPECT_TEXTS.unusual, language)]),
    ...[...take(objects, SHOWN_OBJECTS)].flatMap((object) => ['', ...renderObject(object, language)]),
    ...(more > 0 ? ['', say(TPXL_INSPECT_TEXTS.moreObjects, language, { count: more })] : []),
    ...(needs.length === 0 ? [] : ['', ...needs]),
    ...(moreNeeds ? [say(TPXL_INSPECT_TEXTS.moreDependencies, language)] : []),
    ...furtherTables.map(({ name, rows }) => say(TPXL_INSPECT_TEXTS.table, language, { name: showDetail(name), rows })),
  ].join('\n');
}

function renderDependencies({ objects, dependencies }: Inspection, language: Language): readonly string[] {
  const shown = [...take(dependencies, SHOWN_DEPENDENCIES)];
  const wanted = new Set(shown.flatMap(({ owner, child }) => [owner, child]));
  const names = new Map<string, string>();
  if (wanted.size > 0) for (const { id, name } of objects) if (wanted.has(id)) names.set(id, name);
  const nameOf = (id: string): string => `«${showDetail(names.get(id) ?? id)}»`;
  return shown.map(({ owner, child }) => say(TPXL_INSPECT_TEXTS.needs, language, { owner: nameOf(owner), child: nameOf(child) }));
}

function* take<T>(items: Iterable<T>, most: number): Generator<T> {
  let left = most;
  if (left === 0) return;
  for (const item of items) {
    yield item;
    left -= 1;
    if (left === 0) return;
  }
}

function renderObject(object: InspectedObject, language: Language): readonly string[] {
  const kind = Object.hasOwn(TPXL_KINDS, object.kind ?? 'unknown')
    ? TPXL_KINDS[(object.kind ?? 'unknown') as keyof typeof TPXL_KINDS]
    : TPXL_KINDS.unknown;
  const values = inFirstRow(object.values);
  const texts = inFirstRow(object.texts);
  const hasWizard = texts.some(({ column }) => column.endsWith('_Wizard'));
  const title = say(TPXL_INSPECT_TEXTS.object, language, {
    kind: say(kind, language),
    name: showDetail(object.name),
    dependency: object.primary === false ? say(TPXL_INSPECT_TEXTS.dependency, language) : '',
  });
  return [
    title,
    ...indent([
      say(TPXL_INSPECT_TEXTS.id, language, { id: object.id }),
      ...(object.kind === null ? [say(TPXL_INSPECT_TEXTS.type, language, { type: object.type })] : []),
      ...object.tables.flatMap(({ name, rows }) => [
        say(TPXL_INSPECT_TEXTS.table, language, { name: showDetail(name), rows }),
        ...indent([
          ...values.filter(({ table }) => table === name).map(({ column, value }) => `${showDetail(column)}: ${showDetail(String(value))}`),
          ...texts.filter(({ table }) => table === name).flatMap((text) => renderText(text, language)),
        ]),
      ]),
      ...(object.events.length === 0
        ? []
        : [say(TPXL_INSPECT_TEXTS.events, language, { tables: object.events.map(showDetail).join(', ') })]),
      ...(object.parameters.length === 0
        ? []
        : [say(TPXL_INSPECT_TEXTS.parameters, language, { names: object.parameters.map((name) => `%${showDetail(name)}`).join(', ') })]),
      ...(object.wizard === null ? (hasWizard ? [say(TPXL_WIZARD_TEXTS.unreadable, language)] : []) : drawWizard(object.wizard, language)),
    ]),
  ];
}

function inFirstRow<T extends InspectedPlace>(items: Iterable<T>): readonly T[] {
  const first: T[] = [];
  for (const item of items) if (item.row === 0) first.push(item);
  return first;
}

function renderText({ column, languages, bytes }: InspectedText, language: Language): readonly string[] {
  if (bytes !== null) return [say(TPXL_INSPECT_TEXTS.bytes, language, { column: showDetail(column), length: bytes.length })];
  return languages.map(({ id, text }) => {
    const name = showDetail(id === null ? column : `${column} (${LANGUAGES.get(id) ?? id})`);
    if (text.length <= SHOWN_TEXT && !/[\r\n]/.test(text)) return `${name}: ${showDetail(text)}`;
    const count = text.split(/\r\n|\r|\n/).length;
    const lines = count > 1 ? say(TPXL_INSPECT_TEXTS.lines, language, { lines: count }) : '';
    return say(TPXL_INSPECT_TEXTS.text, language, { column: name, length: text.length, lines });
  });
}

/** Windows' primary language ids. */
export const LANGUAGES: ReadonlyMap<number, string> = new Map([
  [25, 'ru'],
  [9, 'en'],
  [7, 'de'],
  [34, 'uk'],
]);
