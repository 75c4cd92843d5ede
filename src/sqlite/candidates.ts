import type { WallTime } from '../core/glossary.ts';
import { addWall } from '../core/wall-time.ts';
import type { PlanCursor, PlanQuery } from '../ports/plan.ts';
import type { Session } from './session.ts';
import type { Values } from './statements.ts';

/** Below and above every wall-clock text. */
const FIRST: WallTime = '';
const LAST: WallTime = '~';
const ALL = '["*"]';

/** The parameters of candidate.sql. Ages become dates here, so that no row costs any arithmetic. */
export function candidateValues(query: PlanQuery, after: PlanCursor | null): Values {
  return {
    bot: query.botId,
    low: latest([query.from, query.freshFrom, after?.date ?? null]),
    high: query.until ?? LAST,
    afterDate: after?.date ?? FIRST,
    afterId: after?.id ?? '',
    revive: Number(query.revive),
    sign: query.filters.sign,
    threshold: query.filters.threshold,
    customers: query.customers === null ? null : JSON.stringify(query.customers),
    operations: query.operations === null ? null : JSON.stringify(query.operations),
    markOnly: Number(query.markOnly),
    oldBefore: oldBefore(query),
    lateBefore: query.lateBefore ?? FIRST,
    leaveUnsubscribed: Number(query.unsubscribed === 'leave'),
  };
}

/** The place that a look is read up to, it not included. */
export function beforeValues(before: PlanCursor | null): Values {
  return { beforeDate: before?.date ?? LAST, beforeId: before?.id ?? '' };
}

/** Fills chosen_type and chosen_group for the query. Tables of this connection alone; on a read-only one too. */
export function choose(session: Session, query: PlanQuery): void {
  const statements = session.find('choose');
  for (const [kind, chosen] of [
    ['types', query.filters.accountTypes],
    ['groups', query.filters.customerGroups],
  ] as const) {
    statements.run(`make_${kind}`);
    statements.run(`clear_${kind}`);
    const items = chosen.length === 0 ? ALL : JSON.stringify(chosen);
    if (query.admittedOnly) statements.run(`admitted_${kind}`, { items, bot: query.botId, task: query.taskId });
    else statements.run(`all_${kind}`, { items });
  }
}

/** age = ageAt − max(date, floor) > ttl ⇔ max(date, floor) < ageAt − ttl; a floor at or above that makes nothing too old. */
function oldBefore({ timeToLiveMs, ageAt, ageFloor }: PlanQuery): WallTime {
  if (timeToLiveMs === null) return FIRST;
  const cut = addWall(ageAt, -timeToLiveMs);
  return ageFloor !== null && ageFloor >= cut ? FIRST : cut;
}

function latest(walls: readonly (WallTime | null)[]): WallTime {
  return walls.reduce<WallTime>((last, wall) => (wall !== null && wall > last ? wall : last), FIRST);
}
