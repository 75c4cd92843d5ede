import type { SkipReason } from '../core/glossary.ts';
import type { AdvanceAnswer, AdvanceRequest } from '../ports/deliveries.ts';
import { claim, claimAgain } from './claim.ts';
import { CHAT_SPACING_MS, count } from './claim-customer.ts';
import type { Claiming } from './claim-customer.ts';
import { openAncestry } from './group-ancestors.ts';
import { recordFinished } from './record.ts';
import { asHolder } from './session.ts';
import type { HeldRun, RunSession } from './session.ts';
import type { ServerTime } from './server-clock.ts';

/** One transaction: what ended is recorded, what comes next is marked `sending`. Either all of it is durable when this returns, or nothing. */
export function advance(session: RunSession, request: AdvanceRequest): AdvanceAnswer {
  const answer = asHolder(session, (run, time) => recordAndClaim(session, { run, time, request }));
  return answer === 'lock_lost' ? { answer: 'lock_lost' } : answer;
}

function recordAndClaim(
  session: RunSession,
  turn: { readonly run: HeldRun; readonly time: ServerTime; readonly request: AdvanceRequest },
): AdvanceAnswer {
  const { run, time, request } = turn;
  const skipped: Partial<Record<SkipReason, number>> = {};
  count({ skipped }, 'too_old', recordFinished(session, turn));
  session.find('confirm').run('beat', { runNo: run.runNo, now: time.now });
  const busy = session
    .find('advance')
    .all<{ chatId: string }>('busy_chats', { bot: run.botId, run: run.runId, now: time.now, spacing: CHAT_SPACING_MS });
  const operations = request.operations === null ? null : JSON.stringify(request.operations);
  const busyChats = new Set(busy.map((row) => row.chatId));
  const claiming: Claiming = { ...turn, operations, busyChats, skipped, ancestry: openAncestry(session) };
  const again = claimAgain(session, claiming);
  const claimed = claim(session, claiming, again === null ? request.want : 0);
  return { answer: 'claimed', now: time.now, notices: again ?? claimed.notices, skipped, nextDue: claimed.nextDue };
}
