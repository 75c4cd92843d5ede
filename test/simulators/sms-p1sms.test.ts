import { describe, expect, it } from 'vitest';

import { SIMULATED_KEY } from '../../src/simulators/sms/account.ts';
import { json, smsStage } from './sms-calling.ts';

const PHONE = '79991002233';
const create = (item: object, more: object = {}): RequestInit => json({ apiKey: SIMULATED_KEY, sms: [item], ...more });
const DIGIT = { channel: 'digit', text: 'test1', phone: PHONE };

describe('simulated P1SMS', () => {
  it('answers a send as the official example does', async () => {
    const { ask, simulator } = await smsStage('p1sms');
    const { status, body } = await ask('/apiSms/create', create({ ...DIGIT, channel: 'char', sender: 'PENKA', tag: 'tp-1' }));
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'success',
      data: [{ message: 'test1', id: 370_506_001, status: 'sent', phone: PHONE, createdAt: 1_795_521_600 }],
    });
    expect(simulator.accepted).toMatchObject([{ number: PHONE, reference: 'tp-1', sender: 'PENKA', segments: 1 }]);
  });

  it.each([
    ['a wrong key', json({ apiKey: 'no', sms: [DIGIT] })],
    ['no items', json({ apiKey: SIMULATED_KEY })],
    ['more than a thousand items', json({ apiKey: SIMULATED_KEY, sms: Array.from({ length: 1_001 }, () => DIGIT) })],
    ['a phone of another form', create({ ...DIGIT, phone: '+79991002233' })],
    ['no channel', create({ ...DIGIT, channel: undefined })],
    ['a channel of letters without a name', create({ ...DIGIT, channel: 'char' })],
    ['a name that is not approved', create({ ...DIGIT, channel: 'char', sender: 'PENKA-NEW' })],
    ['a tag that is too long', create({ ...DIGIT, tag: 'x'.repeat(21) })],
    ['a body that is no JSON', { ...json({}), body: '{' }],
  ])('refuses the whole request for %s', async (_, request) => {
    const { ask, simulator } = await smsStage('p1sms');
    expect(await ask('/apiSms/create', request)).toMatchObject({
      status: 400,
      body: { status: 'error', data: { message: expect.any(String), exception: expect.any(String) } },
    });
    expect(simulator.accepted).toEqual([]);
  });

  it('refuses one number inside of a success', async () => {
    const { ask, simulator } = await smsStage('p1sms', { account: { stopList: [PHONE], balance: '1' } });
    const items = [DIGIT, { ...DIGIT, phone: '79991002234' }];
    expect((await ask('/apiSms/create', json({ apiKey: SIMULATED_KEY, sms: items }))).body).toMatchObject({
      status: 'success',
      data: [
        { phone: PHONE, status: 'error', errorDescription: expect.any(String) },
        { phone: '79991002234', status: 'low_balance' },
      ],
    });
    expect(simulator.accepted).toEqual([]);
  });

  it('calls an SMS sent that a moderator will see a moment later', async () => {
    const { ask, simulator, clock } = await smsStage('p1sms', { account: { moderation: 'passes' } });
    expect((await ask('/apiSms/create', create(DIGIT))).body).toMatchObject({ data: [{ status: 'sent' }] });
    const status = async (): Promise<unknown> => {
      const { data } = (await ask('/apiSms/get', json({ apiKey: SIMULATED_KEY, apiSmsIdList: [370_506_001, 5] }))).body as {
        data: object[];
      };
      return data;
    };
    expect(await status()).toMatchObject([{ id: '370506001', status: 'moderation', cost: '4.50', errorDescription: null }]);
    await clock.advance(simulator.account.moderationMs);
    expect(await status()).toMatchObject([{ status: 'created' }]);
    await clock.advance(6_000);
    expect(await status()).toMatchObject([{ status: 'delivered' }]);
    expect((await ask(`/apiSms/getSmsStatus?apiKey=${SIMULATED_KEY}&smsId[0]=370506001&smsId[1]=7`)).body).toEqual([
      { sms_id: 370_506_001, sms_status: 'delivered', receive_date: null },
    ]);
  });

  it('tells balance, names and stop-list to whoever has the key', async () => {
    const { ask } = await smsStage('p1sms', { account: { balance: '15', stopList: [PHONE] } });
    const get = async (path: string, key = SIMULATED_KEY): Promise<unknown> => (await ask(`${path}?apiKey=${key}`)).body;
    expect(await get('/apiUsers/getUserBalanceInfo')).toEqual({ status: 'success', data: '15.0000' });
    expect(await get('/apiUsers/getUserSenders')).toMatchObject({
      data: [{ senderName: 'PENKA', status: null }, { senderName: 'PENKA-NEW' }],
    });
    expect(await get('/apiUsers/getUserBlacklist')).toMatchObject({ data: [{ phone: PHONE }] });
    expect(await get('/apiUsers/getUserBalanceInfo', 'no')).toMatchObject({ status: 'error' });
    expect(await ask('/apiUsers/nothing')).toMatchObject({ status: 404 });
  });
});
