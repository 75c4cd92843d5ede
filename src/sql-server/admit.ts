import type { TaskId } from '../core/glossary.ts';
import type { Filters } from '../core/settings.ts';
import { saveAsHolder } from './session.ts';
import type { RunSession } from './session.ts';
import { textList } from './values.ts';

const EVERYTHING = '*';

/**
 * Records since when each chosen type and group is told about. The first choice counts from the start date (without one, from when this run was
 * opened, so that what happens while it works isn't lost); what is added later counts from the run that adds it. A choice that becomes
 * narrower keeps its time, and so does what a wider one still covers: nothing that was told about before falls between two choices.
 */
export async function admit(session: RunSession, taskId: TaskId, filters: Filters): Promise<'saved' | 'lock_lost'> {
  const opened = session.run?.openedAt ?? '';
  return saveAsHolder(session, 'admit', {
    task_id: taskId,
    account_types: textList(orEverything(filters.accountTypes)),
    customer_groups: textList(orEverything(filters.customerGroups)),
    first: filters.startDate ?? opened,
    opened,
  });
}

function orEverything(items: readonly string[]): readonly string[] {
  return items.length === 0 ? [EVERYTHING] : items;
}
