import * as fc from 'fast-check';

/** Customers of the storm's restaurant, by number. */
export const CUSTOMERS = 6;
/** People with phones; a link may be opened by anybody who has it. */
export const PEOPLE = 5;

/** What may befall a restaurant, as plain values: a failing storm is kept as JSON and played again. */
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
  | { readonly do: 'jump'; readonly minutes: number }
  | { readonly do: 'wake' }
  | { readonly do: 'settings'; readonly balance: 'after' | 'current' | 'off'; readonly digestS: number; readonly concurrency: number }
  | { readonly do: 'sms'; readonly on: boolean }
  | { readonly do: 'smsFault'; readonly kind: FaultKind; readonly skip: number }
  | { readonly do: 'smsOutage'; readonly minutes: number }
  | { readonly do: 'money'; readonly empty: boolean }
  | { readonly do: 'pause' | 'resume' }
  | { readonly do: 'resolve'; readonly verdict: 'delivered' | 'refused' | 'again' }
  | { readonly do: 'run'; readonly how: RunHow; readonly limit: number | null; readonly kill: Kill | null }
  | { readonly do: 'race'; readonly kill: Kill | null };

export type FaultKind = 'closeBeforeProcessing' | 'closeAfterProcessing' | 'halfAnswer' | 'html502' | 'json500' | 'emptyBody' | 'hang';
export type RunHow = 'since_last' | 'since' | 'mark_only';

/** Where a run dies: at the n-th call of its ports. */
export interface Kill {
  readonly call: number;
  readonly side: 'before' | 'after';
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
const kill: fc.Arbitrary<Kill> = fc.record({
  call: fc.integer({ min: 1, max: 24 }),
  side: fc.constantFrom('before' as const, 'after' as const),
});
const who = fc.integer({ min: 0, max: CUSTOMERS - 1 });
const person = fc.integer({ min: 0, max: PEOPLE - 1 });
const which = fc.nat({ max: 40 });

const ACTIONS: readonly { readonly weight: number; readonly arbitrary: fc.Arbitrary<Action> }[] = [
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant('operation'), who, agoMin: fc.constantFrom(0, 0, 0, 1, 30, 600), bonus: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit'), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove'), which }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('start'), who, person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('stop', 'block'), person }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unblock'), person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('note'), who, fill: fc.boolean(), person }) },
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
  { weight: 1, arbitrary: fc.record({ do: fc.constant('limit'), retryAfter: fc.constantFrom(1, 7, 90) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('latency'), ms: fc.constantFrom(1, 40, 2_000) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass'), seconds: fc.constantFrom(1, 5, 20, 60, 900, 4_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('jump'), minutes: fc.constantFrom(-60, -1, 1, 60) }) },
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
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sms'), on: fc.constantFrom(true, true, false) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('smsFault'), kind: faultKind, skip: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('smsOutage'), minutes: fc.constantFrom(1, 30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('money'), empty: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('pause', 'resume', 'resume') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resolve'), verdict: fc.constantFrom('delivered', 'refused', 'again') }) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('run'),
      how: fc.constantFrom<RunHow[]>(
        'since_last',
        'since_last',
        'since_last',
        'since_last',
        'since_last',
        'since_last',
        'since',
        'mark_only',
      ),
      limit: fc.constantFrom(null, null, null, null, 1, 2),
      kill: fc.option<Kill | null>(kill, { freq: 3, nil: null }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('race'), kill: fc.option<Kill | null>(kill, { freq: 2, nil: null }) }) },
];

/** A storm: enough of everything for two mishaps to meet. */
export const storms: fc.Arbitrary<Action[]> = fc.array(fc.oneof(...ACTIONS), { minLength: 25, maxLength: 90, size: 'max' });
