import { EXIT } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import { bookPace, paceWaitMs } from '../core/pace.ts';
import { PROBE_PAUSES_MS } from '../core/retry.ts';
import type { Finding, TaskSettings } from '../core/settings.ts';
import { addSent, NOTHING_SENT } from '../core/summary.ts';
import type { SentSum } from '../core/summary.ts';
import { addWall } from '../core/wall-time.ts';
import type { AdvanceAnswer, AdvanceRequest, FinishedNotice } from '../ports.ts';
import { judgeBatch } from './batch.ts';
import { keepSilence, LEASE_MS, remainingMs } from './context.ts';
import type { HeldRun, RunApp, StepReport } from './context.ts';
import { narrowedCustomers } from './look.ts';
import type { RunRequest } from './request.ts';
import { send } from './send.ts';

/** Between two looks for a newer word while a long delivery goes on. */
const WORDS_EVERY_MS = 5_000;
/** So many refusals of ours in a row mean that the text or the rights are wrong for everybody. */
const OUR_REFUSALS_LIMIT = 3;
/** Below this, recording and claiming share one commit; above it, outcomes are made durable before the wait. */
const RECORD_FIRST_MS = 25;

/** Why delivering stopped: nothing left, a newer word came, or something in the way. */
export type Ended = 'empty' | 'word' | 'time' | 'interrupted' | 'unreachable' | 'limited' | 'unusable' | 'refused' | 'lock_lost';

export interface Delivered extends StepReport {
  readonly sent: SentSum;
  readonly ended: Ended;
}

interface Way {
  readonly app: RunApp;
  readonly request: RunRequest;
  readonly held: HeldRun;
  readonly settings: ReadonlyMap<string, TaskSettings>;
  sent: SentSum;
  /** Outcomes not yet in the ledger. */
  finished: readonly FinishedNotice[];
  ourRefusals: number;
  planned: number;
}

/**
 * Claims and sends until nothing is left: a batch is what is on the wire at once, its outcomes and the next claim are one commit. One 429 stops
 * everything; after an unknown outcome nothing is claimed until Telegram answers `getMe`.
 */
export async function deliver(app: RunApp, request: RunRequest, turn: { readonly held: HeldRun; readonly planned: number; readonly servedWakeNo: number }): Promise<Delivered> {
  const { held } = turn;
  const way: Way = {
    app,
    request,
    held,
    settings: new Map(request.tasks.map((task) => [task.id, task])),
    sent: NOTHING_SENT,
    finished: [],
    ourRefusals: 0,
    planned: turn.planned,
  };
  let wordsAt = app.clock.monotonic();
  for (;;) {
    const stop = await waitForTurn(way);
    if (stop !== null) return end(way, stop);
    if (app.clock.monotonic() - wordsAt >= WORDS_EVERY_MS) {
      wordsAt = app.clock.monotonic();
      if ((await app.ledger.readWords()).wakeNo > turn.servedWakeNo) return end(way, 'word');
    }
    const concurrency = request.tasks[0]?.telegram.concurrency ?? 1;
    const asked = app.clock.monotonic();
    const answer = await advance(way, concurrency);
    if (answer.answer === 'lock_lost') return { ...tell(way), ended: 'lock_lost' };
    if (answer.notices.length === 0) {
      const next = await waitForDue(way, answer);
      if (next !== null) return end(way, next);
      continue;
    }
    const halted = await sendBatch(way, answer, asked);
    if (halted !== null) return end(way, halted);
  }
}

/** Null = go on. Waits for Telegram's silence and for the pace; before any wait, what is finished is made durable. */
async function waitForTurn(way: Way): Promise<Ended | null> {
  const { clock, signal } = way.app;
  for (;;) {
    if (signal.aborted) return 'interrupted';
    if (remainingMs(way.held, clock) <= 0) return 'time';
    if (way.ourRefusals >= OUR_REFUSALS_LIMIT) return 'refused';
    const now = clock.monotonic();
    const quiet = way.held.silence.until - now;
    if (quiet > remainingMs(way.held, clock)) return 'limited';
    const wait = Math.max(quiet, paceWaitMs(way.held.pace, now));
    if (wait <= 0) return null;
    if (wait > RECORD_FIRST_MS && way.finished.length > 0 && (await advance(way, 0)).answer === 'lock_lost') return 'lock_lost';
    await clock.sleep(wait, signal);
  }
}

/** Nothing could be claimed now: waits until the next row is due, or says why not. */
async function waitForDue(way: Way, answer: Extract<AdvanceAnswer, { answer: 'claimed' }>): Promise<Ended | null> {
  if (answer.nextDue === null) return 'empty';
  const wait = Math.max(1, answer.nextDue - answer.now);
  if (wait > remainingMs(way.held, way.app.clock)) return 'time';
  await way.app.clock.sleep(Math.min(wait, WORDS_EVERY_MS), way.app.signal);
  return null;
}

