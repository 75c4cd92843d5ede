import type { BotId, DeliveryState, Instant, SkipReason, SubscriptionState } from '../core/glossary.ts';
import type { LedgerPlace, Standing, Waiting } from '../core/standing.ts';
import { SchemaMismatch } from '../ports/database.ts';
import type { StatusReport } from '../ports/desk.ts';
import type { Holder, TaskPast } from '../ports/opening.ts';
import { PAUSED_FOR_GOOD } from './open-run.ts';
import { LEDGER_SCHEMA } from './ledger-schema.ts';
import type { Session } from './session.ts';

const RUNS_SHOWN = 10;

interface BotRow {
  readonly offset: number | null;
  readonly polledAt: Instant | null;
  readonly quietUntil: Instant | null;
  readonly pausedUntil: Instant | null;
}

type DeskPlace = LedgerPlace & { readonly paused: boolean };

/** Everything at one moment: the questions share a transaction, so that the sums fit each other. */
export function readStatus(session: Session, botId: BotId | null): StatusReport & Standing {
  const { database } = session.connection;
  database.exec('begin');
  try {
    return readAll(session, botId);
  } finally {
    database.exec('rollback');
  }
}

function readAll(session: Session, bot: BotId | null): StatusReport & Standing {
  const statements = session.find('desk_status');
  const { now, wallNow } = session.readClock();
  const { paused, ...place } = readPlace(session);
  const row = bot === null ? statements.get<BotRow>('all_bots') : statements.get<BotRow>('bot', { bot });
  const { offset, polledAt, quietUntil, pausedUntil } = row ?? {
    offset: null,
    polledAt: null,
    quietUntil: null,
    pausedUntil: paused ? PAUSED_FOR_GOOD : null,
  };
  return {
    runs: statements.all<StatusReport['runs'][number]>('runs', { bot, limit: RUNS_SHOWN }).map((run) => ({ ...run })),
    holder: statements.get<Holder>('holder', { bot }) ?? null,
    ...readDeliveries(session, bot),
    ...readSubscriptions(session, bot),
    refusedLinks: Object.fromEntries(
      statements.all<{ reason: string; n: number }>('refused_links', { bot }).map(({ reason, n }) => [reason, n]),
    ),
    pausedUntil:
      pausedUntil === null || pausedUntil <= now ? null : pausedUntil >= PAUSED_FOR_GOOD ? Number.POSITIVE_INFINITY : pausedUntil,
    quietUntil: quietUntil !== null && quietUntil > now ? quietUntil : null,
    polledAt,
    offset,
    unreadSince: statements.get<{ since: Instant | null }>('unread', { bot })?.since ?? null,
    notesFailed: statements.get<{ n: number }>('notes_failed', { bot })?.n ?? 0,
    tasks: statements
      .all<Omit<TaskPast, 'firstLookDone'> & { firstLookDone: number }>('tasks', { bot })
      .map((task) => ({ ...task, firstLookDone: task.firstLookDone === 1 })),
    now,
    wallNow,
    bound: row !== undefined,
    waiting: { ...(statements.get<Waiting>('waiting', { bot, now }) ?? { due: 0, later: 0, nextAt: null, oldest: null }) },
    place,
  };
}

function readDeliveries(session: Session, bot: BotId | null): Pick<StatusReport, 'deliveries' | 'skipped'> {
  const deliveries: Partial<Record<DeliveryState, number>> = {};
  const skipped: Partial<Record<SkipReason, number>> = {};
  for (const { state, reason, n } of session
    .find('desk_status')
    .all<{ state: DeliveryState; reason: SkipReason | null; n: number }>('deliveries', { bot })) {
    deliveries[state] = (deliveries[state] ?? 0) + n;
    if (reason !== null) skipped[reason] = n;
  }
  return { deliveries, skipped };
}

function readSubscriptions(session: Session, bot: BotId | null): Pick<StatusReport, 'subscriptions' | 'byNote'> {
  const rows = session.find('desk_status').all<{ state: SubscriptionState; n: number; byNote: number }>('subscriptions', { bot });
  return {
    subscriptions: Object.fromEntries(rows.map(({ state, n }) => [state, n])),
    byNote: rows.reduce((sum, { byNote }) => sum + byNote, 0),
  };
}

function readPlace(session: Session): DeskPlace {
  const row = session.find('desk_status').get<{ boundTo: string; keyFingerprint: string; paused: number }>('place');
  if (row === undefined) throw new SchemaMismatch(null, LEDGER_SCHEMA);
  return { boundTo: row.boundTo, here: session.connection.place, keyFingerprint: row.keyFingerprint, paused: row.paused === 1 };
}
