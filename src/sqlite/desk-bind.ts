import type { BotId, CustomerId, OperationId, WallTime } from '../core/glossary.ts';
import { addWall, wallAt } from '../core/wall-time.ts';
import type { Session } from './session.ts';

export interface Binding {
  readonly botId: BotId | null;
  readonly restored: 'mark' | 'leave' | null;
}

/** An operation may be committed so long after its date: what the newest run left behind is not yet the gap, but a few minutes of it are. */
const LATE_MS = 15 * 60_000;

/**
 * Makes the ledger belong to this place. With `restored`, what the lost stretch may have told ends first: marked as seen, or told with the
 * mark of a possible repeat where the ledger still has its row. Binding comes last, so that a run can't begin in between.
 */
export function bind(
  session: Session & { readonly zone: string },
  { botId, restored }: Binding,
): { readonly place: string; readonly marked: number } {
  const marked = botId === null || restored === null ? 0 : acceptPast(session, botId, restored);
  const here = session.connection.place;
  session.connection.transaction(() => session.find('desk_change').run('bind', { here }));
  return { place: here, marked };
}

function acceptPast(session: Session & { readonly zone: string }, bot: BotId, restored: 'mark' | 'leave'): number {
  const statements = session.find('desk_change');
  const { now } = session.readClock();
  if (restored === 'leave') {
    session.connection.transaction(() => statements.run('repeat_planned', { bot }));
    return 0;
  }
  return session.connection.transaction(() => statements.run('mark_planned', { bot, now })) + markGap(session, bot, gapStart(session, bot));
}

/** Without any run the whole past may have been told. */
function gapStart(session: Session & { readonly zone: string }, bot: BotId): WallTime {
  const newest = session.find('desk_change').get<{ startedAt: number }>('newest_run', { bot });
  return newest === undefined ? '' : addWall(wallAt(newest.startedAt, session.zone), -LATE_MS);
}

function markGap(session: Session, bot: BotId, from: WallTime): number {
  const statements = session.find('desk_change');
  const { now } = session.readClock();
  const task = statements.get<{ taskId: string }>('first_task', { bot })?.taskId ?? '';
  let after = { date: '', id: '' };
  let marked = 0;
  for (;;) {
    const rows = statements.all<{ id: OperationId; customerId: CustomerId; date: WallTime }>('gap', {
      // The page begins where the last one ended, so that its cost doesn't grow with the gap.
      from: after.date > from ? after.date : from,
      afterDate: after.date,
      afterId: after.id,
      limit: session.chunkRows,
    });
    const last = rows.at(-1);
    if (last === undefined) return marked;
    marked += session.connection.transaction(() =>
      rows.reduce(
        (sum, { id, customerId, date }) => sum + statements.run('mark', { bot, operation: id, task, customer: customerId, date, now }),
        0,
      ),
    );
    after = last;
  }
}
