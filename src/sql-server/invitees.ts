import type { CustomerId, Instant, Language, OperationId, SubscriptionState, WallTime } from '../core/glossary.ts';
import type { Consent } from '../core/settings.ts';
import type { ClaimedInvitation, InvitationReader, Invitee, InviteeLook, InviteeQuery } from '../ports/invitations.ts';
import { candidateParameters } from './candidates.ts';
import type { ResultSets } from './connection.ts';
import { toCustomer } from './operation-row.ts';
import type { CustomerRow } from './operation-row.ts';
import { allRows, firstRow } from './rows.ts';
import type { Session } from './session.ts';
import { at, idList, isId, table } from './values.ts';
import type { Parameters as Named } from './values.ts';
import { wall } from './wall.ts';

const LARGEST_PAGE = 500;
/** Beyond any ledger's age; neither a datetime2 nor a Date can hold every number, and a run asks for what was spent since never. */
const FIRST_INSTANT = Date.UTC(1970, 0, 1);
const LAST_INSTANT = Date.UTC(9999, 11, 31);

interface AskingRow {
  readonly customerId: CustomerId;
  readonly operationId: OperationId;
  readonly date: WallTime;
  readonly operations: number;
}

/** All of a person is null where they are gone for good. */
type PersonRow = AskingRow &
  CustomerRow & {
    readonly isKnown: boolean;
    readonly live: boolean;
    readonly language: Language | null;
    readonly phonesXml: string | null;
    readonly profilePhone: string | null;
    readonly mayInvite: boolean;
    readonly noted: boolean;
    readonly consented: boolean;
    readonly subscription: SubscriptionState | null;
    readonly epoch: number;
    readonly sent: number;
    readonly lastAt: Instant | null;
    readonly segments: number;
    readonly waiting: boolean;
  };

type ClaimedRow = PersonRow &
  Pick<ClaimedInvitation, 'taskId' | 'number' | 'tries'> & { readonly rowNo: number; readonly invitationSegments: number };

type LookQuery = InviteeQuery & { readonly look: InviteeLook };
type Page = Awaited<ReturnType<InvitationReader['readInvitees']>>;
type PageWish = Parameters<InvitationReader['readInvitees']>[1];

/** What the first page of a session's reading has found out for the later ones. */
interface Reading {
  readonly total: number;
  /** Of a dry run: everybody, in order. */
  readonly listed: readonly AskingRow[];
}
const readings = new WeakMap<Session, Reading>();

/** One page of those who are to be weighed, as they are now; a customer whom somebody has locked is left out of it, for a later look. */
export async function readInvitees(session: Session, query: InviteeQuery, page: PageWish): Promise<Page> {
  const limit = Math.min(page.limit, LARGEST_PAGE);
  return query.look === null
    ? readAsking(session, query, { ...page, limit })
    : readListed(session, { ...query, look: query.look }, { ...page, limit });
}

async function readAsking(session: Session, query: InviteeQuery, { after, limit }: PageWish): Promise<Page> {
  const known = after === null ? undefined : readings.get(session);
  const sets = await session.connection.callProcedure('read_invitees', {
    bot_id: query.botId,
    task_id: query.taskId,
    customers: idList(query.customers),
    any_customer: query.customers === null,
    after,
    limit,
    counts: known === undefined,
    ...personParameters(query),
  });
  const head = firstRow<{ readonly total: number | null; readonly next: CustomerId | null }>(sets);
  const total = known?.total ?? head?.total ?? 0;
  readings.set(session, { total, listed: [] });
  return { invitees: toInvitees(sets, 1), total, next: head?.next ?? null };
}

/** The look is judged once, with the first page; the pages then read their customers. */
async function readListed(session: Session, query: LookQuery, { after, limit }: PageWish): Promise<Page> {
  const { total, listed } = (after === null ? undefined : readings.get(session)) ?? (await listInvitees(session, query));
  const from = after === null ? 0 : listed.findIndex(({ customerId }) => customerId === after) + 1;
  const rows = listed.slice(from, from + limit);
  if (rows.length === 0) return { invitees: [], total, next: null };
  const sets = await session.connection.callProcedure('read_listed_invitees', {
    bot_id: query.botId,
    invitees: table(
      'invitee_list_1',
      { customer_id: 'id', operation_id: 'id', date: 'text', operations: 'number' },
      rows.map((row) => [row.customerId, row.operationId, wall(row.date), row.operations]),
    ),
    ...personParameters(query),
  });
  return { invitees: toInvitees(sets, 0), total, next: from + limit < listed.length ? (rows.at(-1)?.customerId ?? null) : null };
}

