import type { Filters } from '../core/settings.ts';
import type { Named } from '../ports/plan.ts';
import { allRows } from './rows.ts';
import type { Session } from './session.ts';
import { idList } from './values.ts';

/** What the filters name; an id that isn't in Tillypad is absent. */
export async function describeFilters(
  { connection }: Session,
  filters: Filters,
): Promise<{ readonly accountTypes: readonly Named[]; readonly customerGroups: readonly Named[] }> {
  const sets = await connection.callProcedure('describe_filters', {
    account_types: idList(filters.accountTypes),
    customer_groups: idList(filters.customerGroups),
  });
  return { accountTypes: allRows<Named>(sets, 0), customerGroups: allRows<Named>(sets, 1) };
}
