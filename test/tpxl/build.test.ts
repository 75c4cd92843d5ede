import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { build } from '../../src/tpxl/build.ts';
import { decode } from '../../src/tpxl/decode.ts';
import { readDirectory } from '../../src/tpxl/directory.ts';
import { encode } from '../../src/tpxl/encode.ts';
import { inspect } from '../../src/tpxl/inspect.ts';
import { verify } from '../../src/tpxl/verify.ts';
import { buildFrom, buildProblems, builtBytes, DEFINITION, TEXTS } from './building.ts';

const EXAMPLE = readFileSync(new URL('example/tpxl-example.tpxl_exp', import.meta.url));

describe('build', () => {
  test('makes the worked example, to the byte, of a readable definition', () => {
    const definition = `
createdAt: '2024-01-15 12:00:00.000'
writtenAt: '2024-01-15 12:00:01.500'
utcOffsetMinutes: 180
objects:
  - kind: taskType
    id: 3f2a1b4c-5d6e-4f70-8a9b-0c1d2e3f4a5b
    name: Пример
    sql: task.sql
    events: [tp_Clients]
    wizard:
      - form: TfmWizardSelectWideString
        rename: { Value: Greeting }
        caption: Текст
        heading: Текст
        id: 8C1D2E3F-4A5B-4C6D-8E7F-90A1B2C3D4E5
`;
    const texts = { 'task.sql': 'DECLARE @text nvarchar(200) = %Greeting\nEXEC external_Sample %TaskID, @text\n' };
    expect(Buffer.compare(builtBytes(definition, texts), EXAMPLE)).toBe(0);
  });

  test('gives the same bytes again, canonical ones that verify has nothing against', () => {
    const bytes = builtBytes();
    expect(Buffer.compare(builtBytes(), bytes)).toBe(0);
    expect(verify(bytes)).toEqual([]);
    expect(Buffer.compare(encode(decode(bytes)), bytes)).toBe(0);
    expect(inspect(bytes)).toMatchObject({ ok: true, inspection: { canonical: true } });
  });

  test('keeps objects, dependencies, detail rows and primary marks', () => {
    const answer = inspect(builtBytes());
    if (!answer.ok) return expect.unreachable();
    const { description } = answer.inspection;
    const [objects, dependencies] = [[...answer.inspection.objects], [...answer.inspection.dependencies]];
    expect(objects.map(({ kind, name, primary }) => [kind, name, primary])).toEqual([
      ['task_type', 'Пример', true],
      ['note_type', 'chat_ID', false],
      ['note_type', 'Заметка со строками', true],
    ]);
    expect(description).toBe('Пример, Заметка со строками');
    expect(dependencies).toHaveLength(1);
    expect(objects[2]!.tables).toEqual([
      { name: 'tp_NoteTypes', rows: 1 },
      { name: 'tp_NoteTypeObjects', rows: 2 },
    ]);
    expect(objects[0]!.wizard?.neededParams).toEqual(['Greeting', 'Devices']);
  });

  test('stores texts with CRLF, without a mark at the begin or line ends at the end; an empty one as NULL', () => {
    const [entry] = readDirectory(decode(builtBytes()));
    const { columns, rows } = entry!.datasets[0]!.dataset;
    const cell = (name: string): unknown => rows.at(0)![columns.findIndex((column) => column.name === name)];
    expect(cell('tstp_SQL')).toBe(
      'DECLARE @text nvarchar(200) = %Greeting\r\nSELECT dev_ID FROM %Devices\r\nEXEC external_Sample %TaskID, @text',
    );
    const empty = DEFINITION.replace('sql: task.sql', 'sql: task.sql\n    documentation: empty.md');
    const [other] = readDirectory(decode(builtBytes(empty, { ...TEXTS, 'empty.md': '\n' })));
    expect(other!.datasets[0]!.dataset.rows.at(0)!.at(-1)).toBeNull();
  });

  test('leaves out the sections that are named, and their marks always', () => {
    const texts = { ...TEXTS, 'task.sql': `--<note>\nSELECT 1\n--</note>\n${TEXTS['task.sql']!.slice(1)}` };
    const leaving = DEFINITION.replace('sql: task.sql', 'sql: { file: task.sql, leaveOut: [note] }');
    expect(builtBytes(DEFINITION, texts).includes(Buffer.from('--<', 'utf16le'))).toBe(false);
    expect(builtBytes(DEFINITION, texts).includes(Buffer.from('SELECT 1', 'utf16le'))).toBe(true);
    expect(builtBytes(leaving, texts).includes(Buffer.from('SELECT 1', 'utf16le'))).toBe(false);
  });

  test.each<[string, readonly [string, string], object]>([
    ['broken YAML', ['objects:', 'objects: [:'], { code: 'definition_yaml' }],
    [
      'a key too many',
      ['utcOffsetMinutes: 180', 'utcOffsetMinutes: 180\ncolour: red'],
      { code: 'definition_key', args: expect.objectContaining({ keys: 'colour' }) },
    ],
    ['a missing key', ['    name: Пример\n', ''], { code: 'definition_type', path: 'objects[0].name' }],
    [
      'an id that is none',
      ['id: 8C1D2E3F-4A5B-4C6D-8E7F-90A1B2C3D4E5', 'id: 8C1D'],
      { code: 'definition_example', path: 'objects[0].wizard[0].id' },
    ],
    [
      'a text that isn’t there',
      ['sql: task.sql', 'sql: other.sql'],
      { code: 'text_missing', path: 'objects[0].sql', args: { file: 'other.sql' } },
    ],
    [
      'a section that isn’t there',
      ['sql: task.sql', 'sql: { file: task.sql, leaveOut: [x] }'],
      { code: 'text_section', args: { file: 'task.sql', section: 'x' } },
    ],
    ['a date that is none', ["nttpo_Date: '2024-01-15", "nttpo_Date: '2024-13-15"], { code: 'definition_example' }],
    ['a column that isn’t there', ['nttpo_TableName: {', 'nttpo_Other: {'], { code: 'definition_key' }],
    ['a parameter that the script doesn’t read', ['Value: Greeting', 'Value: Farewell'], { code: 'parameter_not_read', path: 'Пример' }],
    [
      'a dependency on nothing',
      ['child: 00000000-0000-4000-8000-000000000001', 'child: 00000000-0000-4000-8000-000000000009'],
      { code: 'dependency_unknown' },
    ],
    ['a number where a text belongs', ['nttp_Name: Заметка со строками }]', 'nttp_Name: 7 }]'], { code: 'value' }],
  ])('refuses %s', (_what, [from, to], problem) => {
    expect(DEFINITION).toContain(from);
    expect(buildProblems(DEFINITION.replace(from, to))).toEqual(expect.arrayContaining([expect.objectContaining(problem)]));
  });

  test('refuses texts that are no UTF-8 and sections that don’t close', () => {
    const answer = build(DEFINITION, (file) => (file === 'task.sql' ? Buffer.of(0xd0) : Buffer.from('x')));
    expect(answer).toMatchObject({ ok: false, problems: [{ code: 'text_encoding', args: { file: 'task.sql' } }] });
    expect(buildFrom(DEFINITION, { ...TEXTS, 'task.sql': '--<a>\n%Greeting' })).toMatchObject({
      ok: false,
      problems: [{ code: 'text_section' }],
    });
  });

  test.each(['docs/tpxl.md', 'docs/ru/tpxl.md'])('takes the definition of %s', (page) => {
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8')) ?? [];
    expect(buildProblems(yaml, { 'task.sql': 'SELECT %Greeting, dev_ID FROM %Devices', 'help.txt': 'x' })).toEqual([]);
    expect(yaml).toContain('kind: taskType');
  });
});
