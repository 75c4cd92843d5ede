import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { usualMax } from '../../src/tpxl/codes.ts';
import { daysOfWall, wallOfDays } from '../../src/tpxl/date.ts';
import { decode } from '../../src/tpxl/decode.ts';
import { encode } from '../../src/tpxl/encode.ts';
import type { Bag, Column, DatasetColumn, Property, TpxlFile } from '../../src/tpxl/values.ts';
import { plain } from './plain.ts';

const FOLDER = new URL('example/', import.meta.url);
const BYTES = readFileSync(new URL('tpxl-example.tpxl_exp', FOLDER));

interface JsonColumn {
  readonly name: string;
  readonly type: 'guid' | 'text' | 'blob' | 'bool';
  readonly nullable: boolean;
  readonly offset?: number;
}

/** What the JSON beside the example says, in this codec's values; it was made by another program. */
const JSON_TEXT = readFileSync(new URL('tpxl-example.json', FOLDER), 'utf8');
const DOCUMENT = JSON.parse(JSON_TEXT) as {
  readonly chunks: readonly [
    { readonly rows: readonly Record<string, string | boolean | readonly { readonly name: string; readonly value: JsonDataset }[]>[] },
    { readonly properties: readonly JsonProperty[] },
  ];
};
interface JsonDataset {
  readonly columns: readonly JsonColumn[];
  readonly rows: readonly Record<string, string | null>[];
}
type JsonProperty = { readonly name: string; readonly type: string; readonly value: unknown };

function columnOf({ name, type, nullable }: JsonColumn, within: 'dataset' | 'table'): Column {
  const known = type === 'blob' ? 'bytes' : type;
  return { name, type: known, nullable, max: usualMax(known, within) };
}

function propertyOf({ name, type, value }: JsonProperty): Property {
  if (type === 'datetime') return { name, type: 'date', value: daysOfWall((value as string).replace('T', ' ')) };
  if (type === 'bag') return { name, type, value: (value as JsonProperty[]).map(propertyOf) };
  if (type === 'int64') return { name, type: 'integer', value: BigInt(value as number) };
  if (type === 'guid') return { name, type, value: value as string };
  if (type !== 'class') return { name, type: 'text', value: value as string };
  const { columns, tableId } = value as { readonly columns: readonly JsonColumn[]; readonly tableId: number };
  const rows = tableId === 1 ? DOCUMENT.chunks[0].rows.map((row) => columns.map((column) => cellOf(row[column.name]))) : [];
  return { name, type: 'table', value: { id: tableId, columns: columns.map((column) => columnOf(column, 'table')), rows } };
}

function cellOf(value: unknown): string | boolean | Bag {
  if (!Array.isArray(value)) return value as string | boolean;
  return (value as { readonly name: string; readonly value: JsonDataset }[]).map(({ name, value: { columns, rows } }) => ({
    name,
    type: 'dataset',
    value: {
      columns: columns.map((column): DatasetColumn => ({ ...columnOf(column, 'dataset'), offset: column.offset! })),
      rows: rows.map((row) => columns.map((column) => row[column.name]!)),
    },
  }));
}

const FILE: TpxlFile = { root: DOCUMENT.chunks[1].properties.map(propertyOf) };

describe('the worked example', () => {
  test('is encoded to its bytes', () => {
    const bytes = encode(FILE);
    expect(bytes.length).toBe(2070);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe('accb5e3d5beb468a3a1589a129f4a781a44548c2df2aacc4d1e6f44b8d68ba6e');
    expect(Buffer.compare(bytes, BYTES)).toBe(0);
  });

  test('is decoded to its values, without a layout', () => {
    expect(plain(decode(BYTES))).toEqual(FILE);
  });

  test('may lie anywhere in a larger buffer', () => {
    const larger = Buffer.concat([Buffer.alloc(7), BYTES, Buffer.alloc(5)]);
    expect(plain(decode(larger.subarray(7, 7 + BYTES.length)))).toEqual(FILE);
  });
});

describe('a date', () => {
  test.each([
    '2024-01-15 12:00:00.000',
    '2024-01-15 12:00:01.500',
    '1899-12-30 00:00:00.000',
    '9999-12-31 23:59:59.999',
    '1812-09-07 05:30:00.001',
  ])('%s comes back to the millisecond', (wall) => {
    expect(wallOfDays(daysOfWall(wall))).toBe(wall);
  });

  test('outside of any calendar is no wall-clock time', () => {
    expect([wallOfDays(1e300), wallOfDays(-1e7)]).toEqual([null, null]);
  });
});
