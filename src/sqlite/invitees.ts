import type { BotId, CustomerId, Language, OperationId, SubscriptionState, WallTime } from '../core/glossary.ts';
import type { Consent } from '../core/settings.ts';
import type { InvitationReader, Invitee, InviteeQuery } from '../ports/invitations.ts';
import { beforeValues, candidateValues, choose } from './candidates.ts';
import { toCustomer } from './operation-row.ts';
import type { CustomerRow } from './operation-row.ts';
import type { Session } from './session.ts';
import { textOf } from './stored.ts';
import type { Stored } from './stored.ts';
import type { Values } from './statements.ts';

const LARGEST_PAGE = 500;
const YEAR_MS = 365 * 86_400_000;

interface AskingRow {
  readonly id: CustomerId;
  readonly operationId: OperationId;
  readonly date: WallTime;
  readonly operations: number;
}

interface PersonRow extends AskingRow, CustomerRow {
  readonly live: number;
  /** A JSON array. */
  readonly phones: string;
  readonly phonesXml: Stored;
  readonly profilePhone: Stored;
  readonly mayInvite: number;
  readonly subscription: SubscriptionState | null;
  readonly epoch: number;
  readonly language: Language | null;
  readonly noted: number;
  readonly consented: number;
  readonly sent: number;
  readonly lastAt: number | null;
  readonly segments: number;
  readonly waiting: number;
}

/** One page of those who are to be weighed, as they are now; the first page gathers them. */
export function readInvitees(
  session: Session,
  query: InviteeQuery,
  page: { readonly after: CustomerId | null; readonly limit: number },
): Awaited<ReturnType<InvitationReader['readInvitees']>> {
  const statements = session.find('invitees');
  if (page.after === null) gather(session, query);
  const limit = Math.min(page.limit, LARGEST_PAGE);
  const reach = { after: page.after ?? '', limit: limit + 1 };
  const there = statements.all<PersonRow>('page', { ...personValues(session, query), ownRow: 0, ...reach }).map(toInvitee);
  const found = [...there, ...statements.all<AskingRow>('gone_page', reach).map(toGone)].toSorted((a, b) =>
    a.customer.id < b.customer.id ? -1 : 1,
  );
  const invitees = found.slice(0, limit);
  return {
    invitees,
    total: statements.get<{ total: number }>('count')?.total ?? 0,
    next: found.length > limit ? (invitees.at(-1)?.customer.id ?? null) : null,
  };
}

function gather(session: Session, query: InviteeQuery): void {
  const statements = session.find('invitees');
  statements.run('make');
  statements.run('clear');
  const customers = query.customers === null ? null : JSON.stringify(query.customers);
  statements.run('gather_asking', { bot: query.botId, task: query.taskId, customers });
  if (query.look !== null) {
    choose(session, query.look.query);
    statements.run('gather_look', { ...candidateValues(query.look.query, null), ...beforeValues(query.look.before) });
  }
  statements.run('mark_gone');
}

/** The customer of one invitation, read at its claiming; the invitation is no part of their past. */
export function readInviteeOf(
  session: Session,
  row: number,
  wish: { readonly botId: BotId; readonly noteType: string; readonly consent: Consent },
): Invitee | null {
  const statements = session.find('invitees');
  const found = statements.get<PersonRow>('of_row', { ...personValues(session, wish), ownRow: row });
  if (found !== undefined) return toInvitee(found);
  const gone = statements.get<AskingRow>('gone_of_row', { ownRow: row });
  return gone === undefined ? null : toGone(gone);
}

export function readSpent(
  session: Session,
  ...[botId, since]: Parameters<InvitationReader['readSpent']>
): {
  readonly day: number;
  readonly month: number;
  readonly waiting: number;
  readonly waitingSegments: number;
} {
  const statements = session.find('invitees');
  const spent = statements.get<{ day: number; month: number }>('spent', {
    bot: botId,
    dayFrom: since.dayFrom,
    monthFrom: Math.min(since.dayFrom, since.monthFrom),
  });
  const waiting = statements.get<{ rows: number; segments: number }>('waiting', { bot: botId });
  return { day: spent?.day ?? 0, month: spent?.month ?? 0, waiting: waiting?.rows ?? 0, waitingSegments: waiting?.segments ?? 0 };
}

function personValues(session: Session, wish: { readonly botId: BotId; readonly noteType: string; readonly consent: Consent }): Values {
  return { bot: wish.botId, noteType: wish.noteType, ...consentValues(wish.consent), yearFrom: session.readClock().now - YEAR_MS };
}

function consentValues(consent: Consent): Values {
  switch (consent.kind) {
    case 'none':
      return { consent: 'none', consentItem: null };
    case 'note':
      return { consent: 'note', consentItem: consent.noteType };
    case 'group':
      return { consent: 'group', consentItem: consent.groupId };
  }
}

function toInvitee(row: PersonRow): Invitee {
  const written = [...(JSON.parse(row.phones) as string[]), textOf(row.phonesXml), textOf(row.profilePhone)];
  return {
    customer: toCustomer(row),
    live: row.live === 1,
    language: row.language,
    phones: written.filter((text) => text !== null),
    epoch: row.epoch,
    subscription: row.subscription,
    noted: row.noted === 1,
    mayInvite: row.mayInvite === 1,
    consented: row.consented === 1,
    operation: { id: row.operationId, date: row.date },
    operations: row.operations,
    past: { sent: row.sent, lastAt: row.lastAt, segments: row.segments, waiting: row.waiting === 1 },
  };
}

/** Deleted for good, though the ledger still has what asks for them. */
function toGone({ id, operationId, date, operations }: AskingRow): Invitee {
  return {
    customer: { id, name: '', groupId: '', group: '' },
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
