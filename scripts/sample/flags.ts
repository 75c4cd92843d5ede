import { Command, CommanderError, Option } from 'commander';

import { HELP } from '../../src/cli/render/help.ts';
import { say } from '../../src/cli/render/say.ts';
import { sayUsage } from '../../src/cli/render/usage.ts';
import type { Language, WallTime } from '../../src/core/glossary.ts';
import { parseWallDate } from '../../src/core/wall-time.ts';
import { askedLanguage } from '../asked-language.ts';
import { SMALLEST } from './site.ts';
import { SAMPLE_TEXTS } from './texts.ts';

export interface SampleFlags {
  readonly file: string;
  readonly customers: number;
  readonly operations: number;
  readonly seed: number;
  readonly now: WallTime;
  readonly force: boolean;
}

/** `problems` are sentences for standard error; `help` is what was asked for. */
export type ParsedFlags = { readonly language: Language } & (
  | { readonly flags: SampleFlags }
  | { readonly help: string }
  | { readonly problems: readonly string[] }
);

const OPERATIONS = 10_000;
const OPERATIONS_A_CUSTOMER = 50;

interface Limits {
  readonly least: number;
  readonly most: number;
}

/** Reads the command line; `wallNow` is the default of --now. */
export function parseFlags(argv: readonly string[], wallNow: WallTime): ParsedFlags {
  const language = askedLanguage(argv);
  const written: string[] = [];
  const program = describe(language, (text) => written.push(text));
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { language, help: written.join('') };
    return { language, problems: [sayUsage(error, language)] };
  }
  return { language, ...judge(program.opts(), { file: program.args[0] as string, wallNow, language }) };
}

function judge(
  given: Readonly<Record<string, string | boolean | undefined>>,
  { file, wallNow, language }: { readonly file: string; readonly wallNow: WallTime; readonly language: Language },
): { readonly flags: SampleFlags } | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const count = (name: string, { least, most }: Limits): number | null => {
    const text = given[name];
    if (typeof text !== 'string') return null;
    const value = /^\d+(?:_\d+)*$/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
    if (value >= least && value <= most) return value;
    problems.push(say(SAMPLE_TEXTS.badCount, language, { name, least: String(least), most: String(most), text }));
    return null;
  };
  const operations = count('operations', { least: SMALLEST.operations, most: 50_000_000 }) ?? OPERATIONS;
  const customers = count('customers', { least: SMALLEST.customers, most: 5_000_000 });
  const seed = count('seed', { least: 0, most: Number.MAX_SAFE_INTEGER }) ?? 1;
  const now = typeof given['now'] === 'string' ? readNow(given['now'], problems, language) : wallNow;
  if (file.trim() === '') problems.push(say(SAMPLE_TEXTS.fileEmpty, language));
  if (problems.length > 0) return { problems };
  const usual = Math.max(SMALLEST.customers, Math.floor(operations / OPERATIONS_A_CUSTOMER));
  return { flags: { file, operations, customers: customers ?? usual, seed, now, force: given['force'] === true } };
}

function readNow(text: string, problems: string[], language: Language): WallTime {
  const answer = parseWallDate(text);
  if (answer.ok) return answer.wall;
  problems.push(say(SAMPLE_TEXTS.badNow, language, { text, impossible: answer.code === 'impossible' ? 'yes' : 'no' }));
  return '';
}

function describe(language: Language, write: (text: string) => void): Command {
  const russian = language === 'ru';
  const told = (name: keyof typeof SAMPLE_TEXTS, args: Readonly<Record<string, number>> = {}): string =>
    say(SAMPLE_TEXTS[name], language, Object.fromEntries(Object.entries(args).map(([key, value]) => [key, String(value)])));
  return new Command('npm run sample --')
    .description(told('description'))
    .usage(russian ? '[ключи] <ФАЙЛ>' : '[options] <FILE>')
    .argument(russian ? '<ФАЙЛ>' : '<FILE>', told('file'))
    .option('--operations <N>', told('operations', { least: SMALLEST.operations, usual: OPERATIONS }))
    .option('--customers <N>', told('customers', { least: SMALLEST.customers, each: OPERATIONS_A_CUSTOMER }))
    .option('--seed <S>', told('seed'))
    .option(`--now <${russian ? 'ДАТА' : 'DATE'}>`, told('now'))
    .option('--force', told('force'))
    .addOption(new Option('--language <en|ru>', told('language')).choices(['en', 'ru']))
    .helpOption('-h, --help', told('help'))
    .exitOverride()
    .configureHelp({ styleTitle: (title) => HELP[language].titles[title] ?? title, optionDescription: ({ description }) => description })
    .configureOutput({ writeOut: write, writeErr: () => {}, outputError: () => {} });
}
