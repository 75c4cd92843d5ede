import type { Instant } from '../core/glossary.ts';
import type { InvitationFilter, InvitationStory, Invitations, OpenInvitation, WeighedInvitation } from '../ports/invitations.ts';
import { asHolder } from './session.ts';
import type { RunSession, Session } from './session.ts';

/** What was decided of each customer, in one transaction: the row, and that their operations ask no more. */
export function saveInvitations(session: RunSession, weighed: readonly WeighedInvitation[]): 'saved' | 'lock_lost' {
  return asHolder(session, ({ botId }, { now }) => {
    const statements = session.find('invitations');
    for (const one of weighed) {
      const key = { bot: botId, task: one.taskId, customer: one.customerId, operation: one.operationId };
      const row = columnsOf(one);
      if (row !== null) statements.run('add', { ...key, ...row, now });
      statements.run('weigh', key);
    }
    return 'saved' as const;
  });
}

function columnsOf(one: WeighedInvitation): Readonly<Record<string, string | number | null>> | null {
  const empty = { reason: null, number: null, segments: null, cost: null, gateway: null, notBefore: null };
  if (one.verdict === 'skipped') return one.reason === null ? null : { ...empty, state: 'skipped', reason: one.reason };
  const { number, segments, cost, gateway, notBefore } = one;
  return { ...empty, state: 'planned', number, segments, cost, gateway, notBefore };
}

export function readOpenInvitations(
  session: RunSession,
  ...[gateway, since, limit]: Parameters<Invitations['readOpenInvitations']>
): readonly OpenInvitation[] {
  return session.find('invitations').all<OpenInvitation>('open', { bot: session.run?.botId ?? '', gateway, since, limit });
}

export function saveStatuses(session: RunSession, ...[statuses]: Parameters<Invitations['saveStatuses']>): 'saved' | 'lock_lost' {
  return asHolder(session, ({ botId }, { now }: { readonly now: Instant }) => {
    const statements = session.find('invitations');
    for (const { row, gatewayId, status, code, cost } of statuses)
      statements.run('status', { bot: botId, row, gatewayId, status, code, cost, now });
    return 'saved' as const;
  });
}

export function listInvitations(session: Session, filter: InvitationFilter): readonly InvitationStory[] {
  const { botId, states, reason, customers, limit } = filter;
  return session.find('desk_invitations').all<InvitationStory>('list', {
    bot: botId,
    states: states === null ? null : JSON.stringify(states),
    reason,
    customers: customers === null ? null : JSON.stringify(customers),
    limit,
  });
}
