import type { WallTime } from '../core/glossary.ts';
import type { Measured, PlanQuery } from '../ports/plan.ts';
import { candidateValues, choose } from './candidates.ts';
import { planHead } from './plan-head.ts';
import type { VerdictRow } from './plan-head.ts';
import type { Session } from './session.ts';

/** Counts the whole look; `brakeBefore` parts old notices from fresh ones. */
export function measure(session: Session, query: PlanQuery, brakeBefore: WallTime): Measured {
  choose(session, query);
  const values = { ...candidateValues(query, null), gapMs: query.digestGapMs, brakeBefore };
  const verdicts = session.find('measure').all<VerdictRow & { readonly oldNotices: number }>('measure', values);
  const head = planHead(verdicts);
  const oldNotices = verdicts.find((one) => one.verdict === 'planned')?.oldNotices ?? 0;
  return { ...head, oldNotices, oldestHeld: oldNotices > 0 ? head.oldest : null };
}
