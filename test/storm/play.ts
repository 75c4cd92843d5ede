import { wake } from '../support/guests.ts';
import type { Action } from './action.ts';
import { addOperation } from './ground.ts';
import type { Ground } from './ground.ts';
import { speak, start, writeNote } from './guests.ts';
import { race, runAlone } from './runs.ts';
import { edit, pause, remove, resolve } from './staff.ts';

const MINUTE = 60_000;

/** Does one thing of the storm. Throws only what no storm may bring about. */
export async function play(ground: Ground, action: Action): Promise<void> {
  switch (action.do) {
    case 'operation':
      return addOperation(ground, action);
    case 'edit':
      return edit(ground, action.which);
    case 'remove':
      return remove(ground, action.which);
    case 'start':
      return start(ground, action);
    case 'stop':
    case 'block':
    case 'unblock':
      return speak(ground, action);
    case 'note':
      return writeNote(ground, action);
    case 'settings':
      ground.settings = { balance: action.balance, digestGapMs: action.digestS * 1000, concurrency: action.concurrency };
      return;
    case 'filters':
      ground.choices = { ...ground.choices, [action.task]: action.choice };
      return;
    case 'yes':
      ground.yes = action.on;
      return;
    case 'sms':
      ground.invites = action.on;
      return;
    case 'pause':
    case 'resume':
      return pause(ground, action.do === 'pause');
    case 'resolve':
      return resolve(ground, action.verdict);
    case 'run':
      return runAlone(ground, action);
    case 'race':
      return race(ground, action.kill);
    default:
      return befall(ground, action);
  }
}

type Weather = Extract<
  Action,
  {
    readonly do: 'fault' | 'outage' | 'limit' | 'latency' | 'pass' | 'jump' | 'serverJump' | 'wake' | 'smsFault' | 'smsOutage' | 'money';
  }
>;

/** What happens to the services and to time. */
async function befall(ground: Ground, action: Weather): Promise<void> {
  const { world, operator } = ground;
  const { telegram, clock } = world;
  switch (action.do) {
    case 'fault':
      telegram.faults.add({ kind: action.kind, method: action.method, skip: action.skip });
      return;
    case 'outage':
      ground.outages.push({ from: clock.trueNow(), to: clock.trueNow() + action.minutes * MINUTE });
      return telegram.refuse(action.minutes * MINUTE);
    case 'limit':
      ground.waits.push(action.retryAfter);
      telegram.faults.add({ kind: 'storm429', retryAfter: action.retryAfter });
      return;
    case 'latency':
      ground.latencyMs = action.ms;
      return telegram.setLatency(action.ms);
    case 'pass':
      return clock.advance(action.seconds * 1000);
    case 'jump':
    case 'serverJump':
      ground.leaps.push(clock.trueNow());
      if (action.do === 'jump') clock.jump(action.minutes * MINUTE);
      else world.jump(action.minutes * MINUTE);
      return;
    case 'wake':
      return wake(world, 'deposit');
    case 'smsFault':
      operator.faults.add({ kind: action.kind, skip: action.skip });
      return;
    case 'smsOutage':
      return operator.refuse(action.minutes * MINUTE);
    case 'money':
      operator.account.balance = action.empty ? 0n : 10_000_000n;
  }
}
