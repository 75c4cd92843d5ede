import { describe, expect, it } from 'vitest';

import type { GatewayName, SmsOutcome } from '../../src/core/sms-outcome.ts';
import type { Gateway } from '../../src/ports/gateway.ts';
import { rawAnswer } from '../support/raw-server.ts';
import { openSmsWire, sayJson } from '../support/sms-wire.ts';
import { always, NUMBER, smsTo, TEXT } from '../support/sms-site.ts';

const answering = async (operator: GatewayName, json: unknown, status = 200): Promise<Gateway> =>
  (await openSmsWire(operator, sayJson(json, status))).gateway;
const sendTo = async (operator: GatewayName, json: unknown, status = 200): Promise<SmsOutcome> =>
  (await answering(operator, json, status)).send(smsTo(), always);

const item = { status: 'OK', status_code: 100, sms_id: '000000-10000000', cost: '4.50' };
const topOf = (sms: unknown): object => ({ status: 'OK', status_code: 100, sms, balance: 4122.56 });

describe('smsru: what is taken for an accepted SMS', () => {
  it.each([
    ['the official example', topOf({ [NUMBER]: item }), '4.50'],
    ['a plus before the number', topOf({ [`+${NUMBER}`]: item }), '4.50'],
    ['the number as Russians dial it', topOf({ [`8${NUMBER.slice(1)}`]: item }), '4.50'],
    ['codes as text', { ...topOf({ [NUMBER]: { ...item, status_code: '100' } }), status_code: '100' }, '4.50'],
    ['a price as a number', topOf({ [NUMBER]: { ...item, cost: 4.5 } }), '4.5'],
    ['a price with a comma', topOf({ [NUMBER]: { ...item, cost: '4,50' } }), '4.50'],
    ['no price', topOf({ [NUMBER]: { ...item, cost: undefined } }), null],
    ['a price that is none', topOf({ [NUMBER]: { ...item, cost: 'free' } }), null],
    ['no words beside the codes', { status_code: 100, sms: { [NUMBER]: { status_code: 100, sms_id: '000000-10000000' } } }, null],
    ['other numbers beside ours', topOf({ '79990000001': { status: 'ERROR', status_code: 207 }, [NUMBER]: item }), '4.50'],
  ])('%s', async (_, json, cost) => {
    expect(await sendTo('smsru', json)).toMatchObject({ outcome: 'accepted', gatewayId: '000000-10000000', cost, segments: null });
  });

  it.each([
    ['no item', topOf({}), 'mismatch'],
    ['an empty map as PHP writes it', topOf([]), 'mismatch'],
    ['no map', { status: 'OK', status_code: 100 }, 'unreadable'],
    ['an item that is none', topOf({ [NUMBER]: 'OK' }), 'mismatch'],
    ['an item without a code', topOf({ [NUMBER]: { status: 'OK' } }), 'unreadable'],
    ['a code in another field', topOf({ [NUMBER]: { status: 'OK', code: 100 } }), 'unreadable'],
    ['success that is called an error', topOf({ [NUMBER]: { ...item, status: 'ERROR' } }), 'unreadable'],
    ['an error that is called success', topOf({ [NUMBER]: { status: 'OK', status_code: 207 } }), 'unreadable'],
    ['an error at the top that is called success', { status: 'OK', status_code: 200 }, 'unreadable'],
    ['a code that is none', { status: 'OK', status_code: 'yes' }, 'unreadable'],
    ['a list', [], 'unreadable'],
    ['a number', 100, 'unreadable'],
    ['nothing', null, 'unreadable'],
  ])('but not %s', async (_, json, code) => {
    expect(await sendTo('smsru', json)).toMatchObject({ outcome: 'in_doubt', code });
  });

  it('nor what comes under a status that denies it', async () => {
    expect(await sendTo('smsru', topOf({ [NUMBER]: item }), 400)).toMatchObject({ outcome: 'in_doubt', code: 'unreadable' });
    expect(await sendTo('smsru', topOf({ [NUMBER]: item }), 302)).toMatchObject({ outcome: 'in_doubt', code: 'unreadable' });
    expect(await sendTo('smsru', topOf({ [NUMBER]: item }), 500)).toMatchObject({ outcome: 'in_doubt', code: 'server' });
  });

  it('its words are kept, and neither number nor link', async () => {
    const refused = { status: 'ERROR', status_code: 207, status_text: `На номер ${NUMBER} нет маршрута: ${TEXT.slice(-60)}` };
    const outcome = await sendTo('smsru', topOf({ [NUMBER]: refused }));
    expect(outcome).toEqual({
      outcome: 'refused',
      whose: 'number',
      code: 'no_route',
      detail: expect.stringMatching(/^207 На номер \*\*\* нет маршрута: [^=]*https:\/\/t\.me$/),
    });
  });

  it('lines of text without JSON are no answer', async () => {
    const { gateway } = await openSmsWire('smsru', rawAnswer(200, '100\n000000-10000000\nbalance=4122.56'));
    expect(await gateway.send(smsTo(), always)).toMatchObject({ outcome: 'in_doubt', code: 'unreadable', detail: 'HTTP 200' });
  });
});

