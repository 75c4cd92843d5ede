/**
 * Telegram's limits as its FAQ gives them; 0 switches one off. How it really counts is not published: the shape here (a sliding
 * second for a bot, a bucket for a chat, a penalty that grows when it is ignored) is inferred.
 */
export interface Limits {
  /** Messages of one bot in any second. */
  readonly freePerSecond: number;
  /** The same with `allow_paid_broadcast`; counted apart. */
  readonly paidPerSecond: number;
  /** Messages a second in one chat, once the burst is used up. */
  readonly chatPerSecond: number;
  readonly chatBurst: number;
  readonly groupPerMinute: number;
  /** The shortest `retry_after`, seconds. */
  readonly retryAfter: number;
  /** A call that comes while one was told to wait multiplies what is left by this, up to the most. */
  readonly penaltyFactor: number;
  readonly penaltyMost: number;
  /** Calls that were on their way when the first 429 was answered don't count as ignoring it. */
  readonly graceMs: number;
}

export const TELEGRAM_LIMITS: Limits = {
  freePerSecond: 30,
  paidPerSecond: 1_000,
  chatPerSecond: 1,
  chatBurst: 3,
  groupPerMinute: 20,
  retryAfter: 1,
  penaltyFactor: 2,
  penaltyMost: 60,
  graceMs: 500,
};

/** Sums of fractions of milliseconds are not exact. */
const ROUNDING = 1e-6;

/** The last `size` moments; the oldest tells whether a second has room. */
export interface Window {
  readonly moments: Float64Array;
  next: number;
}

export interface Penalty {
  until: number;
  since: number;
  seconds: number;
}

/** What is remembered of one chat. */
export interface ChatPace {
  /** When the bucket would be full again (generic cell rate). */
  fullAt: number;
  readonly penalty: Penalty;
  minute: Window | null;
}

export interface BotPace {
  free: Window | null;
  paid: Window | null;
  readonly penalty: Penalty;
}

export function createChatPace(): ChatPace {
  return { fullAt: -Infinity, penalty: createPenalty(), minute: null };
}

export function createBotPace(): BotPace {
  return { free: null, paid: null, penalty: createPenalty() };
}

function createPenalty(): Penalty {
  return { until: -Infinity, since: -Infinity, seconds: 0 };
}

/** 0 = the message may go and is counted; else `retry_after` in seconds. `now` is monotonic milliseconds. */
export function judgePace(
  { bot, chat }: { bot: BotPace; chat: ChatPace },
  { limits, now, paid, group }: { limits: Limits; now: number; paid: boolean; group: boolean },
): number {
  const scope = now < bot.penalty.until ? bot.penalty : now < chat.penalty.until ? chat.penalty : null;
  if (scope !== null) return ignored(scope, limits, now);

  const size = paid ? limits.paidPerSecond : limits.freePerSecond;
  const second = size > 0 ? windowOf(paid ? bot.paid : bot.free, size) : null;
  if (paid) bot.paid = second;
  else bot.free = second;
  const botWait = second === null ? 0 : waitOf(second, 1_000, now);
  if (botWait > ROUNDING) return punish(bot.penalty, { limits, now, wait: botWait });

  if (group) chat.minute = limits.groupPerMinute > 0 ? windowOf(chat.minute, limits.groupPerMinute) : null;
  const minuteWait = chat.minute === null ? 0 : waitOf(chat.minute, 60_000, now);
  const step = limits.chatPerSecond > 0 ? 1_000 / limits.chatPerSecond : 0;
  const fullAt = Math.max(chat.fullAt, now);
  const bucketWait = step > 0 ? fullAt - now - (limits.chatBurst - 1) * step : 0;
  const chatWait = Math.max(minuteWait, bucketWait);
  if (chatWait > ROUNDING) return punish(chat.penalty, { limits, now, wait: chatWait });

  chat.fullAt = fullAt + step;
  if (second !== null) note(second, now);
  if (chat.minute !== null) note(chat.minute, now);
  return 0;
}

function windowOf(known: Window | null, size: number): Window {
  return known?.moments.length === size ? known : { moments: new Float64Array(size).fill(-Infinity), next: 0 };
}

function waitOf(window: Window, span: number, now: number): number {
  return (window.moments[window.next] as number) + span - now;
}

function note(window: Window, now: number): void {
  window.moments[window.next] = now;
  window.next = (window.next + 1) % window.moments.length;
}

function punish(penalty: Penalty, { limits, now, wait }: { limits: Limits; now: number; wait: number }): number {
  penalty.seconds = Math.max(limits.retryAfter, Math.ceil(wait / 1_000));
  penalty.since = now;
  penalty.until = now + penalty.seconds * 1_000;
  return penalty.seconds;
}

function ignored(penalty: Penalty, limits: Limits, now: number): number {
  if (now - penalty.since > limits.graceMs) {
    penalty.seconds = Math.min(penalty.seconds * limits.penaltyFactor, Math.max(limits.penaltyMost, penalty.seconds));
    penalty.since = now;
    penalty.until = Math.max(penalty.until, now + penalty.seconds * 1_000);
  }
  return Math.max(1, Math.ceil((penalty.until - now) / 1_000));
}
