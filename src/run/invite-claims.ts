import { EXIT } from '../core/exit-code.ts';
import { budgetPeriods } from '../core/invite-hours.ts';
import type { InvitedSum } from '../core/invited-sum.ts';
import { maskPhone } from '../core/mask.ts';
import type { Gateway } from '../ports/gateway.ts';
import type { AdvanceInvitations, FinishedInvitation, InvitationsAnswer } from '../ports/invitations.ts';
import { LEASE_MS, remainingMs } from './context.ts';
import type { HeldRun, RunApp, StepReport } from './context.ts';
import { knownCost, priceOf } from './invite-cost.ts';
import { tellLater, tellRefusal, told } from './invite-end.ts';
import { sendInvitation } from './invite-send.ts';
import { inviteeQuery } from './inviting.ts';
import type { InvitingTask } from './inviting.ts';
import type { RunRequest } from './request.ts';

/** done: nothing more can go now · stopped: this operator, or all of them, are done with · the rest ends the whole step. */
export type ClaimsEnded = 'done' | 'stopped' | 'look' | 'time' | 'interrupted' | 'lock_lost';

export interface ClaimTurn {
  readonly held: HeldRun;
  readonly task: InvitingTask;
  readonly gateway: Gateway;
  readonly username: string;
  /** Whether a newer word has come. */
  readonly mustLook: () => Promise<boolean>;
}

export interface SentClaims {
  readonly ended: ClaimsEnded;
  readonly sums: readonly Partial<InvitedSum>[];
  readonly capped: Capped;
  readonly reports: readonly StepReport[];
}

interface Way extends ClaimTurn {
  readonly app: RunApp;
  readonly request: RunRequest;
  sum: Partial<InvitedSum>[];
  capped: Capped;
  /** What is to be recorded with the next claim. */
  finished: readonly FinishedInvitation[];
  readonly reports: StepReport[];
}

/** Due invitations of a task that a cap keeps back. */
export interface Capped {
  readonly held: number;
  readonly cap: InvitedSum['cap'];
}

/** So many numbers refused in a row end the inviting. */
const REFUSALS_LIMIT = 5;

type Claimed = Extract<InvitationsAnswer, { answer: 'claimed' }>;

/** Claims and sends one by one: an SMS is durably `sending` before its call, and its outcome is recorded in the commit of the next claim. */
export async function sendClaims(app: RunApp, request: RunRequest, turn: ClaimTurn): Promise<SentClaims> {
  const way: Way = { ...turn, app, request, sum: [], capped: { held: 0, cap: null }, finished: [], reports: [] };
  let ended: ClaimsEnded | null = null;
  try {
    while (ended === null) ended = await goOn(way);
  } catch (error) {
    await saveOutcomes(way);
    throw error;
  }
  if (ended !== 'lock_lost' && way.finished.length > 0 && (await advance(way, 0)).answer === 'lock_lost') ended = 'lock_lost';
  return { ended, sums: way.sum, capped: way.capped, reports: way.reports };
}

async function goOn(way: Way): Promise<ClaimsEnded | null> {
  const { app, held } = way;
  if (app.signal.aborted) return 'interrupted';
  if (remainingMs(held, app.clock) <= 0) return 'time';
  if (await way.mustLook()) return 'look';
  const askedAt = app.clock.monotonic();
  const claimId = app.newId();
  const answer = await advance(way, 1, claimId);
  if (answer.answer === 'lock_lost') return 'lock_lost';
  const [claimed] = answer.invitations;
  if (claimed === undefined) return 'done';
  const { task, gateway, username } = way;
  const mayBegin = (): boolean => !app.signal.aborted && app.clock.monotonic() - askedAt <= LEASE_MS;
  const { now, wallNow } = answer;
  try {
    const sms = { claimed, claimId, task, botId: way.request.botId, username, keys: app.keys, now, wallNow };
    way.finished = [await sendInvitation(gateway, sms, mayBegin)];
  } catch (error) {
    way.finished = [unknownOutcome(claimed, task)];
    throw error;
  }
  return weigh(way, answer);
}

