import { EXIT } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import type { Instant } from '../core/glossary.ts';
import { addInvited, NOBODY_INVITED } from '../core/invited-sum.ts';
import type { InvitedSum } from '../core/invited-sum.ts';
import type { Finding } from '../core/settings.ts';
import { addSent, addTask, NOTHING_PULLED, NOTHING_SENT } from '../core/summary.ts';
import type { PulledSum, SentSum, TaskSum } from '../core/summary.ts';
import { commonSettings } from './common.ts';
import { remainingMs, unsavedSilence } from './context.ts';
import type { HeldRun, RunApp, ServedReport, StepReport } from './context.ts';
import { deliver } from './deliver.ts';
import type { Ended } from './deliver.ts';
import { invite } from './invite.ts';
import { mirrorNotes, readNotes } from './notes.ts';
import { plan } from './plan.ts';
import { isOrdinary, wokenRequest } from './request.ts';
import type { RunRequest } from './request.ts';
import { addPulled, pullUpdates } from './pull.ts';
import type { PullTurn } from './subscribe.ts';

interface Serving {
  readonly app: RunApp;
  request: RunRequest;
  readonly held: HeldRun;
  pulled: PulledSum;
  tasks: readonly TaskSum[];
  sent: SentSum;
  invited: InvitedSum;
  codes: ExitCode[];
  findings: Finding[];
  wakeNo: number;
  since: PullTurn['since'];
  readonly answered: Set<string>;
  /** The newest event that nobody has served, and until when (monotonic) its operation may still come. */
  eventAt: Instant | null;
  lingerTo: number | null;
}

/**
 * Everything a run does while it holds the lock: judge what the dead left, learn who subscribed, plan, deliver, and look again while words come.
 */
export async function serve(
  app: RunApp,
  request: RunRequest,
  turn: { readonly held: HeldRun; readonly before: ServedReport | null },
): Promise<ServedReport> {
  const { held, before } = turn;
  const serving: Serving = {
    app,
    request,
    held,
    pulled: before?.pulled ?? NOTHING_PULLED,
    tasks: before?.tasks ?? [],
    sent: before?.sent ?? NOTHING_SENT,
    invited: before?.invited ?? NOBODY_INVITED,
    codes: [...(before?.codes ?? [])],
    findings: [...(before?.findings ?? [])],
    wakeNo: held.opened.wakeNo,
    since: { offset: held.opened.offset, polledAt: held.opened.polledAt },
    answered: new Set(),
    eventAt: null,
    lingerTo: null,
  };
  let onWake = before !== null || held.opened.eventAt !== null;
  for (;;) {
    const ended = await look(serving, onWake);
    if (ended === 'lock_lost') return loseLock(serving);
    if (!(await looksAgain(serving, ended))) break;
    onWake = true;
    serving.request = wokenRequest(serving.request);
  }
  if (app.signal.aborted) told(serving, { codes: [EXIT.interrupted], findings: [{ code: 'interrupted', args: {} }] });
  await writeNotes(serving);
  return (await saveSilence(serving)) === 'lock_lost' ? loseLock(serving) : report(serving, 'done');
}

function loseLock(serving: Serving): ServedReport {
  told(serving, { codes: [EXIT.database], findings: [{ code: 'lock_lost', args: {} }] });
  return report(serving, 'lock_lost');
}

function told(serving: Serving, { codes, findings }: StepReport): void {
  serving.codes.push(...codes);
  serving.findings.push(...findings);
}

/** One look: from the dead's rows to the last notice that can be sent now. */
async function look(serving: Serving, onWake: boolean): Promise<Ended> {
  const { app, request, held } = serving;
  const [first] = request.tasks;
  if (first === undefined) return 'empty';
  await hearWords(serving);
  await judgeTheDead(serving);
  if (request.kind === 'mark_only')
    return (await planAll(serving, { onWake, knowsSubscribers: true })) === 'lock_lost' ? 'lock_lost' : 'empty';
  const paused = held.opened.pausedUntil !== null && held.opened.pausedUntil > held.opened.now;
  // Before the guests' own words: a /stop must end what a note says of its chat too, and a link outweighs a note.
  const notes = await readNotes(app, first.subscriptions);
  serving.findings.push(...notes.findings);
  if (notes.answer === 'lock_lost') return 'lock_lost';
  const pull = await pullUpdates(app, request, { held, since: serving.since, mayReply: !paused, answered: serving.answered });
  serving.since = pull.since;
  serving.pulled = addPulled(serving.pulled, pull.sum);
  told(serving, pull);
  if (pull.next === 'lock_lost') return 'lock_lost';
  if (pull.next === 'stop') return 'unreachable';
  const planned = await planAll(serving, { onWake, knowsSubscribers: pull.next === 'go' });
  if (planned === 'lock_lost') return 'lock_lost';
  if (paused) {
    serving.findings.push({ code: 'paused', args: { until: '' } });
    return 'empty';
  }
  const delivered = await deliver(app, request, { held, planned, servedWakeNo: serving.wakeNo, lookAt: nextLookAt(serving) });
  serving.sent = addSent(serving.sent, delivered.sent);
  told(serving, delivered);
  // Only who knows who subscribed may invite, and only when everybody else has been told: so an outage of Telegram never becomes a storm of SMS.
  return pull.next === 'go' && (delivered.ended === 'empty' || delivered.ended === 'waiting')
    ? inviteAll(serving, delivered.ended)
    : delivered.ended;
}

