import type { OpenAnswer, Runner } from '../ports/opening.ts';
import type { RunApp } from './context.ts';
import type { RunRequest } from './request.ts';

/** How long a backfill by hand waits for the bot's lock, and how often it asks. */
const LOCK_WAIT_MS = 5 * 60_000;
const LOCK_ASK_MS = 1_000;

/**
 * Leaves a word, takes the lock and has place, key and past checked. A run that finds the lock taken leaves at once, as the holder will
 * see its word; only a backfill by hand waits. The host's memory is written before anything can be sent.
 */
export async function open(app: RunApp, request: RunRequest): Promise<{ readonly answer: OpenAnswer; readonly runner: Runner }> {
  const until = app.clock.monotonic() + LOCK_WAIT_MS;
  let words = request.asked;
  for (;;) {
    const runner = makeRunner(app, request);
    const answer = await app.ledger.openRun(runner, words);
    if (answer.answer === 'opened') {
      app.memory.remember(request.botId, { runNo: answer.runNo, runId: runner.runId });
      app.journal.tell('run_opened', { run: runner.runId, runNo: answer.runNo, bot: request.botId });
      return { answer, runner };
    }
    if (answer.answer !== 'busy' || request.kind !== 'since' || app.signal.aborted || app.clock.monotonic() >= until)
      return { answer, runner };
    // One word is enough: with a new one each second the holder would look again and again, and never be done with its own.
    if (answer.holder !== null) words = [];
    await app.clock.sleep(LOCK_ASK_MS, app.signal);
  }
}

function makeRunner(app: RunApp, request: RunRequest): Runner {
  return {
    runId: app.newId(),
    botId: request.botId,
    host: app.host,
    pid: app.pid,
    keyFingerprint: app.keys.fingerprint,
    remembered: app.memory.recall(request.botId),
    startedBy: request.kind,
  };
}