async function advance(way: Way, want: number, claimId = way.app.newId()): Promise<InvitationsAnswer> {
  const answer = await advanceTask(way, { claimId, finished: way.finished, want });
  if (answer.answer === 'lock_lost') return answer;
  way.finished = [];
  way.capped = { held: answer.held, cap: answer.capped };
  return answer;
}

/** One call for one task's invitations, within what is left of the caps. With `want: 0` it only tells what is due. */
export async function advanceTask(
  { app, request, held, task }: Pick<Way, 'app' | 'request' | 'held' | 'task'>,
  call: Pick<AdvanceInvitations, 'claimId' | 'finished' | 'want'>,
): Promise<InvitationsAnswer> {
  const { now } = await app.ledger.readClock();
  const { customers, noteType, consent } = inviteeQuery(task, request);
  const { run, day, month } = task.sms.caps;
  return app.ledger.advanceInvitations({
    ...call,
    tasks: [task.id],
    customers,
    caps: { run: Math.max(0, run - held.inviting.spent), day, month, ...budgetPeriods(now, task.zone) },
    noteType,
    consent,
  });
}

function weigh(way: Way, { now }: Claimed): ClaimsEnded | null {
  const [finished] = way.finished;
  if (finished === undefined) return null;
  const { app, held, task } = way;
  const { operator } = task.sms;
  const { result, number, row } = finished;
  const line = { row, number: maskPhone(number), outcome: result.outcome, ...('code' in result ? { code: result.code } : {}) };
  app.journal[result.outcome === 'accepted' ? 'tell' : 'warn']('invitation', line);
  switch (result.outcome) {
    case 'accepted':
      held.inviting.refusals = 0;
      spend(way, finished, { accepted: 1, cost: result.cost, segments: Math.max(finished.segments, result.segments ?? 0) });
      if (result.warning !== null) way.reports.push({ codes: [], findings: [{ code: `sms_${result.warning}`, args: { operator } }] });
      return null;
    case 'in_doubt':
      spend(way, finished, { inDoubt: 1, cost: null, segments: finished.segments });
      held.inviting.halted = true;
      way.reports.push(doubt(task, result.code));
      return 'stopped';
    case 'refused':
      if (result.whose === 'number') {
        way.sum.push({ refused: 1 });
        held.inviting.refusals += 1;
        // A refused number has used up its guest's turn: an unregistered sender must not use up everybody's.
        if (held.inviting.refusals < REFUSALS_LIMIT) return null;
      }
      held.inviting.ended.add(operator);
      way.reports.push(tellRefusal(operator, result));
      return 'stopped';
    case 'later':
      held.inviting.ended.add(operator);
      way.reports.push(tellLater(operator, result, now));
      return 'stopped';
    case 'skipped':
      way.sum.push({ skipped: { [result.reason]: 1 } });
      return null;
    case 'released':
      return null;
  }
}

function doubt({ sms }: InvitingTask, code: string): StepReport {
  return told(EXIT.doubt, 'sms_in_doubt', { operator: sms.operator, reason: code });
}

function spend(
  way: Way,
  finished: FinishedInvitation,
  what: { readonly accepted?: 1; readonly inDoubt?: 1; readonly cost: string | null; readonly segments: number },
): void {
  const { held, task } = way;
  const { cost: billed, segments, ...counts } = what;
  const cost = billed ?? knownCost(held.inviting, task, finished.segments) ?? priceOf(task, finished.segments);
  held.inviting.spent += segments;
  way.sum.push({ ...counts, segments, ...(cost === null ? { uncosted: 1 } : { cost }) });
}

/** A fault in the program: nobody knows whether the SMS went. */
function unknownOutcome(
  { row, number, segments }: { row: number; number: string; segments: number },
  { sms }: InvitingTask,
): FinishedInvitation {
  return {
    row,
    gateway: sms.operator,
    number,
    segments,
    text: '',
    result: { outcome: 'in_doubt', code: 'cut', detail: 'fault' },
    notBefore: null,
  };
}

/** The run ends with an exception: an outcome that is known is worth one more try; unsaved, the next run finds an orphan and doubts it. */
async function saveOutcomes(way: Way): Promise<void> {
  if (way.finished.length === 0) return;
  try {
    await advance(way, 0);
  } catch {
    way.app.journal.fail('invitations_not_saved', { rows: way.finished.map(({ row }) => row) });
  }
}
