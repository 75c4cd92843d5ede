import type { Instant, Money } from '../../core/glossary.ts';
import type { CallMarks } from '../conduct.ts';

/** One call as it reached the simulator. A refused connection leaves none. */
export interface SmsCall extends CallMarks {
  readonly number: number;
  /** Method and path without the query, where keys are: `POST /sms/send`. */
  readonly method: string;
  /** Digits of the number that it is about, if one. */
  phone: string | null;
  readonly at: Instant;
}

/** An SMS that the operator took, and charged for: what the tests count from. */
export interface AcceptedSms {
  /** From 1; the operators make their ids of it. */
  readonly no: number;
  /** Digits, 79…. */
  readonly number: string;
  readonly text: string;
  readonly segments: number;
  readonly cost: Money;
  /** Our own, where the operator takes one. */
  readonly reference: string | null;
  /** The name that the guest sees; null = a number of the operator's. */
  readonly sender: string | null;
  readonly at: Instant;
  /** Names of channels tried in order, where the operator has others than SMS. */
  readonly routing: readonly string[];
}

export interface SmsRecord {
  readonly calls: SmsCall[];
  readonly accepted: AcceptedSms[];
}

export interface SmsSums {
  readonly messages: number;
  readonly numbers: number;
  readonly segments: number;
  readonly cost: Money;
  /** SMS to a number that had one before. */
  readonly repeated: number;
}

export function sumRecord({ accepted }: Pick<SmsRecord, 'accepted'>): SmsSums {
  const numbers = new Set(accepted.map(({ number }) => number));
  return {
    messages: accepted.length,
    numbers: numbers.size,
    segments: accepted.reduce((sum, { segments }) => sum + segments, 0),
    cost: accepted.reduce((sum, { cost }) => sum + cost, 0n),
    repeated: accepted.length - numbers.size,
  };
}
