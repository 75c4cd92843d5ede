import type { SkipReason, WallTime } from '../core/glossary.ts';
import type { PlanHead } from '../ports/plan.ts';

/** One verdict of a look, counted. */
export interface VerdictRow {
  readonly verdict: 'planned' | SkipReason;
  readonly n: number;
  readonly notices: number | null;
  readonly oldest: WallTime;
  readonly customers: number;
}

export function planHead(verdicts: readonly VerdictRow[]): PlanHead {
  const planned = verdicts.find((one) => one.verdict === 'planned');
  return {
    planned: planned?.n ?? 0,
    notices: planned?.notices ?? 0,
    skipped: Object.fromEntries(verdicts.flatMap(({ verdict, n }) => (verdict === 'planned' ? [] : [[verdict, n] as const]))),
    unsubscribedCustomers: verdicts.find((one) => one.verdict === 'not_subscribed')?.customers ?? 0,
    oldest: planned?.oldest ?? null,
  };
}
