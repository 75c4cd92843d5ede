import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

import { isValidPhoneNumber } from 'libphonenumber-js/max';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SampleSite } from '../../../scripts/sample/site.ts';
import { ask, makeInMemory, NOW, REQUEST } from './in-memory.ts';

/** All rows of all tables, in the order in which they were written. */
function digestOf(database: DatabaseSync, pattern = 'tp_%'): string {
  const hash = createHash('sha256');
  for (const { name } of ask<{ name: string }>(
    database,
    `select name from sqlite_schema where type = 'table' and name like '${pattern}' order by name`,
  )) {
    for (const row of ask(database, `select * from ${name}`))
      hash.update(JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)));
  }
  return hash.digest('hex');
}

describe('a sample site', () => {
  let database: DatabaseSync;
  let site: SampleSite;
  const one = <Row>(sql: string, ...values: string[]): Row => ask<Row>(database, sql, ...values)[0] as Row;

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
    const dates = ask<{ date: string }>(
      database,
      'select cpop_Date as date from tp_ClientPurseOperations union all select atop_Date from tp_AuthorizationOperations where atop_Date is not null',
    );
    const ids = ask<{ id: string }>(
      database,
      'select cpop_ID as id from tp_ClientPurseOperations union all select clnt_ID from tp_Clients',
    );
    expect(dates.filter(({ date }) => !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d\d[037]$/.test(date))).toEqual([]);
    expect(ids.filter(({ id }) => !/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toEqual([]);
  });

  test('lets its regulars be here within the last hour, live and with one phone that can be dialled', () => {
    expect(site.regulars).toHaveLength(5);
    for (const { id } of site.regulars) {
      const row = one<Record<string, unknown>>('select live, profile_phone, phones_xml from customer where customer_id = ?', id);
      const [newer] = ask<{ phone: string }>(database, 'select phone from customer_phone where customer_id = ?', id);
      const phones = [newer?.phone, /<Phone>(.*)<\/Phone>/.exec(String(row['phones_xml']))?.[1], row['profile_phone']].filter(
        (phone) => typeof phone === 'string',
      );
      expect(row['live']).toBe(1n);
      expect(phones.map((phone) => isValidPhoneNumber(phone, 'RU'))).toEqual([true]);
      expect(
        one<{ date: string }>(`select max(date) as date from operation where customer_id = ? and date < '${NOW}'`, id).date >
          '2026-11-24 18:30',
      ).toBe(true);
    }
  });

  test('lets no ordinary customer spend what they have not', () => {
    const odd = site.oddCustomers.map(({ id }) => `'${id}'`).join(',');
    const types = `'${site.accountTypes.bonuses}', '${site.accountTypes.deposit}'`;
    expect(
      ask(database, `select * from balance where balance < 0 and account_type_id in (${types}) and customer_id not in (${odd})`),
    ).toEqual([]);
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
    const notes = ask<{ note_item_ID: string; note_Value: unknown }>(
      database,
      `select note_item_ID, note_Value from tp_Notes where note_nttp_ID = '${site.noteType}'`,
    );
    const regulars = new Set(site.regulars.map(({ id }) => id));
    expect(notes.filter(({ note_Value }) => /^\d{13}$/.test(String(note_Value))).length).toBeGreaterThanOrEqual(4);
    expect(notes.filter(({ note_Value }) => !/^ ?\d{13} ?$/.test(String(note_Value))).length).toBeGreaterThanOrEqual(8);
    expect(notes.filter(({ note_item_ID }) => regulars.has(note_item_ID))).toEqual([]);
  });

  test('reaches the balance of one customer by an index', () => {
    const plan = ask<{ detail: string }>(
      database,
      "explain query plan select * from balance where customer_id = 'a' and account_type_id = 'b'",
    );
    expect(plan.map(({ detail }) => detail).join('\n')).toContain(
      'SEARCH tp_ClientPurseOperations USING INDEX CK_tp_ClientPurseOperations_cpop_clnt_ID',
    );
  });
});

describe('a plain, even site', () => {
  test('gives each customer as many operations and holds nothing odd', () => {
    const { database, site } = makeInMemory({
      customers: 20,
      operations: 200,
      seed: 1,
      now: NOW,
      settings: { odd: false, spread: 'even', days: 2 },
    });
    expect(ask(database, 'select count(*) as n from operation group by customer_id')).toEqual(
      Array.from({ length: 20 }, () => ({ n: 10n })),
    );
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
