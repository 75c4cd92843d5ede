import type { Action, Storm } from './action.ts';
import { usualChoices } from './admission.ts';
import type { Counts } from './counts.ts';
import { ask, openGround } from './ground.ts';
import type { Ground } from './ground.ts';
import { play } from './play.ts';
import { judgeAdmitted, judgeEnd } from './promises.ts';
import { pause } from './staff.ts';
import { stand, watch } from './watch.ts';
import { judgeMessage, judgeSms } from './witness.ts';

const ROUNDS = 16;
const PAUSE_MS = 17 * 60_000;

const ORDINARY: Action = { do: 'run', how: 'since_last', limit: null, kill: null };
/** A restaurant that is in use already: three guests have subscribed, and Telegram has seen that it is known. */
const PRELUDE: readonly Action[] = [
  ...[0, 1, 2].map((who): Action => ({ do: 'start', who, person: who })),
  ORDINARY,
  { do: 'pass', seconds: 5 },
  ORDINARY,
  { do: 'pass', seconds: 5 },
];

export interface Weathered {
  /** Promises that did not hold, each in a sentence; none = the storm was weathered. */
  readonly broken: readonly string[];
  readonly counts: Counts;
}

/** Plays a storm, lets the sky clear, and holds everything that was promised against what the services really saw: at every step and at the end. */
export async function weather({ operator, actions }: Storm): Promise<Weathered> {
  const ground = await openGround(operator, { onMessage: judgeMessage, onSms: judgeSms });
  try {
    ground.before = stand(ground);
    for (const action of [...PRELUDE, ...actions]) await step(ground, action);
    await settle(ground);
    judgeEnd(ground, actions);
    return { broken: [...ground.broken], counts: ground.counts };
  } finally {
    await ground.operator.stop();
    await ground.world.close();
  }
}

async function step(ground: Ground, action: Action): Promise<void> {
  await play(ground, action);
  watch(ground);
}

/**
 * Runs as a scheduler starts them, until nothing is left to be done; then one by hand for what no ordinary look reaches: before it everything must be
 * known that was chosen when it was made.
 */
async function settle(ground: Ground): Promise<void> {
  const { world } = ground;
  world.telegram.faults.clear();
  ground.operator.faults.clear();
  await step(ground, { do: 'latency', ms: 40 });
  pause(ground, false);
  ground.yes = true;
  ground.choices = usualChoices();
  await step(ground, { do: 'pass', seconds: 61 * 60 });
  await world.telegram.accept();
  await runUntilDone(ground, 'since_last');
  // What the last look left behind is found within the hour.
  await step(ground, { do: 'pass', seconds: 61 * 60 });
  await runUntilDone(ground, 'since_last');
  judgeAdmitted(ground);
  await runUntilDone(ground, 'since');
  if (!hasWaiting(ground)) return;
  // What a day's cap left goes on the next one, as far as the month's lets it.
  await step(ground, { do: 'pass', seconds: 20 * 3600 });
  await step(ground, ORDINARY);
}

function hasWaiting(ground: Ground): boolean {
  return ask(ground, "select 1 as found from invitation where state = 'planned' limit 1").length > 0;
}

async function runUntilDone(ground: Ground, how: 'since_last' | 'since'): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    await ground.world.clock.advance(PAUSE_MS);
    await step(ground, { do: 'run', how, limit: null, kill: null });
    if (isDone(ground)) return;
  }
}

function isDone(ground: Ground): boolean {
  const open =
    "select 1 as found from delivery where state in ('planned', 'sending') or (state = 'in_doubt' and repeat = 0 and resolved is null)";
  return ask(ground, open).length === 0;
}
