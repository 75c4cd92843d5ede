import { GATEWAYS } from '../../src/core/sms-outcome.ts';
import type { GatewayName } from '../../src/core/sms-outcome.ts';
import type { SmsSimulator } from '../../src/simulators/sms/contract.ts';
import { startP1smsSimulator } from '../../src/simulators/p1sms/simulator.ts';
import { startPushsmsSimulator } from '../../src/simulators/pushsms/simulator.ts';
import { startSmsruSimulator } from '../../src/simulators/smsru/simulator.ts';
import { smsSettings } from '../support/command-world.ts';
import { scene } from './site.ts';
import type { PeopleSite, Scene } from './site.ts';

const START = { smsru: startSmsruSimulator, p1sms: startP1smsSimulator, pushsms: startPushsmsSimulator } as const;
const DAY = 24 * 60;

export { GATEWAYS };

interface Invitation {
  readonly customerId: string;
  readonly state: string;
  readonly status: string | null;
}

async function invitationsOf({ site }: PeopleSite): Promise<readonly Invitation[]> {
  return (await site.ask<{ invitations: readonly Invitation[] }>('invitations')).json.invitations;
}

export async function withOperator(
  operator: GatewayName,
  site: PeopleSite,
  play: (simulator: SmsSimulator) => Promise<void>,
): Promise<void> {
  const simulator = await START[operator]({ clock: site.world.clock, latencyMs: 30 });
  site.site.settle(smsSettings(operator, simulator));
  try {
    await play(simulator);
  } finally {
    await simulator.stop();
  }
}

/** What became of each SMS comes with the runs of the next three days, and is shown; after that nobody asks. */
export function tellsStatuses(operator: GatewayName): Scene {
  return scene(async (site, expect) => {
    await withOperator(operator, site, async (simulator) => {
      const fates = ['delivered', 'undelivered', 'never'] as const;
      const customers = fates.map((fate, index) => {
        const number = `7916000000${index}`;
        simulator.account.fates.set(number, fate);
        return site.world.customer(`Гость ${index}`, number);
      });
      for (const customer of customers) site.world.operation(customer);
      await site.run();
      const statuses = async (): Promise<string> => {
        const rows = await invitationsOf(site);
        return customers.map((customer) => rows.find((row) => row.customerId === customer)?.status ?? 'none').join();
      };
      expect(
        (await invitationsOf(site)).every(({ state }) => state === 'accepted'),
        'an SMS was not accepted',
      );
      await site.pass(60);
      await site.run();
      expect(/^delivered,undelivered,(?:none|pending)$/u.test(await statuses()), `after an hour: ${await statuses()}`);
      const asked = (): number => simulator.calls.length;
      const before = asked();
      await site.run();
      expect(asked() > before, 'whose fate is open is not asked about again');
      await site.pass(4 * DAY);
      await site.run();
      const after = asked();
      await site.pass(DAY);
      await site.run();
      expect(asked() === after, 'after three days somebody still asks');
      expect(simulator.sums().messages === 3 && simulator.sums().repeated === 0, 'an SMS that did not arrive was sent again');
    });
  });
}

/** An SMS in doubt counts as sent, is never repeated, and the next one comes with its interval. */
export function neverRepeatsSms(operator: GatewayName): Scene {
  return scene(async (site, expect) => {
    await withOperator(operator, site, async (simulator) => {
      const customer = site.world.customer('Жанна', '79160000001');
      const send = { smsru: '/sms/send', p1sms: '/apiSms/create', pushsms: '/delivery' }[operator];
      simulator.faults.add({ kind: 'closeAfterProcessing', method: send });
      site.world.operation(customer);
      expect((await site.run()).code === 4, 'an SMS in doubt does not end with 4');
      expect((await invitationsOf(site))[0]?.state === 'in_doubt', 'the SMS is not shown in doubt');
      for (let day = 0; day < 29; day += 1) {
        await site.pass(DAY);
        site.world.operation(customer);
        await site.run();
      }
      expect(simulator.sums().messages === 1, `${simulator.sums().messages} SMS within the interval`);
      await site.pass(2 * DAY);
      site.world.operation(customer);
      await site.run();
      expect(simulator.sums().messages === 2, 'after its interval no further invitation goes');
    });
  });
}
