import type { Money } from '../../core/glossary.ts';
import { parseMoney } from '../../core/money.ts';

/** What becomes of an SMS after it was accepted. */
export type Fate = 'delivered' | 'undelivered' | 'never';

/** An account as a test opens it; amounts are roubles, decimal text. */
export interface AccountDefinition {
  readonly key: string;
  readonly balance: string;
  /** Of one segment. */
  readonly price: string;
  /** Names and whether they may be used. */
  readonly senders: Readonly<Record<string, boolean>>;
  readonly stopList: readonly string[];
  /** SMS of the whole account and SMS to one number, of a day in Moscow. */
  readonly dailyLimit: number;
  readonly numberLimit: number;
  /** Whether numbers outside of Russia are served. */
  readonly abroad: boolean;
  readonly moderation: 'none' | 'passes' | 'declines';
  readonly moderationMs: number;
  /** From leaving for the operator of the number to the phone. */
  readonly deliveryMs: number;
}

/** The account as it stands: a test turns the knobs, the simulator keeps the sums. */
export interface SmsAccount {
  key: string;
  balance: Money;
  price: Money;
  readonly senders: Map<string, boolean>;
  readonly stopList: Set<string>;
  dailyLimit: number;
  numberLimit: number;
  abroad: boolean;
  moderation: AccountDefinition['moderation'];
  moderationMs: number;
  deliveryMs: number;
  /** By number; the default is delivered. */
  readonly fates: Map<string, Fate>;
  /** The operator's own code or word for this number; `*` = for the whole request. */
  readonly scripts: Map<string, Script>;
}

/** `send` stands in the answer to a send in place of what the simulator would say, `status` in the answer to a question about it. */
export interface Script {
  readonly send?: string;
  readonly status?: string;
}

const USUAL: AccountDefinition = {
  key: 'SIMULATED-no-key-at-all-0123456789',
  balance: '1000.0000',
  price: '4.5000',
  senders: { PENKA: true, 'PENKA-NEW': false },
  stopList: [],
  dailyLimit: 1_000,
  numberLimit: 10,
  abroad: false,
  moderation: 'none',
  moderationMs: 60_000,
  deliveryMs: 5_000,
};

export const SIMULATED_KEY = USUAL.key;
export const SIMULATED_SENDER = 'PENKA';

export function openAccount(wish: Partial<AccountDefinition> = {}): SmsAccount {
  const { balance, price, senders, stopList, ...rest } = { ...USUAL, ...wish };
  return {
    ...rest,
    balance: parseMoney(balance),
    price: parseMoney(price),
    senders: new Map(Object.entries(senders)),
    stopList: new Set(stopList),
    fates: new Map(),
    scripts: new Map(),
  };
}
