import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { decode } from '../../src/tpxl/decode.ts';
import { daysOfWall } from '../../src/tpxl/date.ts';
import { encode } from '../../src/tpxl/encode.ts';
import { inspect } from '../../src/tpxl/inspect.ts';
import { verify } from '../../src/tpxl/verify.ts';
import type { Bag, Cell, Column, ColumnType, DatasetColumn, Property, TpxlFile } from '../../src/tpxl/values.ts';
import { plain } from './plain.ts';
import { EXPORTER, specBytes } from './spec-encoder.ts';

/** The tables as the description of the format lists them: `column@offset type`, `?` = nullable, then the width of a row. */
const TABLES: Readonly<Record<string, readonly [columns: string, width: number]>> = {
  tp_TaskTypes: [
    'tstp_ID@0 guid, tstp_del_ID@17 guid?, tstp_Name@34 text, tstp_Description@43 text?, tstp_SQL@52 text?, tstp_Wizard@61 text?, tstp_Events@70 text?, tstp_Documentation@79 text?',
    88,
  ],
  tp_NoteTypes: [
    'nttp_ID@0 guid, nttp_vdt_ID@17 integer, nttp_del_ID@22 guid?, nttp_Name@39 text, nttp_Description@48 text?, nttp_ValueType@57 text?, nttp_Caption@66 text?, nttp_PageCaption@75 text?, nttp_Order@84 integer?, nttp_IsUnique@89 bool, nttp_IsRequired@91 bool, nttp_IsDisabled@93 bool',
    95,
  ],
  tp_NoteTypeObjects: ['nttpo_ID@0 guid, nttpo_nttp_ID@17 guid, nttpo_tpsyso_ID@34 guid, nttpo_TableName@51 text?', 60],
  tp_Packages: [
    'pack_ID@0 guid, pack_del_ID@17 guid?, pack_Name@34 text, pack_Description@43 text?, pack_Date@52 date?, pack_DateApply@61 date?, pack_DependenceNames@70 text?, pack_DependenceNames_Excluded@79 text?',
    88,
  ],
  tp_PackageObjects: ['packo_ID@0 guid, packo_pack_ID@17 guid, packo_obj_ID@34 guid, packo_tpsyso_ID@51 guid, packo_IsPrimary@68 bool', 70],
  tp_IdentifierTypes: ['idtp_ID@0 guid, idtp_del_ID@17 guid?, idtp_Name@34 text, idtp_Description@43 text?', 52],
  tp_PrintFormats: [
    'prfm_ID@0 guid, prfm_prfm_ID_Ancestor@17 guid?, prfm_obj_ID@34 guid, prfm_tpsyso_ID@51 guid, prfm_lang_ID@68 integer?, prfm_Data@73 bytes?',
    82,
  ],
  tp_ModulePrintFormats: [
    'mdpf_ID@0 guid, mdpf_ReasonName@68 text?, mdpf_Name@77 text, mdpf_Description@86 text?, mdpf_Documentation@95 text?, mdpf_SQL@104 text?, mdpf_SQLite@113 text?, mdpf_Streams@122 text?, mdpf_Wizard@131 text?, mdpf_WizardEditParams@140 bytes?, mdpf_WizardParams@149 bytes?',
    158,
  ],
  tp_Reports: [
    'rprt_ID@0 guid, rprt_rpgr_ID@34 guid, rprt_rptp_ID@51 integer?, rprt_DateChanged@73 date?, rprt_Name@82 text, rprt_Description@91 text?, rprt_SQL@100 text?, rprt_SQLite@109 text?, rprt_TypeXML@118 text?, rprt_Streams@127 text?, rprt_Model@136 text?, rprt_Wizard@145 text?, rprt_WizardEditParams@154 bytes?, rprt_WizardParams@163 bytes?, rprt_Functions@172 text?, rprt_Clipboard@181 text?, rprt_Documentation@190 text?, rprt_IsInheritModules@199 bool?',
    201,
  ],
  tp_ReportGroups: ['rpgr_ID@0 guid, rpgr_Name@51 text, rpgr_Description@60 text?', 69],
};

const KINDS: readonly { readonly type: string; readonly kind: string; readonly tables: readonly string[]; readonly link?: string }[] = [
  { type: '7309E48C-051E-49E5-B3BB-9B7BFBABB3D1', kind: 'task_type', tables: ['tp_TaskTypes'] },
  {
    type: '90F94CB6-FDAA-4699-A758-D074E2DC4FB8',
    kind: 'note_type',
    tables: ['tp_NoteTypes', 'tp_NoteTypeObjects'],
    link: 'nttpo_nttp_ID',
  },
  { type: '923E1D3C-4392-2E49-B84D-C8E72E160AC5', kind: 'package', tables: ['tp_Packages', 'tp_PackageObjects'], link: 'packo_pack_ID' },
  { type: 'B59397BB-DA03-4BC3-A885-DD9202CB8E00', kind: 'identifier_type', tables: ['tp_IdentifierTypes'] },
  {
    type: 'C84DC782-7C58-EE4B-8B14-43C042DC14DA',
    kind: 'module_print_format',
    tables: ['tp_ModulePrintFormats', 'tp_PrintFormats'],
  },
  { type: '6D5BBAC4-3DC8-45ED-8EED-587D6E7FA1B5', kind: 'report', tables: ['tp_Reports', 'tp_PrintFormats'] },
  { type: '8D4AA9B0-354F-43EA-B5E5-F8152E04282C', kind: 'report_group', tables: ['tp_ReportGroups'] },
];

const DATASET_MAX: Readonly<Record<ColumnType, number>> = { bool: 0, integer: 0, guid: 0, date: 0, text: 0x3fff_ffff, bytes: 0x7fff_ffff };

