import type { ChatId, CustomerId, Instant, Language, SkipReason, TaskId } from '../core/glossary.ts';
import type { AdvanceAnswer, AdvanceRequest, ClaimedNotice } from '../ports/deliveries.ts';
import { gapMs } from './candidates.ts';
import { readAncestry } from './group-ancestors.ts';
import type { Ancestry } from './group-ancestors.ts';
import { toCustomer, toToldOperation } from './operation-row.ts';
import type { CustomerRow, OperationRow } from './operation-row.ts';
import { finishedList, releasedList } from './record.ts';
import { allRows, firstRow } from './rows.ts';
import { askHolder } from './session.ts';
import type { RunSession } from './session.ts';
import { at, idList } from './values.ts';

/** A hundred years; nothing in the ledger is older. */
const LONGEST_MS = 36_500 * 86_400_000;
const DAY_MS = 86_400_000;

interface AnswerRow {
  readonly answer: 'claimed' | 'lock_lost';
  readonly nowUtc: Instant;
  readonly nextDueUtc: Instant | null;
  readonly turn: CustomerId | null;
}

type NoticeRow = CustomerRow & {
  readonly attemptNo: number;
  readonly taskId: TaskId;
  readonly chatId: ChatId;
  readonly language: Language | null;
  readonly repeat: boolean;
  readonly tries: number;
};

type MemberRow = OperationRow & { readonly attemptNo: number; readonly rowNo: number; readonly balance: string | null };

/** One transaction: what ended is recorded, what comes next is marked `sending`. Either all of it is durable when this returns, or nothing. */
export async function advance(session: RunSession, request: AdvanceRequest): Promise<AdvanceAnswer> {
  const sets = await askHolder(session, 'advance', {
    claim_id: request.claimId,
    want: request.want,
    turn: session.run?.claimedTo ?? null,
    finished: finishedList(request.finished),
    released: releasedList(request.finished),
    customers: idList(request.customers),
    any_customer: request.customers === null,
    operations: idList(request.operations),
    any_operation: request.operations === null,
    gap_ms: gapMs(request.digestGapMs),
    wait_ms: Math.min(request.digestWaitMs, DAY_MS),
    ttl_ms: Math.min(request.timeToLiveMs, LONGEST_MS),
    balance: request.balance,
    quiet_until: at(request.quietUntil),
  });
  const answer = sets === 'lock_lost' ? undefined : firstRow<AnswerRow>(sets);
  if (sets === 'lock_lost' || answer?.answer !== 'claimed') return { answer: 'lock_lost' };
  if (session.run !== null) session.run.claimedTo = answer.turn;
  const members = Map.groupBy(allRows<MemberRow>(sets, 3), (row) => row.attemptNo);
  const ancestorsOf = readAncestry(sets, 4);
  return {
    answer: 'claimed',
    now: answer.nowUtc,
    notices: allRows<NoticeRow>(sets, 2).map((row) => toNotice(row, members.get(row.attemptNo) ?? [], ancestorsOf)),
    skipped: Object.fromEntries(allRows<{ readonly reason: SkipReason; readonly n: number }>(sets, 1).map(({ reason, n }) => [reason, n])),
    nextDue: answer.nextDueUtc,
  };
}

function toNotice(row: NoticeRow, members: readonly MemberRow[], ancestorsOf: Ancestry): ClaimedNotice {
  const { attemptNo, taskId, chatId, language, repeat, tries } = row;
  const operations = members.map((member) => ({ ...toToldOperation(member), row: member.rowNo }));
  const customer = toCustomer(row);
  return { attemptNo, taskId, chatId, language, customer, groupAncestors: ancestorsOf(customer.groupId), operations, repeat, tries };
}