async function inviteAll(serving: Serving, delivered: Ended): Promise<Ended> {
  const { app, held, request, wakeNo } = serving;
  const invited = await invite(app, request, { held, servedWakeNo: wakeNo });
  serving.invited = addInvited(serving.invited, invited.sum);
  told(serving, invited);
  if (invited.ended === 'time') told(serving, { codes: [EXIT.done], findings: [{ code: 'time_limit', args: {} }] });
  return invited.ended === 'done' ? delivered : invited.ended;
}

/** Words are read before anything is looked at: what comes later finds a number that this look hasn't served. */
async function hearWords(serving: Serving): Promise<void> {
  const words = await serving.app.ledger.readWords();
  serving.wakeNo = Math.max(serving.wakeNo, words.wakeNo);
  await hearEvent(serving, words.eventAt);
}

/** From its first sight on the wait is measured by the clock that no one sets back. */
async function hearEvent(serving: Serving, eventAt: Instant | null): Promise<void> {
  if (eventAt === null || eventAt === serving.eventAt) return;
  const { app, request } = serving;
  const { lingerMs } = commonSettings(request.tasks);
  const { now } = await app.ledger.readClock();
  serving.eventAt = eventAt;
  serving.lingerTo = app.clock.monotonic() + Math.min(lingerMs, Math.max(0, eventAt + lingerMs - now));
}

async function judgeTheDead(serving: Serving): Promise<void> {
  const { app, request } = serving;
  const { inDoubt, repeatAfterMs, requestTimeoutMs } = commonSettings(request.tasks);
  const { orphaned, orphanedInvitations } = await app.ledger.recover({ inDoubt, repeatAfterMs, requestTimeoutMs });
  if (orphaned + orphanedInvitations === 0) return;
  serving.sent = addSent(serving.sent, { orphaned });
  serving.invited = addInvited(serving.invited, { orphaned: orphanedInvitations });
  serving.codes.push(EXIT.doubt);
  app.journal.warn('orphans', { orphaned, invitations: orphanedInvitations });
}

/** Plans every task in turn; answers how many operations were planned. */
async function planAll(
  serving: Serving,
  turn: { readonly onWake: boolean; readonly knowsSubscribers: boolean },
): Promise<number | 'lock_lost'> {
  const { request } = serving;
  let planned = 0;
  let left = request.limit;
  for (const settings of request.tasks.filter((task) => request.asked.includes(task.id))) {
    const one = await plan(serving.app, request, { settings, ...turn, limit: left });
    if (one.answer === 'lock_lost') return 'lock_lost';
    planned += one.sum.planned;
    if (left !== null) left = Math.max(0, left - one.sum.notices);
    serving.tasks = addTask(serving.tasks, one.sum);
    told(serving, one);
  }
  return planned;
}

/**
 * Whether another look is due, after waiting for it. A wake row's operation may commit after its event: whoever found one looks again until a while
 * after the newest. And whoever was asked for something else (a past, one guest, one task) does what the event asks for when that is done.
 */
async function looksAgain(serving: Serving, ended: Ended): Promise<boolean> {
  const { app, held, request } = serving;
  if (ended === 'look') return true;
  if ((ended !== 'empty' && ended !== 'waiting') || request.kind === 'mark_only' || app.signal.aborted) return false;
  await hearEvent(serving, (await app.ledger.readWords()).eventAt);
  if (serving.eventAt !== null && !isOrdinary(request)) return true;
  const at = nextLookAt(serving);
  if (at === null) return false;
  const wait = at - app.clock.monotonic();
  if (wait > remainingMs(held, app.clock)) return false;
  await app.clock.sleep(wait, app.signal);
  return !app.signal.aborted;
}

/** Monotonic time of the next look while the run lingers; null when it doesn't. */
function nextLookAt({ app, request, lingerTo }: Serving): number | null {
  const now = app.clock.monotonic();
  return request.kind !== 'since_last' || lingerTo === null || now >= lingerTo ? null : Math.min(now + LINGER_STEP_MS, lingerTo);
}

/** Also the anti-spin time of getUpdates: a look in between would learn nothing new of subscriptions. */
const LINGER_STEP_MS = 4_000;

/** A silence met while nothing was sent (a poll's, a reply's) must outlive this process like any other. */
async function saveSilence({ app, held, request }: Serving): Promise<'saved' | 'lock_lost'> {
  const quietUntil = await unsavedSilence(app, held.silence);
  if (quietUntil === null) return 'saved';
  const record = {
    ...commonSettings(request.tasks).claim,
    claimId: app.newId(),
    finished: [],
    want: 0,
    customers: null,
    operations: null,
    quietUntil,
  };
  if ((await app.ledger.advance(record)).answer === 'lock_lost') return 'lock_lost';
  held.silence.unsaved = false;
  return 'saved';
}

async function writeNotes(serving: Serving): Promise<void> {
  const { app, request } = serving;
  const [first] = request.tasks;
  if (first === undefined || request.kind === 'mark_only') return;
  serving.findings.push(...(await mirrorNotes(app, first.subscriptions)));
}

function report(serving: Serving, ended: 'done' | 'lock_lost'): ServedReport {
  const { held, pulled, tasks, sent, invited, codes, findings, wakeNo } = serving;
  return { pulled, tasks, sent: { ...sent, waiting: held.waiting.size }, invited, codes, findings, wakeNo, ended };
}
