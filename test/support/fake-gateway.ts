import type { GatewayName, SmsOutcome, SmsStatus } from '../../src/core/sms-outcome.ts';
import type { BalanceAnswer, CostAnswer, Gateway, OutgoingSms } from '../../src/ports/gateway.ts';
import type { OpenGateway } from '../../src/run/inviting.ts';

/** An operator that remembers what it was asked; its answers may be changed while a test goes on. */
export interface FakeOperator {
  readonly sent: OutgoingSms[];
  /** Names of all calls, in their order. */
  readonly calls: string[];
  outcome: (sms: OutgoingSms) => SmsOutcome | Promise<SmsOutcome>;
  balance: BalanceAnswer;
  cost: CostAnswer;
  statuses: readonly SmsStatus[];
  opened: number;
  readonly open: OpenGateway;
}

export function fakeOperator(): FakeOperator {
  const operator: FakeOperator = {
    sent: [],
    calls: [],
    outcome: () => acceptedSms(`id-${operator.sent.length}`),
    balance: { answer: 'balance', roubles: '1000.0000' },
    cost: { answer: 'unsupported' },
    statuses: [],
    opened: 0,
    open: ({ operator: name }) => {
      operator.opened += 1;
      return gatewayOf(operator, name);
    },
  };
  return operator;
}

export function acceptedSms(gatewayId: string, change: Partial<Extract<SmsOutcome, { outcome: 'accepted' }>> = {}): SmsOutcome {
  return { outcome: 'accepted', gatewayId, segments: null, cost: null, warning: null, detail: '', ...change };
}

function gatewayOf(operator: FakeOperator, name: GatewayName): Gateway {
  return {
    name,
    statusesAtOnce: 100,
    send: async (sms, mayBegin) => {
      operator.calls.push('send');
      if (!mayBegin()) return { outcome: 'later', code: 'not_begun', notBefore: null, detail: '' };
      operator.sent.push(sms);
      return operator.outcome(sms);
    },
    readBalance: async () => {
      operator.calls.push('balance');
      return operator.balance;
    },
    readSenders: async () => ({ answer: 'unsupported' }),
    readCost: async () => {
      operator.calls.push('cost');
      return operator.cost;
    },
    readStatuses: async (ids) => {
      operator.calls.push('statuses');
      return { answer: 'statuses', statuses: operator.statuses.filter(({ gatewayId }) => ids.includes(gatewayId)) };
    },
    close: () => {
      operator.opened -= 1;
    },
  };
}
