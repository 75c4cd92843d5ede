import type { ChatId, Language, OperationId, SkipReason, WallTime } from '../core/glossary.ts';
import type { PlanCursor, PlannedRow, PlanQuery } from '../ports/plan.ts';
import { candidateParameters } from './candidates.ts';
import { readAncestry } from './group-ancestors.ts';
import { toCustomer, toToldOperation } from './operation-row.ts';
import type { CustomerRow, OperationRow } from './operation-row.ts';
import { toCursor } from './plan.ts';
import { allRows, firstRow } from './rows.ts';
import type { Session } from './session.ts';
import { wall } from './wall.ts';

const LARGEST_PAGE = 500;

type PreviewRow = OperationRow & { readonly balance: string | null } & CustomerRow & {
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
export async function preview(
  { connection }: Session,
  query: PlanQuery,
  { after, limit, balance = 'after' }: PreviewPage,
): Promise<{ readonly rows: readonly PlannedRow[]; readonly next: PlanCursor | null }> {
  const sets = await connection.callProcedure('preview', {
    ...candidateParameters(query, after?.date ?? null),
    after_date: wall(after?.date ?? null),
    after_id: after?.id ?? null,
    limit: Math.min(limit, LARGEST_PAGE),
    balance,
  });
  const end = firstRow<{ readonly more: boolean; readonly nextDate: WallTime; readonly nextId: OperationId }>(sets, 1);
  const ancestorsOf = readAncestry(sets, 2);
  return {
    rows: allRows<PreviewRow>(sets).map((row) => ({
      operation: toToldOperation(row),
      customer: toCustomer(row),
      groupAncestors: ancestorsOf(row.groupId),
      chatId: row.chatId,
      language: row.language,
      verdict: row.verdict,
    })),
    next: end?.more === true ? toCursor(end.nextDate, end.nextId) : null,
  };
}
