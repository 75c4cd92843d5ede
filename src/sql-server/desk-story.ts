import type { BotId, CustomerGroupId, CustomerId, Instant, Language } from '../core/glossary.ts';
import { hasPhone, phoneKey, uniquePhones } from '../core/phone.ts';
import type { StoryMargin } from '../core/standing.ts';
import type { KnownCustomer } from '../core/subscriber.ts';
import type { RefusedLink } from '../core/subscription.ts';
import type { CustomerStory, DeliveryStory, Desk } from '../ports/desk.ts';
import type { ResultSets } from './connection.ts';
import { toCustomer, toToldOperation } from './operation-row.ts';
import type { CustomerRow, OperationRow } from './operation-row.ts';
import { allRows, firstRow } from './rows.ts';
import type { Session } from './session.ts';
import { toSubscription } from './subscription-row.ts';
import type { SubscriptionColumns } from './subscription-row.ts';
import { isId, textList } from './values.ts';

type KnownRow = CustomerRow & SubscriptionColumns & { readonly live: boolean };
type DeliveryRow = Omit<DeliveryStory, 'row' | 'attempts'> & { readonly rowNo: number };
type AttemptRow = DeliveryStory['attempts'][number] & { readonly rowNo: number };

interface SubjectRow extends KnownRow {
  /** False: deleted for good, though the ledger may still have rows. */
  readonly isKnown: boolean;
  readonly changedAt: Instant | null;
  readonly guestLanguage: Language | null;
}

/** Where the settings name no other. */
const NOTE_TYPE = 'chat_ID в Telegram';

export async function findCustomers(
  { connection }: Session,
  key: Parameters<Desk['findCustomers']>[0],
  limit: number,
): Promise<readonly KnownCustomer[]> {
  if ('id' in key) {
    if (!isId(key.id)) return [];
    const sets = await connection.callProcedure('find_customers', { customer_id: key.id, digits: null });
    return allRows<KnownRow>(sets).map(toKnown);
  }
  const digits = phoneKey(key.phone);
  if (digits === null) return [];
  const sets = await connection.callProcedure('find_customers', { customer_id: null, digits });
  const phones = allRows<{ readonly customerId: CustomerId; readonly phone: string }>(sets, 1);
  const owners = new Set(phones.filter(({ phone }) => hasPhone(phone, digits)).map(({ customerId }) => customerId));
  return allRows<KnownRow>(sets)
    .filter(({ customerId }) => owners.has(customerId))
    .slice(0, limit)
    .map(toKnown);
}

export async function readStory(
  { connection }: Session,
  botId: BotId,
  { key, limit }: { readonly key: Parameters<Desk['readStory']>[1]; readonly limit: number },
): Promise<(CustomerStory & StoryMargin) | null> {
  const id = 'customerId' in key ? key.customerId : key.operationId;
  if (!isId(id)) return null;
  const sets = await connection.callProcedure('read_story', {
    bot_id: botId,
    customer_id: 'customerId' in key ? id : null,
    operation_id: 'customerId' in key ? null : id,
    limit,
    note_type: NOTE_TYPE,
  });
  const subject = firstRow<SubjectRow>(sets);
  const deliveries = toDeliveries(sets, 4);
  if (subject === undefined || subject.customerId === null || (!subject.isKnown && deliveries.length === 0)) return null;
  return {
    customer: subject.isKnown ? toKnown(subject) : goneCustomer(subject.customerId),
    phones: uniquePhones(allRows<{ readonly phone: string }>(sets, 1).map(({ phone }) => phone)),
    note: firstRow<{ readonly text: string | null }>(sets, 2)?.text ?? null,
    operations: allRows<OperationRow & { readonly balance: string | null }>(sets, 3).map(toToldOperation),
    deliveries,
    refusedLinks: allRows<RefusedLink & { readonly at: Instant }>(sets, 6),
    subscriptionChangedAt: subject.changedAt,
    groupAncestors: allRows<{ readonly ancestorId: CustomerGroupId }>(sets, 7).map(({ ancestorId }) => ancestorId),
    guestLanguage: subject.guestLanguage,
  };
}

export async function listInDoubt({ connection }: Session, botId: BotId, limit: number): Promise<readonly DeliveryStory[]> {
  return toDeliveries(await connection.callProcedure('list_in_doubt', { bot_id: botId, limit }), 0);
}

export async function listRefused(
  { connection }: Session,
  ...[botId, codes, limit]: Parameters<Desk['listRefused']>
): Promise<readonly DeliveryStory[]> {
  return toDeliveries(await connection.callProcedure('list_refused', { bot_id: botId, codes: textList(codes), limit }), 0);
}

/** The two sets of `tell_deliveries`. */
function toDeliveries(sets: ResultSets, at: number): readonly DeliveryStory[] {
  const attempts = Map.groupBy(allRows<AttemptRow>(sets, at + 1), ({ rowNo }) => rowNo);
  return allRows<DeliveryRow>(sets, at).map(({ rowNo, ...row }) => ({
    ...row,
    row: rowNo,
    attempts: (attempts.get(rowNo) ?? []).map(({ rowNo: _of, ...attempt }) => attempt),
  }));
}

function toKnown(row: KnownRow): KnownCustomer {
  return { ...toCustomer(row), live: row.live, subscription: toSubscription(row) };
}

function goneCustomer(id: CustomerId): KnownCustomer {
  return { id, name: '', groupId: '', group: '', live: false, subscription: null };
}
