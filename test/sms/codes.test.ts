import { describe, expect, it } from 'vitest';

import { P1SMS_STATUSES } from '../../src/core/sms-codes/p1sms.ts';
import { PUSHSMS_STATUSES } from '../../src/core/sms-codes/pushsms.ts';
import { SMSRU_CODES } from '../../src/core/sms-codes/smsru.ts';
import type { SmsCode, SmsVerdict } from '../../src/core/sms-codes/verdict.ts';
import type { GatewayName } from '../../src/core/sms-outcome.ts';
import { always, NUMBER, smsSite, smsTo } from '../support/sms-site.ts';

const TABLES: Readonly<Record<GatewayName, Readonly<Record<string, SmsCode>>>> = {
  smsru: SMSRU_CODES,
  p1sms: P1SMS_STATUSES,
  pushsms: PUSHSMS_STATUSES,
};

function asOutcome(verdict: SmsVerdict): object {
  const { verdict: outcome, ...rest } = verdict;
  return outcome === 'accepted' ? { outcome } : { outcome, ...rest };
}

describe.each(Object.entries(TABLES) as [GatewayName, Readonly<Record<string, SmsCode>>][])('%s over the wire', (operator, table) => {
  it.each(Object.entries(table))('says %s of a number', async (code, { send }) => {
    const { gateway, simulator } = await smsSite(operator);
    simulator.account.scripts.set(NUMBER, { send: code });
    const outcome = await gateway.send(smsTo(), always);
    expect(outcome).toMatchObject(asOutcome(send));
    if (send.verdict === 'accepted') expect(outcome).toMatchObject({ warning: send.warning, gatewayId: expect.stringMatching(/\d/) });
    else if (code !== '-1') expect(outcome.detail).toMatch(new RegExp(`^${code}|"status_id":${code}`));
    expect(simulator.calls).toHaveLength(1);
  });

  it.each(Object.entries(table))('says %s of an SMS that it had accepted', async (code, { status }) => {
    const { gateway, simulator } = await smsSite(operator);
    const outcome = await gateway.send(smsTo(), always);
    const gatewayId = outcome.outcome === 'accepted' ? (outcome.gatewayId ?? '') : '';
    simulator.account.scripts.set(NUMBER, { status: code });
    expect(await gateway.readStatuses([gatewayId])).toMatchObject({ answer: 'statuses', statuses: [{ gatewayId, status, code }] });
  });
});

describe('smsru at the top of an answer', () => {
  it.each(Object.entries(SMSRU_CODES).filter(([, { send }]) => send.verdict !== 'accepted'))('says %s', async (code, { send }) => {
    const { gateway, simulator } = await smsSite('smsru');
    simulator.account.scripts.set('*', { send: code });
    expect(await gateway.send(smsTo(), always)).toMatchObject(asOutcome(send));
    expect(simulator.accepted).toEqual([]);
  });

  it.each(['100', '102'])('says nothing by an error under %s', async (code) => {
    const { gateway, simulator } = await smsSite('smsru');
    simulator.account.scripts.set('*', { send: code });
    expect(await gateway.send(smsTo(), always)).toMatchObject({ outcome: 'in_doubt' });
  });
});

describe('pushsms in its meta', () => {
  it.each([
    ['401', { outcome: 'refused', code: 'unauthorized' }],
    ['402', { outcome: 'refused', code: 'no_money' }],
    ['403', { outcome: 'refused', code: 'account' }],
    ['422', { outcome: 'refused', code: 'request' }],
    ['429', { outcome: 'later', code: 'limited' }],
    ['500', { outcome: 'in_doubt', code: 'server' }],
  ])('says %s', async (code, expected) => {
    const { gateway, simulator } = await smsSite('pushsms');
    simulator.account.scripts.set('*', { send: code });
    expect(await gateway.send(smsTo(), always)).toMatchObject(expected);
    expect(simulator.accepted).toEqual([]);
  });

  it('is asked a second time under the same reference and gives the first delivery, whose number must be ours', async () => {
    const { gateway, simulator } = await smsSite('pushsms');
    await gateway.send(smsTo(), always);
    expect(await gateway.send(smsTo(), always)).toMatchObject({ outcome: 'accepted' });
    expect(await gateway.send(smsTo('79990000002'), always)).toMatchObject({ outcome: 'in_doubt', code: 'mismatch' });
    expect(simulator.accepted).toHaveLength(1);
  });
});
