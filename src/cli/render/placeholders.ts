import type { Language } from '../../core/glossary.ts';

/** What stands for a value in a command line, by commander's word; English keeps that word. */
const RUSSIAN: Readonly<Record<string, string>> = {
  options: 'ключи',
  command: 'команда',
  age: 'возраст',
  customer: 'клиент',
  date: 'дата',
  duration: 'срок',
  file: 'файл',
  folder: 'папка',
  id: 'код',
  key: 'код',
  language: 'язык',
  n: 'число',
  name: 'имя',
  operation: 'операция',
  out: 'файл',
  phone: 'телефон',
  place: 'база',
  reason: 'причина',
  row: 'строка',
  state: 'состояние',
  system: 'система',
  text: 'текст',
  verdict: 'итог',
  way: 'путь',
  what: 'что',
};

/** `explain [options] <key>` → `explain [ключи] <ключ>`; a word without a translation stays. */
export function namePlaceholders(text: string, language: Language): string {
  if (language === 'en') return text;
  return text.replaceAll(/(?<=[[<])[a-z]+(?=(?:\.\.\.)?[\]>])/g, (word) => RUSSIAN[word] ?? word);
}
