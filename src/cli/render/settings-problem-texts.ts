import type { ProblemCode } from '../settings/problem.ts';
import type { Sentence } from './say.ts';
import { SMS_PROBLEM_TEXTS } from './sms-problem-texts.ts';
import { DATABASE_PROBLEM_TEXTS } from './settings-database-texts.ts';

/** What is wrong, and what to do about it, in one or two sentences. `{near}` is a suggestion or nothing. */
export const PROBLEM_TEXTS: Readonly<Record<ProblemCode, Sentence>> = {
  ...DATABASE_PROBLEM_TEXTS,
  file_missing: { en: 'There is no settings file {file}. Check the path.', ru: 'Файла настроек {file} нет. Проверьте путь.' },
  file_denied: {
    en: 'The settings file {file} may not be read. Give the account that runs this program the right to read it.',
    ru: 'Файл настроек {file} нельзя прочитать. Дайте учётной записи, под которой работает программа, право чтения.',
  },
  file_not_a_file: {
    en: '{file} is a folder or a device. Name the settings file itself.',
    ru: '{file} – папка или устройство. Укажите сам файл настроек.',
  },
  file_failed: {
    en: 'The settings file {file} can’t be read ({detail}). Check the disk or the network folder.',
    ru: 'Файл настроек {file} не читается ({detail}). Проверьте диск или сетевую папку.',
  },
  file_too_large: {
    en: 'The settings file {file} is larger than 1 MB. Check that it is the right file.',
    ru: 'Файл настроек {file} больше 1 МБ. Проверьте, тот ли это файл.',
  },
  file_writable: {
    en: 'Others on this machine can change {file}, so what it says can’t be trusted. Run: chmod go-w {file}',
    ru: 'Файл {file} могут изменить и другие на этой машине, поэтому верить ему нельзя. Выполните: chmod go-w {file}',
  },
  folder_writable: {
    en: 'Others on this machine can put another file in place of {file}, so what it says can’t be trusted. Run: chmod go-w {folder}',
    ru: 'Другие на этой машине могут подменить файл {file}, поэтому верить ему нельзя. Выполните: chmod go-w {folder}',
  },
  file_encoding: {
    en: '{file} is not text in UTF-8 or UTF-16. Save it as UTF-8.',
    ru: '{file} – не текст в UTF-8 или UTF-16. Сохраните его в UTF-8.',
  },

  yaml_syntax: {
    en: 'This is not valid YAML. Check indents, brackets and quotes near this place.',
    ru: 'Это не YAML. Проверьте отступы, скобки и кавычки около этого места.',
  },
  yaml_tab: { en: 'A tab can’t indent in YAML. Use spaces.', ru: 'В YAML нельзя делать отступ табуляцией. Используйте пробелы.' },
  yaml_colon: {
    en: 'A key and its value don’t fit together here. Put a space after the colon, and quotes round a value that has a colon and a space in it.',
    ru: 'Ключ и значение здесь не сходятся. Поставьте пробел после двоеточия, а значение с двоеточием и пробелом внутри возьмите в кавычки.',
  },
  yaml_escape: {
    en: 'In double quotes a backslash begins a code. Write Windows paths without quotes or in single ones.',
    ru: 'В двойных кавычках обратная черта начинает код. Пути Windows пишите без кавычек или в одинарных.',
  },
  yaml_reserved: {
    en: 'A value can’t begin with this character. Put quotes round it.',
    ru: 'С этого знака значение начинаться не может. Возьмите значение в кавычки.',
  },
  yaml_duplicate_key: {
    en: 'The same key stands twice in one section. Keep one of them.',
    ru: 'Один и тот же ключ записан в разделе дважды. Оставьте один.',
  },
  yaml_documents: {
    en: 'The file holds several documents. Remove the line «---» and what follows it.',
    ru: 'В файле несколько документов. Уберите строку «---» и всё после неё.',
  },
  yaml_tag: {
    en: 'Tags (words with «!») mean nothing here. Remove the tag, or put quotes round the value.',
    ru: 'Метки (слова с «!») здесь ничего не значат. Уберите метку или возьмите значение в кавычки.',
  },
  yaml_alias: {
    en: 'The reference with «*» leads to no anchor before it. Write the value itself, or put quotes round it.',
    ru: 'Ссылка с «*» никуда не ведёт. Запишите само значение или возьмите его в кавычки.',
  },
  yaml_key: {
    en: 'A key must be a word. Remove the brackets or the question mark.',
    ru: 'Ключ должен быть словом. Уберите скобки или вопросительный знак.',
  },
  yaml_too_big: {
    en: 'The settings are too large or too deep, maybe by references with «*» that multiply each other. Write the values themselves.',
    ru: 'Настройки слишком велики или глубоки – возможно, из-за ссылок с «*», умножающих друг друга. Запишите сами значения.',
  },

  unknown_key: {
    en: 'There is no setting «{key}» here.{near} Correct or remove it.',
    ru: 'Настройки «{key}» здесь нет.{near} Исправьте или удалите её.',
  },
  program_key: {
    en: '«{key}» holds for the whole program, not for one task. Move it to the top of the file.',
    ru: '«{key}» относится ко всей программе, а не к задаче. Перенесите в начало файла.',
  },
  missing_key: { en: 'This must be given. Add it.', ru: 'Этого не хватает. Добавьте.' },
  unknown_variable: {
    en: 'The variable {variable} means nothing to this program.{near} Correct or remove it; for a secret of your own take a name without TP_TG_NOTIFY_.',
    ru: 'Переменная {variable} программе неизвестна.{near} Исправьте или удалите её; для своего секрета возьмите имя без TP_TG_NOTIFY_.',
  },
  wrong_type: {
    en: 'This must be {expected}, and it is {got}. Correct the value.',
    ru: 'Здесь нужно: {expected}, а записано: {got}. Исправьте значение.',
  },
  not_a_choice: {
    en: '«{value}» is not possible here.{near} Choose one of: {choices}.',
    ru: '«{value}» здесь не подходит.{near} Выберите одно из: {choices}.',
  },
  too_small: { en: '{value} is too little. Write at least {min}.', ru: '{value} – слишком мало. Укажите не меньше {min}.' },
  too_big: { en: '{value} is too much. Write at most {max}.', ru: '{value} – слишком много. Укажите не больше {max}.' },
  not_whole: {
    en: '{value} is not a whole number. Write one without a fraction.',
    ru: '{value} – не целое число. Укажите без дробной части.',
  },
  text_empty: {
    en: 'This can’t be empty. Write the value, or remove the line to have the default.',
    ru: 'Здесь не может быть пусто. Укажите значение или удалите строку – будет значение по умолчанию.',
  },
  text_too_long: { en: 'The text is too long. Keep it within {max} characters.', ru: 'Текст слишком длинный. Уложитесь в {max} знаков.' },

  bad_duration: {
    en: '«{value}» is not a duration. Write a number with ms, s, m, h or d: 30s, 5m, 72h, 10d.',
    ru: '«{value}» – не промежуток времени. Пишите число с ms, s, m, h или d: 30s, 5m, 72h, 10d.',
  },
  duration_without_unit: {
    en: '{value} of what? Add the unit: {value}s seconds, {value}m minutes, {value}h hours, {value}d days.',
    ru: '{value} чего? Добавьте единицу: {value}s – секунды, {value}m – минуты, {value}h – часы, {value}d – дни.',
  },
  bad_size: {
    en: '«{value}» is not a size. Write a whole number with KB, MB or GB: 10 MB.',
    ru: '«{value}» – не размер. Пишите целое число с KB, MB или GB: 10 MB.',
  },
  bad_zone: {
    en: '«{value}» is not a time zone.{near} Write an IANA name, such as Europe/Moscow or Asia/Yekaterinburg.',
    ru: '«{value}» – не часовой пояс.{near} Пишите название из базы IANA, например Europe/Moscow или Asia/Yekaterinburg.',
  },
  bad_date: {
    en: '{why, select, impossible {There is no such day or time: «{value}».} ambiguous {«{value}» can be read in two ways.} other {«{value}» is not a date.}} Write 2026-11-24 or 24.11.2026, with a time if need be: 24.11.2026 18:30.',
    ru: '{why, select, impossible {Такого дня или времени нет: «{value}».} ambiguous {«{value}» можно прочесть двояко.} other {«{value}» – не дата.}} Пишите 24.11.2026 или 2026-11-24, можно со временем: 24.11.2026 18:30.',
  },
  bad_guid: {
    en: '«{value}» is not a GUID. Write 32 hexadecimal digits as 8-4-4-4-12.',
    ru: '«{value}» – не GUID. Пишите 32 шестнадцатеричные цифры группами 8-4-4-4-12.',
  },
  bad_hours: { en: '«{value}» are not hours of a day. Write 22-9, or off.', ru: '«{value}» – не часы суток. Пишите 22-9 или off.' },
  bad_amount: {
    en: '{why, select, ambiguous {«{value}» can be read in two ways.} too_precise {«{value}» has more than four digits after the point.} other {«{value}» is not an amount.}} Write 100 or 99.50.',
    ru: '{why, select, ambiguous {«{value}» можно прочесть двояко.} too_precise {В «{value}» больше четырёх знаков после запятой.} other {«{value}» – не сумма.}} Пишите 100 или 99.50.',
  },

  bad_url: {
    en: 'This is not the root address of a Bot API. Write it like https://api.telegram.org',
    ru: 'Это не корневой адрес Bot API. Пишите как https://api.telegram.org',
  },
  url_with_credentials: {
    en: 'No name or password may stand in this address: it would get into logs. Remove them.',
    ru: 'В этом адресе не должно быть имени и пароля: они попали бы в журналы. Уберите их.',
  },
  url_with_token: {
    en: 'A bot’s token stands in this address. Leave only the root, such as https://api.telegram.org; the token belongs into telegram.token.',
    ru: 'В этом адресе записан токен бота. Оставьте только корень, например https://api.telegram.org; место токена – telegram.token.',
  },
  bad_proxy: {
    en: 'This is not the address of a proxy. Write http://host:port or socks5://name:password@host:port, or off.',
    ru: 'Это не адрес прокси. Пишите http://host:port или socks5://имя:пароль@host:port либо off.',
  },
  proxy_scheme: {
    en: 'A proxy «{scheme}://» is not supported. Use one of: {known}.',
    ru: 'Прокси «{scheme}://» не поддерживается. Возможны: {known}.',
  },
  bad_token: {
    en: 'This is not a bot’s token. @BotFather gives one like 123456789:AAF…, a number, a colon and 35 characters, without «bot» before it.',
    ru: 'Это не токен бота. @BotFather выдаёт токен вида 123456789:AAF… – число, двоеточие и 35 знаков, без «bot» впереди.',
  },
  bad_key: {
    en: 'This is not a key: it must be one word of at least 4 characters. Copy it again from the gateway’s page.',
    ru: 'Это не ключ: нужно одно слово не короче 4 знаков. Скопируйте его заново со страницы шлюза.',
  },
  bad_path: {
    en: 'This is not the path of a file or folder. Write it like data/site.sqlite or C:\\data\\site.sqlite',
    ru: 'Это не путь файла или папки. Пишите как data/site.sqlite или C:\\data\\site.sqlite',
  },

  bad_reference: {
    en: 'The reference to a secret is not complete. Write env:NAME with the name of a variable, or file:path.',
    ru: 'Ссылка на секрет неполна. Пишите env:ИМЯ с именем переменной или file:путь.',
  },
  reference_refused: {
    en: 'A task parameter may not name a file of this machine. Write the secret itself or env:NAME there, or put file:path into the settings file.',
    ru: 'Параметр задачи не может указывать на файл этой машины. Впишите в него сам секрет или env:ИМЯ, а file:путь – в файл настроек.',
  },
  secret_variable_missing: {
    en: 'The variable {variable}, which should hold this secret, is not set or is empty. Set it for the account that runs this program.',
    ru: 'Переменная {variable}, где должен быть секрет, не задана или пуста. Задайте её для учётной записи, под которой работает программа.',
  },
  secret_file_missing: {
    en: 'There is no file {file}, which should hold this secret. Make it or correct the path.',
    ru: 'Файла {file}, где должен быть секрет, нет. Создайте его или исправьте путь.',
  },
  secret_file_unreadable: {
    en: 'The file {file}, which should hold this secret, can’t be read as text. Check its rights and its encoding.',
    ru: 'Файл {file}, где должен быть секрет, не читается как текст. Проверьте права и кодировку.',
  },
  parameters_damaged: {
    en: 'What was saved of this task’s parameters can’t be read. Open the task in Tillypad, check its parameters and save it again.',
    ru: 'Сохранённые параметры этой задачи не читаются. Откройте задачу в Tillypad, проверьте параметры и сохраните её снова.',
  },
  secret_empty: { en: 'The secret is empty. Write it, or remove the line.', ru: 'Секрет пуст. Впишите его или удалите строку.' },

  ca_missing: {
    en: 'There is no certificate file {file}. Correct the path, or write off.',
    ru: 'Файла сертификата {file} нет. Исправьте путь или напишите off.',
  },
  ca_unreadable: {
    en: 'The certificate file {file} can’t be read. Check its rights.',
    ru: 'Файл сертификата {file} не читается. Проверьте права.',
  },
  ca_not_pem: {
    en: '{file} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----). Convert it to PEM (Base64).',
    ru: 'В {file} нет сертификата в виде PEM (-----BEGIN CERTIFICATE-----). Преобразуйте его в PEM (Base64).',
  },

  text_without_language: {
    en: 'The text stands in no language. Add ru: or en: below it.',
    ru: 'Текста нет ни на одном языке. Добавьте под ним ru: или en:.',
  },
  template_broken_syntax: {
    en: 'The text can’t be understood ({detail}) at its line {line}, character {column}. Check the curly brackets; a plural or a select needs a branch «other».',
    ru: 'Текст не разобрать ({detail}): его строка {line}, знак {column}. Проверьте фигурные скобки; у plural и select должна быть ветвь other.',
  },
  template_unknown_variable: {
    en: 'There is no variable «{variable}» (line {line}, character {column} of the text).{near} Correct it.',
    ru: 'Переменной «{variable}» нет (строка {line}, знак {column} текста).{near} Исправьте её.',
  },
  template_wrong_use: {
    en: 'The variable «{variable}» can’t be used in this way (line {line}, character {column} of the text). Numbers go into plural, choices into select, texts stand alone.',
    ru: 'Переменную «{variable}» так использовать нельзя (строка {line}, знак {column} текста). Числа – в plural, выбор – в select, тексты – сами по себе.',
  },
  template_unknown_choice: {
    en: '«{variable}» never says «{detail}» (line {line}, character {column} of the text). Correct this branch.',
    ru: '«{variable}» не бывает «{detail}» (строка {line}, знак {column} текста). Исправьте эту ветвь.',
  },
  template_choice_in_tag: {
    en: 'A choice can’t stand inside a tag <…> (line {line}, character {column} of the text). Put the whole tag into each branch.',
    ru: 'Выбор не может стоять внутри тега <…> (строка {line}, знак {column} текста). Внесите весь тег в каждую ветвь.',
  },
  template_empty: { en: 'The text is empty. Write it, or remove the line.', ru: 'Текст пуст. Напишите его или удалите строку.' },
  template_html_unclosed_tag: {
    en: 'The tag <{detail} has no «>» (line {line}, character {column} of the text). Add it; a plain «<» is written &lt;',
    ru: 'У тега <{detail} нет «>» (строка {line}, знак {column} текста). Допишите; просто знак «<» пишется &lt;',
  },
  template_html_unknown_tag: {
    en: 'Telegram knows no tag <{detail}> (line {line}, character {column} of the text). Use b, i, u, s, a, code, pre, blockquote or tg-spoiler; a plain «<» is written &lt;',
    ru: 'Telegram не знает тега <{detail}> (строка {line}, знак {column} текста). Есть b, i, u, s, a, code, pre, blockquote, tg-spoiler; просто знак «<» пишется &lt;',
  },
  template_html_bad_attribute: {
    en: 'The tag <{detail}> has an attribute that it can’t have, or one without double quotes (line {line}, character {column} of the text). Correct it.',
    ru: 'У тега <{detail}> лишний атрибут или атрибут без двойных кавычек (строка {line}, знак {column} текста). Исправьте.',
  },
  template_html_unexpected_end: {
    en: '</{detail}> closes nothing (line {line}, character {column} of the text). Remove it or open the tag in the same branch.',
    ru: '</{detail}> ничего не закрывает (строка {line}, знак {column} текста). Уберите или откройте тег в этой же ветви.',
  },
  template_html_wrong_end: {
    en: '</{detail}> closes another tag than the last one opened (line {line}, character {column} of the text). Close tags in reverse order.',
    ru: '</{detail}> закрывает не последний открытый тег (строка {line}, знак {column} текста). Закрывайте теги в обратном порядке.',
  },
  template_html_never_closed: {
    en: '<{detail}> is never closed (line {line}, character {column} of the text). Close it in the same branch.',
    ru: '<{detail}> не закрыт (строка {line}, знак {column} текста). Закройте его в этой же ветви.',
  },

  bad_task_id: {
    en: '«{id}» can’t be a task’s name. Use Latin letters, digits, points, hyphens and underscores (at most 64), or Tillypad’s task id.',
    ru: '«{id}» не годится как имя задачи. Используйте латинские буквы, цифры, точку, дефис и подчёркивание (не больше 64 знаков) или код задачи Tillypad.',
  },
  same_task_id: { en: 'The task {id} stands twice. Keep one of them.', ru: 'Задача {id} записана дважды. Оставьте одну.' },
  rate_above_limit: {
    en: '{value, number, ::.###} messages a second break Telegram’s limit of {limit}. Write more than 0 and at most {limit}; without a limit (0) only with an own server in telegram.apiRoot.',
    ru: '{value, number, ::.###} сообщений в секунду нарушают предел Telegram – {limit}. Укажите больше 0 и не больше {limit}; без предела (0) – только со своим сервером в telegram.apiRoot.',
  },
  token_missing: {
    en: 'The bot’s token is not set. Give it in the settings file (telegram.token), in TP_TG_NOTIFY_TELEGRAM_TOKEN or as the task parameter BotToken.',
    ru: 'Токен бота не задан. Укажите его в файле настроек (telegram.token), в переменной TP_TG_NOTIFY_TELEGRAM_TOKEN или в задаче («Токен»).',
  },
  ...SMS_PROBLEM_TEXTS,
  invalid: {
    en: 'This value can’t be used. See docs/settings.schema.json.',
    ru: 'Это значение не подходит. См. docs/settings.schema.json.',
  },
};
