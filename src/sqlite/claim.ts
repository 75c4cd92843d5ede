import type { CustomerId, Instant } from '../core/glossary.ts';
import type { ClaimedNotice } from '../ports/deliveries.ts';
import { CHAT_SPACING_MS, claimCustomer, headOf, reachableAt } from './claim-customer.ts';
import type { Claiming } from './claim-customer.ts';
import type { DeliveryRow, Head } from './claim-rows.ts';
import { toNotice } from './claimed-notice.ts';
import { toCustomer } from './operation-row.ts';
import type { CustomerRow } from './operation-row.ts';
import type { Session } from './session.ts';

/** How many customers are looked at for `nextDue` once the batch is full. */
const LOOK_BEYOND = 50;

export interface Claimed {
  readonly notices: readonly ClaimedNotice[];
  /** Never later than the truth; `now` where nobody has looked. */
  readonly nextDue: Instant | null;
}

/** Claims up to `want` notices, at most one a chat, going round the customers from where the last claim ended. */
export function claim(session: Session, claiming: Claiming, want: number): Claimed {
  const { run, time } = claiming;
  const notices: ClaimedNotice[] = [];
  const due: Instant[] = [];
  let beyond = 0;
  for (const head of walk(session, claiming)) {
    if (notices.length < want) {
      run.claimedTo = head.customerId;
      const visit = claimCustomer(session, head, claiming);
      if (visit !== null && 'notice' in visit) notices.push(visit.notice);
      if (visit !== null && 'due' in visit) due.push(visit.due);
      continue;
    }
    beyond += 1;
    const at = beyond > LOOK_BEYOND ? time.now : reachableAt(head, claiming);
    due.push(at);
    if (at <= time.now) return { notices, nextDue: time.now };
  }
  // All have been seen: what else is planned for those in this batch comes when their chats are free again.
  if (notices.some((notice) => headOf(session, notice.customer.id, claiming) !== undefined)) due.push(time.now + CHAT_SPACING_MS);
  return { notices, nextDue: due.length === 0 ? nextOfAll(session, claiming) : Math.min(...due) };
}

/** Rows that found another customer while this claim went round. */
function nextOfAll(session: Session, claiming: Claiming): Instant | null {
  const [head] = walk(session, claiming);
  return head === undefined ? null : claiming.time.now;
}

/** Each customer with planned rows once, beginning after the one that the last claim came to. */
function* walk(session: Session, claiming: Claiming): Generator<Head> {
  const { run, request } = claiming;
  const start = run.claimedTo;
  if (request.customers !== null || request.operations !== null) {
    const customers = readNarrowed(session, claiming);
    for (const customerId of [...customers.filter((id) => id > start), ...customers.filter((id) => id <= start)]) {
      const head = headOf(session, customerId, claiming);
      if (head !== undefined) yield head;
    }
    return;
  }
  const statements = session.find('advance');
  const after = (customerId: CustomerId): Head | undefined => statements.get<Head>('head_after', { bot: run.botId, after: customerId });
  for (let head = after(start); head !== undefined; head = after(head.customerId)) yield head;
  for (let head = after(''); head !== undefined && head.customerId <= start; head = after(head.customerId)) yield head;
}

function readNarrowed(session: Session, { run, request, operations }: Claiming): CustomerId[] {
  const statements = session.find('advance');
  const customers = request.customers === null ? null : JSON.stringify(request.customers);
  const rows =
    operations === null
      ? statements.all<{ customerId: CustomerId }>('narrow_customers', { customers })
      : statements.all<{ customerId: CustomerId }>('narrow_operations', { bot: run.botId, operations, customers });
  return rows.map((row) => row.customerId);
}

type CallRow = Pick<ClaimedNotice, 'attemptNo' | 'chatId' | 'language'>;

/** The notices of a claim that was asked for before and whose calls haven't ended; null when it is new. */
export function claimAgain(session: Session, { run, request, ancestry }: Claiming): readonly ClaimedNotice[] | null {
  const statements = session.find('advance');
  if (statements.get<{ known: number }>('claim_known', { claim: request.claimId })?.known !== 1) return null;
  const calls = statements.all<CallRow>('claimed', { claim: request.claimId, run: run.runId });
  return calls.flatMap((call) => {
    const rows = statements.all<DeliveryRow>('sending_of', { bot: run.botId, attempt: call.attemptNo });
    const group = rows.filter((row) => row.customerId !== null);
    const customer = statements.get<CustomerRow>('customer', { customer: group[0]?.customerId ?? '' });
    if (customer === undefined) return [];
    return [toNotice(session, group, { ...call, customer: toCustomer(customer), ancestry, balance: request.balance })];
  });
}
