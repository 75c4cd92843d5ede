import { describe, expect, it, onTestFinished } from 'vitest';

import { Secret } from '../../src/core/secret.ts';
import { GATEWAYS } from '../../src/core/sms-outcome.ts';
import type { GatewayName } from '../../src/core/sms-outcome.ts';
import { SIMULATED_KEY, SIMULATED_SENDER } from '../../src/simulators/sms/account.ts';
import { trackGateway } from '../../src/simulators/track-gateway.ts';
import { createGateway } from '../../src/sms/gateway.ts';
import { startTestSimulator } from '../support/sms-site.ts';
import { openWorld } from '../support/world.ts';

const SEND: Readonly<Record<GatewayName, string>> = { smsru: '/sms/send', p1sms: '/apiSms/create', pushsms: '/delivery' };
/** Every byte is cut at in test/sms; here the run stands behind it, and a run takes its time. */
const STRIDE = 23;

describe.each(GATEWAYS)('an answer of %s that is cut anywhere', (operator) => {
  it('leaves one SMS in doubt and never yields a second one', async () => {
    const world = await openWorld();
    const simulator = await startTestSimulator(operator, { clock: world.clock });
    onTestFinished(async () => {
      await world.close();
      await simulator.stop();
    });
    const sms = { operator, apiRoot: simulator.url, key: new Secret(SIMULATED_KEY), sender: SIMULATED_SENDER, price: '4.5' };
    const { clock } = world;
    const run = () =>
      world.run({ settings: { sms }, app: () => ({ openGateway: (settings) => trackGateway(createGateway({ settings, clock }), clock) }) });
    let guests = 0;
    for (let bytes = 0, whole = false; !whole; bytes += STRIDE) {
      world.operation(world.customer('Анна', `8 916 ${1_000_000 + guests}`));
      guests += 1;
      simulator.faults.add({ kind: 'cutAnswer', bytes, method: SEND[operator] });
      const { exitCode, invited } = await run();
      whole = invited.accepted === 1;
      expect({ exitCode, accepted: invited.accepted, inDoubt: invited.inDoubt }).toEqual(
        whole ? { exitCode: 0, accepted: 1, inDoubt: 0 } : { exitCode: 4, accepted: 0, inDoubt: 1 },
      );
    }
    expect(guests).toBeGreaterThan(8);
    // Hours of further runs, and the operator well again: whoever is in doubt stays so.
    for (let turn = 0; turn < 3; turn += 1) {
      await clock.sleep(3_600_000);
      await run();
    }
    expect(simulator.sums()).toMatchObject({ messages: guests, numbers: guests, repeated: 0 });
    expect(world.invitations()).toEqual([
      ...Array.from({ length: guests - 1 }, () => expect.stringMatching(/^in_doubt\((?:cut|unreadable)\)$/)),
      'accepted',
    ]);
  });
});
