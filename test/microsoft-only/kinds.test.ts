import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDesk } from '../../src/sql-server/desk.ts';
import { advance, BOT, claimOne, fates, finish, finished, heldLedger, HOUR, planAll, planOne, query, TASK } from '../contract/fixtures.ts';
import { addAsking, advanceSms, inviteesOf, weighed } from '../contract/invitation-fixtures.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { DatabaseKind, TestDatabase } from '../support/mssql-database.ts';
import { sql } from '../support/mssql-literal.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import type { MssqlSite } from '../support/mssql-site.ts';
import { onMicrosoft } from '../support/mssql-suite.ts';

/** A server has one collation of its own: at least two of these are unlike it. */
const KINDS: readonly (readonly [string, string, DatabaseKind])[] = [
  ['case-sensitive, at level 130', 'cs', { collation: 'Latin1_General_CS_AS', level: 130 }],
  ['Cyrillic, at level 100', 'cyrillic', { collation: 'Cyrillic_General_CI_AS', level: 100 }],
  ['binary, at level 110', 'bin', { collation: 'Latin1_General_BIN2', level: 110 }],
  ['reading versions of rows', 'versions', { set: 'READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE' }],
  ['delaying what it writes', 'delayed', { set: 'DELAYED_DURABILITY = FORCED' }],
];

await onMicrosoft('databases of all kinds', (server) => {
  describe.each(KINDS)('a database, %s', (_what, suffix, kind) => {
    let database: TestDatabase;
    let copy: TestDatabase;
    let site: MssqlSite;
    beforeAll(async () => {
      database = await openTestDatabase(server.place, `kind_${suffix}`, kind);
      copy = await openTestDatabase(server.place, `kind_${suffix}_copy`, kind);
      for (const one of [database, copy]) await prepareDatabase(one);
    }, 300_000);
    afterAll(async () => {
      await database.connection.close();
      await copy.connection.close();
    });

    it('tells, invites, reads notes and reports', async () => {
      site = await makeMssqlSite(database, copy);
      const type = await site.addNoteType('chat_ID в Telegram');
      const ledger = await heldLedger(site);
      const { operation, customer } = await planOne(site, ledger);
      const { filters } = query(site);
      await ledger.admit(TASK, filters);
      await advance(ledger, { want: 0, finished: [finished(await claimOne(ledger, { balance: 'after' }))] });
      expect(await fates(site)).toMatchObject({ [operation]: 'delivered' });

      const asking = await addAsking(site, ledger);
      const { invitees } = await inviteesOf(ledger);
      expect(invitees.map((one) => one.customer.id)).toEqual([asking.customer]);
      await ledger.saveInvitations([weighed(asking)]);
      expect((await advanceSms(ledger)).invitations).toHaveLength(1);

      await site.addNote({ type, customer: asking.customer, value: '9001' });
      expect(await ledger.readNotes('chat_ID в Telegram', 10)).toMatchObject([{ customerId: asking.customer, text: '9001' }]);
      await ledger.saveUpdates({
        offset: 1,
        subscriptions: [{ customerId: customer, chatId: '77', state: 'active', origin: 'link', epoch: 1 }],
        chats: [{ chatId: '77', language: 'ru' }],
        refused: [{ updateId: 1, chatId: '78', reason: 'forged', customerId: null }],
      });
      expect(await ledger.mirrorNotes('chat_ID в Telegram', 10)).toMatchObject({ written: 1, failed: 0 });
      await finish(ledger);

      const desk = site.onTime(await openDesk({ place: database.place }));
      expect(await desk.readStatus(BOT)).toMatchObject({ bound: true });
      expect(await desk.readStory(BOT, { customerId: customer }, 5)).not.toBeNull();
      expect(await desk.findCustomers({ phone: '9161234567' }, 5)).toMatchObject([{ id: asking.customer }]);
      for (const report of ['days', 'last_success', 'not_told', 'refused_links', 'runs', 'subscriptions', 'waiting'])
        await database.run(`EXEC tgn_report.${report}`);
      await database.run(sql`EXEC tgn_report.customer ${customer}`);
      await site.close();
    });

    it('takes the task’s parameters, its word and its log', async () => {
      site = await makeMssqlSite(database, copy);
      const [row] = await database.run<{ parameters: string; words: number }>(
        sql`DECLARE @task uniqueidentifier; SET @task = NEWID();
          EXEC tgn_task.save_parameters @task_id = @task, @bot_token = ${`${BOT}:AA"B\\C`}, @sender_name = ${'Кафе\tУют'};
          EXEC tgn_task.wake @task; EXEC tgn_task.start @task; DECLARE @line nvarchar(2047); EXEC tgn_task.read_log @task, @line OUTPUT;
          SELECT parameters, (SELECT COUNT(*) FROM tgn.wake WHERE bot_id = ${BOT}) AS words FROM tgn.task_parameters`,
      );
      expect(JSON.parse(row?.parameters ?? '')).toEqual({ BotToken: `${BOT}:AA"B\\C`, SenderName: 'Кафе Уют' });
      expect(row?.words).toBe(1);
      await site.close();
    });

    it('is planned alike when it is asked a second time', async () => {
      site = await makeMssqlSite(database, copy);
      const ledger = await heldLedger(site);
      await planOne(site, ledger, 2 * HOUR);
      const before = await fates(site);
      await planAll(ledger, query(site));
      expect(await fates(site)).toEqual(before);
      await site.close();
    });
  });
});
