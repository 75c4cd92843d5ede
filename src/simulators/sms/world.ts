import type { Scene } from '../conduct.ts';
import type { SmsAccount } from './account.ts';
import type { AcceptedSms, SmsRecord } from './record.ts';

/** Everything that one simulated operator holds. */
export interface SmsWorld extends Scene {
  readonly account: SmsAccount;
  readonly record: SmsRecord;
  readonly onSms: (sms: AcceptedSms) => void;
  latencyMs: number;
}
