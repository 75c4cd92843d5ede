import type { Keyring } from '../ports/host.ts';
import type { OpenAnswer, Runner } from '../ports/opening.ts';
import type { RunApp } from './context.ts';
import { keysKnownAs } from './known-keys.ts';
import type { RunRequest } from './request.ts';

/** How long a backfill by hand waits for the bot's lock, and how often it asks. */
const LOCK_WAIT_MS = 5 * 60_000;
const LOCK_ASK_MS = 1_000;

/**
 * Leaves a word, takes the lock and has place, key and past checked. A run that finds the lock taken leaves at once, as the holder will
 * see its word; only a backfill by hand waits. The host's memory is written before anything can be sent. Answers the keys to go on with: those
 * of a rotation that was broken off, where the ledger knows them already.
 */
export async function open(
  app: RunApp,
  request: RunRequest,
): Promise<{ readonly answer: OpenAnswer; readonly runner: Runner; readonly keys: Keyring }> {
  const until = app.clock.monotonic() + LOCK_WAIT_MS;
  let words = request.asked;
  let { keys } = app;
  for (;;) {
    const runner = makeRunner({ ...app, keys }, request);
    const answer = await app.ledger.openRun(runner, words);
    if (answer.answer === 'opened') {
      app.memory.remember(request.botId, { runNo: answer.runNo, runId: runner.runId });
      app.journal.tell('run_opened', { run: runner.runId, runNo: answer.runNo, bot: request.botId });
      return { answer, runner, keys };
    }
    const known = answer.answer === 'other_key' ? keysKnownAs(keys, answer.expected) : null;
    if (known !== null && known !== keys) {
      keys = known;
      continue;
    }
    if (answer.answer !== 'busy' || request.kind !== 'since' || app.signal.aborted || app.clock.monotonic() >= until)
      return { answer, runner, keys };
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
