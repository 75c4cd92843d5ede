import { parseArgs } from 'node:util';

import type { EngineName } from './chapter.ts';
import { CHAPTERS } from './chapters.ts';

export interface ProveOptions {
  readonly engine: EngineName;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly lanes: number;
  readonly hours: number;
  /** Null = all of the engine's. */
  readonly chapters: readonly string[] | null;
  readonly fresh: boolean;
}

export type ReadOptions = { readonly ok: true; readonly options: ProveOptions } | { readonly ok: false; readonly problem: string };

/** A wish that means nothing here is a problem: a proof that tried nothing must not end well. */
export function readOptions(argv: readonly string[], lanes: number): ReadOptions {
  try {
    return { ok: true, options: parse(argv, lanes) };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : 'unknown' };
  }
}

/** Throws what is wrong, like the parser of the words itself. */
function parse(argv: readonly string[], lanes: number): ProveOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      engine: { type: 'string', default: 'sqlite' },
      seeds: { type: 'string', default: '10000' },
      'first-seed': { type: 'string', default: '1' },
      hours: { type: 'string', default: '8' },
      lanes: { type: 'string', default: String(lanes) },
      chapter: { type: 'string', multiple: true },
      fresh: { type: 'boolean', default: false },
    },
  });
  const { engine } = values;
  if (!isEngine(engine)) throw new Error(`--engine ${engine}: there is ${Object.keys(CHAPTERS).join(', ')}`);
  const names = CHAPTERS[engine].map(({ name }) => name);
  for (const name of values.chapter ?? [])
    if (!names.includes(name)) throw new Error(`--chapter ${name}: on ${engine} there is ${names.join(', ')}`);
  const hours = Number(values.hours);
  if (!(Number.isFinite(hours) && hours > 0)) throw new Error(`--hours ${values.hours}: not a time above 0`);
  return {
    engine,
    seeds: count('--seeds', values.seeds),
    firstSeed: count('--first-seed', values['first-seed']),
    lanes: count('--lanes', values.lanes),
    hours,
    chapters: values.chapter ?? null,
    fresh: values.fresh,
  };
}

function isEngine(name: string): name is EngineName {
  return Object.hasOwn(CHAPTERS, name);
}

function count(flag: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${flag} ${text}: not a whole number from 1`);
  return value;
}