describe('smsru: questions', () => {
  it.each([[[]], [{}], [['PENKA']], [{ 0: 'PENKA' }], [[{ name: 'PENKA' }]]])('senders %j', async (senders) => {
    const answer = await (await answering('smsru', { status: 'OK', status_code: 100, senders })).readSenders();
    const isEmpty = JSON.stringify(senders).length === 2;
    expect(answer).toEqual({ answer: 'senders', senders: isEmpty ? [] : [{ name: 'PENKA', approved: true }] });
  });

  it('the price of a number that gets no SMS', async () => {
    const json = {
      ...topOf({ [NUMBER]: { status: 'ERROR', status_code: 207, status_text: 'нет маршрута' } }),
      total_cost: 0,
      total_sms: 0,
    };
    expect(await (await answering('smsru', json)).readCost(smsTo())).toEqual({
      answer: 'refused',
      code: 'no_route',
      detail: '207 нет маршрута',
    });
  });

  it.each([
    ['the price of another number', 'readCost', topOf({ '79990000001': { status: 'OK', status_code: 100, cost: 1, sms: 1 } })],
    ['a price without segments', 'readCost', topOf({ [NUMBER]: { status: 'OK', status_code: 100, cost: 1 } })],
    ['a balance that is none', 'readBalance', { status: 'OK', status_code: 100, balance: 'much' }],
    ['no balance', 'readBalance', { status: 'OK', status_code: 100 }],
    ['no senders', 'readSenders', { status: 'OK', status_code: 100 }],
  ] as const)('%s is unreadable', async (_, question, json) => {
    const gateway = await answering('smsru', json);
    const answer = question === 'readCost' ? await gateway.readCost(smsTo()) : await gateway[question]();
    expect(answer).toMatchObject({ answer: 'unreadable' });
  });

  it('statuses in any order, those it leaves out stay pending', async () => {
    const sms = {
      'b-2': { status: 'ERROR', status_code: -1, status_text: 'Сообщение не найдено' },
      'a-1': { status: 'OK', status_code: '103', cost: 0.5, status_text: 'Сообщение доставлено' },
    };
    expect(await (await answering('smsru', topOf(sms))).readStatuses(['a-1', 'b-2', 'c-3'])).toEqual({
      answer: 'statuses',
      statuses: [
        { gatewayId: 'a-1', status: 'delivered', code: '103', cost: '0.5' },
        { gatewayId: 'b-2', status: 'unknown', code: '-1', cost: null },
        { gatewayId: 'c-3', status: 'pending', code: 'absent', cost: null },
      ],
    });
  });

  it('an outage that it tells of itself is a server’s', async () => {
    const gateway = await answering('smsru', { status: 'ERROR', status_code: 220, status_text: 'Сервис временно недоступен' });
    expect(await gateway.readBalance()).toMatchObject({ answer: 'server', detail: '220 Сервис временно недоступен' });
  });
});

