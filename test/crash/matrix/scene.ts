import { Secret } from '../../../src/core/secret.ts';
import type { TaskSettings } from '../../../src/core/settings.ts';
import type { GatewayName } from '../../../src/core/sms-outcome.ts';
import type { RunSummary } from '../../../src/core/summary.ts';
import type { OpenGateway } from '../../../src/run/inviting.ts';
import { createGateway } from '../../../src/sms/gateway.ts';
import type { VirtualClock } from '../../../src/simulators/clock.ts';
import { SIMULATED_KEY, SIMULATED_SENDER } from '../../../src/simulators/sms/account.ts';
import type { SmsSimulator } from '../../../src/simulators/sms/contract.ts';
import type { TelegramSimulator } from '../../../src/simulators/telegram/contract.ts';
import type { Person } from '../../../src/simulators/telegram/people.ts';
import { trackGateway } from '../../../src/simulators/track-gateway.ts';
import { MINUTE } from '../../support/guests.ts';
import { startTestSimulator } from '../../support/sms-site.ts';
import { taskSettings } from '../../support/task-settings.ts';
import { openWorld } from '../../support/world.ts';
import type { RunWish } from '../../support/world.ts';

/** Of the three operations, each in its own guest's chat. */
export const SUMS = [111, 222, 333] as const;
/** Two at once: a batch of two notices and one of one. */
export const CONCURRENCY = 2;
/** Whoever isn't subscribed, and whom the run that dies is to invite. */
const INVITED = ['79160000001', '79160000002'] as const;
/** Runs poll at most every four seconds. */
export const POLL_MS = 5_000;

/** Where services are reached: at their own ports, or through something in between. */
export interface Ports {
  readonly telegram: number;
  readonly operator: number;
}

/** Rows of the ledger: deliveries by state, invitations in the order of their numbers as `state` or `state(reason)`. */
export interface LedgerRows {
  readonly deliveries: Readonly<Record<string, number>>;
  readonly invitations: readonly string[];
}

/**
 * Two subscribers and one who has just pressed Start, with an operation each; two who aren't subscribed, with one too; and one who was invited
 * before, so that the operator has a status to tell. The next run has everything to do that a run can.
 */
export interface Scene {
  readonly clock: VirtualClock;
  readonly telegram: TelegramSimulator;
  readonly operator: SmsSimulator;
  readonly newcomer: Person;
  readonly invited: readonly string[];
  /** How long after a death its rows can't be judged, since a cut connection leaves a process that may still be sending; 0 = a free lock proves it dead. */
  readonly unjudgedMs: number;
  run(wish?: { readonly ports?: Ports; readonly app?: RunWish['app'] }): Promise<RunSummary>;
  readLedger(): Promise<LedgerRows>;
  close(): Promise<void>;
}

/** Makes the scene on an engine. */
export type OpenScene = (gateway: GatewayName) => Promise<Scene>;

/** What a scene is made in. */
export interface Stage {
  readonly clock: VirtualClock;
  readonly telegram: TelegramSimulator;
  customer(name: string, phone?: string): Promise<string>;
  operation(customer: string, sum?: number): Promise<void>;
  guest(customer: string, name: string): Person;
  run(wish: RunWish): Promise<RunSummary>;
  readLedger(invited: readonly string[]): Promise<LedgerRows>;
  close(): Promise<void>;
}

export const openScene: OpenScene = async (gateway) => makeScene(gateway, { stage: await sqliteStage(), unjudgedMs: 0 });

export async function makeScene(
  gateway: GatewayName,
  { stage, unjudgedMs }: { readonly stage: Stage; readonly unjudgedMs: number },
): Promise<Scene> {
  const { clock, telegram } = stage;
  const operator = await startTestSimulator(gateway, { clock, latencyMs: 40 });
  const run: Scene['run'] = async ({ ports = { telegram: telegram.port, operator: operator.port }, app } = {}) =>
    stage.run({
      tasks: [task(gateway, { telegram: at(telegram.url, ports.telegram), operator: at(operator.url, ports.operator) })],
      app: (base) => {
        const wired = { openGateway: ((settings) => trackGateway(createGateway({ settings, clock }), clock)) satisfies OpenGateway };
        return { ...wired, ...app?.({ ...base, ...wired }) };
      },
    });
  const subscribed: string[] = [];
  for (const name of ['Анна', 'Борис']) {
    const customer = await stage.customer(name);
    stage.guest(customer, name);
    subscribed.push(customer);
  }
  await stage.operation(await stage.customer('Глеб', '79160000009'));
  await run();
  await clock.advance(POLL_MS);
  const newcomer = await stage.customer('Вера');
  const person = stage.guest(newcomer, 'Вера');
  for (const [index, customer] of [...subscribed, newcomer].entries()) await stage.operation(customer, -(SUMS[index] ?? 0));
  for (const phone of INVITED) await stage.operation(await stage.customer('Дина', phone));
  return {
    clock,
    telegram,
    operator,
    newcomer: person,
    invited: INVITED,
    unjudgedMs,
    run,
    readLedger: () => stage.readLedger(INVITED),
    close: async () => {
      await operator.stop();
      await stage.close();
    },
  };
}

async function sqliteStage(): Promise<Stage> {
  const world = await openWorld();
  const { clock, telegram, database } = world;
  const fates = database.prepare("select state || coalesce('(' || reason || ')', '') as fate from invitation where number = ?");
  return {
    clock,
    telegram,
    customer: async (name, phone) => world.customer(name, phone),
    operation: async (customer, sum) => void world.operation(customer, { ago: MINUTE, ...(sum === undefined ? {} : { sum }) }),
    guest: world.guest,
    run: world.run,
    readLedger: async (invited) => ({
      deliveries: toldRows(world.states()),
      invitations: invited.flatMap((phone) => fates.all(phone).map((row) => String(row['fate']))),
    }),
    close: world.close,
  };
}

/** Without those who are invited instead: their rows are final when they are planned. */
export function toldRows({ skipped: _skipped, ...states }: Record<string, number>): Record<string, number> {
  return states;
}

function task(operator: GatewayName, roots: { readonly telegram: string; readonly operator: string }): TaskSettings {
  return taskSettings({
    concurrency: CONCURRENCY,
    apiRoot: roots.telegram,
    sms: { operator, apiRoot: roots.operator, key: new Secret(SIMULATED_KEY), sender: SIMULATED_SENDER },
  });
}

function at(url: string, port: number): string {
  return url.replace(/:\d+/u, `:${port}`);
}
