import type { Filters } from '../core/settings.ts';
import type { Named } from '../ports/plan.ts';
import type { Session } from './session.ts';

type NamedRow = Omit<Named, 'deleted'> & { readonly deleted: number };

/** What the filters name; an id that isn't in Tillypad is absent. */
export function describeFilters(
  session: Session,
  filters: Filters,
): { readonly accountTypes: readonly Named[]; readonly customerGroups: readonly Named[] } {
  const describe = (statement: string, ids: readonly string[]): Named[] => {
    const rows = session.find('describe_filters').all<NamedRow>(statement, { items: JSON.stringify(ids) });
    return rows.map(({ id, name, deleted }) => ({ id, name, deleted: deleted !== 0 }));
  };
  return {
    accountTypes: describe('account_types', filters.accountTypes),
    customerGroups: describe('customer_groups', filters.customerGroups),
  };
}
