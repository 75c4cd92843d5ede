import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { GATEWAYS } from '../../src/core/sms-outcome.ts';
import type { Gateway } from '../../src/ports/gateway.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { openRawServer, readTestFile, testAuthority } from '../support/raw-server.ts';
import type { Certificate, RawServer } from '../support/raw-server.ts';
import { always, openTestGateway, smsTo } from '../support/sms-site.ts';
import { sayJson } from '../support/sms-wire.ts';

afterEach(() => vi.unstubAllEnvs());

describe.each(GATEWAYS)('%s, whose certificate', (operator) => {
  const open = async (certificate: Certificate, ca: string | null): Promise<{ readonly server: RawServer; readonly gateway: Gateway }> => {
    const server = await openRawServer(({ socket }) => socket.write(sayJson({})), { certificate });
    onTestFinished(() => server.close());
    return { server, gateway: openTestGateway(operator, { clock: createHandClock(), apiRoot: `https://localhost:${server.port}`, ca }) };
  };

  it.each([
    ['signed itself', 'expired', null, {}],
    ['is signed by nobody who is trusted', 'here', null, {}],
    ['the same, with the check switched off by the environment', 'here', null, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
    ['is for another name', 'elsewhere', testAuthority(), {}],
    ['is out of date', 'expired', readTestFile('expired.pem'), {}],
  ] as const)('%s gets no SMS, no key and no question', async (_what, certificate, ca, env) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const { server, gateway } = await open(certificate, ca);
    const why = /UNABLE_TO_VERIFY|ALTNAME|EXPIRED|SELF_SIGNED/;
    // Surely not sent, so the money isn't spent and the invitation isn't in doubt.
    expect(await gateway.send(smsTo(), always)).toMatchObject({ outcome: 'later', detail: expect.stringMatching(why) as string });
    expect(await gateway.readBalance()).toMatchObject({ detail: expect.stringMatching(why) as string });
    expect(server.requests).toEqual([]);
  });

  it('is signed by the settings’ authority gets what is meant for it', async () => {
    const { server, gateway } = await open('here', testAuthority());
    await gateway.send(smsTo(), always);
    expect(server.requests).toHaveLength(1);
  });
});
