import type { WallTime } from '../../src/core/glossary.ts';
import { TASKS, usualChoice } from './action.ts';
import type { Choice, TaskName } from './action.ts';

/** What of an operation decides whether a task tells it. */
export interface Judged {
  readonly date: WallTime;
  readonly type: TaskName;
  /** Roubles, as it stands now. */
  readonly sum: number;
}

/** Since when a type is told about: at the earliest and at the latest; null = it isn't. */
type Since = { readonly from: WallTime; readonly to: WallTime } | null;

type Choices = Readonly<Record<TaskName, Choice>>;

export interface Admission {
  /** A run begins: from now on what it chooses may hold. */
  begins(choices: Choices, from: WallTime): void;
  /** It has ended; `sure` = it surely came to plan, else it may have. */
  ended(choices: Choices, at: { readonly from: WallTime; readonly to: WallTime; readonly sure: boolean }): void;
  /** Whatever of several possibilities holds: the task has chosen the operation's type since before it was made. */
  surelyAdmits(operation: Judged, task: TaskName): boolean;
  /** No task can have: its type was chosen later, or isn't. */
  surelyKeepsOut(operation: Judged): boolean;
}

/** Later than every wall-clock text. */
const NEVER: WallTime = '~';

/**
 * A model of «since when is a type told about»: the first choice counts from the start date, what is added later from the run that adds it, and
 * what stays chosen keeps its time. A run that died leaves two possibilities.
 */
export function createAdmission(): Admission {
  let settled: ReadonlyMap<string, readonly Since[]> = new Map();
  let now = settled;
  let first = true;
  const after = (choices: Choices, at: { readonly from: WallTime; readonly to: WallTime; readonly sure: boolean }): typeof now => {
    const next = new Map<string, readonly Since[]>();
    for (const task of TASKS) {
      const { types, startDate } = choices[task];
      const begins = first && startDate !== null ? { from: startDate, to: startDate } : { from: at.from, to: at.to };
      for (const type of TASKS) {
        const before = settled.get(`${task} ${type}`) ?? [null];
        const chosen = types.length === 0 || types.includes(type) ? before.map((one) => one ?? begins) : [null];
        next.set(`${task} ${type}`, distinct(at.sure ? chosen : [...before, ...chosen]));
      }
    }
    return next;
  };
  const read = (task: TaskName, type: TaskName): readonly Since[] => now.get(`${task} ${type}`) ?? [null];
  return {
    begins: (choices, from) => {
      now = after(choices, { from, to: NEVER, sure: false });
    },
    ended: (choices, at) => {
      settled = after(choices, at);
      now = settled;
      first &&= !at.sure;
    },
    surelyAdmits: ({ type, date }, task) => read(task, type).every((one) => one !== null && one.to <= date),
    surelyKeepsOut: ({ type, date }) => TASKS.every((task) => read(task, type).every((one) => one === null || one.from > date)),
  };
}

function distinct(all: readonly Since[]): Since[] {
  return [...new Map(all.map((one) => [one === null ? '' : `${one.from} ${one.to}`, one])).values()];
}

/** Whether a task's filters let it through as they and the operation stand now. The start date binds every look but a backfill by hand. */
export function isMeant({ type, sum, date }: Judged, { types, sign, threshold, startDate }: Choice, isBackfill: boolean): boolean {
  return (
    (types.length === 0 || types.includes(type)) &&
    (sign === 'any' || (sign === 'credit') === sum > 0) &&
    Math.abs(sum) >= threshold &&
    (isBackfill || startDate === null || date >= startDate)
  );
}

export function usualChoices(): Record<TaskName, Choice> {
  return { deposit: usualChoice('deposit'), bonus: usualChoice('bonus') };
}
