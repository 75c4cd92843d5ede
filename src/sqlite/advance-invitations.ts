import type { AdvanceInvitations, ClaimedInvitation, FinishedInvitation, InvitationsAnswer } from '../ports/invitations.ts';
import { readInviteeOf, readSpent } from './invitees.ts';
import type { ServerTime } from './server-clock.ts';
import { asHolder } from './session.ts';
import type { HeldRun, RunSession, Session } from './session.ts';

const LONGEST_DETAIL = 1_000;

/** One transaction: what ended is recorded, what comes next is marked `sending`. Either all of it is durable when this returns, or nothing. */
export function advanceInvitations(session: RunSession, request: AdvanceInvitations): InvitationsAnswer {
  const answer = asHolder(session, (run, time): InvitationsAnswer => {
    for (const finished of request.finished) record(session, finished, { run, time });
    session.find('confirm').run('beat', { runNo: run.runNo, now: time.now });
    return { answer: 'claimed', now: time.now, wallNow: time.wallNow, ...claim(session, request, { run, time }) };
  });
  return answer === 'lock_lost' ? { answer: 'lock_lost' } : answer;
}

interface Turn {
  readonly run: HeldRun;
  readonly time: ServerTime;
}

function record(session: Session, finished: FinishedInvitation, { run, time }: Turn): void {
  const statements = session.find('invitations');
  const { row, result, number, segments, text, gateway } = finished;
  const key = { row, run: run.runId, now: time.now };
  const sent = { number, segments, text, gateway };
  const backAt = (notBefore: number | null, tried: 0 | 1, detail: string | null): void => {
    statements.run('put_back', { ...key, segments, notBefore, tried, detail });
  };
  switch (result.outcome) {
    case 'accepted':
      statements.run('accept', {
        ...key,
        ...sent,
        reason: result.warning,
        gatewayId: result.gatewayId,
        counted: result.segments,
        cost: result.cost,
        detail: shorten(result.detail),
      });
      return;
    case 'refused':
      if (result.whose === 'number')
        statements.run('end', { ...key, ...sent, state: 'refused', reason: result.code, detail: shorten(result.detail) });
      else backAt(finished.notBefore, 1, `${result.code}: ${shorten(result.detail)}`);
      return;
    case 'in_doubt':
      statements.run('end', { ...key, ...sent, state: 'in_doubt', reason: result.code, detail: shorten(result.detail) });
      return;
    case 'later':
      backAt(finished.notBefore ?? result.notBefore, result.code === 'not_begun' ? 0 : 1, `${result.code}: ${shorten(result.detail)}`);
      return;
    case 'skipped':
      statements.run('end', {
        ...key,
        number: null,
        segments: null,
        text: null,
        gateway: null,
        state: 'skipped',
        reason: result.reason,
        detail: null,
      });
      return;
    case 'released':
      statements.run('put_back', { ...key, segments: result.segments, notBefore: result.notBefore, tried: 0, detail: null });
  }
}

function shorten(detail: string): string {
  return detail.slice(0, LONGEST_DETAIL);
}

type Claim = Pick<Extract<InvitationsAnswer, { answer: 'claimed' }>, 'invitations' | 'capped' | 'held' | 'nextDue'>;

function claim(session: Session, request: AdvanceInvitations, { run, time }: Turn): Claim {
  const statements = session.find('invitations');
  const { claimId, caps, want } = request;
  const scope = {
    bot: run.botId,
    now: time.now,
    tasks: JSON.stringify(request.tasks),
    customers: request.customers === null ? null : JSON.stringify(request.customers),
  };
  const spent = readSpent(session, run.botId, caps);
  const left = { run: caps.run, day: caps.day - spent.day, month: caps.month - spent.month };
  const again = statements.all<{ row: number }>('claimed', { claim: claimId, run: run.runId, bot: run.botId }).map(({ row }) => row);
  const rows = [...again];
  while (again.length === 0 && rows.length < want) {
    const next = statements.get<{ row: number; segments: number }>('next', { ...scope, most: Math.min(left.run, left.day, left.month) });
    if (next === undefined) break;
    statements.run('claim', { row: next.row, claim: claimId, run: run.runId, now: time.now });
    for (const cap of ['run', 'day', 'month'] as const) left[cap] -= next.segments;
    rows.push(next.row);
  }
  const due = statements.get<{ held: number; least: number | null }>('due', scope);
  const least = due?.least ?? null;
  const capped = least === null ? null : (tightest(left, least) ?? null);
  return {
    invitations: rows.flatMap((row) => readClaimed(session, row, { run, request })),
    capped,
    held: capped === null ? 0 : (due?.held ?? 0),
    nextDue: least !== null && capped === null ? time.now : (statements.get<{ at: number | null }>('next_due', scope)?.at ?? null),
  };
}

/** The cap that even the smallest due invitation doesn't fit into; where several don't, the one with least left. */
function tightest(left: Readonly<Record<'run' | 'day' | 'month', number>>, least: number): 'run' | 'day' | 'month' | undefined {
  const names = ['run', 'day', 'month'] as const;
  return names.filter((name) => left[name] < least).toSorted((a, b) => left[a] - left[b])[0];
}

function readClaimed(
  session: Session,
  row: number,
  at: { readonly run: HeldRun; readonly request: AdvanceInvitations },
): ClaimedInvitation[] {
  const { noteType, consent } = at.request;
  const own = session.find('invitations').get<Pick<ClaimedInvitation, 'taskId' | 'number' | 'segments' | 'tries'>>('of_claim', { row });
  const invitee = readInviteeOf(session, row, { botId: at.run.botId, noteType, consent });
  return own === undefined || invitee === null ? [] : [{ row, ...own, invitee }];
}
