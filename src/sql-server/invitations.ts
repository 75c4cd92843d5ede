import type { InvitationFilter, InvitationStory, Invitations, OpenInvitation, WeighedInvitation } from '../ports/invitations.ts';
import { allRows } from './rows.ts';
import { saveAsHolder } from './session.ts';
import type { RunSession, Session } from './session.ts';
import { at, idList, table, textList } from './values.ts';
import type { Cell } from './values.ts';

/** What was decided of each customer, in one transaction: the row, and that their operations ask no more. */
export async function saveInvitations(session: RunSession, weighed: readonly WeighedInvitation[]): Promise<'saved' | 'lock_lost'> {
  return saveAsHolder(session, 'save_invitations', {
    weighed: table(
      'weighed_list_1',
      {
        seq: 'number',
        task_id: 'text',
        customer_id: 'id',
        operation_id: 'id',
        state: 'text',
        reason: 'text',
        number: 'text',
        segments: 'number',
        cost: 'text',
        gateway: 'text',
        not_before_utc: 'instant',
      },
      weighed.map((one, index) => [index, one.taskId, one.customerId, one.operationId, ...verdictCells(one)]),
    ),
  });
}

/** state, reason, number, segments, cost, gateway, not_before_utc. */
function verdictCells(one: WeighedInvitation): readonly Cell[] {
  if (one.verdict === 'skipped') return [one.reason === null ? null : 'skipped', one.reason, null, null, null, null, null];
  return ['planned', null, one.number, one.segments, one.cost, one.gateway, one.notBefore];
}

export async function readOpenInvitations(
  { connection, run }: RunSession,
  ...[gateway, since, limit]: Parameters<Invitations['readOpenInvitations']>
): Promise<readonly OpenInvitation[]> {
  const sets = await connection.callProcedure('read_open_invitations', { bot_id: run?.botId ?? '0', gateway, since: at(since), limit });
  return allRows<Omit<OpenInvitation, 'row'> & { readonly rowNo: number }>(sets).map(({ rowNo, ...one }) => ({ row: rowNo, ...one }));
}

const LONGEST_CODE = 200;

export async function saveStatuses(
  session: RunSession,
  ...[statuses]: Parameters<Invitations['saveStatuses']>
): Promise<'saved' | 'lock_lost'> {
  const newest = new Map(statuses.map((one) => [one.row, one]));
  return saveAsHolder(session, 'save_statuses', {
    statuses: table(
      'status_list_1',
      { invitation_no: 'number', gateway_id: 'text', status: 'text', code: 'text', cost: 'text' },
      [...newest.values()].map(({ row, gatewayId, status, code, cost }) => [row, gatewayId, status, code.slice(0, LONGEST_CODE), cost]),
    ),
  });
}

export async function listInvitations({ connection }: Session, filter: InvitationFilter): Promise<readonly InvitationStory[]> {
  const { botId, states, reason, customers, limit } = filter;
  const sets = await connection.callProcedure('list_invitations', {
    bot_id: botId,
    states: textList(states ?? []),
    any_state: states === null,
    reason,
    customers: idList(customers),
    any_customer: customers === null,
    limit,
  });
  return allRows<Omit<InvitationStory, 'row'> & { readonly rowNo: number }>(sets).map(({ rowNo, ...one }) => ({ row: rowNo, ...one }));
}
