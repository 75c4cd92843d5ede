import type { Clock } from '../../ports/host.ts';
import type { Faults } from '../faults.ts';
import type { AccountDefinition, SmsAccount } from './account.ts';
import type { AcceptedSms, SmsCall, SmsSums } from './record.ts';

export interface SmsSimulatorOptions {
  /** The host's, or a virtual one that the program under test shares. */
  readonly clock: Clock;
  /** 0 (the default) = any free port. */
  readonly port?: number;
  readonly latencyMs?: number;
  readonly account?: Partial<AccountDefinition>;
  readonly onSms?: (sms: AcceptedSms) => void;
}

/** One operator on a real socket of this machine's loopback. */
export interface SmsSimulator {
  /** What the settings call `apiRoot`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  readonly account: SmsAccount;
  /** Every call that reached the simulator, and every SMS that it took. */
  readonly calls: readonly SmsCall[];
  readonly accepted: readonly AcceptedSms[];
  sums(): SmsSums;
  setLatency(ms: number): void;
  /** Breaks every connection off and refuses new ones, for so long or until `accept`. */
  refuse(ms?: number): Promise<void>;
  accept(): Promise<void>;
  /** Forgets calls, SMS and faults; the account stays as it stands. */
  reset(): void;
  stop(): Promise<void>;
}
