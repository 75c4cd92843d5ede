import { Secret } from '../../src/core/secret.ts';
import type { SmsSettings, TaskSettings } from '../../src/core/settings.ts';
import { addWall } from '../../src/core/wall-time.ts';
import type { OpenGateway } from '../../src/run/inviting.ts';
import { SIMULATED_KEY, SIMULATED_SENDER } from '../../src/simulators/sms/account.ts';
import { trackGateway } from '../../src/simulators/track-gateway.ts';
import { createGateway } from '../../src/sms/gateway.ts';
import { dieAt, Killed } from '../support/kill-points.ts';
import { taskSettings } from '../support/task-settings.ts';
import { BONUS, DEPOSIT } from '../support/world.ts';
import { TASKS } from './action.ts';
import type { Kill, RunHow, TaskName } from './action.ts';
import { isMeant } from './admission.ts';
import { ask } from './ground.ts';
import type { Ground, Known, Running } from './ground.ts';
import { CAPS } from './witness.ts';

const MINUTE = 60_000;
/** Old notices, and invitations of a task, that go without a yes. */
const BRAKE = 0;
const SMS_BRAKE = 1;
const BRAKE_AGE_MS = 5 * MINUTE;
/** Own text for every operation, so that a guest's chat tells which ones it knows, and with what sum. */
const TEMPLATE = {
  accountType: null,
  customerGroup: null,
  sign: 'any',
  text: { ru: '#{document}# {amount}', en: '#{document}# {amount}' },
} as const;
const TYPES: Readonly<Record<TaskName, string>> = { deposit: DEPOSIT, bonus: BONUS };
/** A former storm's kills came no later. */
const LATE_CALL = 24;

export interface RunAction {
  readonly how: RunHow;
  readonly limit: number | null;
  readonly kill: Kill | null;
}

export async function runAlone(ground: Ground, action: RunAction): Promise<void> {
  await watched(ground, action, () => run(ground, action, 0));
}

/** On two hosts at once; only the first one's process may die. */
export async function race(ground: Ground, kill: Kill | null): Promise<void> {
  const plain = { how: 'since_last', limit: null, kill: null } as const;
  await watched(ground, null, async () => {
    const ends = await Promise.all([run(ground, { ...plain, kill }, 0), run(ground, plain, 1)]);
    return ends.includes('died') ? 'died' : 'lived';
  });
}

/** Everything about a run that its starter knows, before and after; `action` null = two at once. */
async function watched(ground: Ground, action: RunAction | null, play: () => Promise<'lived' | 'died'>): Promise<void> {
  const { world, operations, choices, admission, counts, yes } = ground;
  const how = action?.how ?? 'since_last';
  const running: Running = { how, yes };
  const from = world.wallNow();
  const before = readRows(ground);
  admission.begins(choices, from);
  for (const operation of operations) {
    if (how === 'mark_only') operation.mayBeSeen = true;
    else {
      operation.meant ||= TASKS.some((task) => isMeant(operation, choices[task], how === 'since'));
      operation.admitted ||= how === 'since' || !admission.surelyKeepsOut(operation);
    }
  }
  if (ground.paused && [...before.values()].some(({ state }) => state === 'planned')) counts.paused += 1;
  const old = yes || how === 'mark_only' ? [] : findOld(ground, { before, cut: addWall(from, -BRAKE_AGE_MS) });
  const invited = readInvitations(ground);
  ground.spent.delete('run');
  ground.running = action === null ? [running, running] : [running];
  const ended = await play();
  ground.running = [];
  const sure = action !== null && ended === 'lived' && (how === 'mark_only' || hasLearnt(ground));
  admission.ended(choices, { from, to: world.wallNow(), sure });
  if (sure && how === 'mark_only') markSeen(ground, before);
  if (!yes && how !== 'mark_only') judgeBrake(ground, { old, invited, runs: action === null ? 2 : 1 });
}

interface DeliveryRow {
  readonly state: string;
  readonly task: string;
}

function readRows(ground: Ground): ReadonlyMap<string, DeliveryRow> {
  const rows = ask(ground, 'select operation_id as id, state, task_id as task from delivery');
  return new Map(rows.map((row) => [String(row['id']), { state: String(row['state']), task: String(row['task']) }]));
}

/** Telegram answered every poll of this step: then the run knew who subscribed, and came to plan. */
function hasLearnt({ world, before }: Ground): boolean {
  const polls = world.telegram.calls.slice(before.telegram).filter(({ method }) => method === 'getUpdates');
  return polls.length > 0 && polls.every(({ status, answered, fault }) => status === 200 && answered && fault === null);
}

