import type { Instant, TaskId } from '../core/glossary.ts';
import type { Connection } from './connection.ts';
import { prepareStatements } from './statements.ts';

const UNREAD_MS = 30 * 60_000;

/**
 * What Tillypad's task writes into its own log when it fires: each message once, oldest first. `unreadText` is for signals that nobody has
 * served for half an hour. The embedded engine has no Tillypad; stand-ins for its task call this.
 */
export function readTaskLog(
  connection: Connection,
  request: { readonly taskId: TaskId; readonly now: Instant; readonly unreadText: string },
): readonly string[] {
  const { taskId: task, now } = request;
  const statements = prepareStatements(connection)('read_log');
  return connection.transaction(() => {
    statements.run('add_unread', { task, now, text: request.unreadText, unreadBefore: now - UNREAD_MS });
    const due = statements.all<{ readonly messageNo: number; readonly text: string }>('due', { task });
    for (const { messageNo } of due) statements.run('told', { messageNo, task, now });
    return due.map(({ text }) => text);
  });
}
