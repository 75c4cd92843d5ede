import type { SentSum } from '../core/summary.ts';
import type { CallEnd } from './begin-calls.ts';

/** What outcomes mean for the run as a whole. */
export interface JudgedBatch {
  readonly sent: Partial<SentSum>;
  /** The latest `retry_after` met, as an instant. */
  readonly quietUntil: number | null;
  readonly unusable: boolean;
  /** Whether Telegram is there must be asked before anything else is claimed: an outcome is unknown, or no connection came about. */
  readonly doubtful: boolean;
  /** Refusals of ours since the last success, those of earlier batches included. */
  readonly ourRefusals: number;
}

/** Folds the outcomes, in the order in which they came. */
export function judgeBatch(ended: readonly CallEnd[], ourRefusalsBefore: number): JudgedBatch {
  const sum = { delivered: 0, operations: 0, repeated: 0, refusedByGuests: 0, refusedOurs: 0, inDoubt: 0 };
  let quietUntil: number | null = null;
  let unusable = false;
  let unreachable = false;
  let ourRefusals = ourRefusalsBefore;
  for (const { notice, finished } of ended) {
    const { outcome, released } = finished;
    switch (outcome.outcome) {
      case 'delivered':
        sum.delivered += 1;
        sum.operations += notice.operations.length - released.length;
        sum.repeated += notice.repeat ? 1 : 0;
        ourRefusals = 0;
        break;
      case 'refused':
        sum[outcome.whose === 'ours' ? 'refusedOurs' : 'refusedByGuests'] += 1;
        // A bad record says nothing of the others; what Telegram refuses may be the same for all.
        ourRefusals += outcome.whose === 'ours' && outcome.code !== 'bad_record' ? 1 : 0;
        break;
      case 'in_doubt':
        sum.inDoubt += 1;
        break;
      case 'retry':
        if (outcome.code === 'limited') quietUntil = Math.max(quietUntil ?? 0, outcome.notBefore ?? 0);
        unusable ||= outcome.code === 'unusable';
        unreachable ||= outcome.code === 'unreachable';
        break;
    }
  }
  return { sent: sum, quietUntil, unusable, doubtful: unreachable || sum.inDoubt > 0, ourRefusals };
}

/** Keeps count of the notices that wait for another try: by their first rows, so that one that is tried twice waits once. */
export function noteWaiting(waiting: Set<number>, ended: readonly CallEnd[]): void {
  for (const { notice, finished } of ended) {
    const rows = notice.operations.map((operation) => operation.row);
    for (const row of rows) waiting.delete(row);
    if (finished.outcome.outcome === 'retry' && rows[0] !== undefined) waiting.add(rows[0]);
  }
}