function markSeen({ operations, choices, admission }: Ground, before: ReadonlyMap<string, DeliveryRow>): void {
  for (const operation of operations) {
    if (operation.removed || before.has(operation.id)) continue;
    operation.seen ||= TASKS.some((task) => isMeant(operation, choices[task], false) && admission.surelyAdmits(operation, task));
  }
}

/** Operations that are old already and that no run has taken up: these are what the brake is for. */
function findOld(
  { operations }: Ground,
  { before, cut }: { readonly before: ReadonlyMap<string, DeliveryRow>; readonly cut: string },
): readonly Known[] {
  return operations.filter(({ id, date }) => date < cut && (before.get(id)?.state ?? 'skipped') === 'skipped');
}

function judgeBrake(
  ground: Ground,
  { old, invited, runs }: { readonly old: readonly Known[]; readonly invited: ReadonlySet<string>; readonly runs: number },
): void {
  const { counts, broken, bonds } = ground;
  const after = readRows(ground);
  for (const task of TASKS) {
    // A notice tells of one customer, so there are at least as many notices as customers.
    const passed = old.filter(({ id }) => after.get(id)?.task === task && after.get(id)?.state !== 'skipped');
    const customers = new Set(passed.map(({ customer }) => customer)).size;
    if (customers > BRAKE * runs) broken.add(`${customers} old notices of ${task} went past the brake of ${BRAKE} without a yes`);
  }
  const waiting = new Set(
    old.filter(({ id, customer }) => !after.has(id) && bonds.steadiness(customer) !== null).map(({ customer }) => customer),
  );
  if (waiting.size > BRAKE) {
    counts.braked += 1;
    counts.heldBack += waiting.size;
  }
  for (const [task, added] of countByTask(ground, invited))
    if (added > SMS_BRAKE * runs) broken.add(`${added} invitations of ${task} went past the brake of ${SMS_BRAKE} without a yes`);
}

function readInvitations(ground: Ground): ReadonlySet<string> {
  return new Set(ask(ground, 'select invitation_no as no from invitation').map((row) => String(row['no'])));
}

function countByTask(ground: Ground, before: ReadonlySet<string>): ReadonlyMap<string, number> {
  const rows = ask(ground, "select invitation_no as no, task_id as task from invitation where state <> 'skipped'");
  const added = rows.filter((row) => !before.has(String(row['no'])));
  return new Map([...Map.groupBy(added, (row) => String(row['task']))].map(([task, of]) => [task, of.length]));
}

/** A run on one of the two hosts. A killed one leaves what it leaves. */
async function run(ground: Ground, { how, limit, kill }: RunAction, host: number): Promise<'lived' | 'died'> {
  const { world, memories, counts } = ground;
  const dying = dieAt(kill);
  const memory = memories[host] ?? world.memory;
  const from = world.clock.trueNow();
  try {
    await world.run({
      tasks: TASKS.map((task) => settingsOf(ground, task)),
      request: {
        kind: how,
        since: how === 'since' ? '2026-11-01 00:00:00.000' : null,
        limit: how === 'mark_only' ? null : limit,
        yes: ground.yes,
      },
      app: (app) => {
        const wired = { ...app, openGateway: gatewayOf(ground) };
        return { ...wired, ...dying.app(wired), memory, host: ['till', 'office'][host] ?? '' };
      },
    });
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  if (dying.diedAt() === null) return 'lived';
  ground.killed.push({ from, to: world.clock.trueNow() });
  counts.deaths += 1;
  counts.lateDeaths += Number((kill?.call ?? 0) > LATE_CALL);
  return 'died';
}

function settingsOf(ground: Ground, task: TaskName): TaskSettings {
  const { types, sign, threshold, startDate } = ground.choices[task];
  return taskSettings({
    ...ground.settings,
    id: task,
    digestWaitMs: 0,
    templates: [TEMPLATE],
    apiRoot: ground.world.telegram.url,
    accountTypes: types.map((type) => TYPES[type]),
    sign,
    threshold: BigInt(threshold) * 10_000n,
    startDate,
    brake: BRAKE,
    brakeAgeMs: BRAKE_AGE_MS,
    sms: smsOf(ground),
  });
}

function smsOf({ invites, operator, operatorName }: Ground): Partial<SmsSettings> {
  if (!invites) return {};
  const key = new Secret(SIMULATED_KEY);
  return { operator: operatorName, key, sender: SIMULATED_SENDER, apiRoot: operator.url, caps: CAPS, brake: SMS_BRAKE };
}

function gatewayOf({ world: { clock } }: Ground): OpenGateway {
  return (settings) => trackGateway(createGateway({ settings, clock }), clock);
}
