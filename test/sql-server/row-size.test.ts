import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SKIP_REASONS } from '../../src/core/glossary.ts';
import { readSqlFile } from './files.ts';

/** Bytes of a fixed-length type; datetime2 of three digits has 7. */
const FIXED: Readonly<Record<string, number>> = {
  bigint: 8,
  int: 4,
  smallint: 2,
  uniqueidentifier: 16,
  datetime: 8,
  'datetime2(3)': 7,
};

interface Columns {
  readonly count: number;
  readonly fixed: number;
  readonly bits: number;
  readonly texts: readonly string[];
}

function columnsOf(table: string): Columns {
  const { code } = readSqlFile('ledger/0001_ledger.sql');
  const [, body = ''] = new RegExp(`CREATE TABLE tgn\\.${table} \\(\\n([\\s\\S]*?)\\n {2}\\);`, 'u').exec(code) ?? [];
  const columns = [...body.matchAll(/^ {4}([a-z]\w*) (\S+)/gmu)].map(([, name = '', type = '']) => ({ name, type }));
  const sized = columns.filter(({ type }) => type !== 'bit' && !type.includes('varchar'));
  return {
    count: columns.length,
    fixed: sized.reduce((sum, { type }) => sum + (FIXED[type] ?? Number.NaN), 0),
    bits: columns.filter(({ type }) => type === 'bit').length,
    texts: columns.filter(({ type }) => type.includes('varchar')).map(({ name }) => name),
  };
}

/**
 * A row as SQL Server stores it: four bytes, the columns of a fixed length (null or not), a bit a column and two bytes, and for texts two bytes, two
 * more each, and their characters. Texts that are null at the end take nothing.
 */
function rowSize({ count, fixed, bits }: Columns, texts: readonly string[]): number {
  return 4 + fixed + Math.ceil(bits / 8) + 2 + Math.ceil(count / 8) + 2 + texts.reduce((sum, text) => sum + 2 + text.length, 0);
}

describe('a row of the ledger', () => {
  const columns = columnsOf('delivery');
  const delivered = rowSize(columns, ['delivered']);
  const skipped = Math.max(...SKIP_REASONS.map((reason) => rowSize(columns, ['skipped', reason])));

  it('is as small as is said', () => {
    expect(columns.texts).toEqual(['state', 'reason', 'resolved']);
    expect(columns.count).toBe(17);
    expect(delivered).toBeLessThanOrEqual(120);
    expect(readSqlFile('ledger/0001_ledger.sql').text).toContain(
      `-- ${delivered} bytes a delivered row, ${skipped} one skipped as not_subscribed`,
    );
  });

  it.each(['docs/scale.md', 'docs/ru/scale.md'])('is as %s says', (path) => {
    const line = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
      .split('\n')
      .find((one) => /^\| (?:the ledger|журнал доставок) \|/u.test(one));
    expect(line?.match(/\b1\d\d\b/gu)?.map(Number)).toEqual([delivered, skipped]);
  });
});
