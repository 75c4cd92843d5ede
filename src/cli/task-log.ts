import { patienceOf, causesOf } from '../core/task-cause.ts';
import type { Language, TaskId } from '../core/glossary.ts';
import type { RunSummary } from '../core/summary.ts';
import { DatabaseUnavailable } from '../ports/database.ts';
import type { UnavailableCode } from '../ports/database.ts';
import type { Journal } from '../ports/host.ts';
import type { TaskLog, TaskMessage } from '../ports/task-log.ts';
import type { CommandCall } from './command.ts';
import type { DatabasePlace } from './doors.ts';
import { renderFailure } from './render/failure.ts';
import { renderProblem } from './render/settings-problems.ts';
import { sayTaskMessage } from './render/task-message.ts';
import type { LeftOutTask } from './settings/load.ts';
import { findPlace } from './site.ts';
import type { Site } from './site.ts';

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

/** What keeps a task from working while others do, as a line for people. */
export function sayLeftOut({ problems }: LeftOutTask, language: Language): string {
  return problems.map((problem) => renderProblem(problem, language)).join('\n');
}

/** A task that was left out is told in its own log alone. */
export async function tellLeftOut({ doors }: CommandCall, { place, settings }: Site): Promise<void> {
  const messages = settings.leftOut.map((task): TaskMessage => {
    const finding = { code: 'task_failure', args: { text: sayLeftOut(task, 'ru') } };
    return { taskId: task.taskId, cause: task.problems[0]?.code ?? 'settings', text: sayTaskMessage(finding), patienceMs: 0 };
  });
  await save(doors, place, messages);
}

/** What the run did stands, and is told to whoever started it, whether or not a log can be written. */
async function save(doors: CommandCall['doors'], place: DatabasePlace, messages: readonly TaskMessage[]): Promise<void> {
  try {
    const log = await doors.openTaskLog(place);
    try {
      await log.saveTaskMessages({ messages, complete: [] });
    } finally {
      await log.close();
    }
  } catch {
    // Without a database there is no log to tell it to.
  }
}

/** The database has let nobody in: asked again, whoever waits for the answer waits twice, and a wrong password counts twice. */
const NOBODY_IN: ReadonlySet<UnavailableCode> = new Set([
  'missing',
  'no_database',
  'unreachable',
  'login',
  'no_such_database',
  'no_server',
  'refused',
  'instance',
  'certificate',
  'tls',
  'no_encryption',
  'recovery',
  'single_user',
]);

/** A run that couldn't begin, or broke: told to every task, where the database can be reached at all. */
export async function tellFailure(call: CommandCall, error: unknown): Promise<void> {
  if (error instanceof DatabaseUnavailable && NOBODY_IN.has(error.code)) return;
  const { code, name, text } = renderFailure(error, 'ru');
  const patienceMs = patienceOf(code);
  if (patienceMs === null) return;
  const place = findPlace(call);
  const message = { taskId: '*', cause: name, text: sayTaskMessage({ code: 'task_failure', args: { text } }), patienceMs };
  if (place !== null) await save(call.doors, place, [message]);
}
