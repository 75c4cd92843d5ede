import type { Field } from './fields.ts';
import { complaintsOf } from './issues.ts';
import type { SettingsProblem, Source } from './problem.ts';
import { addressIn } from './server-address.ts';
import { pathText } from './yaml.ts';

/** One value of one source. `ok` false = it was refused, and its problem is told already. */
export interface Given {
  readonly field: Field;
  readonly source: Source;
  /** As a person wrote it, in the file's form; undefined for a secret. */
  readonly written: unknown;
  readonly ok: boolean;
  /** Parsed; undefined when refused. */
  readonly value: unknown;
}

/** What one source gives, by the setting's path. */
export type Layer = ReadonlyMap<string, Given>;

/** Parses a value against its setting's schema. */
export function giveValue(
  field: Field,
  written: unknown,
  source: Source,
): { readonly given: Given; readonly problems: readonly SettingsProblem[] } {
  const answer = field.schema.safeParse(written);
  const kept = field.notes.secret === undefined && addressIn(written) === null ? written : undefined;
  if (answer.success) return { given: { field, source, written: kept, ok: true, value: answer.data }, problems: [] };
  const complaints = answer.error.issues.flatMap((issue) => complaintsOf(issue, written, field.path.split('.')));
  const problems = complaints.map(({ path, code, args }) => ({ path: pathText(path), taskId: null, source, code, args }));
  return { given: { field, source, written: kept, ok: false, value: undefined }, problems };
}

/** Gathers what was given into a layer and its problems. */
export function layerOf(answers: Iterable<ReturnType<typeof giveValue>>): {
  readonly layer: Layer;
  readonly problems: readonly SettingsProblem[];
} {
  const layer = new Map<string, Given>();
  const problems: SettingsProblem[] = [];
  for (const { given, problems: told } of answers) {
    layer.set(given.field.path, given);
    problems.push(...told);
  }
  return { layer, problems };
}

/** The value as `settings show` prints it: dates, ids and zones as understood, the rest as written. */
export function shownValue(value: unknown, written: unknown): string {
  if (value === null) return 'off';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return `[${value.join(', ')}]`;
  if (Array.isArray(written) && written.every((item) => isPlainWord(item))) return `[${written.join(', ')}]`;
  return typeof written === 'string' ? written : JSON.stringify(written);
}

/** What a list in YAML holds without quotes. */
function isPlainWord(item: unknown): boolean {
  return typeof item === 'number' || (typeof item === 'string' && /^\w+$/.test(item));
}