async function advance(way: Way, want: number): Promise<AdvanceAnswer> {
  const { app, request } = way;
  const [first] = request.tasks;
  const testMode = request.tasks.every((task) => task.mode === 'test');
  const wish: AdvanceRequest = {
    claimId: app.newId(),
    finished: way.finished,
    want,
    customers: first !== undefined && testMode ? narrowedCustomers(first, request) : request.customers,
    operations: request.operations,
    digestGapMs: first?.notice.digestGapMs ?? 0,
    digestWaitMs: first?.notice.digestWaitMs ?? 0,
    timeToLiveMs: first?.run.timeToLiveMs ?? 0,
    balance: first?.notice.balance ?? 'off',
    quietUntil: way.held.silence.unsaved,
  };
  const answer = await app.ledger.advance(wish);
  if (answer.answer === 'lock_lost') return answer;
  way.finished = [];
  way.held.silence.unsaved = null;
  way.sent = addSent(way.sent, { skipped: answer.skipped });
  return answer;
}

/** Sends the batch at once; answers why delivering must end, or null. */
async function sendBatch(way: Way, answer: Extract<AdvanceAnswer, { answer: 'claimed' }>, askedAt: number): Promise<Ended | null> {
  const { app, held } = way;
  const { clock } = app;
  let halted = false;
  // Checked when the socket stands, just before the first byte: the lease by the clock that a stopped process can't fool.
  const mayBegin = (): boolean => !halted && !app.signal.aborted && clock.monotonic() - askedAt <= LEASE_MS;
  bookPace(held.pace, answer.notices.length, clock.monotonic());
  const at = { now: answer.now, wallNow: addWall(held.opened.wallNow, answer.now - held.opened.now) };
  const finished = await Promise.all(
    answer.notices.map(async (notice) => {
      const settings = way.settings.get(notice.taskId) ?? way.request.tasks[0];
      if (settings === undefined) throw new Error(`claimed for task ${notice.taskId}, which this run doesn't know`);
      const one = await send(app, { notice, settings, at }, mayBegin);
      if (one.outcome.outcome === 'retry' && one.outcome.code !== 'not_begun') halted = true;
      return one;
    }),
  );
  const judged = judgeBatch(answer.notices, finished);
  way.finished = finished;
  way.sent = addSent(way.sent, judged.sent);
  way.ourRefusals = judged.ourRefusals === finished.length ? way.ourRefusals + judged.ourRefusals : judged.ourRefusals;
  app.progress({ step: 'deliver', done: way.sent.operations, of: way.planned });
  for (const one of finished) if (one.outcome.outcome !== 'delivered') app.journal.warn('notice', { attempt: one.attemptNo, outcome: one.outcome.outcome, code: one.outcome.code });
  if (judged.quietUntil !== null) keepSilence(held.silence, judged.quietUntil, clock);
  if (judged.unusable) return 'unusable';
  if (judged.unreachable) return 'unreachable';
  return judged.inDoubt ? probe(way) : null;
}

/** After an unknown outcome: is Telegram there at all? So an outage leaves at most one batch in doubt. */
async function probe(way: Way): Promise<Ended | null> {
  const { app } = way;
  if ((await advance(way, 0)).answer === 'lock_lost') return 'lock_lost';
  for (const pause of PROBE_PAUSES_MS) {
    if (app.signal.aborted) return 'interrupted';
    if (pause > remainingMs(way.held, app.clock)) return 'unreachable';
    if (pause > 0) await app.clock.sleep(pause, app.signal);
    const identity = await app.channel.identify();
    if (identity.answer === 'bot') return null;
    if (identity.answer === 'unusable') return 'unusable';
    if (identity.answer === 'limited') {
      keepSilence(way.held.silence, identity.until, app.clock);
      return null;
    }
  }
  return 'unreachable';
}

async function end(way: Way, ended: Ended): Promise<Delivered> {
  const lost = ended === 'lock_lost' || ((way.finished.length > 0 || way.held.silence.unsaved !== null) && (await advance(way, 0)).answer === 'lock_lost');
  return { ...tell(way), ...(lost ? { ended: 'lock_lost' } : withEnd(way, ended)) };
}

function tell(way: Way): Omit<Delivered, 'ended'> {
  const codes: ExitCode[] = way.sent.inDoubt > 0 || way.sent.refusedOurs > 0 ? [EXIT.doubt] : [];
  return { sent: way.sent, codes, findings: [] };
}

const ENDINGS: Readonly<Partial<Record<Ended, { readonly code: ExitCode; readonly finding: string }>>> = {
  time: { code: EXIT.done, finding: 'time_limit' },
  interrupted: { code: EXIT.interrupted, finding: 'interrupted' },
  unreachable: { code: EXIT.unreachable, finding: 'telegram_unreachable' },
  limited: { code: EXIT.unreachable, finding: 'telegram_limited' },
  unusable: { code: EXIT.account, finding: 'telegram_unusable' },
  refused: { code: EXIT.doubt, finding: 'notices_refused' },
};

function withEnd(way: Way, ended: Ended): Pick<Delivered, 'ended' | 'codes' | 'findings'> {
  const ending = ENDINGS[ended];
  const { codes } = tell(way);
  const args: Finding['args'] = ended === 'limited' ? { seconds: Math.ceil((way.held.silence.until - way.app.clock.monotonic()) / 1000) } : {};
  return ending === undefined ? { ended, codes, findings: [] } : { ended, codes: [...codes, ending.code], findings: [{ code: ending.finding, args }] };
}
