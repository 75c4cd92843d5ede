import type { BotId, TaskId, WallTime } from '../core/glossary.ts';
import type { TaskPast } from '../ports/opening.ts';
import type { Session } from './session.ts';

type TaskRow = Omit<TaskPast, 'firstLookDone'> & { readonly firstLookDone: number };

/** One for each id that was asked for, in that order; a task the ledger doesn't know has no past. */
export function readTasks(session: Session, botId: BotId, taskIds: readonly TaskId[]): readonly TaskPast[] {
  const rows = session.find('read_tasks').all<TaskRow>('tasks', { bot: botId, tasks: JSON.stringify(taskIds) });
  const known = new Map(rows.map((row) => [row.taskId, { ...row, firstLookDone: row.firstLookDone === 1 }]));
  return taskIds.map((taskId) => known.get(taskId) ?? newTask(taskId));
}

function newTask(taskId: TaskId): TaskPast {
  return { taskId, watermark: null, firstLookDone: false, overlapLookAt: null, deepLookAt: null, brakeHeldAt: null };
}

export function readHorizon(session: Session, bot: BotId): WallTime | null {
  return session.find('read_tasks').get<{ horizon: WallTime | null }>('horizon', { bot })?.horizon ?? null;
}
