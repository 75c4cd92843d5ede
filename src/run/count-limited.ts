import type { CustomerId, SkipReason, WallTime } from '../core/glossary.ts';
import { addCounts } from '../core/counts.ts';
import type { TaskSum } from '../core/summary.ts';
import { wallGap } from '../core/wall-time.ts';
import type { PlanCursor, PlannedRow, PlanQuery, PlanReader } from '../ports/plan.ts';

const PAGE = 500;
/** Above so many customers, those whose last operation is out of the digest's reach are forgotten. */
const MOST_KEPT = 10_000;

export type Counted = Pick<TaskSum, 'planned' | 'notices' | 'skipped' | 'unsubscribedCustomers'> & {
  /** The first row that stays unplanned; null = the limit lets all of them through. */
  readonly cut: PlanCursor | null;
};

/**
 * What a plan with `--limit` would come to: everything before the first notice that is one too many, counted page by page. A notice begins where
 * a customer's operation lies further than the digest's gap behind the one before.
 */
export async function countLimited(reader: Pick<PlanReader, 'preview'>, query: PlanQuery, limit: number): Promise<Counted> {
  const last = new Map<CustomerId, WallTime>();
  const unsubscribed = new Set<CustomerId>();
  let sum = { planned: 0, notices: 0, skipped: {} as Partial<Record<SkipReason, number>> };
  let after: PlanCursor | null = null;
  do {
    const page: Awaited<ReturnType<PlanReader['preview']>> = await reader.preview(query, { after, limit: PAGE });
    for (const row of page.rows) {
      const begins = row.verdict === 'planned' && beginsNotice(last, row, query.digestGapMs);
      if (begins && sum.notices === limit) {
        const { date, id } = row.operation;
        return { ...sum, unsubscribedCustomers: unsubscribed.size, cut: { date, id } };
      }
      if (row.verdict === 'not_subscribed') unsubscribed.add(row.operation.customerId);
      sum =
        row.verdict === 'planned'
          ? { ...sum, planned: sum.planned + 1, notices: sum.notices + Number(begins) }
          : { ...sum, skipped: addCounts(sum.skipped, { [row.verdict]: 1 }) };
    }
    after = page.next;
  } while (after !== null);
  return { ...sum, unsubscribedCustomers: unsubscribed.size, cut: null };
}

function beginsNotice(last: Map<CustomerId, WallTime>, { operation }: PlannedRow, gapMs: number): boolean {
  const { customerId, date } = operation;
  const before = last.get(customerId);
  last.set(customerId, date);
  if (last.size > MOST_KEPT) for (const [id, seen] of last) if (wallGap(date, seen) > gapMs) last.delete(id);
  return before === undefined || gapMs === 0 || wallGap(date, before) > gapMs;
}
