import { EXIT } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import { paceWaitMs } from '../core/pace.ts';
import { PROBE_PAUSES_MS } from '../core/retry.ts';
import type { Finding, TaskSettings } from '../core/settings.ts';
import { addSent, NOTHING_SENT } from '../core/summary.ts';
import type { SentSum } from '../core/summary.ts';
import type { AdvanceAnswer, FinishedNotice } from '../ports/deliveries.ts';
import { judgeBatch, noteWaiting } from './batch.ts';
import { commonSettings } from './common.ts';
import type { CommonSettings } from './common.ts';
import { keepSilence, remainingMs, unsavedSilence } from './context.ts';
import type { HeldRun, RunApp, StepReport } from './context.ts';
import { beginCalls } from './begin-calls.ts';
import type { CallEnd } from './begin-calls.ts';
import { allowedCustomers } from './look.ts';
import type { RunRequest } from './request.ts';
import { createWire } from './wire.ts';
import type { Wire } from './wire.ts';

/** Between two looks for a newer word while a long delivery goes on; nobody sleeps longer than this at a time. */
const WORDS_EVERY_MS = 5_000;
/** So many refusals of ours in a row mean that the text or the rights are wrong for everybody. */
const OUR_REFUSALS_LIMIT = 3;
/** Below this, recording and claiming share one commit; above it, outcomes are made durable before the wait. */
const RECORD_FIRST_MS = 25;

/**
 * Why delivering stopped. empty: nothing is left · waiting: what is left can't go before the run's end · look: a newer word has come, or it is time for
 * another look · the rest is something in the way.
 */
export type Ended =
  | 'empty'
  | 'waiting'
  | 'look'
  | 'time'
  | 'interrupted'
  | 'unreachable'
  | 'limited'
  | 'unusable'
  | 'refused'
  | 'lock_lost';

export interface Delivered extends StepReport {
  readonly sent: SentSum;
  readonly ended: Ended;
}

export interface DeliverTurn {
  readonly held: HeldRun;
  /** Operations that this look has planned, for the progress. */
  readonly planned: number;
  readonly servedWakeNo: number;
  /** Monotonic time of the next look that a wake row asks for; null = none. */
  readonly lookAt: number | null;
}

interface Way extends DeliverTurn {
  readonly app: RunApp;
  readonly request: RunRequest;
  readonly common: CommonSettings;
  readonly settings: ReadonlyMap<string, TaskSettings>;
  readonly wire: Wire<CallEnd>;
  /** Something went wrong: what has not begun doesn't begin any more, until the wire is empty. */
  halted: boolean;
  /** Nothing is claimed until the wire is empty. */
  draining: boolean;
  /** An unknown outcome, or no connection: whether Telegram is there must be asked. */
  doubtful: boolean;
  wordsAt: number;
  sent: SentSum;
  /** Outcomes not yet in the ledger. */
  finished: readonly FinishedNotice[];
  ourRefusals: number;
}

/**
 * Claims and sends until nothing is left. A batch is what is on the wire at once; a large one is claimed in parts, each when as many calls have
 * ended, so that the wire doesn't wait for the slowest. Outcomes and the next claim are one commit. Whatever goes wrong empties the wire first:
 * one 429 stops everything; after an unknown outcome nothing is claimed until Telegram answers `getMe`, which isn't asked either while Telegram wants
 * silence.
 */
export async function deliver(app: RunApp, request: RunRequest, turn: DeliverTurn): Promise<Delivered> {
  const settings = new Map(request.tasks.map((task) => [task.id, task]));
  const common = commonSettings(request.tasks);
  const way: Way = {
    ...turn,
    app,
    request,
    common,
    settings,
    wire: createWire(),
    halted: false,
    draining: false,
    doubtful: false,
    wordsAt: app.clock.monotonic(),
    sent: NOTHING_SENT,
    finished: [],
    ourRefusals: 0,
  };
  try {
    let ended: Ended | null = null;
    while (ended === null) ended = await goOn(way);
    return await end(way, (await empty(way)) ?? ended);
  } catch (error) {
    way.halted = true;
    await way.wire.until(0);
    takeEnded(way);
    await saveOutcomes(way);
    throw error;
  }
}

