import * as fc from 'fast-check';

import { GATEWAYS } from '../../src/core/sms-outcome.ts';
import type { GatewayName } from '../../src/core/sms-outcome.ts';

/** Customers of the storm's restaurant, by number. */
export const CUSTOMERS = 8;
/** People with phones; a link may be opened by anybody who has it. */
export const PEOPLE = 5;

/** The two tasks of the storm's bot; each is also the account type that it is there for. */
export const TASKS = ['deposit', 'bonus'] as const;
export type TaskName = (typeof TASKS)[number];

/** Everything that befalls a restaurant, as a plain value: a failing storm is kept as JSON and played again. */
export interface Storm {
  readonly operator: GatewayName;
  readonly actions: readonly Action[];
}

/** Which operations a task tells; no types = all of them. */
export interface Choice {
  readonly types: readonly TaskName[];
  readonly sign: 'any' | 'credit' | 'debit';
  /** Roubles. */
  readonly threshold: number;
  readonly startDate: string | null;
}

export type Action =
  | { readonly do: 'operation'; readonly who: number; readonly agoMin: number; readonly bonus: boolean }
  | { readonly do: 'edit'; readonly which: number }
  | { readonly do: 'remove'; readonly which: number }
  | { readonly do: 'start'; readonly who: number; readonly person: number }
  | { readonly do: 'stop' | 'block' | 'unblock'; readonly person: number }
  | { readonly do: 'note'; readonly who: number; readonly fill: boolean; readonly person: number }
  | { readonly do: 'fault'; readonly kind: FaultKind; readonly method: 'sendMessage' | 'getUpdates'; readonly skip: number }
  | { readonly do: 'outage'; readonly minutes: number }
  | { readonly do: 'limit'; readonly retryAfter: number }
  | { readonly do: 'latency'; readonly ms: number }
  | { readonly do: 'pass'; readonly seconds: number }
  /** The database server's clock, and the host's with it or not. */
  | { readonly do: 'jump' | 'serverJump'; readonly minutes: number }
  | { readonly do: 'wake' }
  | { readonly do: 'settings'; readonly balance: 'after' | 'current' | 'off'; readonly digestS: number; readonly concurrency: number }
  | { readonly do: 'filters'; readonly task: TaskName; readonly choice: Choice }
  | { readonly do: 'yes'; readonly on: boolean }
  | { readonly do: 'sms'; readonly on: boolean }
  | { readonly do: 'smsFault'; readonly kind: FaultKind; readonly skip: number }
  | { readonly do: 'smsOutage'; readonly minutes: number }
  | { readonly do: 'money'; readonly empty: boolean }
  | { readonly do: 'pause' | 'resume' }
  | { readonly do: 'resolve'; readonly verdict: Verdict }
  | { readonly do: 'run'; readonly how: RunHow; readonly limit: number | null; readonly kill: Kill | null }
  | { readonly do: 'race'; readonly kill: Kill | null };

export type FaultKind = 'closeBeforeProcessing' | 'closeAfterProcessing' | 'halfAnswer' | 'html502' | 'json500' | 'emptyBody' | 'hang';
export type RunHow = 'since_last' | 'since' | 'mark_only';
export type Verdict = 'delivered' | 'refused' | 'again';

/** Where a run dies: at the n-th call of its ports. */
export interface Kill {
  readonly call: number;
  readonly side: 'before' | 'after';
}

/** What every task begins with and comes back to: its own account type, whatever the sum. */
export function usualChoice(task: TaskName): Choice {
  return { types: [task], sign: 'any', threshold: 0, startDate: '2026-11-01 00:00:00.000' };
}

/** What leaves an outcome unknown; a storm without any is calm. */
export function isMishap(action: Action): boolean {
  if (action.do === 'run' || action.do === 'race') return action.kill !== null;
  return action.do === 'fault' || action.do === 'outage';
}

