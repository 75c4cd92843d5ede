import * as fc from 'fast-check';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

import { oddText } from './odd-texts.ts';

/** One field of one guest's rows that is not what the views promise. */
export interface BadField {
  /** Which of the victims. */
  readonly victim: number;
  readonly field: number;
  readonly value: BadValue;
}

type BadValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'integer'; readonly digits: string }
  | { readonly kind: 'real'; readonly real: string }
  | { readonly kind: 'bytes'; readonly hex: string }
  /** Text whose bytes are no UTF-8. */
  | { readonly kind: 'torn'; readonly hex: string }
  /** What stood there, otherwise spelt. */
  | { readonly kind: 'upper' | 'braces' | 'padded' }
  /** Points to a row that isn't there. */
  | { readonly kind: 'orphan' }
  /** The field of another table's row or of itself: a loop where groups are concerned. */
  | { readonly kind: 'own' }
  /** So many units. */
  | { readonly kind: 'long'; readonly length: number };

/** `where` finds a victim's row: :customer, :operation and :group are theirs. */
const FIELDS: readonly { readonly table: string; readonly column: string; readonly where: string }[] = [
  ...[
    'cpop_ID',
    'cpop_clnt_ID',
    'cpop_cptp_ID',
    'cpop_atop_ID',
    'cpop_cpop_ID_Return',
    'cpop_Name',
    'cpop_Description',
    'cpop_Date',
    'cpop_Sum',
  ].map((column) => ({ table: 'tp_ClientPurseOperations', column, where: 'cpop_ID = :operation' })),
  ...['clnt_ID', 'clnt_clgr_ID', 'clnt_pepl_ID', 'clnt_lggr_ID', 'clnt_Name', 'clnt_IsDisabled', 'clnt_Phones'].map((column) => ({
    table: 'tp_Clients',
    column,
    where: 'clnt_ID = :customer',
  })),
  ...['clgr_ID', 'clgr_clgr_ID_Parent', 'clgr_Name', 'clgr_IsDisabled'].map((column) => ({
    table: 'tp_ClientGroups',
    column,
    where: 'clgr_ID = :group',
  })),
  { table: 'tp_People', column: 'pepl_PhoneCell', where: 'pepl_ID = :person' },
  { table: 'tp_ClientPhones', column: 'clph_Phone', where: 'clph_clnt_ID = :customer' },
  { table: 'tp_ClientPurseTypes', column: 'cptp_Name', where: 'cptp_ID = :accountType' },
  { table: 'tp_ClientPurseTypes', column: 'cptp_ID', where: 'cptp_ID = :accountType' },
  { table: 'tp_Divisions', column: 'dvsn_Name', where: 'dvsn_ID = :division' },
  { table: 'tp_AuthorizationOperations', column: 'atop_dvsn_ID', where: 'atop_ID = :authorization' },
  { table: 'tp_Notes', column: 'note_Value', where: 'note_obj_ID = :customer' },
  { table: 'tp_Notes', column: 'note_Date', where: 'note_obj_ID = :customer' },
  { table: 'tp_Notes', column: 'note_ID', where: 'note_obj_ID = :customer' },
];

export function fieldOf(column: string): number {
  const at = FIELDS.findIndex((field) => field.column === column);
  if (at < 0) throw new RangeError(`no column ${column}`);
  return at;
}

const DATES = [
  '',
  '0',
  '2026-02-30 12:00:00.000',
  '2026-11-24',
  '2026-11-24T12:00:00Z',
  '24.11.2026 12:00',
  '9999-12-31 23:59:59.997',
  '9999-99-99 99:99:99.999',
  '1753-01-01 00:00:00.000',
  '~~~',
  'вчера',
  '2026-11-24 12:00:00.000 ',
  '2026-11-24 11:59:59,000',
];
const INTEGERS = ['0', '-1', '9223372036854775807', '-9223372036854775808', '-9223372036854775807', '9007199254740993', '4294967296'];
const REALS = ['0.5', '-450.25', '1e300', '-1e300', '9.3e18', '1e-320', 'inf', '-inf'];

