import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

import { isValidPhoneNumber } from 'libphonenumber-js/max';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { makeSampleSite, type SampleRequest, type SampleSite } from '../../scripts/sample/site.ts';
import { plainText } from '../../src/core/multilingual.ts';

const NOW = '2026-11-24 19:30:00.000';
const REQUEST: SampleRequest = { customers: 120, operations: 3000, seed: 7, now: NOW };

function makeInMemory(request: SampleRequest): { readonly database: DatabaseSync; readonly site: SampleSite } {
  const database = new DatabaseSync(':memory:');
  return { database, site: makeSampleSite({ ...request, database }) };
}

/** All rows of all tables, in the order in which they were written. */
function digestOf(database: DatabaseSync, pattern = 'tp_%'): string {
  const hash = createHash('sha256');
  for (const { name } of ask<{ name: string }>(database, `select name from sqlite_schema where type = 'table' and name like '${pattern}' order by name`)) {
    for (const row of ask(database, `select * from ${name}`)) hash.update(JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)));
  }
  return hash.digest('hex');
}

function ask<Row>(database: DatabaseSync, sql: string, ...values: string[]): readonly Row[] {
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  return statement.all(...values) as Row[];
}

describe('a sample site', () => {
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

  test('is the same for the same seed, and another for another', () => {
    const again = makeInMemory(REQUEST).database;
    const other = makeInMemory({ ...REQUEST, seed: 8 }).database;
    expect(digestOf(again)).toBe(digestOf(database));
    expect(digestOf(other)).not.toBe(digestOf(database));
  });

  test('keeps its customers when it gets more operations', () => {
    const larger = makeInMemory({ ...REQUEST, operations: 4000 }).database;
    expect(digestOf(larger, 'tp_Client_')).toBe(digestOf(database, 'tp_Client_'));
    expect(digestOf(larger, 'tp_Clients')).toBe(digestOf(database, 'tp_Clients'));
  });

  test('has exactly the customers and operations asked for', () => {
    expect(one('select count(*) as n from tp_Clients')).toEqual({ n: 120n });
    expect(one('select count(*) as n from tp_ClientPurseOperations')).toEqual({ n: 3000n });
    expect(site.rows).toMatchObject({ tp_Clients: 120, tp_ClientPurseOperations: 3000 });
  });

  test('has every date as wall-clock text and every id as lower-case GUID text', () => {
    const dates = ask<{ date: string }>(database, 'select cpop_Date as date from tp_ClientPurseOperations union all select atop_Date from tp_AuthorizationOperations where atop_Date is not null');
    const ids = ask<{ id: string }>(database, 'select cpop_ID as id from tp_ClientPurseOperations union all select clnt_ID from tp_Clients');
    expect(dates.filter(({ date }) => !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d\d[037]$/.test(date))).toEqual([]);
    expect(ids.filter(({ id }) => !/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toEqual([]);
  });

  test('lets its regulars be here within the last hour, live and with one phone that can be dialled', () => {
    expect(site.regulars).toHaveLength(5);
    for (const { id } of site.regulars) {
      const row = one<Record<string, unknown>>('select live, profile_phone, phones_xml from customer where customer_id = ?', id);
      const [newer] = ask<{ phone: string }>(database, 'select phone from customer_phone where customer_id = ?', id);
      const phones = [newer?.phone, /<Phone>(.*)<\/Phone>/.exec(String(row['phones_xml']))?.[1], row['profile_phone']].filter((phone) => typeof phone === 'string');
      expect(row['live']).toBe(1n);
      expect(phones.map((phone) => isValidPhoneNumber(phone, 'RU'))).toEqual([true]);
      expect(one<{ date: string }>(`select max(date) as date from operation where customer_id = ? and date < '${NOW}'`, id).date > '2026-11-24 18:30').toBe(true);
    }
  });

  test('lets no ordinary customer spend what they have not', () => {
    const odd = site.oddCustomers.map(({ id }) => `'${id}'`).join(',');
    const types = `'${site.accountTypes.bonuses}', '${site.accountTypes.deposit}'`;
    expect(ask(database, `select * from balance where balance < 0 and account_type_id in (${types}) and customer_id not in (${odd})`)).toEqual([]);
  });

  test('has visits with a debit and an accrual seconds apart under one authorisation', () => {
    const pairs = one<{ n: bigint }>(
      `select count(*) as n from operation a join operation b on a.authorization_id = b.authorization_id and a.sum < 0 and b.sum > 0
       and (julianday(b.date) - julianday(a.date)) * 86400 between 1 and 30`,
    );
    expect(pairs.n).toBeGreaterThan(500n);
  });

  test('has account types, divisions and the note type under their names', () => {
    const names = ask<{ name: string }>(database, 'select name from account_type where deleted = 0').map(({ name }) => name);
    expect(names.toSorted()).toEqual(['Бонусы', 'Депозит', 'Кредит сотрудника']);
    expect(one('select count(distinct name) as n from division')).toEqual({ n: 4n });
    expect(one('select nttp_Name, nttp_vdt_ID, nttp_IsUnique, nttp_del_ID from tp_NoteTypes where nttp_ID = ?', site.noteType)).toEqual({
      nttp_Name: 'chat_ID в Telegram',
      nttp_vdt_ID: 0n,
      nttp_IsUnique: 1n,
      nttp_del_ID: null,
    });
  });

  test('has filled notes, good and bad, on customers that are no regulars', () => {
    const notes = ask<{ note_item_ID: string; note_Value: unknown }>(database, `select note_item_ID, note_Value from tp_Notes where note_nttp_ID = '${site.noteType}'`);
    const regulars = new Set(site.regulars.map(({ id }) => id));
    expect(notes.filter(({ note_Value }) => /^\d{13}$/.test(String(note_Value))).length).toBeGreaterThanOrEqual(4);
    expect(notes.filter(({ note_Value }) => !/^ ?\d{13} ?$/.test(String(note_Value))).length).toBeGreaterThanOrEqual(8);
    expect(notes.filter(({ note_item_ID }) => regulars.has(note_item_ID))).toEqual([]);
  });

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
    const under = (group: string): readonly string[] => ask<{ group_id: string }>(database, 'select group_id from customer_group where ancestor_id = ?', group).map(({ group_id }) => group_id);
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
    expect(ask(database, 'select 1 from operation where operation_id = ?', String(read('a return of an operation that is gone')['return_of']))).toEqual([]);
    expect(ask(database, 'select 1 from operation r join operation o on o.operation_id = r.return_of and o.sum = -r.sum and o.date < r.date').length).toBeGreaterThan(3);
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

  test('reaches the balance of one customer by an index', () => {
    const plan = ask<{ detail: string }>(database, "explain query plan select * from balance where customer_id = 'a' and account_type_id = 'b'");
    expect(plan.map(({ detail }) => detail).join('\n')).toContain('SEARCH tp_ClientPurseOperations USING INDEX CK_tp_ClientPurseOperations_cpop_clnt_ID');
  });
});

describe('a plain, even site', () => {
  test('gives each customer as many operations and holds nothing odd', () => {
    const { database, site } = makeInMemory({ customers: 20, operations: 200, seed: 1, now: NOW, settings: { odd: false, spread: 'even', days: 2 } });
    expect(ask(database, 'select count(*) as n from operation group by customer_id')).toEqual(Array.from({ length: 20 }, () => ({ n: 10n })));
    expect(ask(database, `select 1 from operation where sum <= 0 or date >= '${NOW}' or date < '2026-11-22 19:30'`)).toEqual([]);
    expect(site.oddCustomers).toEqual([]);
    expect(site.oddOperations).toEqual([]);
    expect(ask(database, 'select 1 from tp_Notes')).toEqual([]);
  });

  test('may be as small as one customer without operations', () => {
    const { database } = makeInMemory({ customers: 1, operations: 0, seed: 1, now: NOW, settings: { odd: false } });
    expect(ask(database, 'select 1 from customer')).toHaveLength(1);
  });
});

describe('npm run sample', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-sample-'));
  const script = fileURLToPath(new URL('../../scripts/sample/sample.ts', import.meta.url));
  const sample = (...flags: string[]) => spawnSync(process.execPath, [script, ...flags], { cwd: folder, encoding: 'utf8' });
  const at = (name: string): string => join(folder, name);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('makes a file in WAL mode, tells whom to link, and leaves nothing beside it', () => {
    const { status, stdout, stderr } = sample('made.sqlite', '--operations', '1_000', '--customers', '100', '--seed', '3', '--now', '24.11.2026 19:30');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const database = new DatabaseSync(at('made.sqlite'), { readOnly: true });
    const [regular] = makeInMemory({ customers: 100, operations: 1000, seed: 3, now: NOW }).site.regulars;
    expect(stdout).toContain(`${regular?.id}  ${regular?.name}`);
    expect(stdout).toContain(`npx tp-tg-notify link ${regular?.id}`);
    expect(ask(database, 'select count(*) as n from operation')).toEqual([{ n: 1000n }]);
    expect(ask(database, 'pragma journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(ask(database, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    database.close();
    expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  test('refuses to overwrite a file unless it is told to', () => {
    writeFileSync(at('taken.sqlite'), 'a thesis');
    const refused = sample('taken.sqlite', '--operations', '200');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('taken.sqlite exists already; --force replaces it');
    expect(sample('taken.sqlite', '--operations', '200', '--force').status).toBe(0);
    const database = new DatabaseSync(at('taken.sqlite'), { readOnly: true });
    expect(ask(database, 'select count(*) as n from operation')).toEqual([{ n: 200n }]);
    database.close();
  });

  test.each([
    [['x.sqlite', '--opperations', '5'], "unknown option '--opperations'\n(Did you mean --operations?)"],
    [['x.sqlite', '--operations', 'many'], '--operations takes a whole number from 200 to 50000000, not «many»'],
    [['x.sqlite', '--customers', '3'], '--customers takes a whole number from 100 to 5000000, not «3»'],
    [['x.sqlite', '--seed', '-1'], '--seed takes a whole number from 0 to 9007199254740991, not «-1»'],
    [['x.sqlite', '--now', '31.02.2026'], '«31.02.2026»: there is no such day or hour'],
    [['nowhere/x.sqlite'], 'there is no folder nowhere'],
    [['.'], '. is a folder'],
    [[], "missing required argument 'FILE'"],
    [['x.sqlite', 'y.sqlite'], 'too many arguments'],
  ])('refuses %j with exit code 2', (flags, message) => {
    const { status, stdout, stderr } = sample(...flags);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(existsSync(at('x.sqlite'))).toBe(false);
  });

  test('tells all that is wrong at once', () => {
    const { stderr } = sample('x.sqlite', '--operations', '1', '--customers', '1', '--seed', '1.5');
    expect(stderr.match(/takes a whole number/g)).toHaveLength(3);
  });
});
