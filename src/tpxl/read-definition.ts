import { isUtf8 } from 'node:buffer';

import { parseDocument } from 'yaml';
import type * as z from 'zod';

import type { BuildProblem } from '../ports/object-files.ts';
import { DEFINITION_EXAMPLES, DEFINITION_KEYS, definitionSchema } from './definition.ts';
import type { Definition } from './definition.ts';

export type ReadDefinition =
  | { readonly ok: true; readonly definition: Definition }
  | { readonly ok: false; readonly problems: readonly BuildProblem[] };

export function readDefinition(yaml: string | Uint8Array): ReadDefinition {
  if (typeof yaml !== 'string' && !isUtf8(yaml)) return { ok: false, problems: [{ code: 'definition_encoding', path: '', args: {} }] };
  const text = typeof yaml === 'string' ? yaml : Buffer.from(yaml).toString('utf8').replace('\ufeff', '');
  const document = parseDocument(text, { prettyErrors: true, logLevel: 'error' });
  const problems = [...document.errors, ...document.warnings].map(({ code, linePos }): BuildProblem => ({
    code: 'definition_yaml',
    path: '',
    args: { line: linePos?.[0].line ?? 0, column: linePos?.[0].col ?? 0, detail: code },
  }));
  if (problems.length > 0) return { ok: false, problems };
  const parsed = definitionSchema.safeParse(document.toJS({ maxAliasCount: 50 }));
  return parsed.success ? { ok: true, definition: parsed.data } : { ok: false, problems: parsed.error.issues.map(problemOf) };
}

function problemOf(issue: z.core.$ZodIssue): BuildProblem {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys')
    return { code: 'definition_key', path, args: { keys: issue.keys.join(', '), known: DEFINITION_KEYS.join(', ') } };
  if (issue.code === 'invalid_type') return { code: 'definition_type', path, args: { expected: issue.expected } };
  const key = issue.path.findLast((part) => typeof part === 'string') ?? '';
  const example = Object.hasOwn(DEFINITION_EXAMPLES, key) ? DEFINITION_EXAMPLES[key] : undefined;
  return example === undefined ? { code: 'definition_value', path, args: {} } : { code: 'definition_example', path, args: { example } };
}

/** `objects[0].wizard[2].form` */
function pathText(path: readonly PropertyKey[]): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`)).join('');
}
