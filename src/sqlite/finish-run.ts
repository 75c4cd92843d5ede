import type { RunSummaryRow } from '../ports/ledger.ts';
import { asHolder } from './session.ts';
import type { RunSession } from './session.ts';

/**
 * Ends the run, unlocks, and only then asks for newer words. A word made before the unlocking is seen here; one made after it finds the lock
 * free. Without the lock nothing is written, and whoever has it sees the words.
 */
export function finishRun(session: RunSession, summary: RunSummaryRow, servedWakeNo: number): { readonly again: boolean } {
  const botId = asHolder(session, (run, { now }) => {
    const statements = session.find('finish_run');
    statements.run('serve_words', { bot: run.botId, served: servedWakeNo, now });
    statements.run('finish', { runNo: run.runNo, now, exitCode: summary.exitCode, summary: summary.summary });
    return { botId: run.botId };
  });
  releaseRun(session);
  if (botId === 'lock_lost') return { again: false };
  const words = session.find('read_words').get<{ newer: number }>('newer', { bot: botId.botId, served: servedWakeNo });
  return { again: words?.newer === 1 };
}

/** Lets go of the lock; a run that wasn't finished before is seen as dead by the next. */
export function releaseRun(session: RunSession): void {
  session.run?.lock.release();
  session.run = null;
}

export function confirm(session: RunSession): 'held' | 'lost' {
  const answer = asHolder(session, (run, { now }) => {
    session.find('confirm').run('beat', { runNo: run.runNo, now });
    return 'held' as const;
  });
  return answer === 'held' ? 'held' : 'lost';
}
