import type { SentSum } from '../core/summary.ts';
import type { ClaimedNotice, FinishedNotice } from '../ports.ts';

/** What a batch's outcomes mean for the run as a whole. */
export interface JudgedBatch {
  readonly sent: Partial<SentSum>;
  /** The latest `retry_after` met, as an instant. */
  readonly quietUntil: number | null;
  readonly unusable: boolean;
  readonly unreachable: boolean;
  readonly inDoubt: boolean;
  /** Refusals of ours after the last success. */
  readonly ourRefusals: number;
}

/** Folds the outcomes; `finished` is in the order of `notices`. */
export function judgeBatch(notices: readonly ClaimedNotice[], finished: readonly FinishedNotice[]): JudgedBatch {
  const sum = { delivered: 0, operations: 0, repeated: 0, refusedByGuests: 0, refusedOurs: 0, inDoubt: 0, waiting: 0 };
  let quietUntil: number | null = null;
  let unusable = false;
  let unreachable = false;
  let ourRefusals = 0;
  for (const [index, { outcome, released }] of finished.entries()) {
    const notice = notices[index];
    switch (outcome.outcome) {
      case 'delivered':
        sum.delivered += 1;
        sum.operations += (notice?.operations.length ?? 0) - released.length;
        sum.repeated += notice?.repeat === true ? 1 : 0;
        ourRefusals = 0;
        break;
      case 'refused':
        sum[outcome.whose === 'ours' ? 'refusedOurs' : 'refusedByGuests'] += 1;
        ourRefusals += outcome.whose === 'ours' ? 1 : 0;
        break;
      case 'in_doubt':
        sum.inDoubt += 1;
        break;
      case 'retry':
        sum.waiting += 1;
        if (outcome.code === 'limited') quietUntil = Math.max(quietUntil ?? 0, outcome.notBefore ?? 0);
        unusable ||= outcome.code === 'unusable';
        unreachable ||= outcome.code === 'unreachable';
        break;
    }
  }
  return { sent: sum, quietUntil, unusable, unreachable, inDoubt: sum.inDoubt > 0, ourRefusals };
}
