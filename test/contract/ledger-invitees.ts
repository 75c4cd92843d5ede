import { describe, expect, it } from 'vitest';
import type { Invitee } from '../../src/ports/invitations.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { Engine } from './engine.ts';
import { addGuest, BOT, DAY, HOUR, heldLedger, makeSite, MINUTE, planAll, planChunk, query, TASK } from './fixtures.ts';
import {
  addAsking,
  advanceSms,
  ended,
  EVERYBODY,
  invitationFates,
  inviteesOf,
  NOTE_TYPE,
  onlyInvitee,
  weighed,
} from './invitation-fixtures.ts';

export function describeInvitees(engine: Engine): void {
  describe('who asks for an invitation', () => {
    it('is the unsubscribed customer of a planned operation, with everything that decides', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const guest = await addAsking(site, ledger, {
        name: 'Анна',
        phones: ['8 (916) 123-45-67'],
        phonesXml: '<Phones><Phone>+7 916 222-33-44</Phone></Phones>',
        profilePhone: 'дом. 495 111-22-33',
      });
      expect(await onlyInvitee(ledger)).toMatchObject({
        customer: { id: guest.customer, name: 'Анна' },
        live: true,
        phones: ['8 (916) 123-45-67', '<Phones><Phone>+7 916 222-33-44</Phone></Phones>', 'дом. 495 111-22-33'],
        epoch: 0,
        subscription: null,
        noted: false,
        mayInvite: true,
        consented: true,
        operation: { id: guest.operation, date: site.wall(-HOUR) },
        operations: 1,
        past: { sent: 0, lastAt: null, segments: 0, waiting: false },
      });
    });

    it('is nobody where the look does not invite, nor whoever was told or is too old', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const quiet = await site.addCustomer();
      const old = await site.addCustomer();
      await site.addOperations([{ customer: quiet, date: site.wall(-HOUR) }]);
      await planChunk(ledger, query(site));
      await site.addOperations([{ customer: old, date: site.wall(-9 * DAY) }]);
      await planChunk(ledger, query(site, { inviting: true, timeToLiveMs: DAY }));
      expect(await inviteesOf(ledger)).toMatchObject({ invitees: [], total: 0, next: null });
    });

    it('asks once for all operations, the newest of which counts, and page by page', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const guests = await Promise.all([site.addCustomer(), site.addCustomer(), site.addCustomer()]);
      const operations = await site.addOperations(
        guests.flatMap((customer) => [3, 1, 2].map((hours) => ({ customer, date: site.wall(-hours * HOUR) }))),
      );
      await planChunk(ledger, query(site, { inviting: true }));
      const newest = new Map(guests.map((customer, index) => [customer, operations[index * 3 + 1]]));
      const seen: Invitee[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<Ledger['readInvitees']>> = await ledger.readInvitees(EVERYBODY, { after, limit: 2 });
        expect(page.total).toBe(3);
        seen.push(...page.invitees);
        after = page.next;
      } while (after !== null);
      expect(seen.map(({ customer }) => customer.id)).toEqual(guests.toSorted());
      for (const { customer, operation, operations: count } of seen)
        expect({ id: operation.id, count }).toEqual({ id: newest.get(customer.id), count: 3 });
    });

    it('shows what forbids inviting: a subscription of any kind, a filled note, a customer or an operation that is gone', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const type = await site.addNoteType(NOTE_TYPE);
      const guests = await Promise.all([0, 1, 2, 3, 4].map(async () => addAsking(site, ledger)));
      const [stopped, noted, blank, gone, removed] = guests;
      if (!stopped || !noted || !blank || !gone || !removed) throw new Error('five guests');
      await site.subscribe(BOT, { customerId: stopped.customer, chatId: '900', state: 'stopped', epoch: 3 });
      await site.addNote({ type, customer: noted.customer, value: 'спросить у Анны', at: site.wall() });
      await site.addNote({ type, customer: blank.customer, value: '12345', at: site.wall(-HOUR) });
      await site.addNote({ type, customer: blank.customer, value: ' ', at: site.wall() });
      await site.changeCustomer(gone.customer, { deleted: true });
      await site.removeOperation(removed.operation);
      const lost = await addAsking(site, ledger);
      await site.removeCustomer(lost.customer);
      const { invitees } = await inviteesOf(ledger);
      const of = (id: string) => invitees.find(({ customer }) => customer.id === id);
      expect(of(stopped.customer)).toMatchObject({ subscription: 'stopped', epoch: 3 });
      expect(of(noted.customer)).toMatchObject({ noted: true, live: true });
      expect(of(blank.customer)).toMatchObject({ noted: false, live: true });
      expect(of(gone.customer)).toMatchObject({ live: false });
      expect(of(removed.customer)).toMatchObject({ live: false });
      expect(of(lost.customer)).toMatchObject({ live: false, phones: [] });
    });

    it('shows the past: what waits, and what was spent on the guest, a doubt included', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const guest = await addAsking(site, ledger);
      await ledger.saveInvitations([weighed(guest)]);
      const again = async () => {
        await site.addOperations([{ customer: guest.customer, date: site.wall() }]);
        await planChunk(ledger, query(site, { inviting: true }));
        return (await onlyInvitee(ledger)).past;
      };
      expect(await again()).toEqual({ sent: 0, lastAt: null, segments: 0, waiting: true });
      const sentAt = site.now();
      const [claimed] = (await advanceSms(ledger)).invitations;
      await advanceSms(ledger, { want: 0, finished: [ended(claimed?.row ?? 0, { outcome: 'in_doubt', code: 'timeout', detail: '' })] });
      site.pass(DAY);
      expect(await again()).toEqual({ sent: 1, lastAt: sentAt, segments: 2, waiting: false });
      site.pass(365 * DAY);
      expect(await again()).toEqual({ sent: 1, lastAt: sentAt, segments: 0, waiting: false });
    });

    it('knows consent as a filled note or as a group with its descendants', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const agreed = await site.addGroup({ name: 'Согласны' });
      const below = await site.addGroup({ name: 'Золотые', parent: agreed });
      const type = await site.addNoteType('Согласие на рекламу');
      const member = await addAsking(site, ledger, { group: below });
      const written = await addAsking(site, ledger);
      await site.addNote({ type, customer: written.customer, value: 'да' });
      const byGroup = await inviteesOf(ledger, { consent: { kind: 'group', groupId: agreed } });
      const byNote = await inviteesOf(ledger, { consent: { kind: 'note', noteType: 'Согласие на рекламу' } });
      const consented = ({ invitees }: typeof byGroup) => invitees.filter((one) => one.consented).map(({ customer }) => customer.id);
      expect([consented(byGroup), consented(byNote)]).toEqual([[member.customer], [written.customer]]);
    });

    it('counts in a dry run also those whom the look would plan, and writes nothing', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await addAsking(site, ledger);
      const fresh = await site.addCustomer({ profilePhone: '+7 926 000-11-22' });
      const [operation = ''] = await site.addOperations([{ customer: fresh, date: site.wall(-HOUR) }]);
      const reader = await site.openPlanReader();
      try {
        const { invitees, total } = await inviteesOf(reader, { look: { query: query(site, { inviting: true }), before: null } });
        expect(total).toBe(2);
        expect(invitees.find(({ customer }) => customer.id === fresh)).toMatchObject({
          operation: { id: operation },
          phones: ['+7 926 000-11-22'],
        });
      } finally {
        await reader.close();
      }
      expect(await site.deliveries()).toHaveLength(1);
    });

    it('counts in a dry run nobody whom a limit leaves unplanned: what the plan then records is the same', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const asking = await addAsking(site, ledger);
      const told = await addGuest(site);
      const strangers = await Promise.all([0, 1, 2, 3, 4, 5].map(async () => site.addCustomer()));
      const at = (customer: string, date: string) => ({ customer, date });
      const moment = site.wall(-30 * MINUTE);
      await site.addOperations([
        at(told.customer, site.wall(-40 * MINUTE)),
        // All at one moment: the ids alone say who comes before the second notice, and who behind it.
        ...[told.customer, ...strangers].map((customer) => at(customer, moment)),
        at(asking.customer, site.wall(-MINUTE)),
      ]);
      const look = query(site, { inviting: true });
      const { rows } = await ledger.preview(look, { after: null, limit: 500 });
      const [, cut] = rows.filter(({ verdict }) => verdict === 'planned').map(({ operation }) => operation);
      if (cut === undefined) throw new Error('two notices');
      const seen = ({ invitees }: Awaited<ReturnType<typeof inviteesOf>>) =>
        invitees.map(({ customer, operation }) => [customer.id, operation]);
      const ahead = seen(await inviteesOf(ledger, { look: { query: look, before: cut } }));
      expect(await inviteesOf(ledger, { look: { query: look, before: null } })).toMatchObject({ total: 7 });
      expect(ahead).toContainEqual([asking.customer, { id: asking.operation, date: site.wall(-HOUR) }]);
      await planChunk(ledger, look, { limit: 1 });
      expect(seen(await inviteesOf(ledger))).toEqual(ahead);
    });

    it('keeps in a dry run the asking of what a limit leaves to be revived', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { customer, operation } = await addAsking(site, ledger);
      const before = { date: site.wall(-2 * HOUR), id: operation };
      const look = { query: query(site, { look: 'since', revive: true, inviting: true }), before };
      expect(await onlyInvitee(ledger, { look })).toMatchObject({ customer: { id: customer }, operations: 1 });
    });

    it('asks no more once weighed, whatever the verdict, and anew with a later operation', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const one = await addAsking(site, ledger);
      const two = await addAsking(site, ledger);
      const skip = { taskId: TASK, verdict: 'skipped' } as const;
      await ledger.saveInvitations([
        { ...skip, customerId: one.customer, operationId: one.operation, reason: 'no_phone' },
        { ...skip, customerId: two.customer, operationId: two.operation, reason: null },
      ]);
      expect(await invitationFates(site)).toEqual(['skipped(no_phone)']);
      expect(await inviteesOf(ledger)).toMatchObject({ total: 0 });
      const [later = ''] = await site.addOperations([{ customer: one.customer, date: site.wall(-HOUR / 2) }]);
      await planChunk(ledger, query(site, { inviting: true }));
      expect(await onlyInvitee(ledger)).toMatchObject({ operation: { id: later }, operations: 1 });
    });

    it('does not lose the asking of an operation that was planned while another was weighed', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const guest = await addAsking(site, ledger);
      await inviteesOf(ledger);
      await site.addOperations([{ customer: guest.customer, date: site.wall() }]);
      await planChunk(ledger, query(site, { inviting: true }));
      await ledger.saveInvitations([
        { taskId: TASK, customerId: guest.customer, operationId: guest.operation, verdict: 'skipped', reason: 'interval' },
      ]);
      expect(await inviteesOf(ledger)).toMatchObject({ total: 1 });
    });

    it('asks again when a backfill revives what was never attempted', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const customer = await site.addCustomer();
      await site.addOperations([{ customer, date: site.wall(-HOUR) }]);
      await planAll(ledger, query(site));
      expect(await inviteesOf(ledger)).toMatchObject({ total: 0 });
      await planAll(ledger, query(site, { look: 'since', revive: true, inviting: true }));
      expect(await inviteesOf(ledger)).toMatchObject({ total: 1 });
    });
  });
}
