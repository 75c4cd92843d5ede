import type { TaskId, WallTime } from '../core/glossary.ts';
import type { Filters } from '../core/settings.ts';
import { asHolder } from './session.ts';
import type { HeldRun, RunSession, Session } from './session.ts';

const EVERYTHING = '*';

interface Recorded {
  readonly item: string;
  readonly since: WallTime;
}

interface Choice {
  readonly run: HeldRun;
  readonly taskId: TaskId;
  readonly kind: 'account_type' | 'customer_group';
  readonly items: readonly string[];
  /** For a task's very first choice. */
  readonly first: WallTime;
}

/**
 * Records since when each chosen type and group is told about. The first choice counts from the start date (without one, from when this run was
 * opened, so that what happens while it works isn't lost); what is added later counts from the run that adds it. A choice that becomes
 * narrower keeps its time, and so does what a wider one still covers: nothing that was told about before falls between two choices.
 */
export function admit(session: RunSession, taskId: TaskId, filters: Filters): 'saved' | 'lock_lost' {
  return asHolder(session, (run) => {
    const first = filters.startDate ?? run.openedAt;
    record(session, { run, taskId, kind: 'account_type', items: filters.accountTypes, first });
    record(session, { run, taskId, kind: 'customer_group', items: filters.customerGroups, first });
    return 'saved' as const;
  });
}

function record(session: Session, choice: Choice): void {
  const { run, taskId, kind, first } = choice;
  const chosen = choice.items.length === 0 ? [EVERYTHING] : choice.items;
  const statements = session.find('admit');
  const key = { bot: run.botId, task: taskId, kind };
  const recorded = statements.all<Recorded>('recorded', key);
  const covers = readCover(session, kind, [...chosen, ...recorded.map((one) => one.item)]);
  for (const { item } of recorded) {
    if (!chosen.some((one) => covers(one, item))) statements.run('drop', { ...key, item });
  }
  for (const item of new Set(chosen)) {
    if (recorded.some((one) => one.item === item)) continue;
    const covering = recorded.filter((one) => covers(one.item, item)).map((one) => one.since);
    const since = earliest(covering) ?? (recorded.length === 0 ? first : run.openedAt);
    statements.run('add', { ...key, item, since });
  }
}

/** Whether choosing `above` chooses `below` too. */
function readCover(session: Session, kind: Choice['kind'], items: readonly string[]): (above: string, below: string) => boolean {
  const pairs =
    kind === 'account_type'
      ? []
      : session.find('admit').all<{ above: string; below: string }>('descendants', { items: JSON.stringify(items) });
  const below = new Set(pairs.map((pair) => `${pair.above}/${pair.below}`));
  return (a, b) => a === b || a === EVERYTHING || below.has(`${a}/${b}`);
}

function earliest(walls: readonly WallTime[]): WallTime | null {
  return walls.toSorted()[0] ?? null;
}
