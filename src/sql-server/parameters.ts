import * as z from 'zod';

import type { TaskId } from '../core/glossary.ts';
import { DatabaseUnavailable, SchemaMismatch } from '../ports/database.ts';
import { openConnection } from './connection.ts';
import type { ConnectionRequest } from './connection.ts';
import { allRows } from './rows.ts';

const parametersSchema = z.record(z.string(), z.coerce.string());

/** The newest version of each task's parameters, as Tillypad's task script saved them. Empty before `install`. Throws DatabaseUnavailable. */
export async function readParameters(
  request: ConnectionRequest,
): Promise<readonly { readonly taskId: TaskId; readonly parameters: Readonly<Record<string, string>> }[]> {
  const connection = await openConnection(request);
  try {
    const rows = allRows<{ taskId: string; parameters: string }>(await connection.callProcedure('read_parameters'));
    return rows.map(({ taskId, parameters }) => ({ taskId, parameters: parse(taskId, parameters) }));
  } catch (error) {
    if (error instanceof SchemaMismatch) return [];
    throw error;
  } finally {
    await connection.close();
  }
}

function parse(taskId: TaskId, text: string): Readonly<Record<string, string>> {
  try {
    return parametersSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new DatabaseUnavailable('damaged', `task_parameters ${taskId}`, { cause });
  }
}
