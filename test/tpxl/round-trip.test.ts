import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { decode } from '../../src/tpxl/decode.ts';
import { encode } from '../../src/tpxl/encode.ts';
import type { Cell, Property } from '../../src/tpxl/values.ts';
import { builtBytes, DEFINITION } from './building.ts';
import { documents } from './documents.ts';
import { plain } from './plain.ts';

describe('decoding what was encoded', () => {
  test('gives the same values back, and no layout', () => {
    fc.assert(
      fc.property(documents, (file) => {
        expect(plain(decode(encode(file)))).toEqual(file);
      }),
      { numRuns: 500 },
    );
  });

  test('and encoding it again gives the same bytes', () => {
    fc.assert(
      fc.property(documents, (file) => {
        const bytes = encode(file);
        expect(Buffer.compare(encode(decode(bytes)), bytes)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

/** One task type, whose texts are these. */
function taskType(texts: Readonly<Record<string, string>>, more = ''): Buffer {
  return builtBytes(`${DEFINITION.split('    sql:')[0]}    sql: task.sql\n${more}`, texts);
}

describe('these files come back to the byte:', () => {
  const all = `    description: Описание\n    documentation: task.md\n    events: [tp_Clients]\n    wizard: [{ form: TfmUsers, id: 8C1D2E3F-4A5B-4C6D-8E7F-90A1B2C3D4E5 }]\n`;
  test.each<[string, Buffer]>([
    ['a task type with all texts', taskType({ 'task.sql': 'SELECT usr_ID FROM %Users', 'task.md': 'Текст\nещё текст' }, all)],
    ['a task type with only a name', taskType({ 'task.sql': '' })],
    ['a surrogate pair', taskType({ 'task.sql': "SELECT N'😀'" })],
    ['a text of 100,000 characters', taskType({ 'task.sql': `SELECT '${'ж'.repeat(100_000)}'` })],
    ['several objects, a dependency that is not primary, a note type with two detail rows', builtBytes()],
  ])('%s', (_what, bytes) => {
    expect(Buffer.compare(encode(decode(bytes)), bytes)).toBe(0);
    expect(plain(decode(encode(decode(bytes))))).toEqual(plain(decode(bytes)));
  });

  test('a directory with the sixth column, and a task type with its recycle-bin column', () => {
    const six = (property: Property): Property => {
      if (property.type === 'bag') return { ...property, value: property.value.map(six) };
      if (property.type !== 'table' || property.name !== 'Objects') return property;
      const columns = [...property.value.columns, { name: 'IsTemplate', type: 'bool' as const, nullable: false, max: 0 }];
      return {
        ...property,
        value: { ...property.value, columns, rows: [...property.value.rows].map((row) => [...row.map(withBin), false]) },
      };
    };
    const withBin = (cell: Cell): Cell =>
      !Array.isArray(cell)
        ? cell
        : (cell as Property[]).map((property): Property => {
            if (property.type !== 'dataset' || property.name !== 'tp_TaskTypes') return property;
            const [id, ...others] = property.value.columns;
            const columns = [id!, { name: 'tstp_del_ID', type: 'guid' as const, nullable: true, max: 0, offset: 17 }, ...others];
            return { ...property, value: { columns, rows: [...property.value.rows].map(([first, ...rest]) => [first!, null, ...rest]) } };
          });
    const file = { root: plain(decode(builtBytes())).root.map(six) };
    const bytes = encode(file);
    expect(bytes.length).toBe(builtBytes().length + 21 + 3 * 2 + 22);
    expect(plain(decode(bytes))).toEqual(file);
  });
});
