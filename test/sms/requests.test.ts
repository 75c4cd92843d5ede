import { describe, expect, it } from 'vitest';

import { SIMULATED_KEY } from '../../src/simulators/sms/account.ts';
import type { RawRequest } from '../support/raw-server.ts';
import { openSmsWire, sayJson } from '../support/sms-wire.ts';
import { always, NUMBER, smsTo, TEXT } from '../support/sms-site.ts';

const NOTHING = sayJson({});
const lineOf = ({ head }: RawRequest): string => head.split('\r\n')[0] ?? '';
const formOf = ({ body }: RawRequest): object => Object.fromEntries(new URLSearchParams(body));
const jsonOf = ({ body }: RawRequest): unknown => JSON.parse(body);

describe('smsru asks by form, with the key in it', () => {
  const KEY = { api_id: SIMULATED_KEY, json: '1' };

  it('for each of its methods', async () => {
    const { gateway, server } = await openSmsWire('smsru', NOTHING);
    await gateway.send(smsTo(), always);
    await gateway.readCost(smsTo());
    await gateway.readBalance();
    await gateway.readSenders();
    await gateway.readStatuses(['000000-1', '000000-2']);
    const sms = { to: NUMBER, msg: TEXT, from: 'PENKA' };
    expect(server.requests.map((request) => [lineOf(request), formOf(request)])).toEqual([
      ['POST /sms/send HTTP/1.1', { ...KEY, ...sms }],
      ['POST /sms/cost HTTP/1.1', { ...KEY, ...sms }],
      ['POST /my/balance HTTP/1.1', KEY],
      ['POST /my/senders HTTP/1.1', KEY],
      ['POST /sms/status HTTP/1.1', { ...KEY, sms_id: '000000-1,000000-2' }],
    ]);
    expect(server.requests[0]?.head).toMatch(/^content-type: application\/x-www-form-urlencoded$/im);
  });

  it('without a sender where there is none', async () => {
    const { gateway, server } = await openSmsWire('smsru', NOTHING, { sender: '' });
    await gateway.send(smsTo(), always);
    expect(server.requests.map(formOf)).toEqual([{ ...KEY, to: NUMBER, msg: TEXT }]);
  });
});

describe('p1sms asks by JSON, with the key in it, or by a query', () => {
  it('for each of its methods', async () => {
    const { gateway, server } = await openSmsWire('p1sms', NOTHING);
    await gateway.send(smsTo(NUMBER, { reference: 'tp-1234567890-abcdefgh' }), always);
    await gateway.readStatuses(['370506708', 'x7']);
    await gateway.readBalance();
    await gateway.readSenders();
    const [sent, statuses, balance, senders] = server.requests;
    expect(server.requests.map(lineOf)).toEqual([
      'POST /apiSms/create HTTP/1.1',
      'POST /apiSms/get HTTP/1.1',
      `GET /apiUsers/getUserBalanceInfo?apiKey=${SIMULATED_KEY} HTTP/1.1`,
      `GET /apiUsers/getUserSenders?apiKey=${SIMULATED_KEY} HTTP/1.1`,
    ]);
    expect(jsonOf(sent as RawRequest)).toEqual({
      apiKey: SIMULATED_KEY,
      sms: [{ channel: 'char', sender: 'PENKA', text: TEXT, phone: NUMBER, tag: 'tp-1234567890-abcdef' }],
    });
    expect(jsonOf(statuses as RawRequest)).toEqual({ apiKey: SIMULATED_KEY, apiSmsIdList: [370_506_708, 'x7'] });
    expect(sent?.head).toMatch(/^content-type: application\/json$/im);
    expect([balance?.body, senders?.body]).toEqual(['', '']);
  });

  it('from a number of the operator’s where there is no sender', async () => {
    const { gateway, server } = await openSmsWire('p1sms', NOTHING, { sender: '' });
    await gateway.send(smsTo(), always);
    expect(server.requests.map(jsonOf)).toMatchObject([{ sms: [{ channel: 'digit', phone: NUMBER }] }]);
    expect(server.requests[0]?.body).not.toContain('sender');
  });
});

describe('pushsms asks with the token in a header', () => {
  it('for each of its methods, by SMS alone', async () => {
    const { gateway, server } = await openSmsWire('pushsms', NOTHING, { path: '/api/v1/' });
    await gateway.send(smsTo(), always);
    await gateway.readBalance();
    await gateway.readSenders();
    await gateway.readStatuses(['369095460/../x']);
    expect(server.requests.map(lineOf)).toEqual([
      'POST /api/v1/delivery HTTP/1.1',
      'GET /api/v1/account HTTP/1.1',
      'GET /api/v1/account HTTP/1.1',
      'GET /api/v1/delivery/369095460%2F..%2Fx HTTP/1.1',
    ]);
    for (const { head } of server.requests) expect(head).toMatch(new RegExp(`^authorization: Bearer ${SIMULATED_KEY}$`, 'im'));
    expect(jsonOf(server.requests[0] as RawRequest)).toEqual({
      text: TEXT,
      phone: NUMBER,
      sender_name: 'PENKA',
      dispatch_routing: ['sms'],
      external_id: 'tp-17-a1b2c3',
    });
  });

  it('stops asking for statuses where one gets no answer, and keeps those it has', async () => {
    const delivery = { id: 1, status: { status_id: 2 } };
    const { gateway, server } = await openSmsWire('pushsms', ({ index }) =>
      index === 0 ? sayJson({ meta: { code: 200 }, delivery }) : sayJson({}, 502),
    );
    expect(await gateway.readStatuses(['1', '2', '3'])).toEqual({
      answer: 'statuses',
      statuses: [{ gatewayId: '1', status: 'delivered', code: '2', cost: null }],
    });
    expect(server.requests).toHaveLength(2);
  });
});

describe.each(['smsru', 'p1sms', 'pushsms'] as const)('%s', (operator) => {
  it('gives one number and no more to one request', async () => {
    const { gateway, server } = await openSmsWire(operator, NOTHING);
    await gateway.send(smsTo(), always);
    expect(server.requests).toHaveLength(1);
  });

  it('asks about no SMS by no call', async () => {
    const { gateway, server } = await openSmsWire(operator, NOTHING);
    expect(await gateway.readStatuses([])).toEqual({ answer: 'statuses', statuses: [] });
    expect(server.requests).toEqual([]);
  });

  it.each(['', '/', '/hidden/path', '/hidden/path/'])('asks under a root that ends in «%s»', async (path) => {
    const { gateway, server } = await openSmsWire(operator, NOTHING, { path });
    await gateway.readBalance();
    expect(lineOf(server.requests[0] as RawRequest)).toMatch(new RegExp(` ${path.replace(/\/$/, '')}/[a-z]`));
  });
});
