import * as z from 'zod';

import type { TaskId } from '../core/glossary.ts';
import { DatabaseUnavailable } from '../ports/database.ts';
import { openConnection } from './connection.ts';
import { prepareStatements } from './statements.ts';

const parametersSchema = z.record(z.string(), z.coerce.string());

/**
 * The newest version of each task's parameters, as Tillypad's task script saved them. Empty before `install`. Throws DatabaseUnavailable.
 */
export function readParameters(file: string): { readonly taskId: TaskId; readonly parameters: Record<string, string> }[] {
  const connection = openConnection({ file, readOnly: true });
  try {
    const statements = prepareStatements(connection)('read_parameters');
    if (statements.get('has_ledger') === undefined) return [];
    return statements
      .all<{ readonly taskId: string; readonly parameters: string }>('newest')
      .map(({ taskId, parameters }) => ({ taskId, parameters: parse(taskId, parameters) }));
  } finally {
    connection.close();
  }
}

function parse(taskId: TaskId, text: string): Record<string, string> {
  try {
    return parametersSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new DatabaseUnavailable('damaged', `task_parameters ${taskId}`, { cause });
  }
}
