import type { WallTime } from '../core/glossary.ts';
import type { Measured, PlanQuery } from '../ports/plan.ts';
import { candidateParameters, gapMs } from './candidates.ts';
import { planHead } from './plan-head.ts';
import type { VerdictRow } from './plan-head.ts';
import { allRows } from './rows.ts';
import type { Session } from './session.ts';
import { wall } from './wall.ts';

/** Counts the whole look; `brakeBefore` parts old notices from fresh ones. */
export async function measure({ connection }: Session, query: PlanQuery, brakeBefore: WallTime): Promise<Measured> {
  const sets = await connection.callProcedure('measure', {
    ...candidateParameters(query, null),
    gap_ms: gapMs(query.digestGapMs),
    brake_before: wall(brakeBefore),
  });
  const verdicts = allRows<VerdictRow & { readonly oldNotices: number }>(sets);
  const head = planHead(verdicts);
  const oldNotices = verdicts.find((one) => one.verdict === 'planned')?.oldNotices ?? 0;
  return { ...head, oldNotices, oldestHeld: oldNotices > 0 ? head.oldest : null };
}
