/** A row by column in camelCase. */
export type Row = Readonly<Record<string, unknown>>;

export interface WireColumn {
  readonly metadata: { readonly colName: string; readonly type: { readonly name: string }; readonly dataLength?: number | undefined };
  readonly value: unknown;
}

export function readRow(columns: readonly WireColumn[]): Row {
  return Object.fromEntries(columns.map((column) => [camelCase(column.metadata.colName), plain(column)]));
}

function camelCase(name: string): string {
  return name.toLowerCase().replaceAll(/_([a-z0-9])/gu, (_all, letter: string) => letter.toUpperCase());
}

/** tedious gives bigint as digits and instants as Date. The ledger's bigints are row numbers, counts and ids of updates: far below 2^53. */
function plain({ metadata, value }: WireColumn): unknown {
  if (value instanceof Date) return value.getTime();
  const big = metadata.type.name === 'BigInt' || (metadata.type.name === 'IntN' && metadata.dataLength === 8);
  return big && value !== null ? Number(value) : value;
}

/** The first row of a result set, in the caller's words for its columns. */
export function firstRow<T extends object>(sets: readonly (readonly Row[])[], set = 0): T | undefined {
  return sets[set]?.[0] as T | undefined;
}

export function allRows<T extends object>(sets: readonly (readonly Row[])[], set = 0): readonly T[] {
  return (sets[set] ?? []) as readonly T[];
}
