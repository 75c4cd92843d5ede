import type { WallTime } from '../core/glossary.ts';
import { isTellable } from '../core/operation.ts';
import type { TaskSettings } from '../core/settings.ts';
import { addWall, wallFromMs, wallToMs } from '../core/wall-time.ts';
import type { PlannedRow, PlanQuery, PlanReader } from '../ports/plan.ts';

const DAY_MS = 86_400_000;
/** Most sites find one in the first; the last is everything. */
const WINDOWS_DAYS: readonly number[] = [1, 7, 31, 366];
const PAGE = 500;
/** A till's clock may go ahead a little; an operation dated further ahead is a slip of the hand and no good example. */
const AHEAD_MS = DAY_MS;
/** No bot has this id, so the ledger has no row of it: what has been told already is found too, which for a preview is the point. */
const NO_BOT = '0';

/** The newest operation that a task's filters let through, told or not, as the plan would see it; null when there is none. */
export async function findNewestOperation(reader: PlanReader, task: TaskSettings): Promise<PlannedRow | null> {
  const { wallNow } = await reader.readClock();
  const read = async (from: WallTime | null): Promise<readonly PlannedRow[]> =>
    (await reader.preview(queryFrom(task, from, wallNow), { after: null, limit: PAGE })).rows;
  for (const from of [...WINDOWS_DAYS.map((days) => addWall(wallNow, -days * DAY_MS)), null]) {
    const rows = await read(from);
    if (rows.length > 0) return newestOf(rows, { read, emptyFrom: wallToMs(wallNow) + AHEAD_MS });
  }
  return null;
}

/** Halves what lies above the page until a page holds all of it: a million operations cost some thirty pages. */
async function newestOf(
  first: readonly PlannedRow[],
  above: { readonly read: (from: WallTime) => Promise<readonly PlannedRow[]>; emptyFrom: number },
): Promise<PlannedRow | null> {
  let rows = first;
  let { emptyFrom } = above;
  for (;;) {
    const last = rows.findLast(({ operation }) => isTellable(operation));
    if (last === undefined || rows.length < PAGE) return last ?? null;
    const lastMs = wallToMs(last.operation.date);
    if (emptyFrom - lastMs <= 1) return last;
    const middle = Math.ceil((lastMs + emptyFrom) / 2);
    const higher = await above.read(wallFromMs(middle));
    if (higher.length > 0) rows = higher;
    else emptyFrom = middle;
  }
}

function queryFrom({ id, filters, notice }: TaskSettings, from: WallTime | null, wallNow: WallTime): PlanQuery {
  return {
    botId: NO_BOT,
    taskId: id,
    look: 'since',
    from,
    until: addWall(wallNow, AHEAD_MS),
    filters,
    admittedOnly: false,
    customers: null,
    operations: null,
    timeToLiveMs: null,
    ageAt: wallNow,
    ageFloor: null,
    lateBefore: null,
    unsubscribed: 'skip',
    revive: false,
    inviting: false,
    markOnly: false,
    freshFrom: null,
    digestGapMs: notice.digestGapMs,
  };
}
