import type { Instant, WallTime } from '../core/glossary.ts';
import type { AdvanceInvitations, FinishedInvitation, InvitationsAnswer } from '../ports/invitations.ts';
import { personParameters, sinceParameters, toClaimed } from './invitees.ts';
import { firstRow } from './rows.ts';
import { askHolder } from './session.ts';
import type { RunSession } from './session.ts';
import { idList, table, textList } from './values.ts';
import type { ColumnKind, TypedValue } from './values.ts';

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

/** What became of an SMS, in the columns of its table type; those absent are null. */
interface Sent {
  /** What was surely not sent is planned again. */
  readonly state: 'accepted' | 'refused' | 'in_doubt' | 'skipped' | 'planned';
  readonly reason?: string | null;
  readonly number?: string;
  readonly segments?: number;
  readonly cost?: string | null;
  readonly gateway?: string;
  readonly gateway_id?: string | null;
  readonly text?: string;
  readonly detail?: string;
  readonly tried: 0 | 1;
  readonly not_before_utc?: Instant | null;
}

const COLUMNS: Readonly<Record<keyof Sent, ColumnKind>> = {
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
};

function sentList(finished: readonly FinishedInvitation[]): TypedValue {
  const names = Object.keys(COLUMNS) as (keyof Sent)[];
  return table(
    'sent_list_1',
    { seq: 'number', invitation_no: 'number', ...COLUMNS },
    finished.map((one, index) => {
      const sent = toSent(one);
      return [index, one.row, ...names.map((name) => sent[name] ?? null)];
    }),
  );
}

function toSent({ result, number, segments, text, gateway, notBefore }: FinishedInvitation): Sent {
  const whole = { number, segments, text, gateway, tried: 1 } as const;
  switch (result.outcome) {
    case 'accepted':
      return {
        ...whole,
        state: 'accepted',
        reason: result.warning,
        // Whoever counts more segments is believed: caps are spent in money.
        segments: Math.max(segments, result.segments ?? 0),
        cost: result.cost,
        gateway_id: result.gatewayId !== null && result.gatewayId.length <= LONGEST_ID ? result.gatewayId : null,
        detail: shorten(result.detail),
      };
    case 'refused':
      return result.whose === 'number'
        ? { ...whole, state: 'refused', reason: result.code, detail: shorten(result.detail) }
        : { state: 'planned', segments, detail: shorten(`${result.code}: ${result.detail}`), tried: 1, not_before_utc: notBefore };
    case 'in_doubt':
      return { ...whole, state: 'in_doubt', reason: result.code, detail: shorten(result.detail) };
    case 'later': {
      const tried = result.code === 'not_begun' ? 0 : 1;
      const detail = shorten(`${result.code}: ${result.detail}`);
      return { state: 'planned', segments, detail, tried, not_before_utc: notBefore ?? result.notBefore };
    }
    case 'skipped':
      return { state: 'skipped', reason: result.reason, tried: 0 };
    case 'released':
      return { state: 'planned', segments: result.segments, tried: 0, not_before_utc: result.notBefore };
  }
}

function shorten(detail: string): string {
  return detail.slice(0, LONGEST_DETAIL);
}
