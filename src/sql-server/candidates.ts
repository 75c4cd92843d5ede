import type { WallTime } from '../core/glossary.ts';
import { moneyToDecimal } from '../core/money.ts';
import type { PlanQuery } from '../ports/plan.ts';
import { idList } from './values.ts';
import type { Parameters } from './values.ts';
import { addWithin, FIRST_WALL, LAST_WALL, wall, wallBefore } from './wall.ts';

/** Longer gaps between the operations of one notice are no visit. */
const LONGEST_GAP_MS = 86_400_000;

/** The parameters that measure, preview and plan_chunk share. Ages become dates here, so that no row costs any arithmetic. */
export function candidateParameters(query: PlanQuery, afterDate: WallTime | null): Parameters {
  const { filters } = query;
  return {
    bot_id: query.botId,
    task_id: query.taskId,
    low: wall(latest([query.from, query.freshFrom, afterDate])),
    last: query.until === null ? wall(LAST_WALL) : wallBefore(query.until),
    revive: query.revive,
    mark_only: query.markOnly,
    old_before: wall(oldBefore(query)),
    late_before: wall(query.lateBefore ?? FIRST_WALL),
    leave_unsubscribed: query.unsubscribed === 'leave',
    sign: filters.sign,
    threshold: moneyToDecimal(filters.threshold),
    admitted_only: query.admittedOnly,
    account_types: idList(filters.accountTypes),
    all_types: filters.accountTypes.length === 0,
    customer_groups: idList(filters.customerGroups),
    all_groups: filters.customerGroups.length === 0,
    customers: idList(query.customers),
    any_customer: query.customers === null,
    operations: idList(query.operations),
    any_operation: query.operations === null,
    // A window by hand is its dates alone.
    version_low: query.look === 'since' ? null : wall(latest([query.filters.startDate, query.freshFrom, afterDate])),
  };
}

export function gapMs(digestGapMs: number): number {
  return Math.min(digestGapMs, LONGEST_GAP_MS);
}

/** age = ageAt − max(date, floor) > ttl ⇔ max(date, floor) < ageAt − ttl; a floor at or above that makes nothing too old. */
function oldBefore({ timeToLiveMs, ageAt, ageFloor }: PlanQuery): WallTime {
  if (timeToLiveMs === null) return FIRST_WALL;
  const cut = addWithin(ageAt, -timeToLiveMs);
  return ageFloor !== null && ageFloor >= cut ? FIRST_WALL : cut;
}

function latest(walls: readonly (WallTime | null)[]): WallTime {
  return walls.reduce<WallTime>((last, one) => (one !== null && one > last ? one : last), FIRST_WALL);
}
