import type { Action } from './action.ts';
import { openGround } from './ground.ts';
import type { Ground } from './ground.ts';
import { findBroken } from './promises.ts';
import { play, run } from './play.ts';

const ROUNDS = 16;
const PAUSE_MS = 17 * 60_000;

/** A restaurant that is in use already: three guests have subscribed. */
const PRELUDE: readonly Action[] = [
  ...[0, 1, 2].map((who): Action => ({ do: 'start', who, person: who })),
  { do: 'run', how: 'since_last', limit: null, kill: null },
  { do: 'pass', seconds: 5 },
];

export interface Weathered {
  /** Promises that did not hold, each in a sentence; none = the storm was weathered. */
  readonly broken: readonly string[];
  readonly counts: {
    readonly operations: number;
    readonly told: number;
    readonly repeats: number;
    readonly inDoubt: number;
    readonly invited: number;
  };
}

/** Plays a storm, lets the sky clear, and holds everything that was promised against what guests really saw. */
export async function weather(actions: readonly Action[]): Promise<Weathered> {
  const ground = await openGround();
  try {
    for (const action of [...PRELUDE, ...actions]) await play(ground, action);
    await settle(ground);
    return { broken: findBroken(ground, actions), counts: count(ground) };
  } finally {
    await ground.operator.stop();
    await ground.world.close();
  }
}

/** Runs as a scheduler starts them, until nothing is left to be done; at the end one by hand for what no ordinary look reaches. */
async function settle(ground: Ground): Promise<void> {
  const { world } = ground;
  world.telegram.faults.clear();
  ground.operator.faults.clear();
  world.telegram.setLatency(40);
  world.database.exec('update bot set paused_until_utc = null');
  await world.clock.advance(61 * 60_000);
  await world.telegram.accept();
  for (const how of ['since_last', 'since', 'since_last'] as const) {
    for (let round = 0; round < ROUNDS; round += 1) {
      await world.clock.advance(PAUSE_MS);
      await run(ground, { how, limit: null, kill: null }, 0);
      if (isDone(ground)) break;
    }
  }
}

function isDone({ world }: Ground): boolean {
  const open =
    "select count(*) as n from delivery where state in ('planned', 'sending') or (state = 'in_doubt' and repeat = 0 and resolved is null)";
  return Number(world.database.prepare(open).get()?.['n']) === 0;
}

function count({ world, operations, operator }: Ground): Weathered['counts'] {
  const { messages } = world.telegram;
  return {
    operations: operations.length,
    told: messages.filter(({ text }) => text.includes('#op-')).length,
    repeats: messages.filter(({ text }) => text.includes('#op-') && /повтор/i.test(text)).length,
    invited: operator.accepted.length,
    inDoubt: Number(world.database.prepare("select count(*) as n from attempt where outcome = 'in_doubt'").get()?.['n'] ?? 0),
  };
}
