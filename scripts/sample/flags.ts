import { Command, CommanderError } from 'commander';

import type { WallTime } from '../../src/core/glossary.ts';
import { parseWallDate } from '../../src/core/wall-time.ts';
import { SMALLEST } from './site.ts';

export interface SampleFlags {
  readonly file: string;
  readonly customers: number;
  readonly operations: number;
  readonly seed: number;
  readonly now: WallTime;
  readonly force: boolean;
}

/** `problems` are sentences for standard error; `help` is what was asked for. */
export type ParsedFlags = { readonly flags: SampleFlags } | { readonly help: string } | { readonly problems: readonly string[] };

const OPERATIONS = 10_000;
const OPERATIONS_A_CUSTOMER = 50;

interface Limits {
  readonly least: number;
  readonly most: number;
}

/** Reads the command line; `wallNow` is the default of --now. */
export function parseFlags(argv: readonly string[], wallNow: WallTime): ParsedFlags {
  const written: string[] = [];
  const program = describe((text) => written.push(text));
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { help: written.join('') };
    return { problems: [error.message.replace(/^error: /, '')] };
  }
  return judge(program.opts(), { file: program.args[0] as string, wallNow });
}

function judge(
  given: Readonly<Record<string, string | boolean | undefined>>,
  { file, wallNow }: { readonly file: string; readonly wallNow: WallTime },
): ParsedFlags {
  const problems: string[] = [];
  const count = (name: string, { least, most }: Limits): number | null => {
    const text = given[name];
    if (typeof text !== 'string') return null;
    const value = /^\d+(?:_\d+)*$/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
    if (value >= least && value <= most) return value;
    problems.push(`--${name} takes a whole number from ${least} to ${most}, not «${text}»`);
    return null;
  };
  const operations = count('operations', { least: SMALLEST.operations, most: 50_000_000 }) ?? OPERATIONS;
  const customers = count('customers', { least: SMALLEST.customers, most: 5_000_000 });
  const seed = count('seed', { least: 0, most: Number.MAX_SAFE_INTEGER }) ?? 1;
  const now = typeof given['now'] === 'string' ? readNow(given['now'], problems) : wallNow;
  if (file.trim() === '') problems.push('FILE is empty');
  if (problems.length > 0) return { problems };
  const usual = Math.max(SMALLEST.customers, Math.floor(operations / OPERATIONS_A_CUSTOMER));
  return { flags: { file, operations, customers: customers ?? usual, seed, now, force: given['force'] === true } };
}

function readNow(text: string, problems: string[]): WallTime {
  const answer = parseWallDate(text);
  if (answer.ok) return answer.wall;
  problems.push(
    `--now takes a date such as «2026-11-24 19:30», not «${text}»${answer.code === 'impossible' ? ': there is no such day or hour' : ''}`,
  );
  return '';
}

function describe(write: (text: string) => void): Command {
  return new Command('npm run sample --')
    .description(
      'Makes a SQLite file with the Tillypad tables of an invented restaurant chain. The same seed and --now give the same rows.',
    )
    .argument('<FILE>', 'the file to make')
    .option('--operations <N>', `operations on the accounts, at least ${SMALLEST.operations} (default: ${OPERATIONS})`)
    .option('--customers <N>', `customers, at least ${SMALLEST.customers} (default: one for every ${OPERATIONS_A_CUSTOMER} operations)`)
    .option('--seed <S>', 'a whole number that decides all chance (default: 1)')
    .option('--now <DATE>', 'the restaurant’s wall clock; the newest visits are minutes older (default: now)')
    .option('--force', 'replace FILE if it exists')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {}, outputError: () => {} });
}
