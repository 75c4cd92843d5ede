import type { OperationId, TaskId } from '../core/glossary.ts';
import type { Operation } from '../core/operation.ts';
import type { TaskSettings } from '../core/settings.ts';
import type { Desk } from '../ports/desk.ts';
import type { TaskPast } from '../ports/opening.ts';
import type { BotTasks } from './site.ts';

/** A task's own filters, each of which leaves no row in the ledger (decision 3). */
export type FilterName = keyof NonNullable<Awaited<ReturnType<Desk['judgeFilters']>>>;

/**
 * Why an operation has no row: a filter, the test mode's list, or time: no_look: no look has come to it yet · brake: older than the brake lets
 * through · behind: dated before the last look, so it came later and one of the wider looks finds it.
 */
export type LeftOut = FilterName | 'allow' | 'no_look' | 'brake' | 'behind';

export interface TaskVerdict {
  readonly taskId: TaskId;
  readonly reasons: readonly LeftOut[];
}

/** Asks each of the bot's tasks why it has not told the operations that have no row. */
export async function judgeLeftOut(
  desk: Desk,
  bot: BotTasks,
  request: { readonly operations: readonly Operation[]; readonly pasts: readonly TaskPast[] },
): Promise<ReadonlyMap<OperationId, readonly TaskVerdict[]>> {
  const verdicts = new Map<OperationId, readonly TaskVerdict[]>();
  for (const operation of request.operations) {
    const judged: TaskVerdict[] = [];
    for (const task of bot.tasks) {
      const past = request.pasts.find((one) => one.taskId === task.id) ?? null;
      judged.push({ taskId: task.id, reasons: await reasonsOf(desk, bot, { operation, task, past }) });
    }
    verdicts.set(operation.id, judged);
  }
  return verdicts;
}

async function reasonsOf(
  desk: Desk,
  { botId }: BotTasks,
  asked: { readonly operation: Operation; readonly task: TaskSettings; readonly past: TaskPast | null },
): Promise<readonly LeftOut[]> {
  const { operation, task, past } = asked;
  const filters = await desk.judgeFilters(botId, task.id, operation.id, task.filters);
  const failed: LeftOut[] = filters === null ? [] : (Object.keys(filters) as FilterName[]).filter((name) => !filters[name]);
  if (task.mode === 'test' && !task.allow.includes(operation.customerId)) failed.push('allow');
  if (failed.length > 0) return failed;
  if (past?.brakeHeldAt != null) return ['brake'];
  return [past?.watermark == null || operation.date >= past.watermark ? 'no_look' : 'behind'];
}
