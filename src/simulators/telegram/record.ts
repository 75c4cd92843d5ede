import type { Instant } from '../../core/glossary.ts';
import type { CallMarks } from '../conduct.ts';

/** One call as it reached the simulator. A refused connection leaves none. */
export interface CallRecord extends CallMarks {
  readonly number: number;
  readonly botId: number;
  /** Telegram's own spelling of the method, or what was asked for when there is none. */
  readonly method: string;
  chatId: string | null;
  readonly at: Instant;
}

/** A message that really stands in somebody's chat. */
export interface DeliveredMessage {
  readonly call: number;
  readonly botId: number;
  readonly chatId: string;
  readonly messageId: number;
  readonly at: Instant;
  /** Monotonic milliseconds of the simulator, for rates. */
  readonly moment: number;
  /** As displayed, after entity parsing. */
  readonly text: string;
  readonly html: string;
  readonly silent: boolean;
  /** `allow_paid_broadcast` was set. */
  readonly paid: boolean;
}

/** What the simulator itself saw: the truth that a ledger is measured against. */
export interface SimulatorRecord {
  readonly calls: CallRecord[];
  readonly messages: DeliveredMessage[];
}

export interface Counts {
  readonly calls: number;
  readonly messages: number;
  /** Chats with at least one message. */
  readonly chats: number;
  readonly perChatMax: number;
  /** The most messages in any one second. */
  readonly perSecondMax: number;
  readonly answered429: number;
  /** Copies beyond the first of one text in one chat. */
  readonly doubled: number;
  readonly byMethod: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Between the first and the last message, milliseconds. */
  readonly spanMs: number;
}

export function countRecord({ calls, messages }: SimulatorRecord): Counts {
  const perChat = tally(messages, (message) => message.chatId);
  const copies = tally(messages, (message) => `${message.chatId} ${message.text}`);
  return {
    calls: calls.length,
    messages: messages.length,
    chats: perChat.size,
    perChatMax: Array.from(perChat.values()).reduce((most, count) => Math.max(most, count), 0),
    perSecondMax: mostInOneSecond(messages),
    answered429: calls.filter((call) => call.status === 429).length,
    doubled: messages.length - copies.size,
    byMethod: Object.fromEntries(tally(calls, (call) => call.method)),
    byStatus: Object.fromEntries(tally(calls, (call) => String(call.status ?? 'none'))),
    spanMs: (messages.at(-1)?.moment ?? 0) - (messages[0]?.moment ?? 0),
  };
}

/** Texts that stand more than once in one chat. */
export function findDoubled(messages: readonly DeliveredMessage[]): readonly DeliveredMessage[] {
  const seen = new Set<string>();
  return messages.filter((message) => {
    const key = `${message.chatId} ${message.text}`;
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}

function tally<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + 1);
  return sums;
}

function mostInOneSecond(messages: readonly DeliveredMessage[]): number {
  let most = 0;
  let first = 0;
  for (const [last, { moment }] of messages.entries()) {
    while ((messages[first] as DeliveredMessage).moment <= moment - 1_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