const value: fc.Arbitrary<BadValue> = fc.oneof(
  { weight: 4, arbitrary: oddText().map((text) => ({ kind: 'text' as const, text })) },
  { weight: 3, arbitrary: fc.constantFrom(...DATES).map((text) => ({ kind: 'text' as const, text })) },
  { weight: 3, arbitrary: fc.constant({ kind: 'null' as const }) },
  { weight: 3, arbitrary: fc.constantFrom(...INTEGERS).map((digits) => ({ kind: 'integer' as const, digits })) },
  {
    weight: 2,
    arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((one) => ({ kind: 'integer' as const, digits: String(one) })),
  },
  { weight: 3, arbitrary: fc.constantFrom(...REALS).map((real) => ({ kind: 'real' as const, real })) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 20 }).map((bytes) => ({ kind: 'bytes' as const, hex: hexOf(bytes) })) },
  {
    weight: 2,
    arbitrary: fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => ({ kind: 'torn' as const, hex: `ff${hexOf(bytes)}` })),
  },
  { weight: 3, arbitrary: fc.constantFrom('upper' as const, 'braces' as const, 'padded' as const).map((kind) => ({ kind })) },
  { weight: 2, arbitrary: fc.constant({ kind: 'orphan' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'own' as const }) },
  { weight: 1, arbitrary: fc.constantFrom(100_000, 1_000_000, 10_000_000).map((length) => ({ kind: 'long' as const, length })) },
);

export const VICTIMS = 4;

/** Up to eight bad fields, spread over the victims. */
export const badRows: fc.Arbitrary<readonly BadField[]> = fc.array(
  fc.record({ victim: fc.nat({ max: VICTIMS - 1 }), field: fc.nat({ max: FIELDS.length - 1 }), value }),
  { minLength: 1, maxLength: 8 },
);

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

const ORPHAN = 'eeeeeeee-0000-4000-8000-00000000dead';

/** Where a victim's rows are. */
export type Keys = Readonly<Record<'customer' | 'operation' | 'group' | 'person' | 'accountType' | 'division' | 'authorization', string>>;

/** Puts the value into the field, whatever SQLite lets in. */
export function spoil(database: DatabaseSync, { field, value: bad }: BadField, keys: Keys): void {
  const target = FIELDS[field];
  if (target === undefined) throw new RangeError('no field');
  const { table, column, where } = target;
  const names = [...where.matchAll(/:(\w+)/g)].map(([, name]) => name as keyof Keys);
  const bound: Record<string, SQLInputValue> = Object.fromEntries(names.map((name) => [name, keys[name]]));
  const { sql, given } = expressionOf(bad, { column, own: names[0] === undefined ? '' : keys[names[0]] });
  database.prepare(`update ${table} set ${column} = ${sql} where ${where}`).run({ ...bound, ...given });
}

function expressionOf(
  bad: BadValue,
  { column, own }: { readonly column: string; readonly own: string },
): { readonly sql: string; readonly given: Record<string, SQLInputValue> } {
  switch (bad.kind) {
    case 'null':
      return { sql: 'null', given: {} };
    case 'text':
      return { sql: ':given', given: { given: bad.text } };
    case 'integer':
      return { sql: ':given', given: { given: BigInt(bad.digits) } };
    case 'real':
      return { sql: ':given', given: { given: Number(bad.real.replace('inf', 'Infinity')) } };
    case 'bytes':
      return { sql: `x'${bad.hex}'`, given: {} };
    case 'torn':
      return { sql: `cast(x'${bad.hex}' as text)`, given: {} };
    case 'upper':
      return { sql: `upper(${column})`, given: {} };
    case 'braces':
      return { sql: `'{' || ${column} || '}'`, given: {} };
    case 'padded':
      return { sql: `' ' || ${column} || ' '`, given: {} };
    case 'orphan':
      return { sql: ':given', given: { given: ORPHAN } };
    case 'own':
      return { sql: ':given', given: { given: own } };
    case 'long':
      return { sql: ':given', given: { given: 'Ж'.repeat(bad.length) } };
  }
}
