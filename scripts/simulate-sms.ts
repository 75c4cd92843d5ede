import type { Clock } from '../src/ports/host.ts';
import type { FaultRule } from '../src/simulators/faults.ts';
import { startP1smsSimulator } from '../src/simulators/p1sms/simulator.ts';
import { startPushsmsSimulator } from '../src/simulators/pushsms/simulator.ts';
import { SIMULATED_SENDER } from '../src/simulators/sms/account.ts';
import type { SmsSimulator, SmsSimulatorOptions } from '../src/simulators/sms/contract.ts';
import type { AcceptedSms } from '../src/simulators/sms/record.ts';
import { startSmsruSimulator } from '../src/simulators/smsru/simulator.ts';

const OPERATORS: readonly {
  readonly name: string;
  readonly operator: string;
  readonly key: string;
  readonly start: (options: SmsSimulatorOptions) => Promise<SmsSimulator>;
}[] = [
  { name: 'SMS.RU', operator: 'smsru', key: 'apiKey', start: startSmsruSimulator },
  { name: 'P1SMS', operator: 'p1sms', key: 'apiKey', start: startP1smsSimulator },
  { name: 'PUSHSMS', operator: 'pushsms', key: 'token', start: startPushsmsSimulator },
];

/** What can be made to go wrong with the next SMS, whoever of the operators gets it. */
export const SMS_FAULTS: readonly FaultRule[] = [
  { kind: 'closeBeforeProcessing' },
  { kind: 'closeAfterProcessing' },
  { kind: 'halfAnswer' },
  { kind: 'html502' },
  { kind: 'storm429', retryAfter: 5 },
  { kind: 'itemMissing' },
  { kind: 'otherNumber' },
  { kind: 'hang' },
];

export interface SmsOperators {
  /** For the settings file, a block for each. */
  readonly blocks: readonly string[];
  /** The next SMS, and no other call, meets this fault. */
  addFault(fault: FaultRule): void;
  /** Takes all money away, or gives it back; answers whether there is any now. */
  toggleMoney(): boolean;
  stop(): Promise<void>;
}

const SENDS: ReadonlySet<string> = new Set(['/sms/send', '/apiSms/create', '/delivery']);

export async function startOperators(clock: Clock, onSms: (name: string, sms: AcceptedSms) => void): Promise<SmsOperators> {
  const started = await Promise.all(
    OPERATORS.map(async (one) => ({ ...one, simulator: await one.start({ clock, onSms: (sms) => onSms(one.name, sms) }) })),
  );
  let kept: readonly bigint[] | null = null;
  return {
    blocks: started.map(({ name, operator, key, simulator: { url, account } }) => {
      const lines = [`operator: ${operator}`, `apiRoot: ${url}`, `${key}: ${account.key}`, `sender: ${SIMULATED_SENDER}`];
      return `${name}:\n  sms:\n${lines.map((line) => `    ${line}`).join('\n')}`;
    }),
    addFault: (fault) => {
      const takeBack: (() => void)[] = [];
      for (const { simulator } of started) {
        const when: FaultRule['when'] = ({ method }) => {
          if (!SENDS.has(method)) return false;
          for (const takeOne of takeBack) takeOne();
          return true;
        };
        takeBack.push(simulator.faults.add({ ...fault, when }));
      }
    },
    toggleMoney: () => {
      const before = started.map(({ simulator }) => simulator.account.balance);
      started.forEach(({ simulator: { account } }, at) => {
        account.balance = kept?.[at] ?? 0n;
      });
      kept = kept === null ? before : null;
      return kept === null;
    },
    stop: async () => {
      await Promise.all(started.map(({ simulator }) => simulator.stop()));
    },
  };
}
