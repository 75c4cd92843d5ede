import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseBlocks, writeBlocks } from '../../src/tpxl/block-text.ts';
import type { PlainItem } from '../../src/tpxl/block-text.ts';
import { readEvents } from '../../src/tpxl/events.ts';
import { formOf } from '../../src/tpxl/forms.ts';
import { readLanguages, writeLanguages } from '../../src/tpxl/languages.ts';
import { readWizard } from '../../src/tpxl/read-wizard.ts';
import { readSqlParameters } from '../../src/tpxl/sql-parameters.ts';
import type { Wizard } from '../../src/tpxl/wizard.ts';
import { writeWizard } from '../../src/tpxl/write-wizard.ts';
import { plainText } from '../../src/core/multilingual.ts';

const key = fc.stringMatching(/^[A-Za-z]{1,12}$/);
const value = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[\r\n\t]/.test(text) && text !== '(' && text !== '');
const items: fc.Arbitrary<readonly PlainItem[]> = fc.letrec<{ items: PlainItem[] }>((tie) => ({
  items: fc.array(
    fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.record({ key, value: fc.oneof(value, fc.constant('')) }),
      fc.record({ key, items: tie('items') }),
    ),
    { minLength: 1, maxLength: 4 },
  ),
})).items;

const name = fc.stringMatching(/^[A-Za-z]{1,10}$/);
const caption = fc.string({ unit: 'grapheme', maxLength: 20 });
const renaming = fc.record({ from: name, to: name });
const wizards: fc.Arbitrary<Wizard> = fc.record({
  neededParams: fc.array(name, { maxLength: 4 }),
  steps: fc.array(
    fc.record({
      form: name.map((tail) => `Tfm${tail}`),
      paramsIn: fc.array(renaming, { maxLength: 2 }),
      paramsOut: fc.array(renaming, { maxLength: 2 }),
      hintMessage: caption,
      hintCaption: caption,
      viewCaption: caption,
      needed: fc.boolean(),
      orderNo: fc.nat(999),
      enableNeededSelect: fc.boolean(),
      internalName: name,
      interfaceParams: fc.array(fc.record({ key: name, value: fc.constantFrom('', 'False', 'a;b') }), { maxLength: 3 }),
    }),
    { maxLength: 4 },
  ),
});

describe('the blocks of a wizard', () => {
  test('come back as they were written, and their text as it was read', () => {
    fc.assert(
      fc.property(items, (given) => {
        const text = writeBlocks(given);
        const parsed = parseBlocks(text);
        expect(parsed.ok).toBe(true);
        if (parsed.ok) expect(writeBlocks(parsed.items)).toBe(text);
      }),
    );
  });

  test('hold the separators of lines and paragraphs as any other character', () => {
    const parsed = parseBlocks('A = a\u2028b\u2029');
    expect(parsed).toMatchObject({ ok: true, items: [{ key: 'A', value: 'a\u2028b\u2029' }] });
  });

  test('stand on two lines when empty, with CRLF and no line end at the end', () => {
    expect(
      writeBlocks([
        {
          key: 'A',
          items: [
            { key: 'B', items: [] },
            { key: 'C', value: '' },
          ],
        },
      ]),
    ).toBe('A = (\r\n  B = (\r\n  )\r\n  C = \r\n)');
  });

  test.each<[string, string, number, string]>([
    ['an empty text', '', 0, 'block_blank_line'],
    ['a line end at the end', 'A = 1\r\n', 7, 'block_blank_line'],
    ['a blank line', 'A = 1\r\n\r\nB = 2', 7, 'block_blank_line'],
    ['a lone LF', 'A = 1\nB = 2', 5, 'block_control'],
    ['a lone CR', 'A = 1\rB = 2', 5, 'block_control'],
    ['a tab', 'A = 1\t', 5, 'block_control'],
    ['no space before a value', 'A =1', 0, 'block_line'],
    ['no space after an empty value', 'A =', 0, 'block_line'],
    ['a key of other letters', 'A = 1\r\nЖ = 2', 7, 'block_line'],
    ['too much indent', 'A = (\r\n   B = 1\r\n)', 7, 'block_indent'],
    ['too little indent', 'A = (\r\nB = 1\r\n)', 7, 'block_indent'],
    ['an open block', 'X = 1\r\nA = (\r\n  B = 1', 7, 'block_open'],
    ['a block closed twice', 'A = (\r\n)\r\n)', 10, 'block_closed_twice'],
    ['blocks without end', Array.from({ length: 40 }, (_none, depth) => `${'  '.repeat(depth)}A = (`).join('\r\n'), 1216, 'block_too_deep'],
  ])('%s is refused at its character', (_what, text, at, code) => {
    expect(parseBlocks(text)).toMatchObject({ ok: false, problem: { code, at } });
  });
});

