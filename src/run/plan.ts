import { EXIT } from '../core/exit-code.ts';
import type { SkipReason } from '../core/glossary.ts';
import type { Finding, TaskSettings } from '../core/settings.ts';
import { addCounts } from '../core/counts.ts';
import type { TaskSum } from '../core/summary.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { TaskPast } from '../ports/opening.ts';
import type { Measured, PlanQuery, WatermarkMove } from '../ports/plan.ts';
import { weighLook } from './brake.ts';
import type { WeighedLook } from './brake.ts';
import type { RunApp, StepReport } from './context.ts';
import { lookSince, lookSinceLast } from './look.ts';
import type { Look } from './look.ts';
import type { RunRequest } from './request.ts';

export type PlanAnswer = ({ readonly answer: 'planned'; readonly sum: TaskSum } & StepReport) | { readonly answer: 'lock_lost' };

/** How one task is planned this time. */
export interface PlanTurn {
  readonly settings: TaskSettings;
  readonly onWake: boolean;
  /** False: who subscribed couldn't be learnt, so the unsubscribed stay unplanned and the watermark stays too. */
  readonly knowsSubscribers: boolean;
  /** Notices that may still be planned; null = no limit. */
  readonly limit: number | null;
}

/**
 * Brings one task's operations into the ledger, each as planned or as skipped with its reason. Truth is the row: whatever dies here, the next
 * look finds what has none. Over the brake only fresh operations are planned and the watermark stays.
 */
export async function plan(
  app: Pick<RunApp, 'ledger' | 'progress' | 'journal' | 'signal'>,
  request: RunRequest,
  turn: PlanTurn,
): Promise<PlanAnswer> {
  const { settings } = turn;
  const { ledger } = app;
  const unknown = await checkFilters(ledger, settings);
  // Planning on would move the watermark past operations of the type that was meant; refusing loses nothing.
  if (unknown.length > 0) return { answer: 'planned', codes: [EXIT.usage], findings: unknown, sum: nothingPlanned(settings.id) };
  if ((await ledger.admit(settings.id, settings.filters)) === 'lock_lost') return { answer: 'lock_lost' };
  const { wallNow } = await ledger.readClock();
  const look = await chooseLook(ledger, request, { ...turn, wallNow });
  const weighed = await weighLook(ledger, look.query, { request, settings, wallNow });
  const { held, oldestHeld, counted } = weighed;
  // A look that would not move the task doesn't speak for it either: the brake of one guest's notices keeps nobody else's from ageing.
  if (held > 0 && look.move !== null && (await ledger.holdBrake(settings.id, wallNow)) === 'lock_lost') return { answer: 'lock_lost' };
  const { query, move } = permit(look, { weighed, knowsSubscribers: turn.knowsSubscribers });
  const sum = await planChunks(app, { query, move, limit: limitOf(request, turn), counted });
  if (sum === 'lock_lost') return { answer: 'lock_lost' };
  app.journal.tell('planned', {
    task: settings.id,
    look: query.look,
    from: query.from,
    planned: sum.planned,
    notices: sum.notices,
    skipped: sum.skipped,
    held,
  });
  const { from, until } = query;
  return {
    answer: 'planned',
    codes: held > 0 ? [EXIT.no] : [],
    findings: [...watermarkFinding(look, settings.id), ...brakeFinding(weighed, settings)],
    sum: { taskId: settings.id, look: query.look, from, until, ...sum, held, oldestHeld },
  };
}

/** What the look may plan and whether it may move the task: a stopped brake and unknown subscribers leave something behind. */
function permit(look: Look, at: { readonly weighed: WeighedLook; readonly knowsSubscribers: boolean }): Pick<Look, 'query' | 'move'> {
  const { weighed, knowsSubscribers } = at;
  return {
    query: knowsSubscribers ? weighed.query : { ...weighed.query, unsubscribed: 'leave' },
    move: knowsSubscribers && weighed.held === 0 ? look.move : null,
  };
}

