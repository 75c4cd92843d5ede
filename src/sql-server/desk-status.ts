import type { BotId, DeliveryState, Instant, SkipReason, SubscriptionState, WallTime } from '../core/glossary.ts';
import type { LedgerPlace, Standing, Waiting } from '../core/standing.ts';
import { SchemaMismatch } from '../ports/database.ts';
import type { StatusReport } from '../ports/desk.ts';
import type { Holder, TaskPast } from '../ports/opening.ts';
import { LEDGER_SCHEMA } from './fault.ts';
import { PAUSED_FOR_GOOD } from './pause.ts';
import { allRows, firstRow } from './rows.ts';
import type { Session } from './session.ts';

const RUNS_SHOWN = 10;

interface StandingRow extends LedgerPlace {
  readonly now: Instant;
  readonly wallNow: WallTime;
  readonly placePaused: boolean;
  readonly bound: boolean;
  readonly offset: number | null;
  readonly polledAt: Instant | null;
  readonly quietUntil: Instant | null;
  readonly pausedUntil: Instant | null;
  readonly unreadSince: Instant | null;
  readonly notesFailed: number;
}

export async function readStatus({ connection }: Session, botId: BotId | null): Promise<StatusReport & Standing> {
  const sets = await connection.callProcedure('read_status', { bot_id: botId, runs: RUNS_SHOWN });
  const row = firstRow<StandingRow>(sets);
  if (row === undefined) throw new SchemaMismatch(null, LEDGER_SCHEMA);
  const subscriptions = allRows<{ readonly state: SubscriptionState; readonly n: number; readonly byNote: number }>(sets, 5);
  return {
    now: row.now,
    wallNow: row.wallNow,
    bound: row.bound,
    place: { boundTo: row.boundTo, here: row.here, keyFingerprint: row.keyFingerprint },
    offset: row.offset,
    polledAt: row.polledAt,
    quietUntil: row.quietUntil !== null && row.quietUntil > row.now ? row.quietUntil : null,
    pausedUntil: readPause(row),
    unreadSince: row.unreadSince,
    notesFailed: row.notesFailed,
    runs: allRows<StatusReport['runs'][number]>(sets, 1),
    holder: firstRow<Holder>(sets, 2) ?? null,
    ...countDeliveries(allRows<DeliveryRow>(sets, 3)),
    waiting: firstRow<Waiting>(sets, 4) ?? { due: 0, later: 0, nextAt: null, oldest: null },
    subscriptions: Object.fromEntries(subscriptions.map(({ state, n }) => [state, n])),
    byNote: subscriptions.reduce((sum, one) => sum + one.byNote, 0),
    refusedLinks: Object.fromEntries(allRows<{ readonly reason: string; readonly n: number }>(sets, 6).map(({ reason, n }) => [reason, n])),
    tasks: allRows<TaskPast>(sets, 7),
  };
}

/** A bot that no run has bound starts out as the place says. */
function readPause({ bound, placePaused, pausedUntil, now }: StandingRow): Instant | null {
  const until = bound ? pausedUntil : placePaused ? PAUSED_FOR_GOOD : null;
  if (until === null || until <= now) return null;
  return until >= PAUSED_FOR_GOOD ? Number.POSITIVE_INFINITY : until;
}

interface DeliveryRow {
  readonly state: DeliveryState;
  readonly reason: SkipReason | null;
  readonly n: number;
}

function countDeliveries(rows: readonly DeliveryRow[]): Pick<StatusReport, 'deliveries' | 'skipped'> {
  const deliveries: Partial<Record<DeliveryState, number>> = {};
  const skipped: Partial<Record<SkipReason, number>> = {};
  for (const { state, reason, n } of rows) {
    deliveries[state] = (deliveries[state] ?? 0) + n;
    if (reason !== null) skipped[reason] = n;
  }
  return { deliveries, skipped };
}
