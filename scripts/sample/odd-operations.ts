import { wallToMs } from '../../src/core/wall-time.ts';
import type { AccountTypeName } from './directories.ts';
import { type Movement, UNIT } from './movement.ts';
import type { OddRow, OddWhat } from './odd-customers.ts';
import { ENGLISH, pack, RUSSIAN } from './packed.ts';
import { openCheck, type Till } from './till.ts';
import { DAY, HOUR, MINUTE, SECOND } from './wall-time.ts';

interface OddOperation {
  readonly what: string;
  readonly type?: AccountTypeName;
  readonly sum?: number | bigint;
  /** Before now, in milliseconds; below zero lies in the future. Left out, each has its own, so that no digest swallows it. */
  readonly ago?: number;
  readonly on?: OddWhat;
  readonly document?: string;
  readonly description?: string;
  /** Comes from a till: has an authorisation. */
  readonly check?: true;
}

/** The largest sum that numeric(18,4) holds; twice it still fits a 64-bit integer, so sums of a whole site do. */
const LARGEST = 999_999_999_999_999_999n;

const ODD_OPERATIONS: readonly OddOperation[] = [
  { what: 'zero sum', sum: 0 },
  { what: 'four decimals', sum: 1_234_567 },
  { what: 'smallest sum', sum: 1 },
  { what: 'smallest debit', sum: -1 },
  { what: 'largest sum', sum: LARGEST, on: 'carries huge sums', type: 'deposit' },
  { what: 'largest debit', sum: -LARGEST, on: 'carries huge sums', type: 'deposit', ago: 20 * MINUTE },
  { what: 'beyond a double', sum: 9_007_199_254_740_993n, on: 'carries huge sums', type: 'bonuses' },
  { what: 'tomorrow', ago: -DAY },
  { what: 'far future', ago: -70 * 365 * DAY },
  { what: 'same millisecond (first)', ago: 2 * HOUR, check: true },
  { what: 'same millisecond (second)', ago: 2 * HOUR, sum: -75 * UNIT, check: true },
  { what: 'same millisecond, another account', ago: 2 * HOUR, type: 'deposit', sum: 500 * UNIT },
  { what: 'same millisecond, another customer', ago: 2 * HOUR, on: 'without a profile' },
  { what: 'back-dated by three days', ago: 3 * DAY },
  { what: 'back-dated by a month', ago: 30 * DAY },
  { what: 'a deleted account type', type: 'retired', sum: 1000 * UNIT },
  { what: 'no document, no description' },
  { what: 'empty document and description', document: '', description: '' },
  { what: 'marks of HTML', description: 'Скидка <5% & «бонус» > 3</b> <script>alert(1)</script> &lt;', document: 'A&B <1>' },
  { what: 'emoji', description: 'С днём рождения! 🎂🥳👨‍👩‍👧‍👦 ❤️‍🔥' },
  {
    what: 'packed description',
    description: pack([
      [RUSSIAN, 'Начислено за обед'],
      [ENGLISH, 'Credited for lunch'],
    ]),
  },
  {
    what: 'packed document',
    document: pack([
      [RUSSIAN, 'Документ № 7'],
      [ENGLISH, 'Document No. 7'],
    ]),
  },
  { what: 'description of 4,000 characters', description: 'Длинное примечание кассира & гостя. '.repeat(112).slice(0, 4000) },
  { what: 'description of 4,000 emoji', description: '🍕'.repeat(4000) },
  { what: 'marks of a template', description: "{sum} {count, plural, one {балл}} '{' %s ${x} #" },
  { what: 'line breaks', description: 'Первая строка\r\nвторая\n\n\tтретья' },
];

/** An odd operation that waits to be written; `what` is empty for an odd customer's own, ordinary one. */
export interface PlannedOdd extends OddRow {
  readonly movement: Movement;
}

interface Circumstances {
  readonly till: Till;
  readonly now: number;
  readonly customerOf: (what: OddWhat) => string;
}

