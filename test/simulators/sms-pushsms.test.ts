import { describe, expect, it } from 'vitest';

import { SIMULATED_KEY } from '../../src/simulators/sms/account.ts';
import { BEARER, json, smsStage } from './sms-calling.ts';

const PHONE = '79201112233';
const SMS = { text: 'Привет', phone: PHONE, sender_name: 'PENKA', dispatch_routing: ['sms'], external_id: 'tp-1' };

describe('simulated PUSHSMS', () => {
  it('answers a send as it was observed to', async () => {
    const { ask, simulator } = await smsStage('pushsms');
    const { status, body } = await ask('/delivery', json(SMS, BEARER));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      meta: { code: 200, status: 'success' },
      delivery: {
        id: 369_095_001,
        phone: `+${PHONE}`,
        dispatch_routing: ['sms'],
        status_id: 6,
        status_description: 'Принято',
        total_sms: 1,
        sender_name: 'PENKA',
        sum: '4.50',
        external_id: 'tp-1',
      },
    });
    expect(simulator.accepted).toMatchObject([{ number: PHONE, reference: 'tp-1', sender: 'PENKA', routing: ['sms'] }]);
  });

  it('takes forms and the way Russians dial', async () => {
    const { ask, simulator } = await smsStage('pushsms');
    const body = new URLSearchParams({ text: 'x', phone: '89201112233', sender_name: 'PENKA', 'dispatch_routing[]': 'sms' });
    expect((await ask('/delivery', { method: 'POST', body, headers: BEARER })).body).toMatchObject({ delivery: { phone: `+${PHONE}` } });
    expect(simulator.accepted).toMatchObject([{ number: PHONE, routing: ['sms'], reference: null }]);
  });

  it('puts its own name in the place of one it doesn’t know, and the account’s messengers before SMS', async () => {
    const { ask, simulator } = await smsStage('pushsms');
    await ask('/delivery', json({ text: 'x', phone: PHONE, sender_name: 'PENKA-NEW' }, BEARER));
    expect(simulator.accepted).toMatchObject([{ sender: 'PUSHSMS.RU', routing: ['whatsapp', 'sms'] }]);
  });

  it('gives the first delivery once more under the same external_id', async () => {
    const { ask, simulator, clock } = await smsStage('pushsms');
    await ask('/delivery', json(SMS, BEARER));
    await clock.advance(10_000);
    expect((await ask('/delivery', json({ ...SMS, phone: '79990000001' }, BEARER))).body).toMatchObject({
      delivery: { id: 369_095_001, phone: `+${PHONE}`, status_id: 2 },
    });
    expect(simulator.accepted).toHaveLength(1);
  });

  it.each([
    ['no token', json(SMS), 401, { message: 'Not authorized!' }],
    ['another token', json(SMS, { authorization: 'Bearer no' }), 401, { status: 'fail', code: 401 }],
    ['no text', json({ ...SMS, text: '' }, BEARER), 422, { errors: { text: ['the text cannot be empty'] } }],
    ['no phone', json({ ...SMS, phone: '' }, BEARER), 422, { errors: { phone: [expect.any(String)] } }],
    ['a body that is no JSON', { ...json({}, BEARER), body: '{' }, 400, { code: 400 }],
  ])('refuses %s', async (_, request, status, meta) => {
    const { ask, simulator } = await smsStage('pushsms');
    expect(await ask('/delivery', request)).toMatchObject({ status, body: { meta } });
    expect(simulator.accepted).toEqual([]);
  });

  it.each([
    ['74951234567', 48],
    ['48221234567', 34],
    ['79990000009', 555],
  ])('refuses %s by a delivery that has failed already', async (phone, statusId) => {
    const { ask, simulator } = await smsStage('pushsms', { account: { stopList: ['79990000009'] } });
    expect(await ask('/delivery', json({ ...SMS, phone }, BEARER))).toMatchObject({
      status: 200,
      body: { delivery: { status_id: statusId } },
    });
    expect(simulator.accepted).toEqual([]);
  });

  it('tells a status nested, an unknown id by 404, and the account with its token', async () => {
    const { ask, clock } = await smsStage('pushsms');
    await ask('/delivery', json(SMS, BEARER));
    await clock.advance(2_000);
    expect((await ask('/delivery/369095001', { headers: BEARER })).body).toMatchObject({
      delivery: { id: 369_095_001, status: { status_id: 1, description: 'Передано оператору' }, sum: '4.50' },
    });
    expect(await ask('/delivery/1', { headers: BEARER })).toMatchObject({ status: 404 });
    expect((await ask('/account', { headers: BEARER })).body).toMatchObject({
      account: { total_amount: '995.50', sender_names: ['PUSHSMS.RU', 'PENKA'], token: SIMULATED_KEY },
    });
  });
});
