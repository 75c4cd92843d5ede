import type { DatabaseSync } from 'node:sqlite';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SampleSite } from '../../../scripts/sample/site.ts';
import { plainText } from '../../../src/core/multilingual.ts';
import { ask, makeInMemory, NOW, REQUEST } from './in-memory.ts';

describe('the odd rows of a sample site', () => {
  let database: DatabaseSync;
  let site: SampleSite;
  const one = <Row>(sql: string, ...values: string[]): Row => ask<Row>(database, sql, ...values)[0] as Row;
  const customer = (what: string): string => site.oddCustomers.find((odd) => odd.what === what)?.id ?? `no customer «${what}»`;
  const operation = (what: string): string => site.oddOperations.find((odd) => odd.what === what)?.id ?? `no operation «${what}»`;
  const read = (what: string): Record<string, unknown> => one('select * from operation where operation_id = ?', operation(what));

  beforeAll(() => {
    ({ database, site } = makeInMemory(REQUEST));
  });
  afterAll(() => database.close());

  test.each([
    ['deleted', { live: 0n, deleted: 1n }],
    ['disabled', { live: 0n, disabled: 1n }],
    ['in a deleted group', { live: 0n, deleted: 0n }],
    ['in a disabled group', { live: 0n, disabled: 0n }],
    ['in a group under a deleted one', { live: 1n }],
    ['without a profile', { live: 1n, profile_phone: null }],
    ['with a profile in the recycle bin', { live: 1n, profile_phone: null }],
    ['empty name', { name: '' }],
    ['name with marks of HTML', { name: 'ООО «Рога & <b>Копыта</b>» &amp; Ко' }],
    ['broken xml of phones', { phones_xml: '<Phones><Phone>+79450000036</Phone' }],
    ['words instead of a phone', { profile_phone: 'нет' }],
  ])('has a customer %s', (what, columns) => {
    expect(one('select * from customer where customer_id = ?', customer(what))).toMatchObject(columns);
  });

  test('has a name of 4,000 characters and packed names that unpack', () => {
    const name = (what: string): string => one<{ name: string }>('select name from customer where customer_id = ?', customer(what)).name;
    expect(name('name of 4,000 characters')).toHaveLength(4000);
    expect(plainText(name('packed name'), 'en')).toBe('Hans Mueller');
    expect(plainText(name('packed name'), 'ru')).toBe('Мюллер Ганс');
    expect(plainText(name('packed name, Russian empty'), 'ru')).toBe('John Smith');
    expect(plainText(name('packed name cut short'), 'ru')).toBe('Обрезанн');
  });

  test('has operations of deleted customers', () => {
    expect(ask(database, 'select 1 from operation where customer_id = ?', customer('deleted'))).toHaveLength(1);
    expect(ask(database, 'select 1 from operation where customer_id = ?', customer('customer without operations'))).toEqual([]);
  });

  test('ends a search in a tree of groups with loops', () => {
    const under = (group: string): readonly string[] =>
      ask<{ group_id: string }>(database, 'select group_id from customer_group where ancestor_id = ?', group).map(
        ({ group_id }) => group_id,
      );
    const { groups } = site;
    expect(new Set(under(groups.loopOne))).toEqual(new Set([groups.loopOne, groups.loopTwo]));
    expect(under(groups.ownParent)).toEqual([groups.ownParent]);
    expect(new Set(under(groups.regular))).toEqual(new Set([groups.regular, groups.silver, groups.gold, groups.platinum]));
  });

  test('has operations in one millisecond, on two accounts and of two customers', () => {
    const dates = ['(first)', '(second)'].map((which) => read(`same millisecond ${which}`));
    const others = [read('same millisecond, another account'), read('same millisecond, another customer')];
    expect(new Set([...dates, ...others].map((row) => row['date'])).size).toBe(1);
    expect(dates[0]).toMatchObject({ customer_id: dates[1]?.['customer_id'], account_type_id: dates[1]?.['account_type_id'] });
  });

  test.each([
    ['zero sum', 0n],
    ['four decimals', 1_234_567n],
    ['largest sum', 999_999_999_999_999_999n],
    ['largest debit', -999_999_999_999_999_999n],
    ['beyond a double', 9_007_199_254_740_993n],
  ])('has the sum of «%s» exactly', (what, sum) => {
    expect(read(what)['sum']).toBe(sum);
  });

  test('has returns that name what they return, and one whose operation is gone', () => {
    expect(read('its return')).toMatchObject({ return_of: operation('a debit that is returned'), sum: 1_200_000n });
    expect(read('a return of the return')['return_of']).toBe(operation('its return'));
    expect(
      ask(database, 'select 1 from operation where operation_id = ?', String(read('a return of an operation that is gone')['return_of'])),
    ).toEqual([]);
    expect(
      ask(database, 'select 1 from operation r join operation o on o.operation_id = r.return_of and o.sum = -r.sum and o.date < r.date')
        .length,
    ).toBeGreaterThan(3);
  });

  test('has dates in the future, before the restaurant, and rows entered long after their dates', () => {
    expect(String(read('tomorrow')['date']) > NOW).toBe(true);
    expect(read('dated before the restaurant')['date']).toBe('1900-01-01 00:00:00.000');
    const backDated = ask(
      database,
      `select 1 from tp_ClientPurseOperations o where o.cpop_Date < (select datetime(max(b.cpop_Date), '-1 day') from tp_ClientPurseOperations b
       where b.rowid < o.rowid and b.rowid > o.rowid - 20 and b.cpop_Date < '${NOW}') and cpop_atop_ID is null and cpop_usr_ID is not null`,
    );
    expect(backDated.length).toBeGreaterThan(0);
  });

  test('has descriptions that tempt HTML, templates and lengths', () => {
    expect(read('marks of HTML')['description']).toContain('<script>');
    expect(read('marks of a template')['description']).toContain('{count, plural, one {балл}}');
    expect(read('description of 4,000 characters')['description']).toHaveLength(4000);
    expect([...String(read('description of 4,000 emoji')['description'])]).toHaveLength(4000);
    expect(plainText(String(read('packed description')['description']), 'en')).toBe('Credited for lunch');
  });
});
