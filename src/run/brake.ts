import type { TaskSettings } from '../core/settings.ts';
import { addWall } from '../core/wall-time.ts';
import type { Measured, PlanQuery, PlanReader } from '../ports/plan.ts';
import type { RunRequest } from './request.ts';

/** What a look comes to before it is planned. */
export interface WeighedLook {
  /** The look's own, or only its fresh operations where the brake stops it. */
  readonly query: PlanQuery;
  /** Counted by that query. */
  readonly counted: Measured;
  /** Notices that the brake holds; 0 = it doesn't stop. */
  readonly held: number;
  readonly oldestHeld: string | null;
}

export interface WeighTurn {
  readonly request: Pick<RunRequest, 'yes' | 'kind' | 'limit'>;
  readonly settings: TaskSettings;
  readonly wallNow: string;
}

/** Counts a look and applies the brake: what is fresh goes in any case, the rest only with a yes. A dry run says the same as the run does. */
export async function weighLook(reader: Pick<PlanReader, 'measure'>, query: PlanQuery, turn: WeighTurn): Promise<WeighedLook> {
  const brakeBefore = addWall(turn.wallNow, -turn.settings.run.brakeAgeMs);
  const counted = await reader.measure(query, brakeBefore);
  if (!isBraked(turn.request, turn.settings, counted.oldNotices)) return { query, counted, held: 0, oldestHeld: null };
  const fresh = { ...query, freshFrom: brakeBefore };
  return { query: fresh, counted: await reader.measure(fresh, brakeBefore), held: counted.oldNotices, oldestHeld: counted.oldestHeld };
}

function isBraked({ yes, kind, limit }: WeighTurn['request'], settings: TaskSettings, oldNotices: number): boolean {
  if (yes || kind === 'mark_only') return false;
  const asked = limit === null ? oldNotices : Math.min(oldNotices, limit);
  return asked > settings.run.brake;
}
