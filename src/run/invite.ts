import { EXIT } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import type { TaskId } from '../core/glossary.ts';
import { addInvited, NOBODY_INVITED } from '../core/invited-sum.ts';
import type { InvitedSum } from '../core/invited-sum.ts';
import type { Finding } from '../core/settings.ts';
import type { Gateway } from '../ports/gateway.ts';
import type { WeighedInvitation } from '../ports/invitations.ts';
import { remainingMs } from './context.ts';
import type { HeldRun, RunApp, StepReport } from './context.ts';
import { askAccount, askUsername } from './invite-account.ts';
import { advanceTask, sendClaims } from './invite-claims.ts';
import type { Capped, ClaimsEnded } from './invite-claims.ts';
import { told } from './invite-end.ts';
import { readStatuses } from './invite-statuses.ts';
import { addWeighed, brakeFinding, countAll, NOBODY_WEIGHED, weighAll } from './invite-weigh.ts';
import type { Weighed, WeighTurn } from './invite-weigh.ts';
import { inviteeQuery, invites, segmentsOf } from './inviting.ts';
import type { InvitingTask } from './inviting.ts';
import type { RunRequest } from './request.ts';

/** Between two looks for a newer word while many are invited. */
const WORDS_EVERY_MS = 5_000;
/** Spent since then: nothing, so that counting what waits costs no look at the past. */
const NEVER = Number.MAX_SAFE_INTEGER;

export interface Invited extends StepReport {
  readonly sum: InvitedSum;
  readonly ended: Exclude<ClaimsEnded, 'stopped'>;
}

export interface InviteTurn {
  readonly held: HeldRun;
  readonly servedWakeNo: number;
}

interface Way extends InviteTurn {
  readonly app: RunApp;
  readonly request: RunRequest;
  readonly gateways: Map<string, Gateway>;
  readonly capped: Map<TaskId, Capped>;
  sum: InvitedSum;
  readonly codes: ExitCode[];
  readonly findings: Finding[];
  wordsAt: number;
}

/**
 * Invites who isn't subscribed, task by task: those who ask are weighed, what is due is sent. Only a run that knows who subscribed comes here; with
 * `--operation` nobody is invited, because an invitation is the customer's and not the operation's.
 */
export async function invite(app: RunApp, request: RunRequest, turn: InviteTurn): Promise<Invited> {
  const way: Way = {
    ...turn,
    app,
    request,
    gateways: new Map(),
    capped: new Map(),
    sum: NOBODY_INVITED,
    codes: [],
    findings: [],
    wordsAt: app.clock.monotonic(),
  };
  const tasks = request.operations === null ? request.tasks.filter(invites) : [];
  let ended: Invited['ended'] = 'done';
  try {
    for (const task of tasks) {
      ended = await inviteTask(way, task);
      if (ended !== 'done') break;
    }
    if (ended === 'done') ended = await askStatuses(way, tasks);
  } finally {
    for (const gateway of way.gateways.values()) gateway.close();
  }
  if (tasks.length > 0 && ended !== 'lock_lost') way.sum = addInvited(way.sum, await readWaiting(way));
  return { sum: way.sum, codes: way.codes, findings: way.findings, ended };
}

async function inviteTask(way: Way, task: InvitingTask): Promise<Invited['ended']> {
  const { inviting } = way.held;
  const isOver = (): boolean => inviting.halted || inviting.ended.has(task.sms.operator);
  if (isOver()) return 'done';
  // With `--yes` for one task another one's brake stays on: a run weighs only for the tasks that it was started for.
  const weighed = way.request.asked.includes(task.id) ? await weighTask(way, task) : 'done';
  if (weighed !== 'done') return weighed;
  if (way.app.signal.aborted) return 'interrupted';
  if ((await countWaiting(way)) === 0) return 'done';
  const due = await findDue(way, task);
  if (due !== 'due') return due;
  const username = await learnUsername(way);
  if (username === null) return 'done';
  const gateway = open(way, task);
  const account = await askAccount(way.held.inviting, gateway, { task, username, now: way.app.clock.now() });
  if (account !== 'ready') {
    tell(way, account);
    return 'done';
  }
  const sent = await sendClaims(way.app, way.request, { held: way.held, task, gateway, username, mustLook: () => mustLook(way) });
  way.capped.set(task.id, sent.capped);
  way.sum = sent.sums.reduce<InvitedSum>(addInvited, way.sum);
  for (const report of sent.reports) tell(way, report);
  return sent.ended === 'stopped' ? 'done' : sent.ended;
}

