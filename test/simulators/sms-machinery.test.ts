import { request } from 'node:http';

import { describe, expect, it } from 'vitest';

import { GATEWAYS } from '../../src/core/sms-outcome.ts';
import type { GatewayName } from '../../src/core/sms-outcome.ts';
import { countSegments } from '../../src/simulators/sms/segments.ts';
import { SIMULATED_KEY } from '../../src/simulators/sms/account.ts';
import { BEARER, form, json, smsStage } from './sms-calling.ts';

const SENDS: Readonly<Record<GatewayName, (phone: string) => readonly [string, RequestInit]>> = {
  smsru: (to) => ['/sms/send', form({ to, msg: 'x' })],
  p1sms: (phone) => ['/apiSms/create', json({ apiKey: SIMULATED_KEY, sms: [{ channel: 'digit', text: 'x', phone }] })],
  pushsms: (phone) => ['/delivery', json({ text: 'x', phone }, BEARER)],
};

describe('segments', () => {
  it.each([
    ['', 1],
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['я'.repeat(70), 1],
    ['я'.repeat(71), 2],
    ['я'.repeat(134), 2],
    ['я'.repeat(135), 3],
    [`{${'a'.repeat(70)}`, 2],
    ['https://t.me/penka_bot?start=AQEBAQ', 1],
  ])('of «%s» are %i', (text, segments) => {
    expect(countSegments(text)).toBe(segments);
  });
});

describe.each(GATEWAYS)('the simulator of %s', (operator) => {
  it('notes each call with its number, each SMS with what it costs, and forgets both', async () => {
    const seen: string[] = [];
    const { ask, simulator } = await smsStage(operator, { onSms: ({ number }) => void seen.push(number) });
    await ask(...SENDS[operator]('79990000001'));
    expect(simulator.calls).toMatchObject([
      {
        number: 1,
        method: `POST ${SENDS[operator]('')[0]}`,
        phone: '79990000001',
        received: true,
        processed: true,
        answered: true,
        status: 200,
        fault: null,
      },
    ]);
    expect(seen).toEqual(['79990000001']);
    expect(simulator.sums()).toEqual({ messages: 1, numbers: 1, segments: 1, cost: 45_000n, repeated: 0 });
    simulator.reset();
    expect([simulator.calls, simulator.accepted]).toEqual([[], []]);
  });

  it('meets a fault of one number alone', async () => {
    const { ask, simulator } = await smsStage(operator);
    simulator.faults.add({ kind: 'html502', number: '79990000002', times: Infinity });
    expect(await ask(...SENDS[operator]('79990000001'))).toMatchObject({ status: 200 });
    expect(await ask(...SENDS[operator]('79990000002'))).toMatchObject({ status: 502, body: expect.stringContaining('Bad Gateway') });
    expect(simulator.accepted).toHaveLength(1);
    expect(simulator.calls[1]).toMatchObject({ processed: false, fault: 'html502' });
  });

  it('asks to wait, in the header too', async () => {
    const { ask, simulator } = await smsStage(operator);
    simulator.faults.add({ kind: 'storm429', retryAfter: 7 });
    expect(await ask(...SENDS[operator]('79990000001'))).toMatchObject({ status: 429, retryAfter: '7' });
  });

  it('is slow by the clock it is given', async () => {
    const { ask, simulator, clock } = await smsStage(operator, { latencyMs: 400 });
    simulator.faults.add({ kind: 'delay', ms: 5_000 });
    const begun = clock.monotonic();
    await ask(...SENDS[operator]('79990000001'));
    expect(clock.monotonic() - begun).toBe(5_400);
  });

  it('refuses connections for a while', async () => {
    const { ask, simulator, clock } = await smsStage(operator);
    await simulator.refuse(3_000);
    await expect(ask(...SENDS[operator]('79990000001'))).rejects.toThrow('fetch failed');
    await clock.sleep(3_000);
    expect(await ask(...SENDS[operator]('79990000001'))).toMatchObject({ status: 200 });
  });

  it('cuts its answer at the byte it is told to', async () => {
    const { simulator, clock } = await smsStage(operator);
    const bytesOf = (bytes: number): Promise<string> =>
      clock.track(
        new Promise((resolve) => {
          simulator.faults.add({ kind: 'cutAnswer', bytes });
          let seen = '';
          const asked = request(simulator.url, { agent: false });
          asked.on('socket', (socket) => socket.on('data', (chunk: Buffer) => (seen += chunk.toString())).on('close', () => resolve(seen)));
          asked.on('error', () => {});
          asked.on('response', (response) => response.on('error', () => {}).resume());
          asked.end();
        }),
      );
    const whole = await bytesOf(10_000);
    expect(whole).toMatch(/^HTTP\/1\.1 \d{3} Cut\r\n[^]*\r\n\r\n\S.*$/);
    for (const bytes of [0, 1, 12, 40, whole.length - 1]) expect(await bytesOf(bytes)).toBe(whole.slice(0, bytes));
  });
});
