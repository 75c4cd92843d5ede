import type * as z from 'zod';
import { echo, echoKey } from './echo.ts';
import { fieldAt, FIELDS, keysAt } from './fields.ts';
import { nearest } from './nearest.ts';
import type { ProblemArgs, ProblemCode } from './problem.ts';

/** A zod issue in our words. `path` leads to what is wrong; for an unknown key it ends with that key. */
export interface Complaint {
  readonly path: readonly PropertyKey[];
  readonly code: ProblemCode;
  readonly args: ProblemArgs;
}

/** Translates one issue; `input` is what was given to the schema, `base` the path at which it stands. An unknown key is a complaint each. */
export function complaintsOf(issue: z.core.$ZodIssue, input: unknown, base: readonly PropertyKey[] = []): readonly Complaint[] {
  const path = [...base, ...issue.path];
  const given = valueAt(input, issue.path);
  const one = (code: ProblemCode, args: ProblemArgs = {}): readonly Complaint[] => [{ path, code, args }];
  switch (issue.code) {
    case 'custom':
      return one((issue.params?.['code'] as ProblemCode | undefined) ?? 'invalid', issue.params?.['args'] as ProblemArgs | undefined);
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], ...judgeKey(path, key) }));
    case 'invalid_value':
      return given === undefined || typeof given === 'object'
        ? one('wrong_type', { expected: 'text', got: kindOf(given) })
        : one('not_a_choice', choiceArgs(issue.values.map(String), given));
    case 'invalid_union':
      return one('wrong_type', { expected: 'number', got: kindOf(given) });
    case 'invalid_type':
      if (issue.expected === 'int' && typeof given === 'number') return one('not_whole', { value: echo(given) });
      if (given === undefined && typeof path.at(-1) === 'string') return one('missing_key');
      return one('wrong_type', { expected: EXPECTED[issue.expected] ?? issue.expected, got: kindOf(given) });
    case 'too_small':
      return issue.origin === 'string' ? one('text_empty') : one('too_small', { value: echo(given), min: String(issue.minimum) });
    case 'too_big':
      return issue.origin === 'string'
        ? one('text_too_long', { max: String(issue.maximum) })
        : one('too_big', { value: echo(given), max: String(issue.maximum) });
    default:
      return one('invalid');
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  int: 'number',
  boolean: 'boolean',
  array: 'list',
  object: 'section',
  record: 'section',
};

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' ? 'section' : typeof value === 'string' ? 'text' : typeof value;
}

function choiceArgs(choices: readonly string[], given: unknown): ProblemArgs {
  const near = nearest(String(given), choices);
  return { value: echo(given), choices: choices.join(', '), ...(near === null ? {} : { nearest: near }) };
}

/** Suggests the nearest key of the same section, else where in the settings a key of this name stands. */
function judgeKey(path: readonly PropertyKey[], key: string): Pick<Complaint, 'code' | 'args'> {
  const args = { key: echoKey(key) };
  if (key.includes(':')) return { code: 'yaml_colon', args: {} };
  if (path[0] === 'tasks' && path.length === 2 && keysAt([]).includes(key)) return { code: 'program_key', args };
  const near = nearest(key, keysAt(path)) ?? (fieldAt(path) === undefined ? pathOfKey(key) : undefined);
  return { code: 'unknown_key', args: near === undefined ? args : { ...args, nearest: near } };
}

function pathOfKey(key: string): string | undefined {
  return FIELDS.find(({ path }) => path.split('.').at(-1)?.toLowerCase() === key.toLowerCase())?.path;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) value = typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  return value;
}
