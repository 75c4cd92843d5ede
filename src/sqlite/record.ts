import type { CustomerId } from '../core/glossary.ts';
import type { Outcome } from '../core/outcome.ts';
import type { AdvanceRequest, FinishedNotice } from '../ports/deliveries.ts';
import { wantNote } from './save-subscription.ts';
import type { ServerTime } from './server-clock.ts';
import type { HeldRun, Session } from './session.ts';

const LONGEST_DETAIL = 1_000;

export interface Recording {
  readonly run: HeldRun;
  readonly time: ServerTime;
  readonly request: AdvanceRequest;
}

/** Records the calls that ended; answers how many rows ended as too old for another try. What was recorded before is left as it is. */
export function recordFinished(session: Session, recording: Recording): number {
  const { run, request } = recording;
  let tooOld = 0;
  for (const finished of request.finished) tooOld += recordOne(session, finished, recording);
  if (request.quietUntil !== null) session.find('advance').run('quiet', { bot: run.botId, until: request.quietUntil });
  return tooOld;
}

function recordOne(session: Session, finished: FinishedNotice, recording: Recording): number {
  const { run, time, request } = recording;
  const statements = session.find('advance');
  const { now } = time;
  const call = { attempt: finished.attemptNo, run: run.runId, now };
  const attempt = statements.get<{ chatId: string }>('finish_attempt', {
    ...call,
    ...attemptColumns(finished.outcome),
    length: finished.length,
  });
  if (attempt === undefined) return 0;
  const key = { ...call, bot: run.botId };
  for (const row of finished.released) statements.run('release', { ...key, row });
  if (finished.suspendChat) suspendChat(session, recording, attempt.chatId);
  const { outcome } = finished;
  switch (outcome.outcome) {
    case 'delivered':
      // Late proof for a call that was in doubt.
      if (statements.run('settle', { ...key, state: 'delivered', reason: null }) === 0) statements.run('prove', key);
      return 0;
    case 'refused':
    case 'in_doubt':
      statements.run('settle', { ...key, state: outcome.outcome, reason: outcome.code });
      return 0;
    case 'retry': {
      const again = { ...key, notBefore: finished.notBefore ?? outcome.notBefore, timeToLiveMs: request.timeToLiveMs };
      return statements.all<{ state: string }>('retry', again).filter((row) => row.state === 'skipped').length;
    }
  }
}

function attemptColumns(outcome: Outcome): {
  readonly outcome: string;
  readonly code: string | null;
  readonly detail: string | null;
  readonly messageId: string | null;
} {
  if (outcome.outcome === 'delivered') return { outcome: outcome.outcome, code: null, detail: null, messageId: outcome.messageId };
  return { outcome: outcome.outcome, code: outcome.code, detail: outcome.detail.slice(0, LONGEST_DETAIL), messageId: null };
}

function suspendChat(session: Session, { run, time }: Recording, chatId: string): void {
  const suspended = session.find('advance').all<{ customerId: CustomerId }>('suspend_chat', { bot: run.botId, chatId, now: time.now });
  for (const { customerId } of suspended) wantNote(session, run.botId, customerId);
}
