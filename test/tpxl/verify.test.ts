import { describe, expect, test } from 'vitest';

import { tablesOf } from '../../src/tpxl/chunk-order.ts';
import { decode } from '../../src/tpxl/decode.ts';
import { encode } from '../../src/tpxl/encode.ts';
import type { Bag, Cell, Property, TpxlFile } from '../../src/tpxl/values.ts';
import { verify } from '../../src/tpxl/verify.ts';
import { builtBytes } from './building.ts';
import { patched } from './bytes.ts';

const GOOD = builtBytes();
const OTHER_ID = '0000abcd-0000-4000-8000-0000000000ff';

/** The good file with one value changed, found by its column (in an object) or its name (in the root). */
function planted(at: string, change: (value: never) => unknown): Buffer {
  const file = decode(GOOD);
  return Buffer.from(encode(changedFile(file, at, change as (value: unknown) => unknown)));
}

function changedFile(file: TpxlFile, at: string, change: (value: unknown) => unknown): TpxlFile {
  let done = false;
  const once = (name: string, value: unknown): unknown => {
    if (name !== at || done) return value;
    done = true;
    return change(value);
  };
  const cells = (columns: readonly { readonly name: string }[], row: readonly Cell[]): readonly Cell[] =>
    row.map((cell, index) => once(columns[index]!.name, Array.isArray(cell) ? bag(cell as Bag) : cell) as Cell);
  const property = (one: Property): Property => {
    if (one.type === 'bag') return { ...one, value: bag(one.value) };
    if (one.type === 'table' || one.type === 'dataset') {
      const rows = [...one.value.rows].map((row) => cells(one.value.columns, row));
      return { ...one, value: { ...one.value, rows } } as Property;
    }
    return { ...one, value: once(one.name, one.value) } as Property;
  };
  const bag = (given: Bag): Bag => once('(bag)', given.map(property)) as Bag;
  const changed = { root: bag(file.root) };
  expect(done, at).toBe(true);
  return changed;
}

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
/** Replaces in a text that has the words. */
const replaced = (from: string, to: string) => (text: string) => {
  expect(text).toContain(from);
  return text.replace(from, to);
};

