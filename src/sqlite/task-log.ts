import type { Clock } from '../ports/host.ts';
import type { TaskLog, TaskMessage, TaskMessages } from '../ports/task-log.ts';
import { openConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import type { FindStatements, Statements } from './statements.ts';
import { prepareStatements } from './statements.ts';

const BACK_MS = 3_600_000;
const KEPT_MS = 90 * 86_400_000;
/** The run that failed has waited for the file already, and its reader still waits. */
const BUSY_TIMEOUT_MS = 1_000;

/**
 * The logs of Tillypad's tasks, for a program that can't go on: opened whatever the ledger's schema is. In a database without a place for
 * messages nothing is kept. Throws DatabaseUnavailable.
 */
export function openTaskLog(request: { readonly file: string; readonly clock: Pick<Clock, 'now'> }): TaskLog & { close(): Promise<void> } {
  const connection = openConnection({ ...request, busyTimeoutMs: BUSY_TIMEOUT_MS });
  const find = prepareStatements(connection);
  return {
    saveTaskMessages: async (messages) => {
      if (find('install').all('objects', { names: '["task_message"]' }).length > 0)
        saveTaskMessages({ connection, find }, request.clock.now(), messages);
    },
    close: async () => connection.close(),
  };
}

export function saveTaskMessages(
  { connection, find }: { readonly connection: Connection; readonly find: FindStatements },
  now: number,
  { messages, complete }: TaskMessages,
): void {
  const statements = find('save_task_messages');
  connection.transaction(() => {
    for (const message of messages) saveOne(statements, now, message);
    const named = JSON.stringify(messages.map(({ taskId, cause }) => [taskId, cause]));
    statements.run('end', { now, complete: JSON.stringify(complete), named });
    if (statements.run('forget', { forgetBefore: now - KEPT_MS }) > 0) statements.run('forget_told');
  });
}

function saveOne(statements: Statements, now: number, message: TaskMessage): void {
  const { taskId: task, cause, text, patienceMs: patience } = message;
  const isKnown =
    statements.run('go_on', { task, cause, text, now }) > 0 ||
    statements.run('come_back', { task, cause, text, now, backSince: now - BACK_MS }) > 0;
  if (!isKnown) statements.run('begin', { task, cause, text, patience, now });
}
