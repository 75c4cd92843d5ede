import { patienceOf, causesOf } from '../core/task-cause.ts';
import type { TaskId } from '../core/glossary.ts';
import type { RunSummary } from '../core/summary.ts';
import type { Journal } from '../ports/host.ts';
import type { TaskLog, TaskMessage } from '../ports/task-log.ts';
import type { CommandCall } from './command.ts';
import { renderFailure } from './render/failure.ts';
import { sayTaskMessage } from './render/task-message.ts';
import { findDatabase } from './site.ts';

/**
 * Keeps what this run has to say to the logs of its tasks. `asked`: the tasks it served. A log that can't be written takes nothing from what
 * the run did.
 */
export async function tellTasks(
  log: TaskLog,
  summary: RunSummary,
  { asked, journal }: { readonly asked: readonly TaskId[]; readonly journal: Pick<Journal, 'warn'> },
): Promise<void> {
  if (summary.opened === 'busy') return;
  const messages = causesOf(summary).flatMap(({ taskId, cause, finding, patienceMs }) =>
    (taskId === null ? asked : [taskId]).map((task): TaskMessage => ({ taskId: task, cause, text: sayTaskMessage(finding), patienceMs })),
  );
  // Cut short, it can't say that anything is over.
  const isComplete = summary.opened === 'opened' && summary.exitCode !== 130 && summary.exitCode !== 3;
  try {
    await log.saveTaskMessages({ messages, complete: isComplete ? [...asked, '*'] : [] });
  } catch (error) {
    journal.warn('task_log', { error: error instanceof Error ? error.name : 'unknown' });
  }
}

/** A run that couldn't begin, or broke: told to every task, where the database can be reached at all. */
export async function tellFailure(call: CommandCall, error: unknown): Promise<void> {
  const { code, name, text } = renderFailure(error, 'ru');
  const patienceMs = patienceOf(code);
  if (patienceMs === null) return;
  try {
    const database = findDatabase(call);
    if (database === null) return;
    const log = await call.doors.openTaskLog({ database });
    try {
      await log.saveTaskMessages({
        messages: [{ taskId: '*', cause: name, text: sayTaskMessage({ code: 'task_failure', args: { text } }), patienceMs }],
        complete: [],
      });
    } finally {
      await log.close();
    }
  } catch {
    // Without a database there is no log to tell it to; the failure itself is told to whoever started the run.
  }
}