describe('verify', () => {
  test('has nothing against a good file', () => {
    expect(verify(GOOD)).toEqual([]);
  });

  test('gives the one structural fault with its byte, and nothing behind it', () => {
    expect(verify(patched(GOOD, 200, [1, 2, 3]))).toMatchObject([{ code: 'checksum', severity: 'fault', object: null }]);
    expect(verify(Buffer.from('not a file'))).toMatchObject([{ code: 'magic', offset: 0 }]);
  });

  // Where the fault is found in the bytes: a text's begin, or the words themselves.
  test.each<[string, Buffer, string, Buffer | null]>([
    ['another type of file', planted('TypeID', () => OTHER_ID), 'root_property', null],
    ['another type name', planted('TypeName', () => 'Other'), 'root_property', null],
    ['a description of something else', planted('Description', () => 'Другое'), 'root_property', null],
    ['an id unlike the directory’s', planted('tstp_ID', () => OTHER_ID), 'object_id', Buffer.from([3, 0xcd, 0xab, 0, 0])],
    ['a name unlike the directory’s', planted('tstp_Name', () => 'Пример 2'), 'object_name', utf16('Пример 2')],
    ['a detail row of another object', planted('nttpo_nttp_ID', () => OTHER_ID), 'detail_link', Buffer.from([3, 0xcd, 0xab, 0, 0])],
    ['a dependency on nothing', planted('ID_Child', () => OTHER_ID), 'dependency_unknown', Buffer.from([1, 0xcd, 0xab, 0, 0])],
    ['a required text that is missing', planted('nttp_Name', () => null), 'null_not_allowed', null],
    [
      'a broken text of several languages',
      planted('tstp_Events', () => '\u0000\u0019\u0009\u0000x'),
      'languages_broken',
      utf16('\u0000\u0019\u0009'),
    ],
    ['an event that is no table', planted('tstp_Events', () => 'Clients'), 'event_table', utf16('Clients')],
    [
      'a script with an unknown parameter',
      planted('tstp_SQL', replaced('dev_ID FROM', '%Stranger, dev_ID FROM')),
      'parameter_unknown',
      utf16('%Stranger'),
    ],
    ['a parameter in quotes', planted('tstp_SQL', replaced('%Greeting', "'%Greeting'")), 'parameter_quoted', utf16('%Greeting')],
    [
      'a parameter that nothing reads',
      planted('tstp_SQL', replaced('%Greeting', 'NULL')),
      'parameter_not_read',
      utf16('Greeting;Devices;'),
    ],
    [
      'a wizard with a lone LF',
      planted('tstp_Wizard', replaced('Needed = True\r\n', 'Needed = True\n')),
      'block_control',
      utf16('\n    OrderNo'),
    ],
    ['a wizard that isn’t closed', planted('tstp_Wizard', (text: string) => text.slice(0, -3)), 'block_open', utf16('Steps = (')],
    ['a wizard with wrong indent', planted('tstp_Wizard', replaced('  Step = (', '   Step = (')), 'block_indent', utf16('   Step = (')],
    ['a broken caption', planted('tstp_Wizard', replaced('HintCaption = 0x22', 'HintCaption = 0xZZ')), 'wizard_caption', utf16('0xZZ')],
    ['a header without a name', planted('tstp_Wizard', replaced('Greeting;Devices;', 'Greeting;')), 'parameter_not_in_header', null],
    [
      'a header with a name too many',
      planted('tstp_Wizard', replaced('Greeting;Devices;', 'Greeting;Devices;TaskID;')),
      'parameter_not_given',
      utf16('Greeting;Devices;TaskID;'),
    ],
    [
      'a renaming of what the form doesn’t give',
      planted('tstp_Wizard', replaced('Value=Greeting;', 'Date=Greeting;')),
      'renaming_unknown',
      utf16('Date=Greeting;'),
    ],
    [
      'an internal name of another form',
      planted('tstp_Wizard', replaced('= TfmDevices_', '= TfmUsers_')),
      'internal_name',
      utf16('TfmUsers_'),
    ],
  ])('finds %s', (_what, bytes, code, marker) => {
    const findings = verify(bytes).filter(({ severity }) => severity === 'fault');
    expect(findings.map((finding) => finding.code)).toContain(code);
    const { offset } = findings.find((finding) => finding.code === code)!;
    expect(offset).toBeGreaterThan(0);
    if (marker !== null) expect(bytes.subarray(offset, offset + marker.length).toString('hex')).toBe(marker.toString('hex'));
  });

  test('finds two objects of one id, an object without its table, and an object of a type that nobody knows', () => {
    const file = decode(GOOD);
    const [objects] = tablesOf(file.root);
    const [first, second] = objects!.table.rows;
    const withRows = (rows: readonly (readonly Cell[])[]): TpxlFile => ({
      root: file.root.map((property) =>
        property.type === 'bag'
          ? {
              ...property,
              value: property.value.map((one) =>
                one.name === 'Objects' ? ({ ...one, value: { ...objects!.table, rows } } as Property) : one,
              ),
            }
          : property,
      ),
    });
    const codes = (rows: readonly (readonly Cell[])[]): readonly string[] => verify(encode(withRows(rows))).map(({ code }) => code);
    expect(codes([first!, second!, second!])).toContain('object_twice');
    expect(codes([[...first!.slice(0, 3), [], true], second!])).toContain('object_table_missing');
    expect(
      verify(encode(withRows([[first![0]!, OTHER_ID, 'Пример, Заметка со строками', [], true], second!]))).filter(
        ({ severity }) => severity === 'fault',
      ),
    ).toEqual([]);
    expect(codes([])).toContain('no_objects');
  });

  test('remarks on what may be right: a form by the rule, a parameter in a comment, several events', () => {
    const odd = planted('tstp_SQL', (text: string) => `-- %Greeting\r\n${text}`);
    expect(verify(odd)).toMatchObject([{ code: 'parameter_in_text', severity: 'remark' }]);
    expect(verify(planted('tstp_Events', () => 'tp_A;tp_B'))).toMatchObject([{ code: 'event_several', severity: 'remark' }]);
  });
});