const faultKind = fc.constantFrom<FaultKind[]>(
  'closeBeforeProcessing',
  'closeAfterProcessing',
  'halfAnswer',
  'html502',
  'json500',
  'emptyBody',
  'hang',
);
/** A whole run makes about fifty calls: the last ones send SMS and finish. */
const kill: fc.Arbitrary<Kill> = fc.record({
  call: fc.integer({ min: 1, max: 60 }),
  side: fc.constantFrom('before' as const, 'after' as const),
});
const who = fc.integer({ min: 0, max: CUSTOMERS - 1 });
const person = fc.integer({ min: 0, max: PEOPLE - 1 });
const which = fc.nat({ max: 40 });
const choice = fc.record({
  types: fc.constantFrom<(readonly TaskName[])[]>(['deposit'], ['bonus'], ['deposit', 'bonus'], []),
  sign: fc.constantFrom('any', 'any', 'credit', 'debit'),
  threshold: fc.constantFrom(0, 0, 200),
  startDate: fc.constantFrom('2026-11-01 00:00:00.000', '2026-11-01 00:00:00.000', '2026-11-24 12:20:00.000', null),
}) as fc.Arbitrary<Choice>;

interface Weighted {
  readonly weight: number;
  readonly arbitrary: fc.Arbitrary<Action>;
}

const EVERYDAY: readonly Weighted[] = [
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('operation'), who, agoMin: fc.constantFrom(0, 0, 0, 1, 30, 600), bonus: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit'), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove'), which }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('start'), who, person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('stop', 'block'), person }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unblock'), person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('note'), who, fill: fc.boolean(), person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('limit'), retryAfter: fc.constantFrom(1, 7, 90) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('latency'), ms: fc.constantFrom(1, 40, 2_000, 12_000) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass'), seconds: fc.constantFrom(1, 5, 20, 60, 900, 4_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('jump', 'serverJump'), minutes: fc.constantFrom(-60, -1, 1, 60) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wake') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('settings'),
      balance: fc.constantFrom('after', 'current', 'off'),
      digestS: fc.constantFrom(0, 60),
      concurrency: fc.constantFrom(1, 2, 3),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('filters'), task: fc.constantFrom(...TASKS), choice }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('yes'), on: fc.constantFrom(false, false, true) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sms'), on: fc.constantFrom(true, true, false) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('money'), empty: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('pause', 'resume', 'resume') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resolve'), verdict: fc.constantFrom('delivered', 'refused', 'again') }) },
];

const MISHAPS: readonly Weighted[] = [
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('fault'),
      kind: faultKind,
      method: fc.constantFrom('sendMessage', 'sendMessage', 'getUpdates'),
      skip: fc.nat({ max: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('outage'), minutes: fc.constantFrom(1, 20, 60) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('smsFault'), kind: faultKind, skip: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('smsOutage'), minutes: fc.constantFrom(1, 30) }) },
];

function runs(dies: fc.Arbitrary<Kill | null>): readonly Weighted[] {
  return [
    {
      weight: 12,
      arbitrary: fc.record({
        do: fc.constant('run'),
        how: fc.constantFrom<RunHow[]>(...Array<RunHow>(6).fill('since_last'), 'since', 'mark_only'),
        limit: fc.constantFrom(null, null, null, null, 1, 2),
        kill: dies,
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('race'), kill: dies }) },
  ];
}

const manyOf = (actions: readonly Weighted[]): fc.Arbitrary<Action[]> =>
  fc.array(fc.oneof(...actions), { minLength: 25, maxLength: 75, size: 'max' });
const wild = manyOf([...EVERYDAY, ...MISHAPS, ...runs(fc.option<Kill | null>(kill, { freq: 2, nil: null }))]);
const calm = manyOf([...EVERYDAY, ...runs(fc.constant(null))]);

/** Storms: enough of everything for two mishaps to meet; in a fifth of them nothing goes wrong, so nothing may be repeated or doubted. */
export const storms: fc.Arbitrary<Storm> = fc.record({
  operator: fc.constantFrom(...GATEWAYS),
  actions: fc.oneof({ weight: 4, arbitrary: wild }, { weight: 1, arbitrary: calm }),
});
