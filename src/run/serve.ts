import { EXIT } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import type { Finding } from '../core/settings.ts';
import { addSent, NOTHING_PULLED, NOTHING_SENT } from '../core/summary.ts';
import type { PulledSum, SentSum, TaskSum } from '../core/summary.ts';
import { remainingMs } from './context.ts';
import type { HeldRun, RunApp, ServedReport } from './context.ts';
import { deliver } from './deliver.ts';
import type { Ended } from './deliver.ts';
import { mirrorNotes, readNotes } from './notes.ts';
import { plan } from './plan.ts';
import { wokenRequest } from './request.ts';
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
  codes: ExitCode[];
  findings: Finding[];
  wakeNo: number;
  since: PullTurn['since'];
  readonly answered: Set<string>;
}

/**
 * Everything a run does while it holds the lock: judge what the dead left, learn who subscribed, plan, deliver, and look again while words come.
 */
export async function serve(app: RunApp, request: RunRequest, turn: { readonly held: HeldRun; readonly before: ServedReport | null }): Promise<ServedReport> {
  const { held, before } = turn;
  const serving: Serving = {
    app,
    request,
    held,
    pulled: before?.pulled ?? NOTHING_PULLED,
    tasks: before?.tasks ?? [],
    sent: before?.sent ?? NOTHING_SENT,
    codes: [...(before?.codes ?? [])],
    findings: [...(before?.findings ?? [])],
    wakeNo: held.opened.wakeNo,
    since: { offset: held.opened.offset, polledAt: held.opened.polledAt },
    answered: new Set(),
  };
  let onWake = before !== null || held.opened.eventAt !== null;
  for (;;) {
    const ended = await look(serving, onWake);
    if (ended === 'lock_lost') {
      serving.codes.push(EXIT.database);
      serving.findings.push({ code: 'lock_lost', args: {} });
      return report(serving, 'lock_lost');
    }
    if (ended !== 'word' && !(await lingers(serving, ended))) break;
    onWake = true;
    serving.request = wokenRequest(serving.request);
  }
  await writeNotes(serving);
  return report(serving, 'done');
}

/** One look: from the dead's rows to the last notice that can be sent now. */
async function look(serving: Serving, onWake: boolean): Promise<Ended> {
  const { app, request, held } = serving;
  const [first] = request.tasks;
  if (first === undefined) return 'empty';
  const words = await app.ledger.readWords();
  serving.wakeNo = Math.max(serving.wakeNo, words.wakeNo);
  const { inDoubt, repeatAfterMs } = first.telegram;
  const recovered = await app.ledger.recover({ inDoubt, repeatAfterMs });
  serving.sent = addSent(serving.sent, { orphaned: recovered.orphaned });
  if (recovered.orphaned > 0) {
    serving.codes.push(EXIT.doubt);
    app.journal.warn('orphans', { orphaned: recovered.orphaned });
  }
  if (request.kind === 'mark_only') return (await planAll(serving, { onWake, knowsSubscribers: true })) === 'lock_lost' ? 'lock_lost' : 'empty';
  const paused = held.opened.pausedUntil !== null && held.opened.pausedUntil > held.opened.now;
  const pull = await pullUpdates(app, request, { held, since: serving.since, mayReply: !paused, answered: serving.answered });
  serving.since = pull.since;
  serving.pulled = addPulled(serving.pulled, pull.sum);
  serving.codes.push(...pull.codes);
  serving.findings.push(...pull.findings);
  if (pull.next === 'lock_lost') return 'lock_lost';
  if (pull.next === 'stop') return 'unreachable';
  const notes = await readNotes(app, first.subscriptions);
  if (notes.answer === 'lock_lost') return 'lock_lost';
  serving.findings.push(...notes.findings);
  const planned = await planAll(serving, { onWake, knowsSubscribers: pull.next === 'go' });
  if (planned === 'lock_lost') return 'lock_lost';
  if (paused) {
    serving.findings.push({ code: 'paused', args: { until: '' } });
    return 'empty';
  }
  const delivered = await deliver(app, request, { held, planned, servedWakeNo: serving.wakeNo });
  serving.sent = addSent(serving.sent, delivered.sent);
  serving.codes.push(...delivered.codes);
  serving.findings.push(...delivered.findings);
  return delivered.ended;
}

/** Plans every task in turn; answers how many operations were planned. */
async function planAll(serving: Serving, turn: { readonly onWake: boolean; readonly knowsSubscribers: boolean }): Promise<number | 'lock_lost'> {
  const { request } = serving;
  let planned = 0;
  let left = request.limit;
  for (const settings of request.tasks.filter((task) => request.asked.includes(task.id))) {
    const one = await plan(serving.app, request, { settings, ...turn, limit: left });
    if (one.answer === 'lock_lost') return 'lock_lost';
    planned += one.sum.planned;
    if (left !== null) left = Math.max(0, left - one.sum.notices);
    serving.tasks = [...serving.tasks, one.sum];
    serving.codes.push(...one.codes);
    serving.findings.push(...one.findings);
  }
  return planned;
}

/** A wake row's operation may commit after its event: whoever found one looks again until a while after the newest. */
async function lingers(serving: Serving, ended: Ended): Promise<boolean> {
  const { app, held, request } = serving;
  const lingerMs = request.tasks[0]?.run.lingerMs ?? 0;
  if (ended !== 'empty' || request.kind !== 'since_last' || app.signal.aborted) return false;
  const { eventAt } = await app.ledger.readWords();
  const { now } = await app.ledger.readClock();
  if (eventAt === null || now >= eventAt + lingerMs) return false;
  const wait = Math.min(LINGER_STEP_MS, eventAt + lingerMs - now);
  if (wait > remainingMs(held, app.clock)) return false;
  await app.clock.sleep(wait, app.signal);
  return !app.signal.aborted;
}

/** Also the anti-spin time of getUpdates: a look in between would learn nothing new of subscriptions. */
const LINGER_STEP_MS = 4_000;

async function writeNotes(serving: Serving): Promise<void> {
  const { app, request } = serving;
  const [first] = request.tasks;
  if (first === undefined || request.kind === 'mark_only') return;
  serving.findings.push(...(await mirrorNotes(app, first.subscriptions)));
}

function report(serving: Serving, ended: 'done' | 'lock_lost'): ServedReport {
  const { pulled, tasks, sent, codes, findings, wakeNo } = serving;
  return { pulled, tasks, sent, codes, findings, wakeNo, ended };
}
