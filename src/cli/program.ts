import { Command, CommanderError, Help, Option } from 'commander';

import { EXIT } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import type { Language } from '../core/glossary.ts';
import { jsonParts } from './json-parts.ts';
import { COMMANDS, COMMON_OPTIONS } from './commands.ts';
import type { CommandSpec, OptionSpec } from './commands.ts';
import type { Doors, Terminal } from './doors.ts';
import { renderFailure } from './render/failure.ts';
import { HELP } from './render/help.ts';
import { namePlaceholders } from './render/placeholders.ts';
import { renderUsage } from './render/usage.ts';

export interface ProgramCall {
  readonly argv: readonly string[];
  readonly doors: Doors;
  readonly terminal: Terminal;
  readonly version: string;
}

/** Parses the command line, runs one command, prints its result; the only place that prints, and nothing escapes it. */
export async function runProgram({ argv, doors, terminal, version }: ProgramCall): Promise<ExitCode> {
  const language = languageOf(argv, doors.env);
  let spoken = language;
  let code: ExitCode = EXIT.done;
  let called = PROGRAM;
  const program = buildProgram(language, {
    version,
    terminal,
    refused: (command) => {
      called = command;
    },
    action: async (spec, args, flags) => {
      const command = await spec.load();
      const speak = (chosen: Language): void => {
        spoken = chosen;
      };
      const result = await command({ doors, terminal, language: flagLanguage(flags) ?? language, speak, flags, args });
      if (flags['json'] === true) {
        for (const part of jsonParts(result.json)) await terminal.write(part);
        await terminal.write('\n');
      } else terminal.print(result.text);
      code = result.code;
    },
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.done;
      terminal.note(renderUsage(error, called, language));
      return EXIT.usage;
    }
    const failure = renderFailure(error, spoken);
    if (argv.includes('--json'))
      terminal.print(JSON.stringify({ schema: 1, error: { code: failure.name, message: failure.text }, exitCode: failure.code }, null, 2));
    terminal.note(failure.text);
    return failure.code;
  }
}

const PROGRAM = 'tp-tg-notify';

type Action = (spec: CommandSpec, args: readonly string[], flags: Readonly<Record<string, unknown>>) => Promise<void>;

interface Outlet {
  readonly terminal: Pick<Terminal, 'print'>;
  /** Told the command that a wrong command line called, as it is typed (`tp-tg-notify keys rotate`), before the error is thrown. */
  readonly refused?: (command: string) => void;
}

/** The tree of commands in one language; also what README's help is generated from. */
export function buildProgram(
  language: Language,
  { version, action, ...outlet }: Outlet & { readonly version: string; readonly action: Action },
): Command {
  const texts = HELP[language];
  const program = dress(new Command(PROGRAM), language, outlet).description(texts.program).version(version, '-V, --version', texts.version);
  program.addHelpText('after', `\n${texts.exitCodes}`);
  const groups = new Map<string, Command>();
  for (const spec of COMMANDS) {
    const [noun = '', verb] = spec.name.split(' ');
    const parent = verb === undefined ? program : groupOf(program, groups, { noun, language, outlet });
    const command = dress(new Command(verb ?? noun), language, outlet).description(texts.commands[spec.name] ?? '');
    if (spec.args !== undefined) command.arguments(spec.args);
    for (const option of [...spec.options, ...(spec.common ?? COMMON_OPTIONS)]) command.addOption(toOption(option, language));
    command.action(async (...given: unknown[]) => {
      const args = command.args;
      await action(spec, args, given.at(-2) as Record<string, unknown>);
    });
    parent.addCommand(command);
  }
  return program;
}

function groupOf(
  program: Command,
  groups: Map<string, Command>,
  of: { readonly noun: string; readonly language: Language; readonly outlet: Outlet },
): Command {
  const known = groups.get(of.noun);
  if (known !== undefined) return known;
  const group = dress(new Command(of.noun), of.language, of.outlet).description(HELP[of.language].commands[of.noun] ?? '');
  groups.set(of.noun, group);
  program.addCommand(group);
  return group;
}

function dress(command: Command, language: Language, { terminal, refused }: Outlet): Command {
  const texts = HELP[language];
  return command
    .exitOverride((error) => {
      refused?.(pathOf(command));
      throw error;
    })
    .configureHelp({
      helpWidth: 110,
      styleTitle: (title) => texts.titles[title] ?? title,
      styleUsage: (usage) => namePlaceholders(usage, language),
      styleOptionTerm: (term) => namePlaceholders(term, language),
      styleSubcommandTerm: (term) => namePlaceholders(term, language),
      optionDescription: (option) => describeOption(option, language),
    })
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.print(text.trimEnd()),
      outputError: () => {},
    })
    .helpOption('-h, --help', texts.help)
    .helpCommand('help [command]', texts.helpCommand);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** Commander's own way of naming the choices is English. */
function describeOption(option: Option, language: Language): string {
  if (language === 'en' || option.argChoices === undefined) return new Help().optionDescription(option);
  return `${option.description} (одно из: ${option.argChoices.join(', ')})`;
}

function toOption(spec: OptionSpec, language: Language): Option {
  const option = new Option(spec.flags, HELP[language].options[spec.text] ?? '');
  if (spec.choices !== undefined) option.choices([...spec.choices]);
  if (spec.conflicts !== undefined) option.conflicts([...spec.conflicts]);
  return option;
}

/** Help and usage errors come before the settings, so the language is looked up by hand; Russian unless asked. */
function languageOf(argv: readonly string[], env: Doors['env']): Language {
  const at = argv.findIndex((arg) => arg === '--language' || arg.startsWith('--language='));
  const flag = at < 0 ? undefined : (argv[at]?.split('=')[1] ?? argv[at + 1]);
  const wanted = flag ?? env['TP_TG_NOTIFY_LANGUAGE'];
  return wanted === 'en' ? 'en' : 'ru';
}

function flagLanguage(flags: Readonly<Record<string, unknown>>): Language | null {
  const wanted = flags['language'];
  return wanted === 'en' || wanted === 'ru' ? wanted : null;
}
