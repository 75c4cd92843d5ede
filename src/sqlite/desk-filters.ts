import type { BotId, OperationId, TaskId, WallTime } from '../core/glossary.ts';
import type { Filters } from '../core/settings.ts';
import type { Desk } from '../ports/desk.ts';
import type { PlanQuery } from '../ports/plan.ts';
import { choose } from './candidates.ts';
import type { Session } from './session.ts';

export interface Judged {
  readonly botId: BotId;
  readonly taskId: TaskId;
  readonly operationId: OperationId;
  readonly filters: Filters;
}

interface JudgedRow {
  readonly live: number;
  readonly date: WallTime;
  readonly sign: number;
  readonly threshold: number;
}

interface ChosenRow {
  readonly accountType: number;
  readonly customerGroup: number;
}

/** Each of the task's filters with its answer; null when there is no such operation. */
export function judgeFilters(session: Session, judged: Judged): Awaited<ReturnType<Desk['judgeFilters']>> {
  const { botId, taskId, operationId, filters } = judged;
  const statements = session.find('desk_filters');
  const row = statements.get<JudgedRow>('judge', { operation: operationId, sign: filters.sign, threshold: filters.threshold });
  if (row === undefined) return null;
  const chosen = readChosen(session, judged, false);
  const admitted = readChosen(session, judged, true);
  const recorded = statements.get<{ recorded: number }>('is_admitted', { bot: botId, task: taskId })?.recorded === 1;
  return {
    live: row.live === 1,
    accountType: chosen.accountType === 1,
    customerGroup: chosen.customerGroup === 1,
    sign: row.sign === 1,
    threshold: row.threshold === 1,
    startDate: filters.startDate === null || row.date >= filters.startDate,
    // Of what isn't chosen at all, another filter tells already.
    admitted: !recorded || (admitted.accountType >= chosen.accountType && admitted.customerGroup >= chosen.customerGroup),
  };
}

function readChosen(session: Session, { botId, taskId, operationId, filters }: Judged, admittedOnly: boolean): ChosenRow {
  choose(session, { ...ANY_QUERY, botId, taskId, filters, admittedOnly });
  return session.find('desk_filters').get<ChosenRow>('chosen', { operation: operationId }) ?? { accountType: 0, customerGroup: 0 };
}

/** Of a query only the choice matters here. */
const ANY_QUERY: Omit<PlanQuery, 'botId' | 'taskId' | 'filters' | 'admittedOnly'> = {
  look: 'since',
  from: null,
  until: null,
  customers: null,
  operations: null,
  timeToLiveMs: null,
  ageAt: '0001-01-01 00:00:00.000',
  ageFloor: null,
  lateBefore: null,
  unsubscribed: 'skip',
  revive: false,
  inviting: false,
  markOnly: false,
  freshFrom: null,
  digestGapMs: 0,
};