function columnsOf(table: string): readonly DatasetColumn[] {
  return TABLES[table]![0].split(', ').map((text) => {
    const [, name = '', offset, type = '', mark] = /^(\w+)@(\d+) (\w+)(\??)$/.exec(text) ?? [];
    return { name, type: type as ColumnType, nullable: mark === '?', offset: Number(offset), max: DATASET_MAX[type as ColumnType] };
  });
}

const plainCell: Readonly<Record<ColumnType, fc.Arbitrary<Cell>>> = {
  bool: fc.boolean(),
  integer: fc.integer(),
  guid: fc.uuid(),
  date: fc.double({ min: -100_000, max: 3_000_000, noNaN: true }),
  // An exporter writes NULL for an empty text, and a text that begins with U+0000 is one of several languages.
  text: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((text) => !text.startsWith('\u0000')),
    fc.constantFrom('Пример 😀', 'a\r\nb', 'Ж'.repeat(5_000)),
  ),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
};

/** Rows of a table; `fixed` are the cells that must be as they are. */
function datasetOf(
  table: string,
  fixed: Readonly<Record<string, Cell>>,
  rows: { readonly min: number; readonly max: number },
): fc.Arbitrary<Property> {
  const columns = columnsOf(table);
  const cell = ({ name, type, nullable }: DatasetColumn): fc.Arbitrary<Cell> => {
    if (fixed[name] !== undefined) return fc.constant(fixed[name]);
    // These are texts with a grammar of their own.
    if (name.endsWith('_Wizard') || name === 'tstp_Events' || name === 'tstp_SQL') return fc.constant(null);
    return nullable ? fc.option(plainCell[type], { nil: null }) : plainCell[type];
  };
  return fc
    .array(fc.tuple(...columns.map(cell)), { minLength: rows.min, maxLength: rows.max })
    .map((list) => ({ name: table, type: 'dataset', value: { columns, rows: list } }));
}

const TABLE_COLUMN = (name: string, type: ColumnType, nullable: boolean): Column => ({
  name,
  type,
  nullable,
  max: type === 'text' || type === 'bytes' ? 0x7fff_ffff : 0,
});

function fileOf(object: { readonly type: string; readonly id: string; readonly name: string; readonly bag: Bag }, six: boolean): TpxlFile {
  const columns = [
    TABLE_COLUMN('ID', 'guid', true),
    TABLE_COLUMN('ObjectType', 'guid', true),
    TABLE_COLUMN('Name', 'text', false),
    TABLE_COLUMN('Data', 'bytes', false),
    TABLE_COLUMN('IsPrimary', 'bool', false),
    ...(six ? [TABLE_COLUMN('IsTemplate', 'bool', false)] : []),
  ];
  const row: readonly Cell[] = [object.id, object.type.toLowerCase(), object.name, object.bag, true, ...(six ? [false] : [])];
  const dependencies = [TABLE_COLUMN('ID_Owner', 'guid', true), TABLE_COLUMN('ID_Child', 'guid', true)];
  const date = (name: string): Property => ({ name, type: 'date', value: daysOfWall('2024-01-15 12:00:00.000') });
  return {
    root: [
      date('DateCreate'),
      date('UTCDateCreate'),
      { name: 'TypeID', type: 'guid', value: '480693e3-16e0-4c97-9625-a88aec9bd406' },
      { name: 'TypeName', type: 'text', value: 'Tillypad object data file' },
      {
        name: 'Data',
        type: 'bag',
        value: [
          { name: 'DatabaseVersionID', type: 'integer', value: 0n },
          { name: 'Objects', type: 'table', value: { id: 1, columns, rows: [row] } },
          { name: 'ObjectDependencies', type: 'table', value: { id: 2, columns: dependencies, rows: [] } },
        ],
      },
      { name: 'Description', type: 'text', value: object.name },
      date('DateLastWrite'),
      date('UTCDateLastWrite'),
    ],
  };
}

describe('a row of each table is as wide as the format says:', () => {
  test.each(Object.keys(TABLES))('%s', (table) => {
    const columns = columnsOf(table);
    const bytes = encode({ root: [{ name: 'x', type: 'dataset', value: { columns, rows: [] } }] });
    expect(Buffer.from(bytes).readUInt32LE(bytes.length - 8)).toBe(TABLES[table]![1]);
  });
});

describe('every object type that is known', () => {
  test.each(KINDS)('$kind comes back with its tables, and verify has nothing against it', ({ type, kind, tables, link }) => {
    const [main = '', detail] = tables;
    const prefix = columnsOf(main)[0]!.name.replace('_ID', '');
    const object = fc
      .record({ id: fc.uuid(), name: fc.constantFrom('Пример', 'Заметка 😀'), six: fc.boolean() })
      .chain(({ id, name, six }) => {
        const details = detail === undefined ? [] : [datasetOf(detail, link === undefined ? {} : { [link]: id }, { min: 0, max: 3 })];
        return fc
          .tuple(datasetOf(main, { [`${prefix}_ID`]: id, [`${prefix}_Name`]: name }, { min: 1, max: 1 }), ...details)
          .map((bag) => fileOf({ type, id, name, bag }, six));
      });
    fc.assert(
      fc.property(object, (file) => {
        const bytes = specBytes(file, EXPORTER);
        expect(plain(decode(bytes))).toEqual(file);
        expect(Buffer.compare(encode(decode(bytes)), bytes)).toBe(0);
        expect(verify(bytes).filter(({ severity }) => severity === 'fault')).toEqual([]);
        const answer = inspect(bytes);
        expect(answer.ok && [...answer.inspection.objects].map((one) => one.kind)).toEqual([kind]);
        expect(answer.ok && answer.inspection.canonical).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
