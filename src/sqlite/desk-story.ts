import type { BotId, CustomerId, Instant, Language, OperationId } from '../core/glossary.ts';
import type { Operation } from '../core/operation.ts';
import type { StoryMargin } from '../core/standing.ts';
import type { KnownCustomer } from '../core/subscriber.ts';
import type { RefusedLink } from '../core/subscription.ts';
import type { CustomerStory, Desk, DeliveryStory } from '../ports/desk.ts';
import { readBalances } from './balance.ts';
import { uniquePhones } from '../core/phone.ts';
import { openAncestry } from './group-ancestors.ts';
import { toCustomer, toOperation } from './operation-row.ts';
import type { CustomerRow, OperationRow } from './operation-row.ts';
import type { Session } from './session.ts';
import { textOf } from './stored.ts';
import type { Stored } from './stored.ts';
import { toSubscription } from './subscription-row.ts';
import type { SubscriptionColumns } from './subscription-row.ts';

type KnownRow = CustomerRow &
  SubscriptionColumns & { readonly live: number | null; readonly changedAt: Instant | null; readonly language: Language | null };
type DeliveryRow = Omit<DeliveryStory, 'attempts'> & { readonly attemptNo: number | null };
type AttemptRow = Omit<DeliveryStory['attempts'][number], 'repeat'> & { readonly repeat: number };

/** Where the settings name no other. */
const NOTE_TYPE = 'chat_ID в Telegram';

export function findCustomers(session: Session, key: Parameters<Desk['findCustomers']>[0], limit: number): readonly KnownCustomer[] {
  const statements = session.find('desk_story');
  const ids =
    'id' in key
      ? [key.id]
      : statements.all<{ customerId: CustomerId }>('ids_by_phone', { phone: key.phone, limit }).map((row) => row.customerId);
  return ids.flatMap((customer) => {
    const row = statements.get<KnownRow>('by_id', { customer });
    return row === undefined ? [] : [toKnown(row)];
  });
}

export function readStory(
  session: Session,
  botId: BotId,
  asked: { readonly key: Parameters<Desk['readStory']>[1]; readonly limit: number },
): (CustomerStory & StoryMargin) | null {
  const { key, limit } = asked;
  const { operations, deliveries, customerId } =
    'customerId' in key ? readAll(session, botId, { customerId: key.customerId, limit }) : readOne(session, botId, key.operationId);
  if (customerId === null) return null;
  const row = session.find('desk_story').get<KnownRow>('customer', { bot: botId, customer: customerId });
  if (row === undefined && deliveries.length === 0) return null;
  return {
    customer: row === undefined ? goneCustomer(customerId) : toKnown(row),
    groupAncestors: row === undefined ? [] : openAncestry(session)(textOf(row.groupId) ?? ''),
    phones: uniquePhones(
      session
        .find('desk_story')
        .all<{ phone: Stored }>('phones', { customer: customerId })
        .flatMap(({ phone }) => textOf(phone) ?? []),
    ),
    note: readNote(session, botId, customerId),
    operations,
    deliveries,
    refusedLinks: session
      .find('desk_story')
      .all<RefusedLink & { at: Instant }>('refused_links', { bot: botId, customer: customerId, limit })
      .map((link) => ({ ...link })),
    subscriptionChangedAt: row?.changedAt ?? null,
    guestLanguage: row?.language ?? null,
  };
}

export function listInDoubt(session: Session, botId: BotId, limit: number): readonly DeliveryStory[] {
  return session
    .find('desk_story')
    .all<DeliveryRow>('in_doubt', { bot: botId, limit })
    .map((row) => toDelivery(session, row));
}

export function listRefused(session: Session, ...[bot, codes, limit]: Parameters<Desk['listRefused']>): readonly DeliveryStory[] {
  return session
    .find('desk_story')
    .all<DeliveryRow>('refused', { bot, codes: JSON.stringify(codes), limit })
    .map((row) => toDelivery(session, row));
}

interface Found {
  readonly customerId: CustomerId | null;
  readonly operations: readonly Operation[];
  readonly deliveries: readonly DeliveryStory[];
}

/** Operations the newest first, then what was told of operations that Tillypad no longer has. */
function readAll(session: Session, bot: BotId, { customerId, limit }: { readonly customerId: CustomerId; readonly limit: number }): Found {
  const statements = session.find('desk_story');
  const rows = statements.all<OperationRow>('operations', { bot, customer: customerId, limit });
  const deliveries = statements.all<DeliveryRow>('deliveries_of', {
    bot,
    customer: customerId,
    operations: JSON.stringify(rows.map(({ id }) => id)),
    limit,
  });
  return { customerId, operations: withBalances(session, customerId, rows), deliveries: deliveries.map((row) => toDelivery(session, row)) };
}

function readOne(session: Session, bot: BotId, operationId: OperationId): Found {
  const statements = session.find('desk_story');
  const operation = statements.get<OperationRow>('operation', { operation: operationId });
  const delivery = statements.get<DeliveryRow>('delivery', { bot, operation: operationId });
  const customerId = operation?.customerId ?? delivery?.customerId ?? null;
  if (customerId === null) return { customerId, operations: [], deliveries: [] };
  return {
    customerId,
    operations: operation === undefined ? [] : withBalances(session, customerId, [operation]),
    deliveries: delivery === undefined ? [] : [toDelivery(session, delivery)],
  };
}

function withBalances(session: Session, customerId: CustomerId, rows: readonly OperationRow[]): Operation[] {
  const balances = readBalances(session, { customerId, operations: rows, mode: 'after' });
  return rows.map((row) => toOperation(row, balances.get(row.id) ?? null));
}

/** With every attempt: a notice told twice has two, and what a 429 stopped was tried before. */
function toDelivery(session: Session, { attemptNo, ...row }: DeliveryRow): DeliveryStory {
  const attempts = session.find('desk_story').all<AttemptRow>('attempts', { row: row.row, attempt: attemptNo });
  return { ...row, attempts: attempts.map((attempt) => ({ ...attempt, repeat: attempt.repeat === 1 })) };
}

/** The note as it is now; under another name than ours, what the last run saw in it. */
function readNote(session: Session, bot: BotId, customer: CustomerId): string | null {
  const note = session.find('note_mirror').get<{ text: string | null }>('note_of', { customer, noteType: NOTE_TYPE });
  return note === undefined
    ? (session.find('desk_story').get<{ noted: string | null }>('noted', { bot, customer })?.noted ?? null)
    : note.text;
}

function toKnown(row: KnownRow): KnownCustomer {
  return { ...toCustomer(row), live: row.live === 1, subscription: toSubscription(row) };
}

/** Deleted for good, though the ledger still has a row. */
function goneCustomer(id: CustomerId): KnownCustomer {
  return { id, name: '', groupId: '', group: '', live: false, subscription: null };
}