describe('a wizard', () => {
  test('comes back as it was written', () => {
    fc.assert(
      fc.property(wizards, (wizard) => {
        const read = readWizard(writeWizard(wizard));
        expect(read.problems).toEqual([]);
        expect(read.wizard).toMatchObject({ neededParams: wizard.neededParams, steps: wizard.steps });
        expect(writeWizard(read.wizard!)).toBe(writeWizard(wizard));
      }),
    );
  });

  const GOOD = writeWizard({
    neededParams: ['Date'],
    steps: [
      {
        form: 'TfmWizardSelectSingleDate',
        paramsIn: [],
        paramsOut: [],
        hintMessage: '',
        hintCaption: 'Текст',
        viewCaption: '',
        needed: true,
        orderNo: 1,
        enableNeededSelect: false,
        internalName: 'x',
        interfaceParams: [],
      },
    ],
  });

  test('writes captions as capital hex, an empty one as 0x', () => {
    expect(GOOD).toContain('    HintCaption = 0x220435043A0441044204\r\n    ViewCaption = 0x\r\n');
  });

  test.each<[string, string, string, string]>([
    ['a list without its last mark', 'NeededParams = Date;', 'NeededParams = Date', 'wizard_list'],
    ['a caption of small digits', '220435043A0441044204', '220435043a0441044204', 'wizard_caption'],
    ['half a character', '0x220435', '0x22043', 'wizard_caption'],
    ['another yes', 'Needed = True', 'Needed = true', 'wizard_boolean'],
    ['an order that is none', 'OrderNo = 1', 'OrderNo = one', 'wizard_number'],
    ['a renaming without a name', 'ParamsOut = ', 'ParamsOut = Date;', 'wizard_renaming'],
    ['a missing key', '    OrderNo = 1\r\n', '', 'wizard_key_missing'],
    ['a missing header', 'Header = (\r\n  NeededParams = Date;\r\n)\r\n', '', 'wizard_key_missing'],
    ['a key that nobody knows', '    OrderNo = 1\r\n', '    OrderNo = 1\r\n    Colour = 1\r\n', 'wizard_key_unknown'],
  ])('with %s says so', (_what, from, to, code) => {
    expect(GOOD).toContain(from);
    expect(readWizard(GOOD.replace(from, to)).problems.map((problem) => problem.code)).toEqual([code]);
  });
});

describe('a text in several languages', () => {
  test('is unpacked as the format says, unit by unit', () => {
    const packed = String.fromCharCode(0, 0x19, 2, 0, 0x434, 0x430, 9, 2, 0, 0x6e, 0x6f);
    expect(readLanguages(packed)).toEqual([
      { id: 25, text: 'да' },
      { id: 9, text: 'no' },
    ]);
    expect(
      writeLanguages([
        { id: 25, text: 'да' },
        { id: 9, text: 'no' },
      ]),
    ).toBe(packed);
  });

  test('comes back, empty languages and long texts too, and is what the rest of the program reads', () => {
    const language = fc.record({ id: fc.constantFrom(7, 9, 25, 34), text: fc.oneof(fc.string(), fc.constant('д'.repeat(70_000))) });
    fc.assert(
      fc.property(fc.array(language, { maxLength: 4 }), (languages) => {
        expect(readLanguages(writeLanguages(languages))).toEqual(languages);
      }),
    );
    expect(
      plainText(
        writeLanguages([
          { id: 9, text: 'no' },
          { id: 25, text: 'да' },
        ]),
        'ru',
      ),
    ).toBe('да');
  });

  test.each(['\u0000\u0019', '\u0000\u0019\u0002', '\u0000\u0019\u0002\u0000ж', '\u0000\u0019\u0000\u0001ж'])(
    'that is cut is called broken',
    (text) => {
      expect(readLanguages(text)).toBe('broken');
    },
  );

  test('is not every text', () => {
    expect([readLanguages(''), readLanguages('да'), readLanguages('\u0000')]).toEqual([null, null, []]);
  });
});

