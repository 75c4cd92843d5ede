import { describe, expect, it } from 'vitest';

import { Secret } from '../../src/core/secret.ts';
import { GATEWAYS } from '../../src/core/sms-outcome.ts';
import type { SmsOutcome } from '../../src/core/sms-outcome.ts';
import { HAND_CLOCK_START } from '../support/hand-clock.ts';
import { always, NUMBER, smsSite, smsTo, TEXT } from '../support/sms-site.ts';

const idOf = (outcome: SmsOutcome): string => (outcome.outcome === 'accepted' ? (outcome.gatewayId ?? '') : '');

describe.each(GATEWAYS)('%s', (operator) => {
  it('sends one SMS to one number, and the operator keeps our reference where it takes one', async () => {
    const { gateway, simulator } = await smsSite(operator);
    const outcome = await gateway.send(smsTo(), always);
    expect(outcome).toMatchObject({ outcome: 'accepted', gatewayId: expect.stringMatching(/\d/), warning: null });
    expect(simulator.accepted).toMatchObject([
      {
        number: NUMBER,
        text: TEXT,
        segments: 2,
        sender: 'PENKA',
        routing: ['sms'],
        reference: operator === 'smsru' ? null : 'tp-17-a1b2c3',
      },
    ]);
    expect(simulator.calls).toHaveLength(1);
  });

  it('does not begin when it may not', async () => {
    const { gateway, simulator } = await smsSite(operator);
    expect(await gateway.send(smsTo(), () => false)).toEqual({ outcome: 'later', code: 'not_begun', notBefore: null, detail: '' });
    expect(simulator.accepted).toEqual([]);
  });

  it('sends under the default name when none is given', async () => {
    const { gateway, simulator } = await smsSite(operator, { sender: '' });
    expect(await gateway.send(smsTo(), always)).toMatchObject({ outcome: 'accepted', warning: null });
    expect(simulator.accepted[0]?.sender).toBe(operator === 'pushsms' ? 'PUSHSMS.RU' : null);
  });

  it('meets a sender name that is not approved', async () => {
    const { gateway, simulator } = await smsSite(operator, { sender: 'PENKA-NEW' });
    const outcome = await gateway.send(smsTo(), always);
    if (operator === 'smsru') expect(outcome).toMatchObject({ outcome: 'refused', whose: 'number', code: 'sender_unregistered' });
    else if (operator === 'p1sms') expect(outcome).toMatchObject({ outcome: 'refused', whose: 'everybody', code: 'sender' });
    else expect(outcome).toMatchObject({ outcome: 'accepted', warning: 'sender_replaced' });
    expect(simulator.accepted).toHaveLength(operator === 'pushsms' ? 1 : 0);
  });

  it('is refused with a wrong key, in every question too', async () => {
    const { gateway, simulator } = await smsSite(operator, { key: new Secret('the-key-of-another-operator') });
    const unusable = { answer: 'unusable', code: 'unauthorized' };
    expect(await gateway.send(smsTo(), always)).toMatchObject({ outcome: 'refused', whose: 'everybody', code: 'unauthorized' });
    expect(await gateway.readBalance()).toMatchObject(unusable);
    expect(await gateway.readSenders()).toMatchObject(unusable);
    expect(await gateway.readStatuses(['1'])).toMatchObject(unusable);
    expect(await gateway.readCost(smsTo())).toMatchObject(operator === 'smsru' ? unusable : { answer: 'unsupported' });
    expect(simulator.accepted).toEqual([]);
  });

  it('meets an empty account, a number on the stop-list, a foreign one, a landline and the daily limit', async () => {
    const { gateway, simulator } = await smsSite(operator, { account: { stopList: ['79990000001'], dailyLimit: 1 } });
    simulator.account.balance = 10n;
    expect(await gateway.send(smsTo(), always)).toMatchObject({ outcome: 'refused', whose: 'everybody', code: 'no_money' });
    expect(await gateway.send(smsTo('79990000001'), always)).toMatchObject({ outcome: 'refused', whose: 'number', code: 'stop_list' });
    expect(await gateway.send(smsTo('48221234567'), always)).toMatchObject({ outcome: 'refused', whose: 'number' });
    expect(await gateway.send(smsTo('74951234567'), always)).toMatchObject({ outcome: 'refused', whose: 'number' });
    expect(simulator.accepted).toEqual([]);
    simulator.account.balance = 1_000_000n;
    expect(await gateway.send(smsTo(), always)).toMatchObject({ outcome: 'accepted' });
    expect(await gateway.send(smsTo('79990000002', { reference: 'tp-18' }), always)).toMatchObject({ outcome: 'refused' });
    expect(simulator.accepted).toHaveLength(1);
  });

  it('tells balance, senders and price as far as the operator does', async () => {
    const { gateway } = await smsSite(operator, { account: { balance: '780.7' } });
    expect(await gateway.readBalance()).toMatchObject({ answer: 'balance', roubles: expect.stringMatching(/^780\.70*$/) });
    const approved = operator === 'p1sms' ? null : true;
    expect(await gateway.readSenders()).toEqual({ answer: 'senders', senders: expect.arrayContaining([{ name: 'PENKA', approved }]) });
    expect(await gateway.readCost(smsTo())).toEqual(
      operator === 'smsru' ? { answer: 'cost', roubles: '9', segments: 2 } : { answer: 'unsupported' },
    );
  });

  it('follows an SMS from the queue to the phone, or not so far', async () => {
    const { gateway, simulator, clock } = await smsSite(operator);
    simulator.account.fates.set('79990000002', 'undelivered');
    const ids = [idOf(await gateway.send(smsTo(), always)), idOf(await gateway.send(smsTo('79990000002', { reference: 'tp-18' }), always))];
    const statuses = async (): Promise<unknown> => gateway.readStatuses(ids);
    expect(await statuses()).toMatchObject({ statuses: [{ gatewayId: ids[0], status: 'pending' }, { status: 'pending' }] });
    clock.pass(2_000);
    expect(await statuses()).toMatchObject({ statuses: [{ status: 'pending' }, { status: 'pending' }] });
    clock.pass(5_000);
    expect(await statuses()).toMatchObject({
      answer: 'statuses',
      statuses: [
        { gatewayId: ids[0], status: 'delivered', cost: expect.stringMatching(/^9/) },
        { gatewayId: ids[1], status: 'undelivered' },
      ],
    });
  });

  it('follows an SMS through moderation', async () => {
    const { gateway, simulator, clock } = await smsSite(operator, { account: { moderation: 'declines' } });
    const outcome = await gateway.send(smsTo(), always);
    expect(outcome).toMatchObject({ outcome: 'accepted', warning: operator === 'pushsms' ? 'moderation' : null });
    expect(await gateway.readStatuses([idOf(outcome)])).toMatchObject({ statuses: [{ status: 'pending' }] });
    clock.pass(simulator.account.moderationMs);
    expect(await gateway.readStatuses([idOf(outcome)])).toMatchObject({ statuses: [{ status: 'undelivered' }] });
  });

  it('says of an id that the operator does not know what the operator says', async () => {
    const { gateway } = await smsSite(operator);
    const answer = await gateway.readStatuses(['369099999']);
    const expected = { smsru: ['unknown', '-1'], p1sms: ['pending', 'absent'], pushsms: ['unknown', '404'] }[operator];
    expect(answer).toEqual({
      answer: 'statuses',
      statuses: [{ gatewayId: '369099999', status: expected[0], code: expected[1], cost: null }],
    });
  });

  it.each(['itemMissing', 'otherNumber'] as const)('takes an answer for one that is not about our SMS: %s', async (kind) => {
    const { gateway, simulator } = await smsSite(operator);
    simulator.faults.add({ kind });
    const outcome = await gateway.send(smsTo(), always);
    expect(outcome).toMatchObject({ outcome: 'in_doubt', code: 'mismatch' });
    expect(JSON.stringify(outcome)).not.toMatch(/7\d{10}/);
    expect(simulator.accepted).toHaveLength(1);
  });

  it('waits when it is told to, having sent nothing', async () => {
    const { gateway, simulator } = await smsSite(operator);
    simulator.faults.add({ kind: 'storm429', retryAfter: 40, times: 2 });
    expect(await gateway.send(smsTo(), always)).toMatchObject({ outcome: 'later', code: 'limited', notBefore: HAND_CLOCK_START + 40_000 });
    expect(await gateway.readBalance()).toEqual({ answer: 'limited', until: HAND_CLOCK_START + 40_000 });
    expect(simulator.accepted).toEqual([]);
  });

  it('is unreachable where nobody listens, and nothing was sent', async () => {
    const { gateway, simulator } = await smsSite(operator);
    await simulator.refuse();
    expect(await gateway.send(smsTo(), always)).toMatchObject({ outcome: 'later', code: 'unreachable' });
    expect(await gateway.readBalance()).toMatchObject({ answer: 'unreachable' });
    await simulator.accept();
    expect(await gateway.send(smsTo(), always)).toMatchObject({ outcome: 'accepted' });
  });

  it.each([
    ['html502', 'server', 'server'],
    ['html504', 'server', 'server'],
    ['json500', 'server', 'server'],
    ['emptyBody', 'unreadable', 'unreadable'],
    ['otherJson', 'unreadable', 'unreadable'],
    ['halfAnswer', 'unreadable', 'unreadable'],
    ['closeBeforeProcessing', 'cut', 'unreachable'],
    ['closeAfterProcessing', 'cut', 'unreachable'],
  ] as const)('is in doubt after %s, and says so to a question', async (kind, code, answer) => {
    const { gateway, simulator } = await smsSite(operator);
    simulator.faults.add({ kind });
    expect(await gateway.send(smsTo(), always)).toMatchObject({ outcome: 'in_doubt', code });
    simulator.faults.add({ kind });
    expect(await gateway.readBalance()).toMatchObject({ answer });
    simulator.faults.add({ kind });
    expect(await gateway.readStatuses(['1'])).toMatchObject({ answer });
    expect(simulator.calls).toHaveLength(3);
  });

  it('is in doubt when no answer comes in time, and the SMS may have gone', async () => {
    const { gateway, simulator, clock } = await smsSite(operator);
    simulator.faults.add({ kind: 'hang', processed: true });
    const sending = gateway.send(smsTo(), always);
    await expect.poll(() => simulator.accepted).toHaveLength(1);
    clock.pass(30_000);
    expect(await sending).toMatchObject({ outcome: 'in_doubt', code: 'timeout' });
  });

  it('never asks for a second SMS, at whatever byte its answer is cut', async () => {
    const { gateway, simulator } = await smsSite(operator, { account: { balance: '100000', numberLimit: 100_000, dailyLimit: 100_000 } });
    let bytes = 0;
    for (; bytes < 2_000; bytes += 1) {
      simulator.faults.add({ kind: 'cutAnswer', bytes });
      const outcome = await gateway.send(smsTo(NUMBER, { text: `${TEXT}${bytes}`, reference: `tp-${bytes}` }), always);
      // One call, one SMS: the operator took it, whatever reached us.
      expect(simulator.calls).toHaveLength(bytes + 1);
      expect(simulator.accepted).toHaveLength(bytes + 1);
      if (outcome.outcome === 'accepted') break;
      expect(outcome).toMatchObject({ outcome: 'in_doubt', code: expect.stringMatching(/^(?:cut|unreadable)$/) });
    }
    // Beyond the head alone: the last cut that came whole was the whole answer.
    expect(bytes).toBeGreaterThan(150);
    expect(bytes).toBeLessThan(2_000);
  });
});