async function chooseLook(ledger: Ledger, request: RunRequest, turn: PlanTurn & { readonly wallNow: string }): Promise<Look> {
  if (request.since !== null) return lookSince(turn.settings, { ...request, wallNow: turn.wallNow });
  const [past] = await ledger.readTasks(request.botId, [turn.settings.id]);
  return lookSinceLast(turn.settings, past ?? newTask(turn.settings.id), { ...request, wallNow: turn.wallNow, onWake: turn.onWake });
}

function nothingPlanned(taskId: string): TaskSum {
  return {
    taskId,
    look: 'none',
    from: null,
    until: null,
    planned: 0,
    notices: 0,
    skipped: {},
    unsubscribedCustomers: 0,
    held: 0,
    oldestHeld: null,
  };
}

/** A task that the ledger has never planned. */
export function newTask(taskId: string): TaskPast {
  return { taskId, watermark: null, firstLookDone: false, overlapLookAt: null, deepLookAt: null, brakeHeldAt: null };
}

/** A type or group that doesn't exist would silence a task without a word. */
export async function checkFilters(reader: Pick<Ledger, 'describeFilters'>, settings: TaskSettings): Promise<Finding[]> {
  const { accountTypes, customerGroups } = settings.filters;
  if (accountTypes.length === 0 && customerGroups.length === 0) return [];
  const known = await reader.describeFilters(settings.filters);
  const missing = (ids: readonly string[], named: readonly { readonly id: string }[], code: string): Finding[] =>
    ids.filter((id) => !named.some((one) => one.id === id)).map((id) => ({ code, args: { task: settings.id, id } }));
  return [
    ...missing(accountTypes, known.accountTypes, 'account_type_unknown'),
    ...missing(customerGroups, known.customerGroups, 'customer_group_unknown'),
  ];
}

async function planChunks(
  app: Pick<RunApp, 'ledger' | 'progress' | 'signal'>,
  turn: { readonly query: PlanQuery; readonly move: WatermarkMove | null; readonly limit: number | null; readonly counted: Measured },
): Promise<Pick<TaskSum, 'planned' | 'notices' | 'skipped' | 'unsubscribedCustomers'> | 'lock_lost'> {
  let after: { readonly date: string; readonly id: string } | null = null;
  let planned = 0;
  let notices = 0;
  let unsubscribedCustomers = 0;
  let skipped: Partial<Record<SkipReason, number>> = {};
  for (;;) {
    const limit: number | null = turn.limit === null ? null : turn.limit - notices;
    const chunk: Awaited<ReturnType<Ledger['plan']>> = await app.ledger.plan({ query: turn.query, after, limit, move: turn.move });
    if (chunk.answer === 'lock_lost') return 'lock_lost';
    planned += chunk.head.planned;
    notices += chunk.head.notices;
    unsubscribedCustomers += chunk.head.unsubscribedCustomers;
    skipped = addCounts(skipped, chunk.head.skipped);
    app.progress({ step: 'plan', done: planned, of: turn.counted.planned });
    after = chunk.next;
    // A customer of two chunks is one customer: the look as a whole was counted before.
    if (after === null || app.signal.aborted)
      return { planned, notices, skipped, unsubscribedCustomers: Math.min(unsubscribedCustomers, turn.counted.unsubscribedCustomers) };
  }
}

function limitOf(request: RunRequest, turn: PlanTurn): number | null {
  return request.kind === 'mark_only' ? null : turn.limit;
}

function watermarkFinding(look: Look, taskId: string): Finding[] {
  return look.watermarkInFuture ? [{ code: 'watermark_future', args: { task: taskId } }] : [];
}

function brakeFinding({ held, oldestHeld }: WeighedLook, settings: TaskSettings): Finding[] {
  return held === 0
    ? []
    : [{ code: 'brake', args: { task: settings.id, notices: held, brake: settings.run.brake, oldest: oldestHeld ?? '' } }];
}
