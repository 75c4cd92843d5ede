import type { BotId, TaskId, WallTime } from '../core/glossary.ts';
import type { TaskPast } from '../ports/opening.ts';
import { allRows, firstRow } from './rows.ts';
import type { Session } from './session.ts';
import { textList } from './values.ts';

export type TaskRow = TaskPast;

export async function readTasks({ connection }: Session, botId: BotId, taskIds: readonly TaskId[]): Promise<readonly TaskPast[]> {
  const sets = await connection.callProcedure('read_tasks', { bot_id: botId, tasks: textList(taskIds) });
  return toTasks(allRows<TaskRow>(sets), taskIds);
}

export async function readHorizon({ connection }: Session, botId: BotId): Promise<WallTime | null> {
  const sets = await connection.callProcedure('read_horizon', { bot_id: botId });
  return firstRow<{ readonly horizon: WallTime | null }>(sets)?.horizon ?? null;
}

/** One for each id that was asked for, in that order; a task the ledger doesn't know has no past. */
export function toTasks(rows: readonly TaskRow[], taskIds: readonly TaskId[]): readonly TaskPast[] {
  const known = new Map(rows.map((row) => [row.taskId, row]));
  return taskIds.map((taskId) => known.get(taskId) ?? newTask(taskId));
}

function newTask(taskId: TaskId): TaskPast {
  return { taskId, watermark: null, firstLookDone: false, overlapLookAt: null, deepLookAt: null, brakeHeldAt: null };
}