describe('p1sms: what is taken for an accepted SMS', () => {
  const one = { message: TEXT, id: 370_506_708, status: 'sent', phone: NUMBER, createdAt: 1_616_350_993 };
  const other = { ...one, id: 1, phone: '79990000001', status: 'error' };
  it.each([
    ['the official example', { status: 'success', data: [one] }],
    ['an id as text', { status: 'success', data: [{ ...one, id: '370506708' }] }],
    ['a plus before the number', { status: 'success', data: [{ ...one, phone: `+${NUMBER}` }] }],
    ['a number as a number', { status: 'success', data: [{ ...one, phone: Number(NUMBER) }] }],
    ['no number at all', { status: 'success', data: [{ ...one, phone: undefined }] }],
    ['no list around it', { status: 'success', data: one }],
    ['others before it', { status: 'success', data: [other, one] }],
    ['a status in capitals', { status: 'success', data: [{ ...one, status: 'SENT' }] }],
  ])('%s', async (_, json) => {
    const outcome = await sendTo('p1sms', json);
    expect(outcome).toMatchObject({ outcome: 'accepted', gatewayId: '370506708' });
    expect(JSON.stringify(outcome)).not.toContain('t.me');
  });

  it.each([
    ['no item', { status: 'success', data: [] }, 'mismatch'],
    ['an item for another number', { status: 'success', data: [other] }, 'mismatch'],
    ['an item without a status', { status: 'success', data: [{ ...one, status: null }] }, 'unreadable'],
    ['no data', { status: 'success' }, 'unreadable'],
    ['another word', { status: 'ok', data: [one] }, 'unreadable'],
    ['success inside an error', { status: 'error', data: [one] }, 'unreadable'],
    ['a word of no table', { status: 'success', data: [{ ...one, status: 'teleported' }] }, 'unreadable'],
    ['a bare list', [one], 'unreadable'],
    ['a number of which nothing is shown', { status: 'success', data: [{ ...one, phone: '***********' }] }, 'mismatch'],
    ['a message under no error', { message: 'ok' }, 'unreadable'],
  ])('but not %s', async (_, json, code) => {
    expect(await sendTo('p1sms', json)).toMatchObject({ outcome: 'in_doubt', code });
  });

  it.each([
    [400, { status: 'error', data: { message: 'Неверный apiKey', exception: 'AuthException' } }, 'unauthorized'],
    [200, { status: 'error', data: { message: 'Недостаточно средств', exception: 'X' } }, 'no_money'],
    [200, { status: 'error', errors: ['The sms.0.sender field is required.'] }, 'sender'],
    [422, { status: 'error', errors: { 'sms.0.phone': ['must be 11 digits'] } }, 'bad_number'],
    [422, { status: 'error', data: { errors: [{ field: 'sms.0.text' }] } }, 'text'],
    [200, { status: 'error', data: [{ ...one, status: 'not_sent', errorDescription: 'Абонент в стоп-листе' }] }, 'stop_list'],
    [200, { status: 'error', data: { code: 1 } }, 'bad_number'],
    [400, { status: 'error' }, 'request'],
    [401, { message: 'Unauthenticated.' }, 'unauthorized'],
    [422, { message: 'The given data was invalid.', errors: { 'sms.0.phone': ['The sms.0.phone must be 11 digits.'] } }, 'bad_number'],
  ])('refuses under %i by %j', async (status, json, code) => {
    expect(await sendTo('p1sms', json, status)).toMatchObject({ outcome: 'refused', code });
  });

  it.each(['15.0000', 15, { balance: '15' }])('tells the balance as %j', async (balance) => {
    const answer = await (await answering('p1sms', { status: 'success', data: balance })).readBalance();
    expect(answer).toMatchObject({ answer: 'balance', roubles: expect.stringMatching(/^15(?:\.0000)?$/) });
  });

  it.each([
    [null, null],
    ['approved', true],
    [1, true],
    [true, true],
    ['Одобрено', true],
    ['moderation', false],
    [0, false],
    ['Отклонено', false],
    ['whatever', null],
  ])('tells of a sender with the status %j: %s', async (status, approved) => {
    const json = { status: 'success', data: [{ senderName: 'PENKA', status }] };
    expect(await (await answering('p1sms', json)).readSenders()).toEqual({ answer: 'senders', senders: [{ name: 'PENKA', approved }] });
  });

  it.each([
    ['its newer form', { status: 'success', data: [{ id: 7_777_000, status: 'delivered', cost: 0.5 }] }],
    ['the PDF’s form', { status: 'success', data: [{ id: '7777000', errorDescription: null, cost: '0.5', status: 'delivered' }] }],
    [
      'the bare list of the other method',
      [{ sms_id: 7_777_000, sms_status: 'delivered', cost: '0.5', receive_date: '2019-11-18 16:00:53' }],
    ],
  ])('tells statuses in %s', async (_, json) => {
    expect(await (await answering('p1sms', json)).readStatuses(['7777000', '7777001'])).toEqual({
      answer: 'statuses',
      statuses: [
        { gatewayId: '7777000', status: 'delivered', code: 'delivered', cost: '0.5' },
        { gatewayId: '7777001', status: 'pending', code: 'absent', cost: null },
      ],
    });
  });
});