/** One claim, or one pause; null = go on. */
async function goOn(way: Way): Promise<Ended | null> {
  const { app, held, wire } = way;
  const { clock } = app;
  const { pace } = held;
  const stop = (await makeRoom(way)) ?? findObstacle(way) ?? (await findNewLook(way));
  if (stop !== null) return stop;
  const wait = Math.max(held.silence.until - clock.monotonic(), paceWaitMs(pace, clock.monotonic()));
  if (wait === Number.POSITIVE_INFINITY) {
    await wire.until(wire.size - 1);
    return null;
  }
  if (wait > 0) return rest(way, wait);
  const gone = await clearDoubt(way);
  if (gone !== null) return gone;
  const askedAt = clock.monotonic();
  const answer = await advance(way, pace.part);
  if (answer.answer === 'lock_lost') {
    way.halted = true;
    return 'lock_lost';
  }
  beginCalls(way, answer, askedAt);
  // Fewer than wanted: what else is due is known when the chats on the wire are free again.
  way.draining = answer.notices.length < pace.part;
  if (wire.size > 0) return null;
  if (answer.nextDue === null) return 'empty';
  const due = Math.max(1, answer.nextDue - answer.now);
  return due > remainingMs(held, clock) ? 'waiting' : rest(way, due);
}

/** Waits until a part has room on the wire, and weighs what has ended; answers why delivering must end, or null. */
async function makeRoom(way: Way): Promise<Ended | null> {
  const { wire, held } = way;
  do {
    await wire.until(way.draining ? 0 : held.pace.batch - held.pace.part);
    const unusable = weigh(way);
    if (unusable !== null) return unusable;
  } while (way.draining && wire.size > 0);
  if (!way.draining) return null;
  way.draining = false;
  way.halted = false;
  return clearDoubt(way);
}

/** A doubt that met a silence waits for its end: a 429 came from a Telegram that is there. */
async function clearDoubt(way: Way): Promise<Ended | null> {
  const { app, held } = way;
  if (!way.doubtful || held.silence.until > app.clock.monotonic()) return null;
  way.doubtful = false;
  return probe(way);
}

async function empty(way: Way): Promise<Ended | null> {
  way.draining = true;
  return makeRoom(way);
}

function findObstacle({ app, held, ourRefusals }: Way): Ended | null {
  const left = remainingMs(held, app.clock);
  if (app.signal.aborted) return 'interrupted';
  if (left <= 0) return 'time';
  if (ourRefusals >= OUR_REFUSALS_LIMIT) return 'refused';
  return held.silence.until - app.clock.monotonic() > left ? 'limited' : null;
}

async function findNewLook(way: Way): Promise<'look' | null> {
  const now = way.app.clock.monotonic();
  if (way.lookAt !== null && now >= way.lookAt) return 'look';
  if (now - way.wordsAt < WORDS_EVERY_MS) return null;
  way.wordsAt = now;
  return (await way.app.ledger.readWords()).wakeNo > way.servedWakeNo ? 'look' : null;
}

/** Sleeps, but never past the next look; before any real wait what is finished is made durable. */
async function rest(way: Way, ms: number): Promise<'lock_lost' | null> {
  const { clock, signal } = way.app;
  if (ms > RECORD_FIRST_MS && hasUnsaved(way) && (await advance(way, 0)).answer === 'lock_lost') return 'lock_lost';
  const look = way.lookAt === null ? WORDS_EVERY_MS : Math.max(0, way.lookAt - clock.monotonic());
  await clock.sleep(Math.min(ms, WORDS_EVERY_MS, look), signal);
  return null;
}

function hasUnsaved({ finished, held }: Way): boolean {
  return finished.length > 0 || held.silence.unsaved;
}

async function advance(way: Way, want: number): Promise<AdvanceAnswer> {
  const { app, request, held } = way;
  const answer = await app.ledger.advance({
    ...way.common.claim,
    claimId: app.newId(),
    finished: way.finished,
    want,
    customers: allowedCustomers(request),
    operations: request.operations,
    quietUntil: await unsavedSilence(app, held.silence),
  });
  if (answer.answer === 'lock_lost') return answer;
  way.finished = [];
  held.silence.unsaved = false;
  way.sent = addSent(way.sent, { skipped: answer.skipped });
  return answer;
}

