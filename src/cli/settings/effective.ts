import type { TaskId } from '../../core/glossary.ts';
import type { Finding } from '../../core/settings.ts';
import { FIELDS, type Field } from './fields.ts';
import { giveValue, type Given, type Layer } from './given.ts';
import { defaultLogFolder, type Surroundings } from './places.ts';
import type { SettingsProblem, Source } from './problem.ts';
import { settle, type Settled } from './settle.ts';

/** One value in force and where it comes from, for `settings show`. */
export interface EffectiveValue {
  /** Null for what holds for the whole program. */
  readonly taskId: TaskId | null;
  readonly path: string;
  /** Printable; asterisks for a secret; null when it is not set. */
  readonly shown: string | null;
  readonly source: Source;
}

/** All values of one task, or of the program. */
export interface Chosen {
  /** By dotted path; a setting without a value is absent, and so is one that was refused. */
  readonly settled: ReadonlyMap<string, Settled>;
  readonly effective: readonly EffectiveValue[];
  readonly problems: readonly SettingsProblem[];
  readonly findings: readonly Finding[];
  /** True: a value was refused where it was given, so the rest is not whole. */
  readonly refused: boolean;
}

/** Takes for each setting the first layer that gives it, else its default. */
export function chooseValues(
  layers: readonly Layer[],
  { taskId, surroundings }: { readonly taskId: TaskId | null; readonly surroundings: Surroundings },
): Chosen {
  const settled = new Map<string, Settled>();
  const effective: EffectiveValue[] = [];
  let refused = false;
  for (const field of FIELDS.filter((candidate) => candidate.ofTask === (taskId !== null))) {
    const given =
      layers.map((layer) => layer.get(field.path)).find((found) => found !== undefined) ?? defaultValue(field, settled, surroundings);
    if (given?.ok === false) {
      refused = true;
      continue;
    }
    const one = given === undefined ? null : settle(given, surroundings);
    if (one !== null) settled.set(field.path, one);
    effective.push({ taskId, path: field.path, shown: one?.shown ?? null, source: one?.source ?? { from: 'default' } });
  }
  const all = [...settled.values()];
  return {
    settled,
    effective,
    problems: all.flatMap(({ problem }) => problem ?? []),
    findings: all.flatMap(({ findings }) => findings),
    refused,
  };
}

/** The path of a database that is a file. */
function fileOf(database: unknown): string | null {
  return typeof database === 'string' ? database : null;
}

function defaultValue(field: Field, known: ReadonlyMap<string, Settled>, surroundings: Surroundings): Given | undefined {
  const written = field.notes.default ?? dependentDefault(field.path, known, surroundings);
  return written === undefined ? undefined : giveValue(field, written, { from: 'default' }).given;
}

/** Defaults that depend on the host or on another setting (which the schema puts before). */
function dependentDefault(path: string, known: ReadonlyMap<string, Settled>, surroundings: Surroundings): string | number | undefined {
  const paid = known.get('telegram.broadcast')?.value === 'paid';
  switch (path) {
    case 'zone':
      return surroundings.host.zone;
    case 'telegram.rate':
      return paid ? 970 : 29.4;
    case 'telegram.concurrency':
      return paid ? 100 : 3;
    case 'log.folder':
      return defaultLogFolder(surroundings, fileOf(known.get('database')?.value));
    default:
      return undefined;
  }
}
