import { describe, expect, it } from 'vitest';

import { COMMANDS } from '../../src/cli/commands.ts';
import { buildProgram, runProgram } from '../../src/cli/program.ts';
import { fakeDoors } from '../support/fake-doors.ts';

async function say(...argv: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const { doors, terminal } = fakeDoors().call();
  let out = '';
  let err = '';
  const code = await runProgram({
    argv,
    doors: { ...doors, env: {} },
    terminal: { ...terminal, print: (text) => void (out += `${text}\n`), note: (text) => void (err += `${text}\n`) },
    version: '1.2.3',
  });
  return { code, out, err };
}

/** Every command's help, those of nouns among them. */
function helps(language: 'ru' | 'en'): readonly string[] {
  const program = buildProgram(language, { version: '1.2.3', terminal: { print: () => {} }, action: async () => {} });
  return [program, ...program.commands.flatMap((child) => [child, ...child.commands])].map((command) => command.helpInformation());
}

describe('help', () => {
  it('is Russian in Russian: placeholders and choices too', async () => {
    const { out } = await say('resolve', '--help');
    expect(out).toContain('Вызов: tp-tg-notify resolve [ключи] [строка...]');
    expect(out).toContain('--as <итог> ');
    expect(out.replaceAll(/\s+/g, ' ')).toContain('(одно из: delivered, refused, again)');
    expect(helps('ru')).toHaveLength(
      COMMANDS.length + 1 + new Set(COMMANDS.flatMap(({ name }) => name.match(/^\S+(?= )/)?.[0] ?? [])).size,
    );
    for (const help of helps('ru')) expect(help).not.toMatch(/[[<][a-z.]+[\]>]|choices:|default:/);
  });

  it('keeps commander’s words in English', async () => {
    const { out } = await say('resolve', '--help', '--language', 'en');
    expect(out).toContain('Usage: tp-tg-notify resolve [options] [row...]');
    expect(out).toContain('--as <verdict> ');
    expect(out.replaceAll(/\s+/g, ' ')).toContain('(choices: "delivered", "refused", "again")');
    for (const help of helps('en')) expect(help).not.toMatch(/[а-яё]/i);
  });
});

describe('a wrong command line', () => {
  it.each([
    [['resolve', '--as', 'maybe'], 'tp-tg-notify resolve'],
    [['resolve', '--as'], 'tp-tg-notify resolve'],
    [['link'], 'tp-tg-notify link'],
    [['bot', '--delete-webhok'], 'tp-tg-notify bot'],
    [['keys', 'rotate', 'now'], 'tp-tg-notify keys rotate'],
    [['keys'], 'tp-tg-notify keys'],
    [['rnu'], 'tp-tg-notify'],
  ])('%j points to the help of the command that was called', async (argv, command) => {
    const russian = await say(...argv);
    const english = await say(...argv, '--language', 'en');
    expect([russian.code, english.code]).toEqual([2, 2]);
    expect(russian.err).toMatch(new RegExp(`Справка: ${command} --help\n$`));
    expect(english.err).toMatch(new RegExp(`See: ${command} --help\n$`));
  });

  it('names a missing argument as the help does', async () => {
    expect((await say('link')).err).toContain('Не указан аргумент <клиент>.');
    expect((await say('link', '--language', 'en')).err).toContain('The argument <customer> is missing.');
  });
});
