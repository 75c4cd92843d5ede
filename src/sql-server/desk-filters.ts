import type { BotId, OperationId, TaskId } from '../core/glossary.ts';
import { moneyToDecimal } from '../core/money.ts';
import type { Filters } from '../core/settings.ts';
import type { Desk } from '../ports/desk.ts';
import { firstRow } from './rows.ts';
import type { Session } from './session.ts';
import { idList, isId } from './values.ts';
import { wall } from './wall.ts';

export interface Judged {
  readonly botId: BotId;
  readonly taskId: TaskId;
  readonly operationId: OperationId;
  readonly filters: Filters;
}

type Verdicts = Awaited<ReturnType<Desk['judgeFilters']>>;

/** Each of the task's filters with its answer; null when there is no such operation. */
export async function judgeFilters({ connection }: Session, { botId, taskId, operationId, filters }: Judged): Promise<Verdicts> {
  if (!isId(operationId)) return null;
  const sets = await connection.callProcedure('judge_filters', {
    bot_id: botId,
    task_id: taskId,
    operation_id: operationId,
    sign: filters.sign,
    threshold: moneyToDecimal(filters.threshold),
    start_date: wall(filters.startDate),
    account_types: idList(filters.accountTypes),
    all_types: filters.accountTypes.length === 0,
    customer_groups: idList(filters.customerGroups),
    all_groups: filters.customerGroups.length === 0,
  });
  return firstRow<NonNullable<Verdicts>>(sets) ?? null;
}
