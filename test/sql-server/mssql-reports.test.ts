import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addGuest, advance, BOT, claimOne, finish, finished, heldLedger, HOUR, planAll, planOne, query } from '../contract/fixtures.ts';
import { ACCEPTED, addAsking, advanceSms, claimOne as claimSms, ended, NOTE_TYPE } from '../contract/invitation-fixtures.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { sql } from '../support/mssql-literal.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import type { MssqlSite } from '../support/mssql-site.ts';
import { onServer } from '../support/mssql-suite.ts';

/** The queries of a page, but for the one that gives the role to a login. */
function queriesOf(page: string): readonly string[] {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/```sql\n([\s\S]*?)```/gu)].map(([, asked = '']) => asked).filter((one) => !one.includes('ALTER ROLE'));
}

await onServer('reports', (server) => {
  describe('reports on SQL Server', () => {
    let database: TestDatabase;
    let copy: TestDatabase;
    let site: MssqlSite;
    let told = '';
    let unnoted = '';
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'ledger');
      copy = await openTestDatabase(server.place, 'ledger_copy');
      for (const one of [database, copy]) await prepareDatabase(one);
    }, 300_000);
    /** One notice and one SMS that arrived, one notice that waits, a note that couldn’t be written, a forged link. */
    const tellStory = async (): Promise<void> => {
      site = await makeMssqlSite(database, copy);
      await site.addNoteType(NOTE_TYPE);
      const ledger = await heldLedger(site);
      const { customer } = await planOne(site, ledger);
      told = customer;
      await advance(ledger, { want: 0, finished: [finished(await claimOne(ledger))] });
      const asking = await claimSms(site, ledger);
      await advanceSms(ledger, { want: 0, finished: [ended(asking.row, ACCEPTED)] });
      await site.addOperations([{ customer: (await addGuest(site)).customer, date: site.wall(-HOUR) }]);
      await planAll(ledger, query(site));
      unnoted = (await addAsking(site, ledger)).customer;
      await site.breakNotes(unnoted);
      await ledger.saveUpdates({
        offset: 1,
        subscriptions: [{ customerId: unnoted, chatId: '78', state: 'active', origin: 'link', epoch: 1 }],
        chats: [{ chatId: '78', language: 'ru' }],
        refused: [{ updateId: 1, chatId: '79', reason: 'forged', customerId: null }],
      });
      expect(await ledger.mirrorNotes(NOTE_TYPE, 10)).toMatchObject({ failed: 1 });
      await finish(ledger);
    };
    afterEach(() => site.close());
    afterAll(async () => {
      for (const { connection } of [database, copy]) await connection.close();
    });
    const report = (call: string) => database.run<Record<string, unknown>>(`EXEC tgn_report.${call}`);

    it.each(['docs/reports.md', 'docs/ru/reports.md'])('%s: each of its queries runs as it stands there', async (page) => {
      await tellStory();
      const queries = queriesOf(page);
      expect(queries.length).toBeGreaterThan(9);
      for (const text of queries) {
        await database.run("IF OBJECT_ID(N'tempdb..#last') IS NOT NULL DROP TABLE #last");
        await expect(database.connection.executeBatch(text), text).resolves.toBeDefined();
      }
    });

    it('tell what there is', async () => {
      await tellStory();
      expect(await report('days')).toMatchObject([{ delivered: 1, waiting: 1, operations: expect.any(Number) }]);
      expect(await report('waiting')).toMatchObject([{ state: 'planned', n: 1, customers: 1 }]);
      expect(await report('subscriptions')).toContainEqual(expect.objectContaining({ state: 'active', origin: 'link' }));
      expect(await report('runs')).toMatchObject([{ exitCode: 0 }]);
      expect(await report('refused_links')).toMatchObject([{ reason: 'forged' }]);
      expect((await report('not_told')).length).toBeGreaterThan(0);
      expect(await report('last_success')).toMatchObject([{ failedSince: 0 }]);
      expect(await report(sql`customer ${told}`)).toMatchObject([{ state: 'delivered' }]);
    });

    it('tell of invitations with segments and roubles, and of notes that couldn’t be written', async () => {
      await tellStory();
      expect(await report('invitations')).toMatchObject([{ state: 'accepted', n: 1, segments: 2 }]);
      expect(await report('failed_notes')).toMatchObject([{ customerId: unnoted, wanted: '78', failures: 1, failure: expect.any(String) }]);
      expect(await report(`invitations @bot_id = ${Number(BOT) + 1}`)).toEqual([]);
      // A price that is no number is left out, and stops nothing.
      await database.run("UPDATE tgn.invitation SET cost = '1.2.3'");
      expect(await report('invitations')).toMatchObject([{ n: 1, roubles: null }]);
      await database.run("UPDATE tgn.invitation SET cost = '5.20'");
      expect(await report('invitations')).toMatchObject([{ roubles: 5.2 }]);
    });
  });
});
