import type { RunSummary } from '../core/summary.ts';
import type { RunApp } from './context.ts';

/** Writes the run's end and unlocks; a word that came meanwhile makes the run open anew. */
export async function finish(app: RunApp, summary: RunSummary, servedWakeNo: number): Promise<{ readonly again: boolean }> {
  const answer = await app.ledger.finishRun({ exitCode: summary.exitCode, summary: JSON.stringify(summary) }, servedWakeNo);
  app.journal.tell('run_finished', {
    run: summary.runId,
    exit: summary.exitCode,
    delivered: summary.sent.delivered,
    inDoubt: summary.sent.inDoubt,
    invited: summary.invited.accepted,
    smsInDoubt: summary.invited.inDoubt,
    again: answer.again,
  });
  return answer;
}
