import type { Instant, WallTime } from '../core/glossary.ts';
import type { AdvanceInvitations, FinishedInvitation, InvitationsAnswer } from '../ports/invitations.ts';
import { personParameters, sinceParameters, toClaimed } from './invitees.ts';
import { firstRow } from './rows.ts';
import { askHolder } from './session.ts';
import type { RunSession } from './session.ts';
import { idList, table, textList } from './values.ts';
import type { Cell, TypedValue } from './values.ts';

const LONGEST_DETAIL = 1_000;
const LONGEST_ID = 200;
const LARGEST_INT = 2_147_483_647;

interface AnswerRow {
  readonly answer: 'claimed' | 'lock_lost';
  readonly nowUtc: Instant;
  readonly wallNow: WallTime;
  readonly capped: 'run' | 'day' | 'month' | null;
  readonly held: number;
  readonly nextDueUtc: Instant | null;
}

/** One transaction: what ended is recorded, what comes next is marked `sending`. Either all of it is durable when this returns, or nothing. */
export async function advanceInvitations(session: RunSession, request: AdvanceInvitations): Promise<InvitationsAnswer> {
  const { caps } = request;
  const sets = await askHolder(session, 'advance_invitations', {
    claim_id: request.claimId,
    finished: sentList(request.finished),
    want: request.want,
    tasks: textList(request.tasks),
    customers: idList(request.customers),
    any_customer: request.customers === null,
    cap_run: Math.min(caps.run, LARGEST_INT),
    cap_day: Math.min(caps.day, LARGEST_INT),
    cap_month: Math.min(caps.month, LARGEST_INT),
    ...sinceParameters(caps),
    ...personParameters(request),
  });
  const answer = sets === 'lock_lost' ? undefined : firstRow<AnswerRow>(sets);
  if (sets === 'lock_lost' || answer?.answer !== 'claimed') return { answer: 'lock_lost' };
  return {
    answer: 'claimed',
    now: answer.nowUtc,
    wallNow: answer.wallNow,
    invitations: toClaimed(sets, 1),
    capped: answer.capped,
    held: answer.held,
    nextDue: answer.nextDueUtc,
  };
}

function sentList(finished: readonly FinishedInvitation[]): TypedValue {
  return table(
    'sent_list_1',
    {
      seq: 'number',
      invitation_no: 'number',
      state: 'text',
      reason: 'text',
      number: 'text',
      segments: 'number',
      cost: 'text',
      gateway: 'text',
      gateway_id: 'text',
      text: 'text',
      detail: 'text',
      tried: 'number',
      not_before_utc: 'instant',
    },
    finished.map((one, index) => [index, one.row, ...resultCells(one)]),
  );
}

/** From `state` on. What was surely not sent is planned again. */
function resultCells(finished: FinishedInvitation): readonly Cell[] {
  const { result, number, segments, text, gateway } = finished;
  const ended = (state: string, reason: string, detail: string): readonly Cell[] => [
    ...[state, reason, number, segments, null, gateway, null, text, shorten(detail), 1, null],
  ];
  const back = (left: number, notBefore: Instant | null, tried: 0 | 1, detail: string | null): readonly Cell[] => [
    ...['planned', null, null, left, null, null, null, null, detail === null ? null : shorten(detail), tried, notBefore],
  ];
  switch (result.outcome) {
    case 'accepted': {
      // Whoever counts more segments is believed: caps are spent in money.
      const counted = Math.max(segments, result.segments ?? 0);
      const id = result.gatewayId !== null && result.gatewayId.length <= LONGEST_ID ? result.gatewayId : null;
      return ['accepted', result.warning, number, counted, result.cost, gateway, id, text, shorten(result.detail), 1, null];
    }
    case 'refused':
      if (result.whose === 'number') return ended('refused', result.code, result.detail);
      return back(segments, finished.notBefore, 1, `${result.code}: ${result.detail}`);
    case 'in_doubt':
      return ended('in_doubt', result.code, result.detail);
    case 'later':
      return back(segments, finished.notBefore ?? result.notBefore, result.code === 'not_begun' ? 0 : 1, `${result.code}: ${result.detail}`);
    case 'skipped':
      return ['skipped', result.reason, null, null, null, null, null, null, null, 0, null];
    case 'released':
      return back(result.segments, result.notBefore, 0, null);
  }
}

function shorten(detail: string): string {
  return detail.slice(0, LONGEST_DETAIL);
}
