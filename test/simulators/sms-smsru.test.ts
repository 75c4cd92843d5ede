import { describe, expect, it } from 'vitest';

import { SIMULATED_KEY } from '../../src/simulators/sms/account.ts';
import { form, smsStage } from './sms-calling.ts';

const TO = '79255070602';
const LANDLINE = '74993221627';

describe('simulated SMS.RU', () => {
  it('answers a send as the official example does, whichever numbers fail', async () => {
    const { ask, simulator } = await smsStage('smsru');
    const { status, body } = await ask('/sms/send', form({ to: `${TO},${LANDLINE}`, msg: 'Привет' }));
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'OK',
      status_code: 100,
      sms: {
        [TO]: { status: 'OK', status_code: 100, sms_id: '202647-1000001', cost: '4.50' },
        [LANDLINE]: { status: 'ERROR', status_code: 207, status_text: 'На этот номер нет маршрута для доставки сообщений' },
      },
      balance: 995.5,
    });
    expect(simulator.accepted).toMatchObject([{ number: TO, text: 'Привет', segments: 1, cost: 45_000n, reference: null, sender: null }]);
  });

  it('takes GET, a text of its own for each number, and the numbers as they are sent', async () => {
    const { ask, simulator } = await smsStage('smsru');
    const query = new URLSearchParams({ api_id: SIMULATED_KEY, json: '1', [`to[+${TO}]`]: 'один', 'multi[89990000001]': 'два' });
    expect((await ask(`/sms/send?${query.toString()}`)).body).toMatchObject({
      sms: { [`+${TO}`]: { status_code: 100 }, '89990000001': { status_code: 100 } },
    });
    expect(simulator.accepted.map(({ number, text }) => [number, text])).toEqual([
      [TO, 'один'],
      ['79990000001', 'два'],
    ]);
  });

  it('answers in lines without json=1', async () => {
    const { ask } = await smsStage('smsru');
    expect((await ask('/sms/send', form({ to: `${TO},${LANDLINE}`, msg: 'x', json: '' }))).body).toBe(
      '100\n202647-1000001\n207\nbalance=995.5',
    );
    expect((await ask('/my/balance', form({ json: '', api_id: 'no' }))).body).toBe('200');
  });

  const many = Array.from({ length: 101 }, (_, at) => `7999${String(at).padStart(7, '0')}`).join(',');
  it.each([
    ['a wrong key', '/sms/send', { to: TO, msg: 'x', api_id: 'no' }, 200],
    ['login and password', '/my/balance', { login: 'a', password: 'b' }, 301],
    ['an unknown method', '/sms/sent', {}, 211],
    ['more than a hundred numbers', '/sms/send', { to: many, msg: 'x' }, 213],
    ['no number', '/sms/send', { msg: 'x' }, 202],
    ['no text', '/sms/send', { to: TO }, 203],
    ['a time that is none', '/sms/send', { to: TO, msg: 'x', time: 'soon' }, 208],
  ])('refuses the whole request for %s', async (_, path, fields, code) => {
    const { ask, simulator } = await smsStage('smsru');
    expect(await ask(path, form(fields))).toMatchObject({ status: 200, body: { status: 'ERROR', status_code: code } });
    expect(simulator.accepted).toEqual([]);
  });

  it.each([
    ['123', 'x', 202],
    ['48221234567', 'x', 214],
    [TO, 'я'.repeat(8 * 67 + 1), 205],
  ])('refuses the number %s', async (to, msg, code) => {
    const { ask } = await smsStage('smsru');
    expect((await ask('/sms/send', form({ to, msg }))).body).toMatchObject({
      status: 'OK',
      sms: { [to]: { status: 'ERROR', status_code: code } },
    });
  });

  it('keeps the stop-list, the limits of a day and of a minute, the names and the money', async () => {
    const { ask, simulator, clock } = await smsStage('smsru', { account: { numberLimit: 2, dailyLimit: 3, balance: '20' } });
    const send = async (fields: Record<string, string>): Promise<unknown> => {
      const { sms } = (await ask('/sms/send', form({ msg: 'x', ...fields }))).body as { sms: Record<string, { status_code: number }> };
      return Object.values(sms)[0]?.status_code;
    };
    await ask('/stoplist/add', form({ stoplist_phone: TO, stoplist_text: 'жалоба' }));
    expect(await ask('/stoplist/get', form({}))).toMatchObject({ body: { stoplist: { [TO]: '' } } });
    expect(await send({ to: TO })).toBe(209);
    await ask('/stoplist/del', form({ stoplist_phone: TO }));
    expect(await send({ to: TO, from: 'PENKA-NEW' })).toBe(204);
    expect(await send({ to: TO, from: 'PENKA' })).toBe(100);
    expect(await send({ to: TO })).toBe(231);
    await clock.advance(60_000);
    expect(await send({ to: TO })).toBe(100);
    expect(await send({ to: TO, msg: 'y' })).toBe(230);
    expect(await send({ to: '79990000001' })).toBe(100);
    expect(await send({ to: '79990000002' })).toBe(206);
    expect(await ask('/my/limit', form({}))).toMatchObject({ body: { total_limit: 3, used_today: 3 } });
    // Half past one in the night of Moscow: another day.
    await clock.advance(11 * 3_600_000);
    expect(await send({ to: '79990000002' })).toBe(100);
    expect(await send({ to: '79990000003' })).toBe(201);
    expect(simulator.sums()).toEqual({ messages: 4, numbers: 3, segments: 4, cost: 180_000n, repeated: 1 });
  });

  it('tells a price and charges nothing, nor for a test', async () => {
    const { ask, simulator } = await smsStage('smsru');
    expect((await ask('/sms/cost', form({ to: `${TO},${LANDLINE}`, msg: 'я'.repeat(71) }))).body).toEqual({
      status: 'OK',
      status_code: 100,
      sms: { [TO]: { status: 'OK', status_code: 100, cost: 9, sms: 2 }, [LANDLINE]: expect.objectContaining({ status_code: 207 }) },
      total_cost: 9,
      total_sms: 2,
    });
    expect((await ask('/sms/send', form({ to: TO, msg: 'x', test: '1' }))).body).toMatchObject({
      sms: { [TO]: { status_code: 100 } },
      balance: 1000,
    });
    expect(simulator.accepted).toEqual([]);
  });

  it('follows an SMS by its clock', async () => {
    const { ask, simulator, clock } = await smsStage('smsru', { account: { moderation: 'passes' } });
    simulator.account.fates.set('79990000001', 'never').set('79990000002', 'undelivered');
    await ask('/sms/send', form({ to: `${TO},79990000001,79990000002`, msg: 'x' }));
    const ids = ['202647-1000001', '202647-1000002', '202647-1000003', '000000-1'];
    const codes = async (): Promise<unknown> => {
      const { sms } = (await ask('/sms/status', form({ sms_id: ids.join(',') }))).body as { sms: Record<string, { status_code: number }> };
      return ids.map((id) => sms[id]?.status_code);
    };
    expect(await codes()).toEqual([100, 100, 100, -1]);
    await clock.advance(60_000);
    expect(await codes()).toEqual([100, 100, 100, -1]);
    await clock.advance(1_000);
    expect(await codes()).toEqual([102, 102, 102, -1]);
    await clock.advance(5_000);
    expect(await codes()).toEqual([103, 102, 105, -1]);
  });

  it('tells approved names, the balance and that the key is good', async () => {
    const { ask } = await smsStage('smsru');
    expect((await ask('/my/senders', form({}))).body).toEqual({ status: 'OK', status_code: 100, senders: ['PENKA'] });
    expect((await ask('/my/balance', form({}))).body).toEqual({ status: 'OK', status_code: 100, balance: 1000 });
    expect((await ask('/my/free', form({}))).body).toMatchObject({ status: 'OK' });
    expect((await ask('/auth/check', form({}))).body).toEqual({ status: 'OK', status_code: 100 });
  });
});
