import { Secret } from '../../src/core/secret.ts';
import type { SmsSettings } from '../../src/core/settings.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { SIMULATED_KEY, SIMULATED_SENDER } from '../../src/simulators/sms/account.ts';
import { trackGateway } from '../../src/simulators/track-gateway.ts';
import { createGateway } from '../../src/sms/gateway.ts';
import type { OpenGateway } from '../../src/run/inviting.ts';
import { dieAt, Killed } from '../support/kill-points.ts';
import { BOT_ID } from '../support/world.ts';
import { taskSettings } from '../support/task-settings.ts';
import { wake } from '../support/guests.ts';
import type { Action, Kill } from './action.ts';
import type { Ground } from './ground.ts';

const MINUTE = 60_000;
/** Own text for every operation, so that a guest's chat tells which ones it knows. */
const TEMPLATE = {
  accountType: null,
  customerGroup: null,
  sign: 'any',
  text: { ru: '#{document}# {amount}', en: '#{document}# {amount}' },
} as const;

/** Does one thing of the storm. Throws only what no storm may bring about. */
export async function play(ground: Ground, action: Action): Promise<void> {
  const { world, operator } = ground;
  const { telegram, clock, database } = world;
  switch (action.do) {
    case 'operation':
      return ground.addOperation(action.who, action);
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
    case 'fault':
      telegram.faults.add({ kind: action.kind, method: action.method, skip: action.skip });
      return;
    case 'outage':
      ground.outages.push({ from: clock.trueNow(), to: clock.trueNow() + action.minutes * MINUTE });
      await telegram.refuse(action.minutes * MINUTE);
      return;
    case 'limit':
      telegram.faults.add({ kind: 'storm429', retryAfter: action.retryAfter });
      return;
    case 'latency':
      return telegram.setLatency(action.ms);
    case 'pass':
      return clock.advance(action.seconds * 1000);
    case 'jump':
      return clock.jump(action.minutes * MINUTE);
    case 'wake':
      return wake(world);
    case 'settings':
      ground.settings = { balance: action.balance, digestGapMs: action.digestS * 1000, concurrency: action.concurrency };
      return;
    case 'sms':
      ground.invites = action.on;
      return;
    case 'smsFault':
      operator.faults.add({ kind: action.kind, skip: action.skip });
      return;
    case 'smsOutage':
      await operator.refuse(action.minutes * MINUTE);
      return;
    case 'money':
      operator.account.balance = action.empty ? 0n : 10_000_000n;
      return;
    case 'pause':
    case 'resume':
      database.prepare('update bot set paused_until_utc = ?').run(action.do === 'pause' ? 253_402_300_799_000 : null);
      return;
    case 'resolve':
      return resolve(ground, action.verdict);
    case 'run':
      return run(ground, action, 0);
    case 'race': {
      const plain = { how: 'since_last', limit: null, kill: null } as const;
      await Promise.all([run(ground, { ...plain, kill: action.kill }, 0), run(ground, plain, 1)]);
    }
  }
}

interface RunAction {
  readonly how: 'since_last' | 'since' | 'mark_only';
  readonly limit: number | null;
  readonly kill: Kill | null;
}

/** A run on one of the two hosts. A killed one leaves what it leaves. */
export async function run(ground: Ground, { how, limit, kill }: RunAction, host: number): Promise<void> {
  const { world, memories } = ground;
  const dying = kill === null ? null : dieAt(kill);
  const memory = memories[host] ?? world.memory;
  const task = taskSettings({
    ...ground.settings,
    digestWaitMs: 0,
    templates: [TEMPLATE],
    apiRoot: world.telegram.url,
    sms: smsOf(ground),
  });
  const from = world.clock.trueNow();
  try {
    const summary = await world.run({
      tasks: [task],
      request: {
        kind: how,
        since: how === 'since' ? '2026-11-01 00:00:00.000' : null,
        limit: how === 'mark_only' ? null : limit,
        yes: true,
      },
      app: (app) => {
        const wired = { ...app, openGateway: gatewayOf(ground) };
        return { ...wired, ...dying?.app(wired), memory, host: ['till', 'office'][host] ?? '' };
      },
    });
    learn(ground, summary);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    ground.killed.push({ from, to: world.clock.trueNow() });
  }
}

/** Segments a day: three invitations, so that the cap is met. */
export const DAY_CAP = 6;

function smsOf({ invites, operator }: Ground): Partial<SmsSettings> {
  if (!invites) return {};
  const caps = { run: 400, day: DAY_CAP, month: 3_000, customer: 12 };
  return { operator: 'smsru', key: new Secret(SIMULATED_KEY), sender: SIMULATED_SENDER, apiRoot: operator.url, caps };
}

