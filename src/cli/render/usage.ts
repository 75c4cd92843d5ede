import type { CommanderError } from 'commander';

import type { Language } from '../../core/glossary.ts';
import { namePlaceholders } from './placeholders.ts';

type Say = (names: { readonly name: string; readonly near: string; readonly rest: string }) => string;

/** Commander's own errors in both languages: what is wrong, the nearest right word, where help is. */
const SENTENCES: Readonly<Record<Language, Readonly<Record<string, Say>>>> = {
  en: {
    'commander.unknownOption': ({ name, near }) => `Unknown option ${name}.${near}`,
    'commander.unknownCommand': ({ name, near }) => `Unknown command ${name}.${near}`,
    'commander.missingArgument': ({ name }) => `The argument <${name}> is missing.`,
    'commander.optionMissingArgument': ({ name }) => `The option ${name} needs a value.`,
    'commander.excessArguments': () => 'Too many arguments.',
    'commander.invalidArgument': ({ name, rest }) => `The value ${rest} of ${name} is not allowed.`,
    'commander.conflictingOption': ({ name, rest }) => `The options ${name} and ${rest} exclude each other.`,
  },
  ru: {
    'commander.unknownOption': ({ name, near }) => `Неизвестный ключ ${name}.${near}`,
    'commander.unknownCommand': ({ name, near }) => `Неизвестная команда ${name}.${near}`,
    'commander.missingArgument': ({ name }) => `Не указан аргумент <${name}>.`,
    'commander.optionMissingArgument': ({ name }) => `Ключу ${name} нужно значение.`,
    'commander.excessArguments': () => 'Слишком много аргументов.',
    'commander.invalidArgument': ({ name, rest }) => `Значение ${rest} для ${name} недопустимо.`,
    'commander.conflictingOption': ({ name, rest }) => `Ключи ${name} и ${rest} исключают друг друга.`,
  },
};

/** Without a full stop: the line is copied. */
const SEE_HELP: Readonly<Record<Language, (command: string) => string>> = {
  en: (command) => `See: ${command} --help`,
  ru: (command) => `Справка: ${command} --help`,
};

const NEAR: Readonly<Record<Language, (word: string) => string>> = {
  en: (word) => ` Did you mean ${word}?`,
  ru: (word) => ` Может быть, ${word}?`,
};

/**
 * One or two lines for standard error; `command` is the one that was called, with the program's name. `commander.help` (no command given) has
 * already printed the help.
 */
export function renderUsage(error: CommanderError, command: string, language: Language): string {
  const seeHelp = SEE_HELP[language](command);
  return error.code === 'commander.help' ? seeHelp : `${sayUsage(error, language)}\n${seeHelp}`;
}

/** What is wrong with a command line, without where its help is. */
export function sayUsage(error: CommanderError, language: Language): string {
  const quoted = [...error.message.matchAll(/'([^']*)'/g)].map((match) => match[1] ?? '');
  const allowed = /Allowed choices are (.*)\.$/.exec(error.message)?.[1];
  const near = /Did you mean (?:one of )?(.*)\?/.exec(error.message)?.[1];
  const names = orderOf(error.code, quoted);
  const say = SENTENCES[language][error.code];
  const sentence =
    say === undefined ? error.message : say({ name: names.name, rest: names.rest, near: near === undefined ? '' : NEAR[language](near) });
  const choices = allowed === undefined ? '' : language === 'ru' ? ` Допустимы: ${allowed}.` : ` Allowed: ${allowed}.`;
  return `${namePlaceholders(sentence, language)}${choices}`;
}

/** Commander quotes flags with their placeholders, and the odd value before or after them. */
function orderOf(code: string, quoted: readonly string[]): { readonly name: string; readonly rest: string } {
  const flag = quoted.find((word) => word.startsWith('-')) ?? quoted[0] ?? '';
  const rest = quoted.find((word) => word !== flag) ?? '';
  return { name: code === 'commander.missingArgument' ? (quoted[0] ?? '') : (flag.split(' ')[0] ?? flag), rest };
}
