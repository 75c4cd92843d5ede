import { TYPES } from 'tedious';
import type { Instant } from '../core/glossary.ts';

type TediousType = (typeof TYPES)[keyof typeof TYPES];

/** A parameter with its type on the wire. */
export interface TypedValue {
  readonly type: TediousType;
  readonly value: unknown;
}

/**
 * What a procedure is given. Plain values say their type themselves: text (ids, codes, wall clocks, decimal money) goes as nvarchar, a number as
 * int or bigint, a boolean as bit; the procedure's own declaration converts them. Instants and tables are made by the functions below.
 */
export type Parameter = string | number | bigint | boolean | null | TypedValue;
export type Parameters = Readonly<Record<string, Parameter>>;

/** A column of a table parameter: `id` GUID text, `text`, `number` up to 53 bits, `flag`, `instant` UTC milliseconds. */
export type ColumnKind = 'id' | 'text' | 'number' | 'flag' | 'instant';
export type Cell = string | number | bigint | boolean | null;

const COLUMN_TYPES: Readonly<Record<ColumnKind, { readonly type: TediousType; readonly length?: number; readonly scale?: number }>> = {
  id: { type: TYPES.UniqueIdentifier },
  text: { type: TYPES.NVarChar, length: 4000 },
  number: { type: TYPES.BigInt },
  flag: { type: TYPES.Bit },
  instant: { type: TYPES.DateTime2, scale: 3 },
};

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;
const LARGEST_INT = 2_147_483_647;

/** An instant in UTC milliseconds, as datetime2(3). */
export function at(instant: Instant | null): TypedValue {
  return { type: TYPES.DateTime2, value: instant === null ? null : new Date(instant) };
}

/** A table parameter of type `tgn.<name>`; the rows' cells in the order of `columns`. */
export function table(name: string, columns: Readonly<Record<string, ColumnKind>>, rows: readonly (readonly Cell[])[]): TypedValue {
  const kinds = Object.values(columns);
  return {
    type: TYPES.TVP,
    value: {
      schema: 'tgn',
      name,
      columns: Object.entries(columns).map(([column, kind]) => ({ name: column, ...COLUMN_TYPES[kind] })),
      rows: rows.map((row) => row.map((cell, index) => (kinds[index] === 'instant' && typeof cell === 'number' ? new Date(cell) : cell))),
    },
  };
}

/** Whether the database can hold it as an identifier; what can't be one is nobody's, and is left out of questions. */
export function isId(text: string): boolean {
  return GUID.test(text);
}

/** Each id once; null (everybody) as none. */
export function idList(ids: readonly string[] | null): TypedValue {
  const known = new Set((ids ?? []).filter(isId).map((id) => id.toLowerCase()));
  return table(
    'id_list_1',
    { id: 'id' },
    [...known].map((id) => [id]),
  );
}

/** Each text once. */
export function textList(items: readonly string[]): TypedValue {
  return table(
    'text_list_1',
    { item: 'text' },
    [...new Set(items)].map((item) => [item]),
  );
}

/** Each number once. */
export function numberList(numbers: readonly number[]): TypedValue {
  return table(
    'number_list_1',
    { no: 'number' },
    [...new Set(numbers)].map((no) => [no]),
  );
}

/** Resolves a plain value's type; throws RangeError for a number that is no integer. */
export function typed(parameter: Parameter): TypedValue {
  if (parameter === null || typeof parameter === 'string') return { type: TYPES.NVarChar, value: parameter };
  if (typeof parameter === 'boolean') return { type: TYPES.Bit, value: parameter };
  if (typeof parameter === 'bigint') return { type: TYPES.BigInt, value: parameter };
  if (typeof parameter !== 'number') return parameter;
  if (!Number.isSafeInteger(parameter)) throw new RangeError(`not an integer: ${parameter}`);
  return { type: Math.abs(parameter) > LARGEST_INT ? TYPES.BigInt : TYPES.Int, value: parameter };
}