function gatewayOf({ world: { clock } }: Ground): OpenGateway {
  return (settings) => trackGateway(createGateway({ settings, clock }), clock);
}

/** After a pull that came to its end the program knows everything that guests have said so far. */
function learn({ world, bonds, stopping, silent }: Ground, { pulled }: RunSummary): void {
  if (pulled.answer !== 'all') return;
  for (const bond of bonds) {
    if (bond.pending !== null) [bond.steady, bond.known] = [bond.pending, true];
    bond.pending = null;
  }
  for (const person of stopping) if (!silent.has(person)) silent.set(person, world.clock.trueNow());
}

function loosen(bond: Ground['bonds'][number]): void {
  [bond.steady, bond.pending] = [null, null];
  bond.shakes += 1;
}

function shake({ bonds }: Ground, person: number): void {
  for (const bond of bonds) if (bond.people.has(person)) loosen(bond);
}

function start(ground: Ground, { who, person }: { readonly who: number; readonly person: number }): void {
  const bond = ground.bonds[who];
  const guest = ground.people[person];
  if (bond === undefined || guest === undefined) return;
  const row = ground.world.database
    .prepare('select epoch from subscription where bot_id = ? and customer_id = ?')
    .get(BOT_ID, ground.customers[who] ?? '') as { readonly epoch: number } | undefined;
  // Whoever blocked the bot comes back by pressing Start, and with them all their customers.
  shake(ground, person);
  guest.start(ground.world.link(ground.customers[who] ?? '', row?.epoch ?? 0));
  bond.people.add(person);
  loosen(bond);
  bond.pending = person;
  ground.stopping.delete(person);
  ground.silent.delete(person);
}

function speak(ground: Ground, { do: what, person }: { readonly do: 'stop' | 'block' | 'unblock'; readonly person: number }): void {
  const guest = ground.people[person];
  if (guest === undefined) return;
  const blocked = guest.chat.length === 0 || isBlocked(ground, person);
  if (what === 'stop' && blocked) return;
  shake(ground, person);
  switch (what) {
    case 'stop':
      guest.say('/stop');
      ground.stopping.add(person);
      return;
    case 'block':
      return guest.block();
    case 'unblock':
      return guest.unblock();
  }
}

function isBlocked({ people }: Ground, person: number): boolean {
  try {
    people[person]?.say('спасибо');
    return false;
  } catch {
    return true;
  }
}

function writeNote(ground: Ground, { who, fill, person }: { readonly who: number; readonly fill: boolean; readonly person: number }): void {
  const bond = ground.bonds[who];
  const { database, wallNow } = ground.world;
  const customer = ground.customers[who] ?? '';
  if (bond === undefined) return;
  loosen(bond);
  const value = fill ? (ground.people[person]?.chatId ?? null) : null;
  // Whom staff name in a note is trusted, and may since have stopped on another customer's account.
  if (fill) bond.people.add(person);
  const changed = database
    .prepare('update tp_Notes set note_Value = ?, note_Date = ? where note_obj_ID = ?')
    .run(value, wallNow(), customer);
  if (changed.changes > 0 || value === null) return;
  database
    .prepare(
      "insert into tp_Notes (note_ID, note_nttp_ID, note_obj_ID, note_item_ID, note_Date, note_Value) values (?, 'cccccccc-0000-4000-8000-000000000001', ?, ?, ?, ?)",
    )
    .run(`note-${customer}`, customer, customer, wallNow(), value);
}

function edit({ world, operations }: Ground, which: number): void {
  const operation = operations[which % Math.max(1, operations.length)];
  if (operation !== undefined)
    world.database.prepare('update tp_ClientPurseOperations set cpop_Sum = cpop_Sum + 10000 where cpop_ID = ?').run(operation.id);
}

function remove({ world, operations }: Ground, which: number): void {
  const operation = operations[which % Math.max(1, operations.length)];
  if (operation === undefined) return;
  operation.removed = true;
  world.database.prepare('delete from tp_ClientPurseOperations where cpop_ID = ?').run(operation.id);
}

/** A person settles everything in doubt, as `resolve --all` does. */
function resolve({ world }: Ground, verdict: 'delivered' | 'refused' | 'again'): void {
  const state = verdict === 'again' ? 'planned' : verdict;
  world.database
    .prepare(
      "update delivery set state = ?, repeat = iif(? = 'planned', 1, repeat), run_id = iif(? = 'planned', null, run_id), not_before_utc = null, changed_utc = ?, resolved = coalesce(resolved, '') || ? where state = 'in_doubt'",
    )
    .run(state, state, state, world.clock.now(), verdict);
}
