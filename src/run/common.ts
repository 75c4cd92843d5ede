import type { TaskSettings } from '../core/settings.ts';
import type { AdvanceRequest } from '../ports/deliveries.ts';

/** What a run can decide but once for all tasks of its bot. */
export interface CommonSettings {
  readonly rate: number;
  readonly concurrency: number;
  readonly inDoubt: 'repeat' | 'ask' | 'giveUp';
  readonly repeatAfterMs: number;
  /** The longest that a call of any of them lasts, to Telegram or, where guests are invited, to an SMS operator. */
  readonly requestTimeoutMs: number;
  readonly lingerMs: number;
  readonly timeLimitMs: number | null;
  readonly claim: Pick<AdvanceRequest, 'digestGapMs' | 'digestWaitMs' | 'timeToLiveMs' | 'balance'>;
}

/**
 * One answer where tasks of one bot say different things. The lock, the line to Telegram and a claim are the bot's and not a task's, so each value
 * is the one that breaks nobody's word: the slowest rate, the longest wait, the longest life. What a notice says is decided again by its own
 * task when it is composed (`send.ts`).
 */
export function commonSettings(tasks: readonly TaskSettings[]): CommonSettings {
  const rates = tasks.map((task) => task.telegram.rate).filter((rate) => rate > 0);
  const limits = tasks.flatMap((task) => task.run.timeLimitMs ?? []);
  const policies = new Set(tasks.map((task) => task.telegram.inDoubt));
  const [policy] = policies;
  return {
    rate: rates.length === 0 ? 0 : Math.min(...rates),
    concurrency: Math.max(1, Math.min(...tasks.map((task) => task.telegram.concurrency))),
    // Repeated where somebody said «ask», or given up where somebody said «repeat», can't be taken back; a question can be answered.
    inDoubt: policy !== undefined && policies.size === 1 ? policy : 'ask',
    repeatAfterMs: longest(tasks, (task) => task.telegram.repeatAfterMs),
    requestTimeoutMs: longest(tasks, ({ telegram, sms }) =>
      sms.operator === null ? telegram.timeoutMs : Math.max(telegram.timeoutMs, sms.timeoutMs),
    ),
    lingerMs: longest(tasks, (task) => task.run.lingerMs),
    timeLimitMs: limits.length === 0 ? null : Math.min(...limits),
    claim: {
      digestGapMs: longest(tasks, (task) => task.notice.digestGapMs),
      digestWaitMs: longest(tasks, (task) => task.notice.digestWaitMs),
      timeToLiveMs: longest(tasks, (task) => task.run.timeToLiveMs),
      balance: commonBalance(tasks),
    },
  };
}

/** A task that shows none leaves it out by itself; between the other two the first one counts, and whoever wants the other shows none. */
function commonBalance(tasks: readonly TaskSettings[]): AdvanceRequest['balance'] {
  return tasks.map((task) => task.notice.balance).find((balance) => balance !== 'off') ?? 'off';
}

function longest(tasks: readonly TaskSettings[], read: (task: TaskSettings) => number): number {
  return Math.max(0, ...tasks.map(read));
}
