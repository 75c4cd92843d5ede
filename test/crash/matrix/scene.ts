import { Secret } from '../../../src/core/secret.ts';
import type { TaskSettings } from '../../../src/core/settings.ts';
import type { GatewayName } from '../../../src/core/sms-outcome.ts';
import { createGateway } from '../../../src/sms/gateway.ts';
import { SIMULATED_KEY, SIMULATED_SENDER } from '../../../src/simulators/sms/account.ts';
import type { SmsSimulator } from '../../../src/simulators/sms/contract.ts';
import { trackGateway } from '../../../src/simulators/track-gateway.ts';
import type { Person } from '../../../src/simulators/telegram/people.ts';
import { MINUTE, nextPoll } from '../../support/guests.ts';
import { startTestSimulator } from '../../support/sms-site.ts';
import { taskSettings } from '../../support/task-settings.ts';
import { openWorld } from '../../support/world.ts';
import type { RunWish, World } from '../../support/world.ts';

/** Of the three operations, each in its own guest's chat. */
export const SUMS = [111, 222, 333] as const;
/** Two at once: a batch of two notices and one of one. */
export const CONCURRENCY = 2;
/** Whoever isn't subscribed, and whom the run that dies is to invite. */
const INVITED = ['79160000001', '79160000002'] as const;

/** Where services are reached: at their own ports, or through something in between. */
export interface Ports {
  readonly telegram: number;
  readonly operator: number;
}

/**
 * Two subscribers and one who has just pressed Start, with an operation each; two who aren't subscribed, with one too; and one who was invited
 * before, so that the operator has a status to tell. The next run has everything to do that a run can.
 */
export interface Scene {
  readonly world: World;
  readonly operator: SmsSimulator;
  readonly newcomer: Person;
  readonly invited: readonly string[];
  wish(ports?: Ports): RunWish;
  close(): Promise<void>;
}

export async function openScene(gateway: GatewayName): Promise<Scene> {
  const world = await openWorld();
  const operator = await startTestSimulator(gateway, { clock: world.clock, latencyMs: 40 });
  const scene = {
    world,
    operator,
    invited: INVITED,
    wish: (ports: Ports = { telegram: world.telegram.port, operator: operator.port }): RunWish => ({
      tasks: [task(gateway, { telegram: at(world.telegram.url, ports.telegram), operator: at(operator.url, ports.operator) })],
      app: () => ({ openGateway: (settings) => trackGateway(createGateway({ settings, clock: world.clock }), world.clock) }),
    }),
    close: async () => {
      await operator.stop();
      await world.close();
    },
  };
  const subscribed = ['Анна', 'Борис'].map((name) => {
    const customer = world.customer(name);
    world.guest(customer, name);
    return customer;
  });
  world.operation(world.customer('Глеб', '79160000009'), { ago: MINUTE });
  await world.run(scene.wish());
  await nextPoll(world);
  const newcomer = world.customer('Вера');
  const person = world.guest(newcomer, 'Вера');
  for (const [index, customer] of [...subscribed, newcomer].entries()) world.operation(customer, { ago: MINUTE, sum: -(SUMS[index] ?? 0) });
  for (const phone of INVITED) world.operation(world.customer('Дина', phone), { ago: MINUTE });
  return { ...scene, newcomer: person };
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