async function listInvitees(session: Session, query: LookQuery): Promise<Reading> {
  const { look } = query;
  const sets = await session.connection.callProcedure('list_invitees', {
    ...candidateParameters(look.query, null),
    before_date: wall(look.before?.date ?? null),
    before_id: look.before?.id ?? null,
    asking_customers: idList(query.customers),
    any_asking_customer: query.customers === null,
  });
  const listed = allRows<AskingRow>(sets);
  const reading = { total: listed.length, listed };
  readings.set(session, reading);
  return reading;
}

/** Of the invitations that a claim hands out, from the sets that begin at `set`. */
export function toClaimed(sets: ResultSets, set: number): readonly ClaimedInvitation[] {
  const phones = phonesOf(sets, set + 1);
  return allRows<ClaimedRow>(sets, set).map((row) => ({
    row: row.rowNo,
    taskId: row.taskId,
    number: row.number,
    segments: row.invitationSegments,
    tries: row.tries,
    invitee: toInvitee(row, phones),
  }));
}

export async function readSpent(
  { connection }: Session,
  ...[botId, since]: Parameters<InvitationReader['readSpent']>
): ReturnType<InvitationReader['readSpent']> {
  const sets = await connection.callProcedure('read_spent', { bot_id: botId, ...sinceParameters(since) });
  return firstRow<Awaited<ReturnType<InvitationReader['readSpent']>>>(sets) ?? { day: 0, month: 0, waiting: 0, waitingSegments: 0 };
}

export function sinceParameters({ dayFrom, monthFrom }: { readonly dayFrom: Instant; readonly monthFrom: Instant }): Named {
  return { day_from: at(holdable(dayFrom)), month_from: at(holdable(monthFrom)) };
}

function holdable(instant: Instant): Instant {
  return Math.min(Math.max(instant, FIRST_INSTANT), LAST_INSTANT);
}

/** What decides of a person, as the procedures ask for it. */
export function personParameters({ noteType, consent }: { readonly noteType: string; readonly consent: Consent }): Named {
  return {
    note_type: noteType,
    consent: consent.kind,
    consent_note: consent.kind === 'note' ? consent.noteType : null,
    consent_group: consent.kind === 'group' && isId(consent.groupId) ? consent.groupId : null,
  };
}

type Phones = ReadonlyMap<CustomerId, readonly { readonly phone: string }[]>;

function phonesOf(sets: ResultSets, set: number): Phones {
  return Map.groupBy(allRows<{ readonly customerId: CustomerId; readonly phone: string }>(sets, set), ({ customerId }) => customerId);
}

function toInvitees(sets: ResultSets, set: number): readonly Invitee[] {
  const phones = phonesOf(sets, set + 1);
  return allRows<PersonRow>(sets, set).map((row) => toInvitee(row, phones));
}

function toInvitee(row: PersonRow, phones: Phones): Invitee {
  if (!row.isKnown) return toGone(row);
  const written = [...(phones.get(row.customerId) ?? []).map(({ phone }) => phone), row.phonesXml, row.profilePhone];
  return {
    customer: toCustomer(row),
    live: row.live,
    language: row.language,
    phones: written.filter((text) => text !== null),
    epoch: row.epoch,
    subscription: row.subscription,
    noted: row.noted,
    mayInvite: row.mayInvite,
    consented: row.consented,
    operation: { id: row.operationId, date: row.date },
    operations: row.operations,
    past: { sent: row.sent, lastAt: row.lastAt, segments: row.segments, waiting: row.waiting },
  };
}

/** Deleted for good, though the ledger still has what asks for them. */
function toGone({ customerId, operationId, date, operations }: AskingRow): Invitee {
  return {
    customer: { id: customerId, name: '', groupId: '', group: '' },
    live: false,
    language: null,
    phones: [],
    epoch: 0,
    subscription: null,
    noted: false,
    mayInvite: false,
    consented: false,
    operation: { id: operationId, date },
    operations,
    past: { sent: 0, lastAt: null, segments: 0, waiting: false },
  };
}
