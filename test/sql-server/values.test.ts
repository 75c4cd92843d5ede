import { TYPES } from 'tedious';
import { describe, expect, it } from 'vitest';
import { readRow } from '../../src/sql-server/rows.ts';
import { at, idList, isId, table, textList, typed } from '../../src/sql-server/values.ts';

const ID = '0a1b2c3d-0000-4000-8000-00000000000f';

function rowsOf(value: { readonly value: unknown }): unknown {
  return (value.value as { readonly rows: unknown }).rows;
}

describe('values to the server', () => {
  it('say their types themselves', () => {
    expect(typed('x').type).toBe(TYPES.NVarChar);
    expect(typed(null).type).toBe(TYPES.NVarChar);
    expect(typed(true).type).toBe(TYPES.Bit);
    expect(typed(7).type).toBe(TYPES.Int);
    expect(typed(7_000_000_000).type).toBe(TYPES.BigInt);
    expect(typed(7n).type).toBe(TYPES.BigInt);
    expect(() => typed(0.5)).toThrow(RangeError);
  });

  it('are instants in UTC', () => {
    expect(at(Date.UTC(2026, 10, 24, 9)).value).toEqual(new Date('2026-11-24T09:00:00Z'));
    expect(at(null).value).toBeNull();
  });

  it('are sets of ids, each once; what can’t be one is nobody’s', () => {
    expect(rowsOf(idList([ID, ID.toUpperCase(), 'nowhere', '']))).toEqual([[ID]]);
    expect(rowsOf(idList(null))).toEqual([]);
    expect([ID, `{${ID}}`, 'c'].map(isId)).toEqual([true, false, false]);
    expect(rowsOf(textList(['a', 'b', 'a']))).toEqual([['a'], ['b']]);
  });

  it('are tables with instants in their cells', () => {
    expect(
      rowsOf(
        table('x_1', { id: 'id', at: 'instant' }, [
          [ID, 0],
          [ID, null],
        ]),
      ),
    ).toEqual([
      [ID, new Date(0)],
      [ID, null],
    ]);
  });
});

describe('rows from the server', () => {
  it('come in camelCase: bigint as number, instants as milliseconds, null as null', () => {
    const column = (colName: string, name: string, value: unknown, dataLength?: number) => ({
      metadata: { colName, type: { name }, dataLength },
      value,
    });
    expect(
      readRow([
        column('run_no', 'IntN', 5, 4),
        column('wake_no', 'IntN', '12', 8),
        column('chat_id', 'VarChar', '12'),
        column('event_at', 'DateTime2', new Date(5)),
        column('offset', 'IntN', null, 8),
      ]),
    ).toEqual({ runNo: 5, wakeNo: 12, chatId: '12', eventAt: 5, offset: null });
  });
});
