import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkHtml } from '../../src/core/html.ts';
import { NOTICE_VARIABLES } from '../../src/core/notice-texts.ts';
import type { NoticeTemplate } from '../../src/core/settings.ts';
import { checkMessage, checkTemplate, chooseTemplate, compileTemplate } from '../../src/core/template.ts';

const check = (text: string) => checkTemplate(text, 'ru', NOTICE_VARIABLES);

describe('a template of the settings', () => {
  test.each([
    'Списано {absAmount}',
    '<b>{restaurant}</b>\n{sign, select, credit {➕ <b>{amount}</b>} debit {➖ {amount}} other {}}',
    '{hasBalance, select, yes {Остаток: {balance}} other {}}',
    '{count, plural, one {# операция} few {# операции} other {# операций}}',
    '{count, number} из {count}',
    '<a href="https://example.org/?who={customer}">{customer}</a>',
    '{accountType, select, Депозит {деньги} other {баллы}}',
    "Скобки: '{'{amount}'}'",
    'a & b',
  ])('%j is sound', (text) => {
    expect(check(text)).toEqual([]);
  });

  test('tells an unknown variable and its place', () => {
    expect(check('Списано\n  {summa} и {ammount}')).toEqual([
      { code: 'unknown_variable', variable: 'summa', position: { offset: 10, line: 2, column: 3 } },
      { code: 'unknown_variable', variable: 'ammount', position: { offset: 20, line: 2, column: 13 } },
    ]);
  });

  test.each(['constructor', 'toString', '__proto__', '0', 'Restaurant'])('knows no variable %s', (variable) => {
    expect(check(`{${variable}}`)).toMatchObject([{ code: 'unknown_variable', variable }]);
  });

  test('finds an unknown variable deep in its branches', () => {
    expect(check('{sign, select, credit {{hasBalance, select, yes {{ballance}} other {}}} other {}}')).toMatchObject([
      { code: 'unknown_variable', variable: 'ballance' },
    ]);
  });

  test.each([
    ['Списано {amount', 'expect_argument_closing_brace', 8, 1, 9],
    ['a\nb {}', 'empty_argument', 4, 2, 3],
    ['{sign, select, credit {a}}', 'missing_other_clause', 25, 1, 26],
    ['{sign, choose, credit {a}}', 'invalid_argument_type', 7, 1, 8],
  ])('%j is broken: %s', (text, detail, offset, line, column) => {
    expect(check(text)).toEqual([{ code: 'broken_syntax', detail, position: { offset, line, column } }]);
  });

  test.each([
    ['{sign}', 'sign'],
    ['{amount, number}', 'amount'],
    ['{date, date, short}', 'date'],
    ['{balance, plural, one {a} other {b}}', 'balance'],
    ['{count, select, 1 {a} other {b}}', 'count'],
    ['{count, selectordinal, one {a} other {b}} {sign, plural, one {a} other {b}}', 'sign'],
  ])('%j uses its variable in a wrong way', (text, variable) => {
    expect(check(text)).toMatchObject([{ code: 'wrong_use', variable }]);
  });

  test('tells an option that never happens', () => {
    expect(check('{sign, select, kredit {a} other {b}}')).toMatchObject([{ code: 'unknown_choice', variable: 'sign', detail: 'kredit' }]);
    expect(check('{hasBalance, select, true {a} other {b}}')).toMatchObject([
      { code: 'unknown_choice', variable: 'hasBalance', detail: 'true' },
    ]);
  });

  test.each([
    ['abc <b>{amount}', 'html_never_closed', 4, 'b'],
    ['{sign, select, credit {<b>a} other {b}}</b>', 'html_never_closed', 23, 'b'],
    ['<b>{sign, select, credit {a</b>} other {b}}', 'html_never_closed', 0, 'b'],
    ['{amount}<br>', 'html_unknown_tag', 8, 'br'],
    ['<{restaurant}>', 'html_unknown_tag', 0, '\ufffc'],
    ['<b {amount}>x</b>', 'html_bad_attribute', 0, 'b'],
    ["<a href='{amount}'>x</a>", 'html_bad_attribute', 0, 'a'],
    ['a < b', 'html_unknown_tag', 2, ''],
  ])('%j is refused as %s', (text, code, offset, detail) => {
    expect(check(text)).toContainEqual({ code, detail, position: { offset, line: 1, column: offset + 1 } });
  });

  test('refuses a choice inside a tag', () => {
    expect(check('<a href="{sign, select, credit {x} other {y}}">z</a>')).toMatchObject([
      { code: 'choice_in_tag', position: { offset: 9 } },
    ]);
    expect(check('<a href="x>{sign, select, credit {"} other {y}}">z</a>')).toMatchObject([
      { code: 'choice_in_tag', position: { offset: 11 } },
    ]);
  });

  test.each(['', ' \n '])('%j is refused as empty', (text) => {
    expect(check(text)).toEqual([{ code: 'empty' }]);
  });

  test('that passes renders sound HTML for whatever choice', () => {
    const tag = fc.constantFrom('<b>', '</b>', '<i>', '</i>', '<a href="', '">', '</a>', '<', '>', '"', ' x ', '{amount}');
    const branch = fc.array(tag, { maxLength: 4 }).map((parts) => parts.join(''));
    const choice = fc
      .tuple(branch, branch, branch)
      .map(([credit, debit, other]) => `{sign, select, credit {${credit}} debit {${debit}} other {${other}}}`);
    const text = fc.array(fc.oneof(tag, choice), { maxLength: 5 }).map((parts) => parts.join(''));
    let sound = 0;
    fc.assert(
      fc.property(text, (template) => {
        if (check(template).length > 0) return;
        sound++;
        for (const sign of ['credit', 'debit', 'zero'])
          expect(checkHtml(compileTemplate(template, 'ru')({ sign, amount: '&quot;&gt;&lt;b&gt;' }))).toBeNull();
      }),
      { numRuns: 3000 },
    );
    expect(sound).toBeGreaterThan(30);
  });

  test('is judged without throwing, whatever it is', () => {
    const piece = fc.oneof(
      fc.constantFrom('{', '}', '#', "'", ', plural', ', select', 'sign', 'other', '<b>', '::', 'offset:1', ', date', '\n'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((parts) => parts.join('')),
        (text) => {
          for (const { position } of check(text))
            expect(position === undefined || (position.offset <= text.length && position.line >= 1 && position.column >= 1)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a message that is not HTML', () => {
  test('may hold what looks like tags', () => {
    expect(checkMessage('<3 {count, plural, one {x} other {y}}', 'ru', { count: { kind: 'plural' } })).toEqual([]);
  });
});

describe('a compiled template', () => {
  test('is made once', () => {
    expect(compileTemplate('{amount}', 'ru')).toBe(compileTemplate('{amount}', 'ru'));
    expect(compileTemplate('{amount}', 'ru')).not.toBe(compileTemplate('{amount}', 'en'));
  });

  test('reads nothing into its values', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => compileTemplate('a{amount}b', 'ru')({ amount: value }) === `a${value}b`),
    );
  });

  test('chooses plurals by its language', () => {
    const text = '{count, plural, one {операция} few {операции} other {операций}}';
    expect([1, 2, 5, 21].map((count) => compileTemplate(text, 'ru')({ count }))).toEqual(['операция', 'операции', 'операций', 'операция']);
  });
});

describe('the template that wins', () => {
  const template = (name: string, fields: Partial<NoticeTemplate> = {}): NoticeTemplate => ({
    accountType: null,
    customerGroup: null,
    sign: 'any',
    text: { ru: name },
    ...fields,
  });
  const seeker = { language: 'ru', accountTypeId: 'deposit', groups: ['vip', 'regulars', 'everybody'], sum: -10_000n } as const;
  const choose = (...templates: NoticeTemplate[]) => chooseTemplate(templates, seeker)?.text.ru;

  test('is none where none fits', () => {
    expect(chooseTemplate([], seeker)).toBeNull();
    expect(
      choose(template('a', { accountType: 'points' }), template('b', { customerGroup: 'staff' }), template('c', { sign: 'credit' })),
    ).toBeUndefined();
  });

  test('names the account type before the group and the group before the sign', () => {
    expect(choose(template('any'), template('sign', { sign: 'debit' }))).toBe('sign');
    expect(choose(template('sign', { sign: 'debit' }), template('group', { customerGroup: 'everybody' }))).toBe('group');
    expect(choose(template('both', { customerGroup: 'vip', sign: 'debit' }), template('type', { accountType: 'deposit' }))).toBe('type');
    expect(
      choose(
        template('type', { accountType: 'deposit' }),
        template('all', { accountType: 'deposit', customerGroup: 'vip', sign: 'debit' }),
      ),
    ).toBe('all');
  });

  test('is that of the nearest group', () => {
    expect(choose(template('far', { customerGroup: 'everybody', sign: 'debit' }), template('near', { customerGroup: 'regulars' }))).toBe(
      'near',
    );
  });

  test('is the first of equals', () => {
    expect(choose(template('first'), template('second'))).toBe('first');
  });

  test('has a text in the guest’s language', () => {
    expect(choose(template('x', { accountType: 'deposit', text: { en: 'english' } }), template('any'))).toBe('any');
  });

  test('is not one for a sign where nothing moved', () => {
    const still = chooseTemplate([template('credit', { sign: 'credit' }), template('debit', { sign: 'debit' }), template('any')], {
      ...seeker,
      sum: 0n,
    });
    expect(still?.text.ru).toBe('any');
  });
});