/** An ordinary operation for each odd customer, the odd operations, returns and odd tills; they go in last, whatever their dates. */
export function planOddOperations(till: Till, odd: readonly (OddRow & { readonly what: OddWhat })[], now: number): readonly PlannedOdd[] {
  const customers = new Map(odd.map(({ what, id }) => [what, id]));
  const circumstances: Circumstances = { till, now, customerOf: (what) => customers.get(what) as string };
  return [
    ...odd.filter(({ what }) => what !== 'customer without operations').map(({ id }) => planOrdinary(circumstances, id)),
    ...ODD_OPERATIONS.map((operation, index) => {
      const ago = operation.ago ?? (90 + 3 * index) * MINUTE;
      return { what: operation.what, id: till.random.guid(), movement: makeMovement(operation, ago, circumstances) };
    }),
    ...planReturns(circumstances),
    ...planStrangers(circumstances),
  ];
}

function planOrdinary({ till, now }: Circumstances, customerId: string): PlannedOdd {
  const at = now - till.random.between(45, 20 * 60) * MINUTE;
  const movement: Movement = {
    customerId,
    type: 'bonuses',
    at,
    sum: till.random.between(1, 300) * UNIT,
    ...openCheck(till, at).marks,
    description: 'Начислено за визит',
  };
  return { what: '', id: till.random.guid(), movement };
}

function planReturns({ till, now, customerOf }: Circumstances): readonly PlannedOdd[] {
  const customerId = customerOf('carries odd operations');
  const [sold, returned, undone, dangling] = [till.random.guid(), till.random.guid(), till.random.guid(), till.random.guid()];
  const plan = (what: string, id: string, movement: Pick<Movement, 'at' | 'sum' | 'returnOf'>): PlannedOdd => ({
    what,
    id,
    movement: { customerId, type: 'bonuses', ...movement },
  });
  return [
    plan('a debit that is returned', sold, { at: now - HOUR, sum: -120 * UNIT }),
    plan('its return', returned, { at: now - 50 * MINUTE, sum: 120 * UNIT, returnOf: sold }),
    plan('a return of the return', undone, { at: now - 45 * MINUTE, sum: -120 * UNIT, returnOf: returned }),
    plan('a return of an operation that is gone', dangling, { at: now - 40 * MINUTE, sum: 30 * UNIT, returnOf: till.random.guid() }),
  ];
}

/** Rows whose other end is missing or odd. */
function planStrangers({ till, now, customerOf }: Circumstances): readonly PlannedOdd[] {
  const customerId = customerOf('carries odd operations');
  const plan = (what: string, movement: Partial<Movement>): PlannedOdd => ({
    what,
    id: till.random.guid(),
    movement: { customerId, type: 'bonuses', at: now - 30 * MINUTE, sum: 15 * UNIT, ...movement },
  });
  return [
    plan('a till of a closed division', { authorization: authorise(till, 'closed') }),
    plan('a till of no division', { authorization: authorise(till, 'none') }),
    plan('an authorisation that is gone', { authorization: till.random.guid() }),
    plan('dated before the restaurant', { at: wallToMs('1900-01-01 00:00:00.000') }),
    plan('of a customer that is gone', { customerId: till.random.guid() }),
  ];
}

function makeMovement(odd: OddOperation, ago: number, { till, now, customerOf }: Circumstances): Movement {
  // On a whole second, so that rows of the same millisecond stay so on the grain of `datetime`.
  const date = Math.floor((now - ago) / SECOND) * SECOND;
  return {
    customerId: customerOf(odd.on ?? 'carries odd operations'),
    type: odd.type ?? 'bonuses',
    at: date,
    sum: odd.sum ?? 25 * UNIT,
    ...(odd.check ? openCheck(till, date).marks : {}),
    ...(odd.document === undefined ? {} : { document: odd.document }),
    ...(odd.description === undefined ? {} : { description: odd.description }),
  };
}

function authorise({ tables, random, directories }: Till, division: 'closed' | 'none'): string {
  const id = random.guid();
  tables.tp_AuthorizationOperations.add([id, division === 'closed' ? (directories.divisions.at(-1) ?? null) : null, null, null]);
  return id;
}
