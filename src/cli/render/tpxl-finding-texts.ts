import type { Sentence } from './say.ts';

/** What is wrong with an object file: its structure first, then what its parts say of each other, then its texts. */
export const TPXL_FINDINGS = {
  magic: {
    en: 'this is no Tillypad object file: it begins with «{found}», not with TPXL',
    ru: 'это не файл объектов Tillypad: он начинается с «{found}», а не с TPXL',
  },
  size: {
    en: 'the header says {stated} bytes follow it, but {found} do: the file is cut or has grown',
    ru: 'по заголовку за ним {stated} байт, на деле {found}: файл обрезан или дополнен',
  },
  too_big: { en: 'the file has {size} bytes; more than {largest} are not read', ru: 'в файле {size} байт; больше {largest} не читается' },
  checksum: {
    en: 'the checksum is {found}, the bytes before it give {expected}: the file is damaged',
    ru: 'контрольная сумма {found}, а байты перед ней дают {expected}: файл повреждён',
  },
  truncated: { en: '{needed} bytes are wanted here, {left} are left', ru: 'здесь нужно {needed} байт, а осталось {left}' },
  leftover: { en: '{left} bytes stand here where nothing can follow', ru: 'здесь лишние {left} байт' },
  constant: { en: '{found} stands where every known file has {expected}', ru: 'здесь {found}, а во всех известных файлах {expected}' },
  chunk_kind: { en: 'a chunk of the unknown kind {found}', ru: 'блок неизвестного вида {found}' },
  root_missing: { en: 'there is no root chunk', ru: 'в файле нет корневого блока' },
  root_twice: { en: 'there is a second root chunk', ru: 'в файле второй корневой блок' },
  table_unknown: { en: 'rows of table {id}, which is not defined', ru: 'строки таблицы {id}, которая не описана' },
  table_rows_twice: { en: 'rows of table {id} stand twice', ru: 'строки таблицы {id} записаны дважды' },
  table_defined_twice: { en: 'table {id} is defined twice', ru: 'таблица {id} описана дважды' },
  property_type: { en: 'a property of the unknown type {found}', ru: 'свойство неизвестного типа {found}' },
  column_type: { en: 'a column of the unknown type {found}', ru: 'столбец неизвестного типа {found}' },
  cell_flag: { en: 'a cell with the unknown mark {found}', ru: 'ячейка с неизвестной отметкой {found}' },
  bool: { en: 'a yes/no value is {found}; known are 0 and 255', ru: 'значение да/нет равно {found}; известны 0 и 255' },
  date: { en: 'the number {found} is no date', ru: 'число {found} – не дата' },
  text_length: { en: 'a text of {length} bytes; characters have two each', ru: 'текст из {length} байт; на символ приходится два' },
  heap_reference: {
    en: 'a value of {length} bytes at {offset} lies outside of its {heap} bytes',
    ru: 'значение из {length} байт по смещению {offset} выходит за отведённые {heap} байт',
  },
  heap_shared: {
    en: 'values of {referenced} bytes share {heap} bytes: no exporter writes that',
    ru: 'значения на {referenced} байт делят {heap} байт: так не пишет ни один экспорт',
  },
  column_overlap: {
    en: 'the column at {offset} overlaps the one before it',
    ru: 'столбец по смещению {offset} накладывается на предыдущий',
  },
  row_width: {
    en: 'rows of {width} bytes are too narrow for columns of {columns}',
    ru: 'строки по {width} байт узки для столбцов на {columns}',
  },
  too_deep: { en: 'bags stand in bags deeper than {deepest}', ru: 'вложенность глубже {deepest}' },
  too_many_cells: { en: 'more than {most} values: such a file is not read', ru: 'больше {most} значений: такой файл не читается' },
  value: { en: 'the value {value} does not fit its place ({problem})', ru: 'значение {value} сюда не подходит ({problem})' },

  more_findings: {
    en: 'from here on there are more findings that are not shown: {count}',
    ru: 'начиная отсюда есть и другие замечания и ошибки, они не показаны: {count}',
  },
  root_property_missing: { en: 'the file has no {name}', ru: 'в файле нет {name}' },
  root_property: { en: '{name} is «{found}», expected «{expected}»', ru: '{name} – «{found}», а должно быть «{expected}»' },
  no_objects: { en: 'there is no object in the file', ru: 'в файле нет ни одного объекта' },
  dependency_unknown: { en: 'a dependency names {id}, which is not in the file', ru: 'зависимость называет {id}, которого в файле нет' },
  object_twice: { en: 'the id {id} belongs to an object before it', ru: 'код {id} уже занят объектом выше' },
  object_type_unknown: {
    en: 'the object type {type} is unknown here; its content was not looked at',
    ru: 'тип объекта {type} здесь не известен; содержимое не проверялось',
  },
  object_table_missing: { en: 'the object has no {table}', ru: 'в объекте нет {table}' },
  object_rows: { en: '{table} has {found} rows instead of one', ru: 'в {table} строк {found}, а должна быть одна' },
  object_column_missing: { en: 'there is no column {column}', ru: 'нет столбца {column}' },
  object_id: { en: 'the id {found} differs from {expected} in the directory', ru: 'код {found} не совпадает с {expected} в перечне' },
  object_name: {
    en: 'the name «{found}» differs from «{expected}» in the directory',
    ru: 'название «{found}» не совпадает с «{expected}» в перечне',
  },
  detail_link: {
    en: 'a row of {table} belongs to {found}, not to {expected}',
    ru: 'строка {table} относится к {found}, а не к {expected}',
  },
  null_not_allowed: { en: '{column} is NULL, which it may not be', ru: '{column} содержит NULL, а не должен' },
  languages_broken: {
    en: '{column} holds several languages and ends in the middle of one',
    ru: '{column} содержит несколько языков и обрывается посреди одного из них',
  },

  block_blank_line: { en: 'wizard: a blank line, or a line end at the end', ru: 'мастер: пустая строка или перевод строки в конце' },
  block_control: { en: 'wizard: {found} where only CR LF divides lines', ru: 'мастер: {found}, а строки разделяет только CR LF' },
  block_line: { en: 'wizard: «{found}» is neither «key = value» nor «)»', ru: 'мастер: «{found}» – ни «ключ = значение», ни «)»' },
  block_indent: { en: 'wizard: {found} spaces of indent instead of {expected}', ru: 'мастер: отступ {found}, а должен быть {expected}' },
  block_open: { en: 'wizard: the block {key} is not closed', ru: 'мастер: блок {key} не закрыт' },
  block_closed_twice: { en: 'wizard: «)» without its «(»', ru: 'мастер: «)» без своей «(»' },
  block_too_deep: { en: 'wizard: blocks deeper than {deepest}', ru: 'мастер: блоки глубже {deepest}' },
  wizard_key_missing: { en: 'wizard: {key} is missing', ru: 'мастер: нет {key}' },
  wizard_key_unknown: { en: 'wizard: the key {key} is unknown here', ru: 'мастер: ключ {key} здесь не известен' },
  wizard_list: {
    en: 'wizard: in the list «{found}» each item must end with «;»',
    ru: 'мастер: в списке «{found}» после каждого слова должна стоять «;»',
  },
  wizard_renaming: { en: 'wizard: «{found}» is no «from=to»', ru: 'мастер: «{found}» – не «было=стало»' },
  wizard_caption: {
    en: 'wizard: «{found}» is no caption: 0x and four capital hex digits a character',
    ru: 'мастер: «{found}» – не подпись: нужны 0x и по четыре заглавные шестнадцатеричные цифры на символ',
  },
  wizard_boolean: { en: 'wizard: «{found}» is neither True nor False', ru: 'мастер: «{found}» – ни True, ни False' },
  wizard_number: { en: 'wizard: «{found}» is no number', ru: 'мастер: «{found}» – не число' },
  form_unknown: { en: 'wizard: it is not known what the form {form} gives', ru: 'мастер: что передаёт форма {form}, не известно' },
  form_by_rule: {
    en: 'wizard: the form {form} was never seen in a real task type; by the rule it gives {parameter}',
    ru: 'мастер: форма {form} в настоящих типах задач не встречалась; по правилу она передаёт {parameter}',
  },
  renaming_unknown: {
    en: 'wizard: the form {form} gives no {parameter} that could be renamed',
    ru: 'мастер: форма {form} не передаёт {parameter}, переименовать нечего',
  },
  internal_name: { en: 'wizard: the internal name «{found}» is not {form}_GUID', ru: 'мастер: внутреннее имя «{found}» – не {form}_GUID' },
  internal_name_twice: {
    en: 'wizard: the internal name «{found}» stands twice',
    ru: 'мастер: внутреннее имя «{found}» встречается дважды',
  },
  order_twice: { en: 'wizard: two steps have the number {order}', ru: 'мастер: у двух шагов номер {order}' },
  parameter_given_twice: { en: 'wizard: two steps give {parameter}', ru: 'мастер: {parameter} передают два шага' },
  parameter_not_in_header: {
    en: 'wizard: a step gives {parameter}, which NeededParams doesn’t name',
    ru: 'мастер: шаг передаёт {parameter}, которого нет в NeededParams',
  },
  parameter_not_given: {
    en: 'wizard: NeededParams names {parameter}, which no step gives',
    ru: 'мастер: в NeededParams есть {parameter}, но ни один шаг его не передаёт',
  },
  parameter_not_read: { en: 'wizard: the script doesn’t read {parameter}', ru: 'мастер: скрипт не читает {parameter}' },
  parameter_unknown: { en: 'script: the wizard doesn’t give {parameter}', ru: 'скрипт: мастер не передаёт {parameter}' },
  parameter_quoted: {
    en: 'script: {parameter} stands in quotes; the substitution brings its own',
    ru: 'скрипт: {parameter} стоит в кавычках; подстановка приносит свои',
  },
  parameter_in_text: {
    en: 'script: {parameter} stands in a comment or a string; it is not known whether it is replaced there',
    ru: 'скрипт: {parameter} стоит в комментарии или строке; заменяется ли он там, не известно',
  },
  parameter_prefix: { en: 'script: {parameter} is the beginning of {longer}', ru: 'скрипт: {parameter} – начало имени {longer}' },
  event_table: {
    en: 'events: «{found}» is no table name that begins with tp_',
    ru: 'события: «{found}» – не имя таблицы, начинающееся с tp_',
  },
  event_several: {
    en: 'events: several tables ({tables}) were never seen in one text',
    ru: 'события: несколько таблиц ({tables}) в одном тексте не встречались',
  },
} satisfies Record<string, Sentence>;
