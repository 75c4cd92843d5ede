import { addCounts } from './counts.ts';
import type { InvitationSkip } from './invitation.ts';
import { moneyToDecimal, parseMoney } from './money.ts';

/** Invitations and what became of them. SMS count calls; `segments` is what is billed. */
export interface InvitedSum {
  /** Customers who were weighed in this run and are to be invited, at once or later. */
  readonly planned: number;
  readonly accepted: number;
  /** Refused for their number. */
  readonly refused: number;
  readonly inDoubt: number;
  /** Left by a run that died; in doubt too. */
  readonly orphaned: number;
  /** Of accepted and doubtful ones. */
  readonly segments: number;
  /** Roubles, decimal text, as far as prices are known. */
  readonly cost: string;
  /** Accepted or doubtful ones whose price nobody knows. */
  readonly uncosted: number;
  /** Not invited, by reason. */
  readonly skipped: Readonly<Partial<Record<InvitationSkip, number>>>;
  /** Invitations that wait at the end: for the morning, for budget, for the next try. */
  readonly waiting: number;
  /** Of these, due ones that a cap keeps back, and which cap. */
  readonly capped: number;
  readonly cap: 'run' | 'day' | 'month' | null;
  /** Customers that the brake holds unplanned; 0 = it didn't stop. */
  readonly braked: number;
  /** What the operators told in this run of SMS accepted before. */
  readonly delivered: number;
  readonly undelivered: number;
}

export const NOBODY_INVITED: InvitedSum = {
  planned: 0,
  accepted: 0,
  refused: 0,
  inDoubt: 0,
  orphaned: 0,
  segments: 0,
  cost: '0.0000',
  uncosted: 0,
  skipped: {},
  waiting: 0,
  capped: 0,
  cap: null,
  braked: 0,
  delivered: 0,
  undelivered: 0,
};

/** Adds what a further step did. What waits, is capped or braked is the present state: where a step tells it, that stands. */
export function addInvited(a: InvitedSum, b: Partial<InvitedSum>): InvitedSum {
  return {
    planned: a.planned + (b.planned ?? 0),
    accepted: a.accepted + (b.accepted ?? 0),
    refused: a.refused + (b.refused ?? 0),
    inDoubt: a.inDoubt + (b.inDoubt ?? 0),
    orphaned: a.orphaned + (b.orphaned ?? 0),
    segments: a.segments + (b.segments ?? 0),
    cost: b.cost === undefined ? a.cost : addRoubles(a.cost, b.cost),
    uncosted: a.uncosted + (b.uncosted ?? 0),
    skipped: addCounts(a.skipped, b.skipped ?? {}),
    waiting: b.waiting ?? a.waiting,
    capped: b.capped ?? a.capped,
    cap: b.cap === undefined ? a.cap : b.cap,
    braked: b.braked ?? a.braked,
    delivered: a.delivered + (b.delivered ?? 0),
    undelivered: a.undelivered + (b.undelivered ?? 0),
  };
}

export function addRoubles(a: string, b: string): string {
  return moneyToDecimal(parseMoney(a) + parseMoney(b));
}

export function timesRoubles(price: string, count: number): string {
  return moneyToDecimal(parseMoney(price) * BigInt(count));
}
