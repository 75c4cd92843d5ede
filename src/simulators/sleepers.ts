/** One who sleeps on a virtual clock until `due` (monotonic milliseconds). */
export interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** Sleepers by the time they wake at; those of one time wake in the order in which they lay down. */
export interface Sleepers {
  readonly count: number;
  /** Null when nobody sleeps, or only such as sleep for ever. */
  earliest(): number | null;
  add(sleeper: Sleeper): void;
  remove(sleeper: Sleeper): void;
  /** Takes out all who are due by then. */
  takeDue(by: number): readonly Sleeper[];
}

export function createSleepers(): Sleepers {
  const list: Sleeper[] = [];
  return {
    get count() {
      return list.length;
    },
    earliest: () => {
      const due = list[0]?.due ?? Infinity;
      return due === Infinity ? null : due;
    },
    add: (sleeper) => {
      list.splice(placeAfter(list, sleeper.due), 0, sleeper);
    },
    remove: (sleeper) => {
      const at = list.indexOf(sleeper);
      if (at >= 0) list.splice(at, 1);
    },
    takeDue: (by) => list.splice(0, placeAfter(list, by)),
  };
}

/** The place behind everybody who is due at or before this time. */
function placeAfter(list: readonly Sleeper[], due: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.due ?? Infinity) <= due) low = middle + 1;
    else high = middle;
  }
  return low;
}
