import * as z from 'zod';

import type { TaskId } from '../core/glossary.ts';
import { openConnection } from './connection.ts';
import { prepareStatements } from './statements.ts';

const parametersSchema = z.record(z.string(), z.coerce.string());

/**
 * The newest version of each task's parameters, as Tillypad's task script saved them; null for what can't be read. Empty before `install`. Throws
 * DatabaseUnavailable.
 */
export function readParameters(file: string): { readonly taskId: TaskId; readonly parameters: Record<string, string> | null }[] {
  const connection = openConnection({ file, readOnly: true });
  try {
    const statements = prepareStatements(connection)('read_parameters');
    if (statements.get('has_ledger') === undefined) return [];
    return statements
      .all<{ readonly taskId: string; readonly parameters: string }>('newest')
      .map(({ taskId, parameters }) => ({ taskId, parameters: parse(parameters) }));
  } finally {
    connection.close();
  }
}

/** One task's damaged row must not keep the others from working. */
function parse(text: string): Record<string, string> | null {
  try {
    return parametersSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
