import type { Instant } from '../core/glossary.ts';
import type { GatewayName, SmsOutcome, SmsRefusalCode, SmsStatus } from '../core/sms-outcome.ts';

export interface OutgoingSms {
  /** Digits of an international number without a plus: 79161234567. */
  readonly number: string;
  readonly text: string;
  /** Our own id of this invitation, at most 20 characters of A-Z a-z 0-9 -; goes along where the operator takes one. */
  readonly reference: string;
}

/** Why the operator can't be asked: its account, the way to it, or an answer that is none. Nothing was sent. */
export type GatewayTrouble =
  | { readonly answer: 'unusable'; readonly code: SmsRefusalCode; readonly detail: string }
  | { readonly answer: 'unreachable' | 'unreadable' | 'server'; readonly detail: string }
  | { readonly answer: 'limited'; readonly until: Instant };

export type BalanceAnswer = { readonly answer: 'balance'; readonly roubles: string } | GatewayTrouble;

/** `approved` null where the operator doesn't say whether a name may be used. */
export type SendersAnswer =
  | { readonly answer: 'senders'; readonly senders: readonly { readonly name: string; readonly approved: boolean | null }[] }
  | { readonly answer: 'unsupported' }
  | GatewayTrouble;

/** Price of one SMS in roubles, decimal text, and segments as the operator counts them. */
export type CostAnswer =
  | { readonly answer: 'cost'; readonly roubles: string; readonly segments: number }
  | { readonly answer: 'refused'; readonly code: SmsRefusalCode; readonly detail: string }
  | { readonly answer: 'unsupported' }
  | GatewayTrouble;

export type StatusesAnswer = { readonly answer: 'statuses'; readonly statuses: readonly SmsStatus[] } | GatewayTrouble;

/** An SMS operator, as the run sees it. Nothing here throws for what the operator or the network does; no key is in any answer. */
export interface Gateway {
  readonly name: GatewayName;
  /** Most ids of one `readStatuses`. */
  readonly statusesAtOnce: number;
  /** Sends one SMS, as `Channel.send` does: `mayBegin` is asked right before the first byte, an unknown outcome is never repeated. */
  send(sms: OutgoingSms, mayBegin: () => boolean): Promise<SmsOutcome>;
  readBalance(): Promise<BalanceAnswer>;
  readSenders(): Promise<SendersAnswer>;
  /** What an SMS would cost, where the operator has a method for it; sends nothing. */
  readCost(sms: Pick<OutgoingSms, 'number' | 'text'>): Promise<CostAnswer>;
  /**
   * Asks about SMS accepted before, at most `statusesAtOnce` of them. One that the answer leaves out is pending with the code `absent`; those that
   * weren't asked about, because something came between, are left out.
   */
  readStatuses(gatewayIds: readonly string[]): Promise<StatusesAnswer>;
  /** Lets go of the sockets. */
  close(): void;
}