describe('the parameters of a script', () => {
  test('are found where they are code, and told apart in strings and comments', () => {
    const sql =
      "SET @a = %Value -- not %Comment\r\nSELECT '%Quoted', N'x %String it''s', [%Name x] /* %a /* %b */ %c */ FROM %Store.Deleted D";
    expect(readSqlParameters(sql).map(({ name: found, part, within }) => [found, part, within])).toEqual([
      ['Value', null, 'code'],
      ['Comment', null, 'comment'],
      ['Quoted', null, 'quoted'],
      ['String', null, 'string'],
      ['Name', null, 'string'],
      ['a', null, 'comment'],
      ['b', null, 'comment'],
      ['c', null, 'comment'],
      ['Store', 'Deleted', 'code'],
    ]);
  });

  test.each([
    ['a percent that no letter follows', "SELECT 5 % 2, 100%, STRFTIME('%H:%M')", ['H', 'M']],
    ['an unclosed string', "SELECT 'abc %X", ['X']],
    ['an unclosed comment', 'SELECT %Y /* %X', ['Y', 'X']],
    ['a name in Cyrillic', 'SELECT %Имя', ['Имя']],
  ])('%s does no harm', (_what, sql, names) => {
    expect(readSqlParameters(sql).map((found) => found.name)).toEqual(names);
  });

  test('are found in a script of megabytes at once', () => {
    const sql = `SELECT '${'%x '.repeat(500_000)}', ${'%A, '.repeat(100_000)}1`;
    expect(readSqlParameters(sql)).toHaveLength(600_000);
  });

  test('have places that lead back to them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("'", '--', '/*', '*/', '[', ']', '%A', '%b.C', ' ', '\r\n', '"', 'x')), (parts) => {
        const sql = parts.join('');
        for (const found of readSqlParameters(sql)) expect(sql.slice(found.at)).toMatch(new RegExp(`^%${found.name}`));
      }),
    );
  });
});

describe('events', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['tp_MoveDocuments', ['tp_MoveDocuments'], []],
    ['TP_orderitems', ['TP_orderitems'], []],
    ['tp_A;tp_B', ['tp_A', 'tp_B'], ['event_several']],
    ['', [], ['event_table']],
    ['Orders', [], ['event_table']],
    ['tp_Orders\r\n', [], ['event_table']],
    ['tp_A; tp_B', ['tp_A'], ['event_table']],
  ])('%j', (text, tables, codes) => {
    expect(readEvents(text)).toMatchObject({ tables, problems: codes.map((code) => ({ code })) });
  });
});

describe('a form', () => {
  test('gives what it was seen to give, a directory’s form what the rule says, and others nothing that is known', () => {
    expect(formOf('TfmSelectMenuGroups')).toMatchObject({ parameters: ['MenuGroups'], keyColumn: 'mgrp_ID', seen: true });
    expect(formOf('TfmClientPurseTypes')).toMatchObject({ parameters: ['ClientPurseTypes'], kind: 'rows', seen: false });
    expect(formOf('TfmSelectClientGroups')).toMatchObject({ parameters: ['ClientGroups'], seen: false });
    expect([formOf('TfmWizardSelectColour'), formOf('constructor'), formOf('TOther')]).toEqual([null, null, null]);
  });
});