/** Takes over what has ended; a fault in the program ends the run, but not before it is known what its neighbours came to. */
function takeEnded(way: Way): readonly CallEnd[] {
  const ended = way.wire.take();
  way.finished = [...way.finished, ...ended.map(({ finished }) => finished)];
  return ended;
}

function weigh(way: Way): 'unusable' | null {
  const { app, held } = way;
  const ended = takeEnded(way);
  if (ended.length === 0) return null;
  const fault = ended.find((one) => one.fault !== null);
  if (fault !== undefined) throw fault.fault;
  const judged = judgeBatch(ended, way.ourRefusals);
  noteWaiting(held.waiting, ended);
  way.sent = addSent(way.sent, judged.sent);
  way.ourRefusals = judged.ourRefusals;
  app.progress({ step: 'deliver', done: way.sent.operations, of: way.planned });
  for (const { finished } of ended) {
    const { attemptNo, outcome } = finished;
    if (outcome.outcome !== 'delivered') app.journal.warn('notice', { attempt: attemptNo, outcome: outcome.outcome, code: outcome.code });
  }
  if (judged.quietUntil !== null) keepSilence(held.silence, judged.quietUntil, app.clock);
  way.draining ||= way.halted;
  way.doubtful ||= judged.doubtful;
  return judged.unusable ? 'unusable' : null;
}

/** After an unknown outcome, or where no connection came about: is Telegram there at all? So an outage leaves at most one batch in doubt. */
async function probe(way: Way): Promise<Ended | null> {
  const { app, held } = way;
  if ((await advance(way, 0)).answer === 'lock_lost') return 'lock_lost';
  for (const pause of PROBE_PAUSES_MS) {
    if (app.signal.aborted) return 'interrupted';
    if (pause > remainingMs(held, app.clock)) return 'unreachable';
    if (pause > 0) await app.clock.sleep(pause, app.signal);
    const identity = await app.channel.identify();
    if (identity.answer === 'bot') return null;
    if (identity.answer === 'unusable') return 'unusable';
    if (identity.answer === 'limited') {
      keepSilence(held.silence, identity.until, app.clock);
      return null;
    }
  }
  return 'unreachable';
}

async function end(way: Way, ended: Ended): Promise<Delivered> {
  const lost = ended === 'lock_lost' || (hasUnsaved(way) && (await advance(way, 0)).answer === 'lock_lost');
  const { sent } = way;
  const codes: ExitCode[] = sent.inDoubt > 0 || sent.refusedOurs > 0 ? [EXIT.doubt] : [];
  const ending = ENDINGS[ended];
  if (lost) return { sent, codes, findings: [], ended: 'lock_lost' };
  if (ending === undefined) return { sent, codes, findings: [], ended };
  const args: Finding['args'] =
    ended === 'limited' ? { seconds: Math.ceil((way.held.silence.until - way.app.clock.monotonic()) / 1000) } : ending.args;
  return { sent, codes: [...codes, ending.code], findings: [{ code: ending.finding, args }], ended };
}

const ENDINGS: Readonly<Partial<Record<Ended, { readonly code: ExitCode; readonly finding: string; readonly args: Finding['args'] }>>> = {
  waiting: { code: EXIT.done, finding: 'time_limit', args: {} },
  time: { code: EXIT.done, finding: 'time_limit', args: {} },
  interrupted: { code: EXIT.interrupted, finding: 'interrupted', args: {} },
  unreachable: { code: EXIT.unreachable, finding: 'telegram_unreachable', args: { detail: '' } },
  limited: { code: EXIT.unreachable, finding: 'telegram_limited', args: {} },
  unusable: { code: EXIT.account, finding: 'telegram_unusable', args: { detail: '' } },
  refused: { code: EXIT.doubt, finding: 'notices_refused', args: {} },
};

/** The run ends with an exception: what is known of calls already made is worth one more try, or guests are told twice for nothing. */
async function saveOutcomes(way: Way): Promise<void> {
  if (way.finished.length === 0) return;
  const attempts = way.finished.map((one) => one.attemptNo);
  try {
    await advance(way, 0);
  } catch {
    way.app.journal.fail('outcomes_not_saved', { attempts });
  }
}