async function weighTask(way: Way, task: InvitingTask): Promise<'done' | 'lock_lost'> {
  const { app, request, held } = way;
  const query = inviteeQuery(task, request);
  const { total } = await app.ledger.readInvitees(query, { after: null, limit: 1 });
  const username = total === 0 ? null : await learnUsername(way);
  if (username === null) return 'done';
  const { now, wallNow } = await app.ledger.readClock();
  const segments = segmentsOf(task, username);
  const most = Math.max(segments.ru, segments.en);
  if (most > task.sms.maxSegments) {
    tell(way, told(EXIT.usage, 'sms_too_long', { task: task.id, segments: most, max: task.sms.maxSegments, bot: username }));
    return 'done';
  }
  const turn: WeighTurn = {
    task,
    query,
    weighing: { settings: task, now, wallNow, segments },
    inviting: held.inviting,
    gateway: () => open(way, task),
    username,
    signal: app.signal,
  };
  if (total > task.sms.brake && !request.yes) {
    const counted = await countAll(app.ledger, turn);
    if (counted.planned > task.sms.brake) {
      way.sum = { ...way.sum, braked: way.sum.braked + counted.planned };
      tell(way, brakeFinding('sms_brake', task, counted));
      return 'done';
    }
  }
  return saveWeighed(way, turn);
}

async function saveWeighed(way: Way, turn: WeighTurn): Promise<'done' | 'lock_lost'> {
  let sum = NOBODY_WEIGHED;
  for await (const weighed of weighAll(way.app.ledger, turn)) {
    const rows = weighed.map((one) => toRow(turn.task, one));
    if ((await way.app.ledger.saveInvitations(rows)) === 'lock_lost') return 'lock_lost';
    sum = weighed.reduce(addWeighed, sum);
  }
  const { planned, skipped } = sum;
  way.sum = addInvited(way.sum, { planned, skipped });
  way.app.journal.tell('invitees', { task: turn.task.id, ...sum });
  return 'done';
}

function toRow({ id, sms }: InvitingTask, one: Weighed): WeighedInvitation {
  const { customer, operation } = one.invitee;
  const key = { taskId: id, customerId: customer.id, operationId: operation.id };
  if (one.verdict === 'skipped') return { ...key, verdict: 'skipped', reason: one.reason };
  const { number, segments, notBefore, cost } = one;
  return { ...key, verdict: 'planned', number, gateway: sms.operator, segments, cost, notBefore };
}

/** Whether any invitation of the task could go now, its caps included: so no call is made for nothing. */
async function findDue(way: Way, task: InvitingTask): Promise<'due' | 'done' | 'lock_lost'> {
  const answer = await advanceTask({ ...way, task }, { claimId: way.app.newId(), finished: [], want: 0 });
  if (answer.answer === 'lock_lost') return 'lock_lost';
  way.capped.set(task.id, { held: answer.held, cap: answer.capped });
  return answer.capped === null && answer.nextDue !== null && answer.nextDue <= answer.now ? 'due' : 'done';
}

async function askStatuses(way: Way, tasks: readonly InvitingTask[]): Promise<'done' | 'lock_lost'> {
  const { app, held } = way;
  for (const task of tasks) {
    if (app.signal.aborted || held.inviting.halted || remainingMs(held, app.clock) <= 0) return 'done';
    const asked = await readStatuses(app, held, { open: () => open(way, task), operator: task.sms.operator });
    if (asked === 'lock_lost') return 'lock_lost';
    way.sum = addInvited(way.sum, asked);
  }
  return 'done';
}

function open(way: Way, task: InvitingTask): Gateway {
  const known = way.gateways.get(task.id);
  if (known !== undefined) return known;
  const gateway = way.app.openGateway(task.sms);
  way.gateways.set(task.id, gateway);
  return gateway;
}

async function mustLook(way: Way): Promise<boolean> {
  const now = way.app.clock.monotonic();
  if (now - way.wordsAt < WORDS_EVERY_MS) return false;
  way.wordsAt = now;
  return (await way.app.ledger.readWords()).wakeNo > way.servedWakeNo;
}

async function countWaiting({ app, request }: Way): Promise<number> {
  return (await app.ledger.readSpent(request.botId, { dayFrom: NEVER, monthFrom: NEVER })).waiting;
}

/** What waits, and why: one cap of several is enough to tell. */
async function readWaiting(way: Way): Promise<Partial<InvitedSum>> {
  const capped = [...way.capped.values()];
  return {
    waiting: await countWaiting(way),
    capped: capped.reduce((sum, { held }) => sum + held, 0),
    cap: capped.find(({ cap }) => cap !== null)?.cap ?? null,
  };
}

async function learnUsername(way: Way): Promise<string | null> {
  const answer = await askUsername(way.app, way.held);
  if (typeof answer === 'string') return answer;
  tell(way, answer);
  return null;
}

function tell(way: Way, { codes, findings }: StepReport): void {
  way.codes.push(...codes);
  way.findings.push(...findings);
}
