import type { RunSummaryRow } from '../ports/ledger.ts';
import { firstRow } from './rows.ts';
import { askHolder } from './session.ts';
import type { RunSession } from './session.ts';

/** Ends the run, unlocks, and only then asks for newer words; one procedure, so that nothing can come between. */
export async function finishRun(session: RunSession, summary: RunSummaryRow, servedWakeNo: number): Promise<{ readonly again: boolean }> {
  const sets = await askHolder(session, 'finish_run', { exit_code: summary.exitCode, summary: summary.summary, served: servedWakeNo });
  session.run = null;
  return { again: sets === 'lock_lost' ? false : (firstRow<{ again: boolean }>(sets)?.again ?? false) };
}

/** Lets go of the lock; a run that wasn't finished before is seen as dead by the next. */
export async function releaseRun(session: RunSession): Promise<void> {
  const { run } = session;
  session.run = null;
  // A connection that has failed holds nothing any more.
  if (run !== null) await session.connection.callProcedure('release_run', { bot_id: run.botId }).catch(() => {});
}

export async function confirm(session: RunSession): Promise<'held' | 'lost'> {
  const sets = await askHolder(session, 'confirm', {});
  return sets !== 'lock_lost' && firstRow<{ answer: string }>(sets)?.answer === 'held' ? 'held' : 'lost';
}