describe('pushsms: what is taken for an accepted SMS', () => {
  const meta = { code: 200, status: 'success' };
  const delivery = { id: 369_095_460, phone: `+${NUMBER}`, dispatch_routing: ['sms'], status_id: 6, total_sms: 2, sum: '9.00' };
  it.each([
    ['the example', { meta, delivery }],
    ['an id and codes as text', { meta: { code: '200' }, delivery: { ...delivery, id: '369095460', status_id: '6', total_sms: '2' } }],
    ['a nested status', { meta, delivery: { ...delivery, status_id: undefined, status: { status_id: 6, description: 'Принято' } } }],
    ['no status', { meta, delivery: { ...delivery, status_id: undefined } }],
    ['no number', { meta, delivery: { ...delivery, phone: undefined } }],
    ['a masked number', { meta, delivery: { ...delivery, phone: '+7916***4567' } }],
    ['our reference', { meta, delivery: { ...delivery, external_id: 'tp-17-a1b2c3' } }],
    ['our sender', { meta, delivery: { ...delivery, sender_name: 'Penka' } }],
  ])('%s', async (_, json) => {
    expect(await sendTo('pushsms', json)).toMatchObject({
      outcome: 'accepted',
      gatewayId: '369095460',
      segments: 2,
      cost: '9.00',
      warning: null,
    });
  });

  it.each([
    ['no delivery', { meta }, 'mismatch'],
    ['a delivery to another number', { meta, delivery: { ...delivery, phone: '+79990000001' } }, 'mismatch'],
    ['a delivery under another reference', { meta, delivery: { ...delivery, external_id: 'tp-18' } }, 'mismatch'],
    ['a delivery without id and status', { meta, delivery: { phone: NUMBER } }, 'mismatch'],
    ['a status of no table', { meta, delivery: { ...delivery, status_id: 777 } }, 'unreadable'],
    ['no meta', { delivery }, 'unreadable'],
    ['a code that is none', { meta: { code: 'ok' }, delivery }, 'unreadable'],
    ['a code of no kind', { meta: { code: 1 }, delivery }, 'unreadable'],
  ])('but not %s', async (_, json, code) => {
    expect(await sendTo('pushsms', json)).toMatchObject({ outcome: 'in_doubt', code });
  });

  it('warns of a sender name that was replaced', async () => {
    expect(await sendTo('pushsms', { meta, delivery: { ...delivery, sender_name: 'PUSHSMS.RU' } })).toMatchObject({
      outcome: 'accepted',
      warning: 'sender_replaced',
      detail: expect.stringContaining('PUSHSMS.RU'),
    });
  });

  it.each([
    [401, { meta: { status: 'fail', message: 'Not authorized!', code: 401 } }, 'unauthorized', '401; Not authorized!'],
    [
      200,
      { meta: { status: 'failed', code: 422, message: 'x', errors: { text: ['the text cannot be empty'] } } },
      'text',
      '422; x; text: the text cannot be empty',
    ],
    [422, { meta: { code: 422 }, errors: { phone: 'is invalid' } }, 'bad_number', '422; phone: is invalid'],
  ])('refuses under %i by %j', async (status, json, code, detail) => {
    expect(await sendTo('pushsms', json, status)).toMatchObject({ outcome: 'refused', code, detail });
  });

  it.each([[{ total_amount: '780.70' }], [{ total_amount: 780.7 }], [{ total_amount: 780.7000000001 }]])(
    'tells the balance as %j',
    async (account) => {
      const answer = await (await answering('pushsms', { meta, account })).readBalance();
      expect(answer).toMatchObject({ answer: 'balance', roubles: expect.stringMatching(/^780\.70?$/) });
    },
  );

  it('tells the status of another SMS to nobody', async () => {
    const gateway = await answering('pushsms', { meta, delivery: { id: 1, status: { status_id: 2 } } });
    expect(await gateway.readStatuses(['2'])).toMatchObject({ statuses: [{ gatewayId: '2', status: 'pending', code: 'absent' }] });
  });
});

describe('a yes under a status that says the request went no further', () => {
  it.each([
    ['smsru', topOf({ [NUMBER]: item })],
    ['p1sms', { status: 'success', data: [{ id: 1, status: 'sent', phone: NUMBER }] }],
    ['pushsms', { meta: { code: 200 }, delivery: { id: 1, status_id: 6, phone: NUMBER } }],
  ] as const)('is in doubt, so that no second SMS is paid for: %s', async (operator, yes) => {
    expect(await sendTo(operator, yes)).toMatchObject({ outcome: 'accepted' });
    for (const status of [407, 429]) expect(await sendTo(operator, yes, status)).toMatchObject({ outcome: 'in_doubt', code: 'unreadable' });
    for (const status of [407, 429]) expect(await sendTo(operator, {}, status)).toMatchObject({ outcome: 'later' });
  });
});
