/** How much a storm gave its judges to judge: an oracle that no longer sees anything is none. */
export interface Counts {
  operations: number;
  /** Notices' operations that Telegram showed, and those of them with the mark of a repeat. */
  told: number;
  repeats: number;
  /** Operations of guests who were there all the time: each had to be told. */
  due: number;
  /** Operations chosen since before they were made: each had to be in the ledger before anybody asked for the past. */
  admitted: number;
  /** Operations that were not to be told: chosen too late, filtered out, removed, or marked as seen. */
  keptOut: number;
  seen: number;
  /** Told after staff had edited them: with the new sum. */
  edited: number;
  /** Chats that had lost an account. */
  ended: number;
  inDoubt: number;
  /** 429s whose whole wait was watched. */
  limited: number;
  /** Runs without a yes that met more old notices than the brake lets through, and how many such notices waited. */
  braked: number;
  heldBack: number;
  /** Runs that were paused though something waited. */
  paused: number;
  /** Runs that died, and of those the ones that died late. */
  deaths: number;
  lateDeaths: number;
  invited: number;
  /** How often a cap was reached to the last segment. */
  cappedRun: number;
  cappedDay: number;
  cappedMonth: number;
  cappedCustomer: number;
  calm: number;
}

export function startCounts(): Counts {
  return {
    operations: 0,
    told: 0,
    repeats: 0,
    due: 0,
    admitted: 0,
    keptOut: 0,
    seen: 0,
    edited: 0,
    ended: 0,
    inDoubt: 0,
    limited: 0,
    braked: 0,
    heldBack: 0,
    paused: 0,
    deaths: 0,
    lateDeaths: 0,
    invited: 0,
    cappedRun: 0,
    cappedDay: 0,
    cappedMonth: 0,
    cappedCustomer: 0,
    calm: 0,
  };
}

export function addCounts(sum: Counts, one: Counts): void {
  for (const name of Object.keys(one) as (keyof Counts)[]) sum[name] += one[name];
}
