import type { Instant } from '../core/glossary.ts';
import type { PlanChunk, PlanCursor, PlanQuery, WatermarkMove } from '../ports/plan.ts';
import { candidateValues, choose } from './candidates.ts';
import { planHead } from './plan-head.ts';
import type { VerdictRow } from './plan-head.ts';
import { asHolder } from './session.ts';
import type { RunSession, Session } from './session.ts';

export interface PlanRequest {
  readonly query: PlanQuery;
  readonly after: PlanCursor | null;
  readonly limit: number | null;
  readonly move: WatermarkMove | null;
}

/** Brings at most one chunk of the look into the ledger; the last one moves the task in the same transaction. */
export function plan(session: RunSession, request: PlanRequest): PlanChunk | { readonly answer: 'lock_lost' } {
  const next = gather(session, request);
  const chunk = asHolder(session, (_run, { now }) => write(session, request, { now, next }));
  return chunk === 'lock_lost' ? { answer: 'lock_lost' } : chunk;
}

/** Answers where the next chunk begins, or null when this one reaches the look's end. */
function gather(session: Session, { query, after }: PlanRequest): PlanCursor | null {
  choose(session, query);
  const statements = session.find('plan');
  statements.run('make');
  statements.run('clear');
  // One row more than the chunk tells whether there is another.
  statements.run('gather', { ...candidateValues(query, after), limit: session.chunkRows + 1 });
  const last = statements.get<PlanCursor>('row', { seq: session.chunkRows });
  return statements.run('cut', { seq: session.chunkRows + 1 }) === 0 ? null : (last ?? null);
}

function write(session: Session, request: PlanRequest, chunk: { readonly now: Instant; readonly next: PlanCursor | null }): PlanChunk {
  const { query, after, move } = request;
  const { now } = chunk;
  const bot = query.botId;
  const task = query.taskId;
  const statements = session.find('plan');
  statements.run('drop_known', { bot });
  statements.run('count_notices', { bot, task, gapMs: query.digestGapMs, afterDate: after?.date ?? '' });
  const limited = cutAtLimit(session, request.limit);
  const verdicts = statements.all<VerdictRow>('head');
  const last = statements.get<PlanCursor>('last') ?? null;
  const inviting = Number(query.inviting);
  statements.run('add', { bot, task, now, inviting });
  if (query.revive) statements.run('revive', { task, now, inviting });
  const next = limited ? null : chunk.next;
  if (move !== null && next === null) {
    if (limited) moveLimited(session, request, last ?? after);
    else statements.run('move', { bot, task, ...move, firstLookDone: Number(move.firstLookDone) });
  }
  return { answer: 'planned', head: planHead(verdicts), next, last: last ?? after };
}

/** Leaves the rows from the first notice that is one too many. */
function cutAtLimit(session: Session, limit: number | null): boolean {
  if (limit === null) return false;
  const statements = session.find('plan');
  const beyond = statements.get<{ seq: number | null }>('first_beyond', { notices: limit })?.seq ?? null;
  return beyond !== null && statements.run('cut', { seq: beyond }) > 0;
}

function moveLimited(session: Session, { query, move }: PlanRequest, last: PlanCursor | null): void {
  if (move === null || last === null) return;
  session.find('plan').run('move_limited', { bot: query.botId, task: query.taskId, watermark: move.watermark, lastDate: last.date });
}
