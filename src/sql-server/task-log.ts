import { SchemaMismatch } from '../ports/database.ts';
import type { TaskLog, TaskMessages } from '../ports/task-log.ts';
import { openConnection } from './connection.ts';
import type { Connection, ConnectionRequest } from './connection.ts';
import { table, textList } from './values.ts';

/**
 * The logs of Tillypad's tasks, for a program that can't go on: opened whatever the ledger's schema is. In a database without a place for
 * messages nothing is kept. Throws DatabaseUnavailable.
 */
export async function openTaskLog(request: ConnectionRequest): Promise<TaskLog & { close(): Promise<void> }> {
  const connection = await openConnection(request);
  return {
    saveTaskMessages: async (messages) => {
      try {
        await saveTaskMessages(connection, messages);
      } catch (error) {
        if (!(error instanceof SchemaMismatch)) throw error;
      }
    },
    close: () => connection.close(),
  };
}

/** Of several messages for one cause of one task the last counts. */
export async function saveTaskMessages(connection: Connection, { messages, complete }: TaskMessages): Promise<void> {
  const last = new Map(messages.map((message) => [JSON.stringify([message.taskId, message.cause]), message]));
  await connection.callProcedure('save_task_messages', {
    messages: table(
      'message_list_1',
      { task_id: 'text', cause: 'text', text: 'text', patience_ms: 'number' },
      [...last.values()].map(({ taskId, cause, text, patienceMs }) => [taskId, cause, text, patienceMs]),
    ),
    complete: textList(complete),
  });
}
