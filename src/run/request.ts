import type { BotId, CustomerId, OperationId, TaskId, WallTime } from '../core/glossary.ts';
import type { TaskSettings } from '../core/settings.ts';

/** What a run is asked to do, for the tasks of one bot. Parsed and checked before it gets here. */
export interface RunRequest {
  readonly kind: 'since_last' | 'since' | 'mark_only';
  readonly botId: BotId;
  /** All tasks of the bot that the settings know, at least one: whoever holds the lock serves the others' words too. */
  readonly tasks: readonly TaskSettings[];
  /** The tasks that this run was started for. */
  readonly asked: readonly TaskId[];
  /** Window of `--since/--until`, in the database server's wall clock. */
  readonly since: WallTime | null;
  readonly until: WallTime | null;
  readonly customers: readonly CustomerId[] | null;
  readonly operations: readonly OperationId[] | null;
  /** Notices planned at most, by all tasks together. */
  readonly limit: number | null;
  readonly maxAgeMs: number | null;
  /** Lifts the brake. */
  readonly yes: boolean;
}

/** What a run goes on as when a newer word has come: an ordinary one for every task of its bot. */
export function wokenRequest(request: RunRequest): RunRequest {
  const asked = request.tasks.map((task) => task.id);
  return {
    ...request,
    kind: 'since_last',
    asked,
    since: null,
    until: null,
    customers: null,
    operations: null,
    limit: null,
    maxAgeMs: null,
    yes: false,
  };
}

/** What every word asks for; anything narrower serves no event but its own. */
export function isOrdinary({ kind, tasks, asked, customers, operations, limit }: RunRequest): boolean {
  return (
    kind === 'since_last' && customers === null && operations === null && limit === null && tasks.every((task) => asked.includes(task.id))
  );
}
