import type { TaskSettings } from '../core/settings.ts';
import { addWall, wallToMs } from '../core/wall-time.ts';
import type { TaskPast } from '../ports/opening.ts';
import type { LookKind, PlanQuery, WatermarkMove } from '../ports/plan.ts';
import type { RunRequest } from './request.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far behind the last look's start each look begins: late commits, back-dated rows, what two weeks of closed books bring. */
const HOT_BACK_MS = 15 * MINUTE;
const OVERLAP_MS = 7 * DAY;
const OVERLAP_EVERY_MS = HOUR;
const DEEP_EVERY_MS = 20 * HOUR;
/** So late, a look waits no longer for a quiet moment: where every run is woken by an event, or the host sleeps at night, it would never come. */
const OVERLAP_LATE_MS = 3 * HOUR;
const DEEP_LATE_MS = 3 * DAY;
/** Without a start date a deep look has no bottom; a quarter is where books are closed. */
const DEEP_BACK_MS = 92 * DAY;
/** A watermark later than this is a clock that was set back. */
const FUTURE_MS = 5 * MINUTE;
/** The deep look runs at night, when tills are quiet. */
const QUIET = { from: 2, to: 6 };

/** A look, ready to be planned: what to ask, and what to do to the task when all of it is planned. */
export interface Look {
  readonly query: PlanQuery;
  /** Null: this look never moves the watermark (`--since`, narrowed, test mode). */
  readonly move: WatermarkMove | null;
  readonly watermarkInFuture: boolean;
}

/** Which look is due for a task with this past; the choice costs nothing and follows the clock of the database alone. */
export function dueLook(past: TaskPast, wallNow: string, onWake: boolean): Exclude<LookKind, 'since'> {
  if (!past.firstLookDone) return 'first';
  // Over what the brake holds no look must pass: a hot one that doesn't see it would move the watermark on and let it out of sight.
  if (past.brakeHeldAt !== null) return 'overlap';
  const hour = Number(wallNow.slice(11, 13));
  const deepEvery = hour >= QUIET.from && hour < QUIET.to ? DEEP_EVERY_MS : DEEP_LATE_MS;
  if (!onWake && isDue(past.deepLookAt, wallNow, deepEvery)) return 'deep';
  return isDue(past.overlapLookAt, wallNow, onWake ? OVERLAP_LATE_MS : OVERLAP_EVERY_MS) ? 'overlap' : 'hot';
}

/** The look of a run with `--since-last` (or `--mark-only`). */
export function lookSinceLast(
  settings: TaskSettings,
  past: TaskPast,
  request: RunRequest & { readonly wallNow: string; readonly onWake: boolean },
): Look {
  const { wallNow } = request;
  const watermarkInFuture = past.watermark !== null && past.watermark > addWall(wallNow, FUTURE_MS);
  const watermark = watermarkInFuture ? wallNow : past.watermark;
  const due = dueLook(past, wallNow, request.onWake);
  // Whoever marks the past as seen means all of it, also what an ordinary look would have left to the next deep one.
  const kind = request.kind === 'mark_only' && due !== 'first' ? 'deep' : due;
  const base = watermark === null || watermark > wallNow ? wallNow : watermark;
  // What is found before it is late: a deep look reaches so far, and where Tillypad keeps versions of its rows every look does.
  const overlapFrom = addWall(base, -OVERLAP_MS);
  const from = notBefore(
    settings.filters.startDate,
    {
      // Without a start date a task begins with its first run: the ledger knows since when, and an earlier look that failed has lost nothing.
      first: settings.filters.startDate ?? addWall(base, -DEEP_BACK_MS),
      hot: addWall(base, -HOT_BACK_MS),
      overlap: overlapFrom,
      deep: settings.filters.startDate ?? addWall(wallNow, -DEEP_BACK_MS),
    }[kind],
  );
  const narrowed = isNarrowed(settings, request);
  return {
    query: {
      ...narrow(settings, request),
      taskId: settings.id,
      look: kind,
      from,
      until: null,
      filters: settings.filters,
      admittedOnly: true,
      timeToLiveMs: request.maxAgeMs ?? (kind === 'first' ? null : settings.run.timeToLiveMs),
      ageAt: past.brakeHeldAt !== null && past.brakeHeldAt < wallNow ? past.brakeHeldAt : wallNow,
      ageFloor: past.watermark === null || past.watermark > wallNow ? null : past.watermark,
      lateBefore: kind === 'first' ? null : overlapFrom,
      unsubscribed: 'skip',
      revive: false,
      inviting: isInviting(settings, request),
      markOnly: request.kind === 'mark_only',
      freshFrom: null,
      digestGapMs: settings.notice.digestGapMs,
    },
    move: narrowed
      ? null
      : {
          watermark: wallNow,
          firstLookDone: true,
          overlapLookAt: kind === 'hot' ? past.overlapLookAt : wallNow,
          deepLookAt: kind === 'deep' || kind === 'first' ? wallNow : past.deepLookAt,
          brakeHeldAt: null,
        },
    watermarkInFuture,
  };
}

/** The look of a backfill by hand: a window of dates, no time to live unless asked for, and the watermark stays. */
export function lookSince(settings: TaskSettings, request: RunRequest & { readonly wallNow: string }): Look {
  return {
    query: {
      ...narrow(settings, request),
      taskId: settings.id,
      look: 'since',
      from: request.since,
      until: request.until,
      filters: settings.filters,
      admittedOnly: false,
      timeToLiveMs: request.maxAgeMs,
      ageAt: request.wallNow,
      ageFloor: null,
      lateBefore: null,
      unsubscribed: 'skip',
      revive: request.kind === 'since',
      inviting: isInviting(settings, request),
      markOnly: request.kind === 'mark_only',
      freshFrom: null,
      digestGapMs: settings.notice.digestGapMs,
    },
    move: null,
    watermarkInFuture: false,
  };
}

function narrow(settings: TaskSettings, request: RunRequest): Pick<PlanQuery, 'botId' | 'customers' | 'operations'> {
  return { botId: request.botId, customers: narrowedCustomers(settings, request), operations: request.operations };
}

/** Without an operator nobody asks: switched on later, invitations begin with the next operations. */
function isInviting({ sms }: Pick<TaskSettings, 'sms'>, { kind }: Pick<RunRequest, 'kind'>): boolean {
  return sms.operator !== null && kind !== 'mark_only';
}

/** Test mode lets only its allow-list through; `--customer` narrows further. */
export function narrowedCustomers(settings: TaskSettings, request: Pick<RunRequest, 'customers'>): readonly string[] | null {
  if (settings.mode === 'live') return request.customers;
  return request.customers === null ? settings.allow : request.customers.filter((id) => settings.allow.includes(id));
}

/** Whose notices a claim may take, of all tasks together; null = everybody's. */
export function allowedCustomers(request: Pick<RunRequest, 'customers' | 'tasks'>): readonly string[] | null {
  const lists = request.tasks.map((task) => narrowedCustomers(task, request));
  return lists.includes(null) ? null : [...new Set(lists.flatMap((list) => list ?? []))];
}

function isNarrowed(settings: TaskSettings, request: RunRequest): boolean {
  return settings.mode === 'test' || request.customers !== null || request.operations !== null;
}

function isDue(last: string | null, wallNow: string, everyMs: number): boolean {
  return last === null || last > wallNow || wallToMs(wallNow) - wallToMs(last) >= everyMs;
}

function notBefore(startDate: string | null, from: string): string {
  return startDate !== null && startDate > from ? startDate : from;
}
