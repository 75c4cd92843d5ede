import type { Sentence } from './say.ts';

/** What is wrong with a definition, beside what `verify` would say of the file made of it. */
export const TPXL_BUILD_PROBLEMS = {
  definition_yaml: {
    en: 'line {line}, column {column}: this is not valid YAML ({detail})',
    ru: 'строка {line}, столбец {column}: это не YAML ({detail})',
  },
  definition_encoding: {
    en: 'the definition is not text in UTF-8; save it in that encoding',
    ru: 'определение – не текст в UTF-8; сохраните его в этой кодировке',
  },
  definition_key: { en: 'unknown key: {keys}', ru: 'неизвестный ключ: {keys}' },
  definition_type: { en: 'missing, or of the wrong type; expected: {expected}', ru: 'нет или не того типа; ожидается {expected}' },
  definition_example: {
    en: 'the value is not allowed here; an example of one that is: {example}',
    ru: 'такое значение здесь недопустимо; образец допустимого: {example}',
  },
  definition_value: { en: 'the value is not allowed here', ru: 'такое значение здесь недопустимо' },
  text_missing: { en: 'there is no file {file}', ru: 'нет файла {file}' },
  text_encoding: {
    en: '{file} is not text in UTF-8; save it in that encoding',
    ru: '{file} – не текст в UTF-8; сохраните его в этой кодировке',
  },
  text_section: {
    en: '{file}: the marks --<{section}> and --</{section}> don’t stand in pairs, or not at all',
    ru: '{file}: отметки --<{section}> и --</{section}> не парны или их нет',
  },
} satisfies Record<string, Sentence>;

/** What keeps a `tpxl` command from beginning or ending. */
export const TPXL_PROBLEMS = {
  tpxl_missing: {
    en: 'There is no file {file}. Those to load into Tillypad lie in the program’s folder `tasks`.',
    ru: 'Файла {file} нет. Готовые файлы лежат в папке tasks программы.',
  },
  tpxl_unreadable: { en: '{file} can’t be read ({detail}).', ru: '{file} не читается ({detail}).' },
  tpxl_too_large: { en: '{file} is larger than 512 MB.', ru: '{file} больше 512 МБ.' },
  tpxl_unwritable: {
    en: '{file} can’t be written ({detail}). Nothing else was changed.',
    ru: '{file} не записать ({detail}). Больше ничего не изменено.',
  },
  tpxl_not_empty: {
    en: 'The folder {folder} is not empty. Name a new one, so that nothing of yours is written over.',
    ru: 'Папка {folder} не пуста. Назовите новую, чтобы не затереть ваши файлы.',
  },
} satisfies Record<string, Sentence>;

export const TPXL_RESULTS = {
  good: { en: '{file}: in order; objects: {objects}', ru: '{file}: всё в порядке; объектов: {objects}' },
  bad: {
    en: '{file}: {faults, plural, one {# fault} other {# faults}}',
    ru: '{file}: {faults, plural, one {# ошибка} few {# ошибки} many {# ошибок} other {# ошибки}}',
  },
  unreadable: { en: '{file} can’t be read:', ru: '{file} не прочитать:' },
  built: { en: '{file} is made: {size} bytes, SHA-256 {sum}', ru: '{file} создан: {size} байт, SHA-256 {sum}' },
  notBuilt: { en: 'Nothing was made of {file}:', ru: 'Из {file} ничего не создано:' },
  extracted: {
    en: '{count, plural, one {# text is} other {# texts are}} written to {folder}',
    ru: 'В {folder} {count, plural, one {записан # текст} few {записано # текста} many {записано # текстов} other {записано # текста}}',
  },
} satisfies Record<string, Sentence>;
