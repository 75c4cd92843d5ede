import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConnection } from '../../src/sql-server/connection.ts';
import type { Connection } from '../../src/sql-server/connection.ts';
import { openDesk } from '../../src/sql-server/desk.ts';
import { addGuest, BOT, heldLedger, HOUR, openLedger, planAll, query, runner } from '../contract/fixtures.ts';
import { addAsking, advanceSms, inviteesOf, weighed } from '../contract/invitation-fixtures.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import { onMicrosoft } from '../support/mssql-suite.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { sql } from '../support/mssql-literal.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import type { MssqlSite } from '../support/mssql-site.ts';

/** What a till holds while its transaction is open; each test rolls it back. */
interface Till {
  readonly connection: Connection;
  end(): Promise<void>;
}

async function openTill(one: TestDatabase, work: string): Promise<Till> {
  const connection = await openConnection({ place: one.place });
  await connection.executeBatch(`BEGIN TRANSACTION; ${work}`);
  return {
    connection,
    end: async () => {
      await connection.executeBatch('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION');
      await connection.close();
    },
  };
}

await onMicrosoft('beside tills', (server) => {
  describe('beside tills', () => {
    let database: TestDatabase;
    let copy: TestDatabase;
    afterAll(async () => {
      for (const { connection } of [database, copy]) await connection.close();
    });
    let site: MssqlSite;
    beforeAll(async () => {
      database = await openTestDatabase(server.place, 'tills');
      copy = await openTestDatabase(server.place, 'tills_copy');
      for (const one of [database, copy]) await prepareDatabase(one);
    }, 300_000);
    const fresh = async (): Promise<MssqlSite> => {
      site = await makeMssqlSite(database, copy);
      return site;
    };

    it('an operation that a till hasn’t committed waits for the next look, and no other waits for it', async () => {
      const here = await fresh();
      const guest = await addGuest(here);
      const [told = '', open = ''] = await here.addOperations([
        { customer: guest.customer, date: here.wall(-HOUR) },
        { customer: guest.customer, date: here.wall(-HOUR) },
      ]);
      const till = await openTill(database, sql`UPDATE dbo.tp_ClientPurseOperations SET cpop_Description = ${'x'} WHERE cpop_ID = ${open}`);
      const ledger = await heldLedger(here);
      await planAll(ledger, query(here));
      expect((await here.deliveries()).map(({ operationId }) => operationId)).toEqual([told]);
      await till.end();
      await planAll(ledger, query(here));
      expect((await here.deliveries()).map(({ operationId }) => operationId).toSorted()).toEqual([told, open].toSorted());
      await here.close();
    });

    it('a customer whom a till is writing is left for the next look, not taken for one who isn’t there', async () => {
      const here = await fresh();
      const [locked, free] = [await addGuest(here), await addGuest(here)];
      await here.addOperations([locked, free].map(({ customer }) => ({ customer, date: here.wall(-HOUR) })));
      const till = await openTill(database, sql`UPDATE dbo.tp_Clients SET clnt_Name = ${'x'} WHERE clnt_ID = ${locked.customer}`);
      const ledger = await heldLedger(here);
      await planAll(ledger, query(here));
      expect((await here.deliveries()).map(({ customerId }) => customerId)).toEqual([free.customer]);
      await till.end();
      await planAll(ledger, query(here));
      expect(await here.deliveries()).toHaveLength(2);
      await here.close();
    });

    it('a word in a till’s open transaction is seen at once and waited for by nobody', async () => {
      const here = await fresh();
      const ledger = await heldLedger(here);
      const till = await openTill(
        database,
        sql`INSERT INTO tgn.wake (bot_id, task_id, kind, made_utc) SELECT ${BOT}, ${'main'}, ${'event'}, now_utc FROM tgn.clock`,
      );
      const began = performance.now();
      const { wakeNo, eventAt } = await ledger.readWords();
      expect(eventAt).toBe(here.now());
      expect(await ledger.finishRun({ exitCode: 0, summary: '{}' }, wakeNo - 1)).toEqual({ again: true });
      expect(performance.now() - began).toBeLessThan(1_500);
      await till.end();
      await here.close();
    });

    it('a note that staff are writing gives no notes at all, so that none is taken for removed', async () => {
      const here = await fresh();
      const type = await here.addNoteType('chat');
      const customer = await here.addCustomer();
      await here.addNote({ type, customer, value: '9001' });
      const ledger = await heldLedger(here);
      const till = await openTill(database, sql`UPDATE dbo.tp_Notes SET note_Date = GETDATE() WHERE note_obj_ID = ${customer}`);
      expect(await ledger.readNotes('chat', 10)).toEqual([]);
      await till.end();
      expect(await ledger.readNotes('chat', 10)).toHaveLength(1);
      await here.close();
    });

    it('a customer whom a till is writing is invited later, and the next one now', async () => {
      const here = await fresh();
      const ledger = await heldLedger(here);
      const [locked, free] = [await addAsking(here, ledger), await addAsking(here, ledger)];
      const lock = sql`UPDATE dbo.tp_Clients SET clnt_Name = ${'x'} WHERE clnt_ID = ${locked.customer}`;
      const weighing = await openTill(database, lock);
      const { invitees, total } = await inviteesOf(ledger);
      expect([invitees.map(({ customer }) => customer.id), total]).toEqual([[free.customer], 2]);
      await weighing.end();
      await ledger.saveInvitations([weighed(locked), weighed(free)]);
      const claiming = await openTill(database, lock);
      const first = await advanceSms(ledger);
      expect(first.invitations.map(({ invitee }) => invitee.customer.id)).toEqual([free.customer]);
      expect(first.nextDue).toBe(here.now() + 5_000);
      await claiming.end();
      expect((await advanceSms(ledger)).invitations.map(({ invitee }) => invitee.customer.id)).toEqual([locked.customer]);
      await here.close();
    });

    it('a second bot’s run opens while the first one’s transaction is open, and its status can be read', async () => {
      const here = await fresh();
      await heldLedger(here);
      const till = await openTill(database, 'UPDATE tgn.run SET heartbeat_utc = heartbeat_utc');
      const began = performance.now();
      const other = await openLedger(here);
      expect(await other.openRun(runner({ botId: '7000000002' }), ['theirs'])).toMatchObject({ answer: 'opened' });
      const desk = here.onTime(await openDesk({ place: database.place }));
      expect((await desk.readStatus('7000000002')).runs).not.toHaveLength(0);
      expect(performance.now() - began).toBeLessThan(1_900);
      await till.end();
      await here.close();
    });

    it('of two that block each other it is the program that is thrown back', async () => {
      const here = await fresh();
      const type = 'chat_ID в Telegram';
      await here.addNoteType(type);
      await here.addDivision('Hall');
      const { customer } = await addGuest(here);
      const ledger = await heldLedger(here);
      await ledger.saveUpdates({
        offset: 1,
        subscriptions: [{ customerId: customer, chatId: '77', state: 'active', origin: 'link', epoch: 1 }],
        chats: [],
        refused: [],
      });
      // A site's own trigger, slow, and with a wait of its own: so that the server judges between the two, before our patience ends.
      await database.run(`CREATE TRIGGER dbo.tr_SlowNotes ON dbo.tp_Notes AFTER INSERT, UPDATE AS
        BEGIN
          SET NOCOUNT ON; SET LOCK_TIMEOUT -1;
          WAITFOR DELAY '00:00:02';
          UPDATE dbo.tp_Divisions SET dvsn_Name = N'trigger';
        END`);
      // A table that the program doesn't read on its way to the note.
      const till = await openTill(database, "UPDATE dbo.tp_Divisions SET dvsn_Name = N'till';");
      try {
        const mirrored = ledger.mirrorNotes(type, 10);
        // A till that were the victim would throw here.
        await till.connection.executeBatch(
          sql`WAITFOR DELAY '00:00:01'; UPDATE dbo.tp_Notes WITH (TABLOCKX) SET note_Date = note_Date WHERE note_obj_ID = ${customer}; COMMIT TRANSACTION`,
        );
        expect(await mirrored).toMatchObject({ written: 0, failed: 1 });
        const [kept] = await database.run(sql`SELECT failures, pending FROM tgn.note_mirror WHERE customer_id = ${customer}`);
        expect(kept).toEqual({ failures: 1, pending: true });
      } finally {
        await till.end();
        await database.run('DROP TRIGGER dbo.tr_SlowNotes');
      }
      expect(await database.run('SELECT DISTINCT dvsn_Name AS name FROM dbo.tp_Divisions')).toEqual([{ name: 'till' }]);
      // What lost is only later: the next try writes it.
      expect(await ledger.mirrorNotes(type, 10)).toMatchObject({ written: 1, failed: 0 });
      await here.close();
    });
  });
});
