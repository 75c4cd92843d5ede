import type { ChatId, CustomerId, Language, Money, OperationId, SkipReason, WallTime } from '../core/glossary.ts';
import type { PlanCursor, PlannedRow, PlanQuery } from '../ports/plan.ts';
import { readBalances } from './balance.ts';
import { candidateValues, choose } from './candidates.ts';
import { openAncestry } from './group-ancestors.ts';
import { toCustomer, toOperation } from './operation-row.ts';
import type { CustomerRow, OperationRow } from './operation-row.ts';
import type { Session } from './session.ts';
import { textOf } from './stored.ts';

const LARGEST_PAGE = 500;

type PreviewRow = OperationRow &
  CustomerRow & {
    readonly date: WallTime;
    readonly chatId: ChatId | null;
    readonly language: Language | null;
    readonly verdict: 'planned' | SkipReason;
  };

export interface PreviewPage {
  readonly after: PlanCursor | null;
  readonly limit: number;
  readonly balance?: 'after' | 'current' | 'off';
}

/** One page of the look in order of (date, id); what is planned comes with its balance. */
export function preview(
  session: Session,
  query: PlanQuery,
  page: PreviewPage,
): { readonly rows: readonly PlannedRow[]; readonly next: PlanCursor | null } {
  choose(session, query);
  const limit = Math.min(page.limit, LARGEST_PAGE);
  const found = session.find('preview').all<PreviewRow>('preview', { ...candidateValues(query, page.after), limit: limit + 1 });
  const rows = found.slice(0, limit);
  const balances = readPageBalances(session, rows, page.balance ?? 'after');
  const last = rows.at(-1);
  const ancestorsOf = openAncestry(session);
  return {
    rows: rows.map((row) => ({
      operation: toOperation(row, balances.get(row.id) ?? null),
      customer: toCustomer(row),
      groupAncestors: ancestorsOf(textOf(row.groupId) ?? ''),
      chatId: row.chatId,
      language: row.language,
      verdict: row.verdict,
    })),
    next: found.length > limit && last !== undefined ? { date: last.date, id: last.id } : null,
  };
}

/** One reading a customer, however many of the page's rows are theirs. */
function readPageBalances(
  session: Session,
  rows: readonly PreviewRow[],
  mode: 'after' | 'current' | 'off',
): ReadonlyMap<OperationId, Money> {
  const planned = Map.groupBy(
    rows.filter((row) => row.verdict === 'planned'),
    (row): CustomerId => row.customerId,
  );
  const balances = [...planned].map(([customerId, operations]) => readBalances(session, { customerId, operations, mode }));
  return new Map(balances.flatMap((one) => [...one]));
}
