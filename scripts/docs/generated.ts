import { readFileSync } from 'node:fs';

import type { Command } from 'commander';

import { buildProgram } from '../../src/cli/program.ts';
import { runResultJsonSchema } from '../../src/cli/render/summary-schema.ts';
import { settingsJsonSchema } from '../../src/cli/settings/json-schema.ts';
import type { Language } from '../../src/core/glossary.ts';
import { drawStates } from './states.ts';

export interface GeneratedDocument {
  /** Relative to the root of the project. */
  readonly path: string;
  readonly text: string;
}

/** Every document, or part of one, whose truth is the code. */
export function generatedDocuments(): GeneratedDocument[] {
  return [
    { path: 'README.md', text: withHelp('README.md', 'en') },
    { path: 'docs/ru/README.md', text: withHelp('docs/ru/README.md', 'ru') },
    { path: 'docs/commands.md', text: commandsPage('en') },
    { path: 'docs/ru/commands.md', text: commandsPage('ru') },
    { path: 'docs/states.md', text: drawStates() },
    { path: 'docs/settings.schema.json', text: json(settingsJsonSchema()) },
    { path: 'docs/summary.schema.json', text: json(runResultJsonSchema()) },
  ];
}

const BEGIN = '<!-- help: made by npm run docs -->';
const END = '<!-- /help -->';

function withHelp(path: string, language: Language): string {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const before = text.indexOf(BEGIN);
  const after = text.indexOf(END);
  if (before < 0 || after < before) throw new Error(`${path} has no place for the help`);
  return `${text.slice(0, before)}${BEGIN}\n\n\`\`\`text\n${helpOf(program(language))}\n\`\`\`\n\n${text.slice(after)}`;
}

function commandsPage(language: Language): string {
  const head =
    language === 'ru'
      ? '# Команды\n\nСтраница сделана из программы: `npm run docs`.\n'
      : '# Commands\n\nMade from the program: `npm run docs`.\n';
  const pages = leaves(program(language)).map(({ name, command }) => `\n## ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`);
  return head + pages.join('');
}

function program(language: Language): Command {
  return buildProgram(language, { version: readVersion(), terminal: { print: () => {} }, action: async () => {} });
}

function leaves(command: Command, prefix = ''): { readonly name: string; readonly command: Command }[] {
  return command.commands.flatMap((child) => {
    const name = `${prefix}${child.name()}`;
    return child.commands.length > 0 ? leaves(child, `${name} `) : [{ name, command: child }];
  });
}

/** Commander adds the exit codes only when it prints by itself. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text.trim();
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  return manifest.version;
}
