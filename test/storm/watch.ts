import { ask } from './ground.ts';
import type { Before, Ground } from './ground.ts';

/** Beyond the answer's own way. */
const GRACE_MS = 500;
/** Faults that leave no doubt: Telegram says itself that it did nothing. */
const CLEAR: ReadonlySet<string | null> = new Set([null, 'storm429']);

const STANDING = `select
  (select count(distinct attempt_no) from delivery where state = 'sending') as sending,
  (select count(*) from invitation where state = 'sending') as inviting,
  (select count(*) from attempt where finished_utc is null) as open,
  (select count(*) from attempt where outcome = 'in_doubt' and code <> 'orphan') as doubts,
  (select count(*) from attempt where outcome = 'in_doubt' and code = 'orphan') as orphans`;

/** Notes how things stand when a step begins. */
export function stand(ground: Ground): Before {
  const { telegram } = ground.world;
  const [row] = ask(ground, STANDING);
  return { ...(row as unknown as Before), telegram: telegram.calls.length, operator: ground.operator.calls.length };
}

/** What must hold after every single step. */
export function watch(ground: Ground): void {
  const { before, settings, broken, world } = ground;
  const after = stand(ground);
  const wire = Math.max(settings.concurrency, before.sending);
  if (after.sending > wire) broken.add(`${after.sending} calls are on their way though ${wire} may be at once`);
  if (after.inviting > Math.max(1, before.inviting)) broken.add(`${after.inviting} SMS are on their way at once`);
  const spoilt = world.telegram.calls
    .slice(before.telegram)
    .filter(({ method, fault, answered }) => method === 'sendMessage' && (!CLEAR.has(fault) || !answered)).length;
  if (after.doubts - before.doubts > spoilt) broken.add(`${after.doubts - before.doubts} calls in doubt though only ${spoilt} went wrong`);
  // Of two runs at once one may die and the other one judge what it left.
  const left = before.open + settings.concurrency * Number(ground.killed.length > 0);
  if (after.orphans - before.orphans > left) broken.add(`${after.orphans - before.orphans} calls in doubt though the dead left ${left}`);
  watchSilence(ground);
  ground.counts.inDoubt += Math.max(0, after.doubts - before.doubts) + Math.max(0, after.orphans - before.orphans);
  ground.before = after;
}

/**
 * After a 429 nobody calls until it is over. Left out: a wait during which a clock was set, as forward is a lie that nobody can see through and back
 * ends what was remembered; and a 429 whose only witness died before it could tell.
 */
function watchSilence({ world, before, waits, limited, leaps, killed, latencyMs, broken, counts }: Ground): void {
  const fresh = world.telegram.calls.slice(before.telegram);
  for (const { at, fault } of fresh) {
    if (fault !== 'storm429') continue;
    const until = at + (waits[limited.length] ?? 0) * 1000;
    const excused = killed.some(({ from, to }) => at >= from && at <= to);
    limited.push({ at, until, heardAt: at + latencyMs + GRACE_MS, excused });
    counts.limited += Number(!excused);
  }
  for (const { at, until, heardAt, excused } of limited) {
    if (excused || leaps.some((leap) => leap >= at && leap <= until)) continue;
    const early = fresh.filter((call) => call.at > heardAt && call.at < until).length;
    if (early > 0) broken.add(`${early} calls in the ${(until - at) / 1000} s that Telegram had asked to wait`);
  }
}
