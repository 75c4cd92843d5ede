import type { Verdict } from './action.ts';
import type { Ground, Known } from './ground.ts';

const FOREVER = 253_402_300_799_000;

export function edit(ground: Ground, which: number): void {
  const operation = pick(ground, which);
  if (operation === undefined || operation.removed) return;
  ground.world.database.prepare('update tp_ClientPurseOperations set cpop_Sum = cpop_Sum + 10000 where cpop_ID = ?').run(operation.id);
  operation.sum += 1;
  operation.edited = true;
}

export function remove(ground: Ground, which: number): void {
  const operation = pick(ground, which);
  if (operation === undefined) return;
  operation.removed = true;
  ground.world.database.prepare('delete from tp_ClientPurseOperations where cpop_ID = ?').run(operation.id);
}

function pick({ operations }: Ground, which: number): Known | undefined {
  return operations[which % Math.max(1, operations.length)];
}

export function pause(ground: Ground, on: boolean): void {
  ground.paused = on;
  ground.world.database.prepare('update bot set paused_until_utc = ?').run(on ? FOREVER : null);
}

/** A person settles everything in doubt, as `resolve --all` does. */
export function resolve({ world, operations }: Ground, verdict: Verdict): void {
  const { database } = world;
  const doubts = database.prepare("select operation_id as id from delivery where state = 'in_doubt'").all();
  const ids = new Set(doubts.map((row) => String(row['id'])));
  for (const operation of operations) if (ids.has(operation.id)) operation.verdicts.push(verdict);
  const state = verdict === 'again' ? 'planned' : verdict;
  database
    .prepare(
      "update delivery set state = ?, repeat = iif(? = 'planned', 1, repeat), run_id = iif(? = 'planned', null, run_id), not_before_utc = null, changed_utc = ?, resolved = coalesce(resolved, '') || ? where state = 'in_doubt'",
    )
    .run(state, state, state, world.serverNow(), verdict);
}
