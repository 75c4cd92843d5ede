import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDesk } from '../../src/sql-server/desk.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { BOT, heldLedger, TASK } from '../contract/fixtures.ts';
import { ACCEPTED, addAsking, CAPS, claimOne, ended, invitationFates, NOTE_TYPE, weighed } from '../contract/invitation-fixtures.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import type { MssqlSite } from '../support/mssql-site.ts';
import { onServer } from '../support/mssql-suite.ts';

const POLICY = { inDoubt: 'repeat', repeatAfterMs: 0, requestTimeoutMs: 60_000 } as const;
/** A lease, a whole call and some grace. */
const PROOF_MS = 15_000 + POLICY.requestTimeoutMs;
const TELLING = { want: 0, tasks: [TASK], customers: null, caps: CAPS, noteType: NOTE_TYPE, consent: { kind: 'none' } } as const;

await onServer('invitations on SQL Server', (server) => {
  let database: TestDatabase;
  let copy: TestDatabase;
  let site: MssqlSite;
  beforeAll(async () => {
    database = await openTestDatabase(server.place, 'ledger');
    copy = await openTestDatabase(server.place, 'ledger_copy');
    for (const one of [database, copy]) await prepareDatabase(one);
  }, 300_000);
  afterAll(async () => {
    for (const { connection } of [database, copy]) await connection.close();
  });
  const fresh = async (): Promise<Ledger> => {
    site = await makeMssqlSite(database, copy);
    return heldLedger(site);
  };

  describe('an SMS of a run whose lock is free', () => {
    it('is in doubt only once its call must have ended, is spent, and is never sent again', async () => {
      const dead = await fresh();
      await claimOne(site, dead);
      await dead.close();
      const ledger = await heldLedger(site);
      const judgedAt = site.now() + PROOF_MS;
      expect(await ledger.recover(POLICY)).toEqual({ orphaned: 0, orphanedInvitations: 0, judgedAt, toRepeat: 0 });
      expect(await invitationFates(site)).toEqual(['sending']);
      site.pass(PROOF_MS);
      expect(await ledger.recover(POLICY)).toEqual({ orphaned: 0, orphanedInvitations: 1, judgedAt: null, toRepeat: 0 });
      expect(await invitationFates(site)).toEqual(['in_doubt(orphan)']);
      expect(await ledger.advanceInvitations({ ...TELLING, claimId: 'next', finished: [], want: 1 })).toMatchObject({ invitations: [] });
      expect(await ledger.readSpent(BOT, { dayFrom: 0, monthFrom: 0 })).toMatchObject({ day: 2, waiting: 0 });
      await site.close();
    });

    it('that was accepted after all is proved by its own run, though that has lost the lock', async () => {
      const ledger = await fresh();
      const { row } = await claimOne(site, ledger);
      await ledger.advanceInvitations({
        ...TELLING,
        claimId: 'doubt',
        finished: [ended(row, { outcome: 'in_doubt', code: 'timeout', detail: '' })],
      });
      await site.takeOver(BOT);
      const late = { ...TELLING, claimId: 'late', finished: [ended(row, ACCEPTED)] };
      expect(await ledger.advanceInvitations(late)).toEqual({ answer: 'lock_lost' });
      expect(await invitationFates(site)).toEqual(['accepted']);
      await site.close();
    });
  });

  describe('the list for a person', () => {
    it('shows the newest first, with whoever is gone, and only what is asked for', async () => {
      const ledger = await fresh();
      const { row, customer } = await claimOne(site, ledger);
      await ledger.advanceInvitations({ ...TELLING, claimId: 'told', finished: [ended(row, ACCEPTED)] });
      const other = await addAsking(site, ledger, { name: 'Анна' });
      await ledger.saveInvitations([weighed(other)]);
      await site.removeCustomer(customer);
      const desk = site.onTime(await openDesk({ place: database.place }));
      const everything = { botId: BOT, states: null, reason: null, customers: null, limit: 10 };
      expect(await desk.listInvitations(everything)).toMatchObject([
        { customerId: other.customer, customerName: 'Анна', state: 'planned', plannedAt: site.now(), sentAt: null, runId: null },
        { row, customerId: customer, customerName: '', state: 'accepted', gatewayId: 'g-1', cost: '5.20', runId: expect.any(String) },
      ]);
      const rows = async (change: Partial<Parameters<typeof desk.listInvitations>[0]>) =>
        (await desk.listInvitations({ ...everything, ...change })).map(({ customerId }) => customerId);
      expect(await rows({ states: ['accepted', 'refused'] })).toEqual([customer]);
      expect(await rows({ customers: [other.customer] })).toEqual([other.customer]);
      expect(await rows({ reason: 'no_phone' })).toEqual([]);
      expect(await rows({ limit: 1 })).toEqual([other.customer]);
      await site.close();
    });
  });
});
