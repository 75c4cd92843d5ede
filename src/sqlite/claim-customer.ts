import type { ChatId, Instant, SkipReason, SubscriptionState } from '../core/glossary.ts';
import type { ClaimedNotice } from '../ports/deliveries.ts';
import { groupDue, groupRows, reachOf } from './claim-rows.ts';
import type { DeliveryRow, Head } from './claim-rows.ts';
import { toNotice } from './claimed-notice.ts';
import type { Ancestry } from './group-ancestors.ts';
import { toCustomer } from './operation-row.ts';
import type { CustomerRow } from './operation-row.ts';
import type { Recording } from './record.ts';
import type { Session } from './session.ts';

/** A chat is written to at most once in this time; Telegram's own rule. */
export const CHAT_SPACING_MS = 1_000;

/** A claim as it goes. */
export interface Claiming extends Recording {
  /** Narrowed operations as a JSON array, or null. */
  readonly operations: string | null;
  /** Chats with a call on the wire or in this batch. */
  readonly busyChats: Set<ChatId>;
  readonly skipped: Partial<Record<SkipReason, number>>;
  readonly ancestry: Ancestry;
}

/** A notice; or when this customer's next one may be claimed; or nothing, as nothing is planned for them any more. */
export type Visit = { readonly notice: ClaimedNotice } | { readonly due: Instant } | null;

const LAST = '~';

/**
 * Judges a customer's planned rows anew and claims the oldest notice. What has become pointless ends here, with its reason: an operation or
 * customer that is gone, a subscription that ended. Filters are not judged again.
 */
export function claimCustomer(session: Session, first: Head, claiming: Claiming): Visit {
  for (let head: Head | undefined = first; head !== undefined; head = headOf(session, first.customerId, claiming)) {
    const { customerId, chatId } = head;
    if (chatId === null || head.state !== 'active') {
      skipCustomer(session, claiming, { customerId, reason: endOf(head.state) });
      return null;
    }
    const due = reachableAt(head, claiming);
    if (due > claiming.time.now) return { due };
    const customer = session.find('advance').get<CustomerRow & { live: number | null }>('customer', { customer: customerId });
    if (customer?.live !== 1) {
      skipCustomer(session, claiming, { customerId, reason: 'removed' });
      return null;
    }
    const rows = readRows(session, head, claiming);
    const good = rows.filter((row) => isStillGood(session, row, { claiming, customerId }));
    // The head has ended: whoever is the head now is judged from the beginning.
    if (good[0] === undefined || good[0] !== rows[0]) continue;
    const group = groupRows(good, claiming.request, claiming.time.now);
    const groupAt = groupDue(group, claiming.request, claiming.time);
    if (groupAt > claiming.time.now) return { due: groupAt };
    return { notice: mark(session, group, { claiming, chatId, language: head.language, customer: toCustomer(customer) }) };
  }
  return null;
}

/** When the head could be sent at the earliest, as far as the head alone tells. */
export function reachableAt(head: Head, { busyChats, time }: Pick<Claiming, 'busyChats' | 'time'>): Instant {
  const { now } = time;
  if (head.chatId !== null && busyChats.has(head.chatId)) return now + CHAT_SPACING_MS;
  // A moment in the future is a clock that was set back, and holds nobody up.
  const sinceWritten = head.writtenAt === null ? CHAT_SPACING_MS : now - head.writtenAt;
  const spacing = sinceWritten >= 0 && sinceWritten < CHAT_SPACING_MS ? now - sinceWritten + CHAT_SPACING_MS : now;
  return Math.max(spacing, head.notBefore ?? 0);
}

export function headOf(session: Session, customerId: string, { run, operations }: Pick<Claiming, 'run' | 'operations'>): Head | undefined {
  return session.find('advance').get<Head>('head_of', { bot: run.botId, customer: customerId, operations });
}

function endOf(state: SubscriptionState | null): SkipReason {
  if (state === null) return 'not_subscribed';
  return state === 'suspended' ? 'suspended' : 'opted_out';
}

function readRows(session: Session, head: Head, { run, operations, request }: Claiming): DeliveryRow[] {
  const repeated = head.repeat === 1;
  return session.find('advance').all<DeliveryRow>('planned_of', {
    bot: run.botId,
    customer: head.customerId,
    until: repeated ? LAST : reachOf(head.oldest, request.digestGapMs),
    attempt: repeated ? head.attemptNo : null,
    operations,
  });
}

function isStillGood(session: Session, row: DeliveryRow, at: { readonly claiming: Claiming; readonly customerId: string }): boolean {
  const { claiming } = at;
  const { now } = claiming.time;
  if (row.customerId === null) return skipRow(session, row, { claiming, reason: 'removed' });
  if (row.customerId !== at.customerId) {
    session.find('advance').run('follow_row', { row: row.row, customer: row.customerId, date: row.date, now });
    return false;
  }
  const expired = row.tries > 0 && row.repeat === 0 && now - row.plannedAt > claiming.request.timeToLiveMs;
  return expired ? skipRow(session, row, { claiming, reason: 'too_old' }) : true;
}

function skipRow(session: Session, { row }: DeliveryRow, end: { readonly claiming: Claiming; readonly reason: SkipReason }): false {
  const { claiming, reason } = end;
  count(claiming, reason, session.find('advance').run('skip_row', { row, reason, now: claiming.time.now }));
  return false;
}

function skipCustomer(session: Session, claiming: Claiming, end: { readonly customerId: string; readonly reason: SkipReason }): void {
  const { run, operations, time } = claiming;
  const values = { bot: run.botId, customer: end.customerId, reason: end.reason, operations, now: time.now };
  count(claiming, end.reason, session.find('advance').run('skip_customer', values));
}

export function count(claiming: Pick<Claiming, 'skipped'>, reason: SkipReason, rows: number): void {
  if (rows > 0) claiming.skipped[reason] = (claiming.skipped[reason] ?? 0) + rows;
}

function mark(
  session: Session,
  group: readonly DeliveryRow[],
  way: { readonly claiming: Claiming; readonly chatId: ChatId } & Pick<ClaimedNotice, 'customer' | 'language'>,
): ClaimedNotice {
  const { claiming, chatId } = way;
  const { run, time, request, ancestry } = claiming;
  const { now } = time;
  const statements = session.find('advance');
  const repeat = group[0]?.repeat ?? 0;
  const attempt = statements.add('start_attempt', { bot: run.botId, run: run.runId, claim: request.claimId, chatId, now, repeat });
  for (const { row, attemptNo } of group) {
    if (attemptNo !== null) statements.run('keep_attempt', { row, attempt: attemptNo });
    if (statements.run('mark_sending', { row, attempt, run: run.runId, now }) !== 1) throw new Error(`row ${row} is not planned any more`);
  }
  statements.run('write_chat', { bot: run.botId, chatId, now });
  claiming.busyChats.add(chatId);
  return toNotice(session, group, { ...way, ancestry, attemptNo: attempt, balance: request.balance });
}
