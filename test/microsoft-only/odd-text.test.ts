import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readParameters } from '../../src/sql-server/parameters.ts';
import { addGuest, advance, finished, HOUR, openLedger, planAll, query, startRun } from '../contract/fixtures.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { sql } from '../support/mssql-literal.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import { onMicrosoft } from '../support/mssql-suite.ts';
import { nextId } from '../support/site-ids.ts';

/** What an nvarchar holds and no UTF-8: halves of a pair, alone, in the wrong order, at the end. */
const HALVES = ['a\uD800b', '\uDC00\uD83D', 'Анна \uD83D'];

await onMicrosoft('texts that are no Unicode', (server) => {
  describe('halves of surrogate pairs, which an nvarchar may hold', () => {
    let database: TestDatabase;
    let copy: TestDatabase;
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'odd_text');
      copy = await openTestDatabase(server.place, 'odd_text_copy');
      for (const one of [database, copy]) await prepareDatabase(one);
    }, 300_000);
    afterAll(async () => {
      for (const { connection } of [database, copy]) await connection.close();
    });

    it.each(HALVES)('in a description, a name or a parameter keep nobody waiting: %j', async (text) => {
      const site = await makeMssqlSite(database, copy);
      const guest = await addGuest(site);
      await database.run(sql`UPDATE dbo.tp_Clients SET clnt_Name = ${text} WHERE clnt_ID = ${guest.customer}`);
      await site.addOperations([{ customer: guest.customer, date: site.wall(-HOUR), description: text }]);
      const ledger = await openLedger(site);
      await startRun(ledger);
      await planAll(ledger, query(site));
      const { notices } = await advance(ledger);
      expect(notices).toHaveLength(1);
      expect(notices[0]?.operations[0]?.description).toHaveLength(text.length);
      for (const notice of notices) await advance(ledger, { want: 0, finished: [finished(notice)] });
      expect(await site.deliveries()).toMatchObject([{ state: 'delivered' }]);
      const task = nextId();
      await database.run(sql`EXEC tgn_task.save_parameters @task_id = ${task}, @sender_name = ${text}`);
      expect((await readParameters({ place: database.place })).map(({ taskId }) => taskId)).toEqual([task]);
      await site.close();
    });
  });
});
