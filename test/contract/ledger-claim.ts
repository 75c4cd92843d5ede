import { describe, expect, it } from 'vitest';
import type { Engine, Site } from './engine.ts';
import {
  addGuest,
  advance,
  advanceRequest,
  BOT,
  claimOne,
  DAY,
  finish,
  finished,
  heldLedger,
  HOUR,
  makeSite,
  MINUTE,
  openLedger,
  planAll,
  planOne,
  query,
  runner,
  startRun,
  TASK,
} from './fixtures.ts';

/** Guests with one planned operation each. */
async function planGuests(site: Site, count: number): Promise<readonly string[]> {
  const guests = await Promise.all(Array.from({ length: count }, async () => addGuest(site)));
  return site.addOperations(guests.map(({ customer }) => ({ customer, date: site.wall(-HOUR) })));
}

export function describeClaim(engine: Engine): void {
  describe('a claim', () => {
    it('hands out the operation as it is, with all that a notice tells', async () => {
      const site = await makeSite(engine);
      const group = await site.addGroup({ name: 'Regulars' });
      const accountType = await site.addAccountType({ name: 'Bonus' });
      const customer = await site.addCustomer({ name: 'Anna', group });
      await site.subscribe(BOT, { customerId: customer, chatId: '99', language: 'en' });
      const division = await site.addDivision('On the quay');
      const [first = ''] = await site.addOperations([{ customer, date: site.wall(-DAY), sum: 500_000n, accountType }]);
      const [operation = ''] = await site.addOperations([
        {
          customer,
          date: site.wall(-HOUR),
          sum: -120_000n,
          accountType,
          document: '1/17',
          description: 'Dinner',
          division,
          returnOf: first,
        },
      ]);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site, { operations: [operation] }));
      const notice = await claimOne(ledger, { balance: 'after' });
      expect(notice).toEqual({
        attemptNo: notice.attemptNo,
        taskId: TASK,
        chatId: '99',
        language: 'en',
        customer: { id: customer, name: 'Anna', groupId: group, group: 'Regulars' },
        groupAncestors: [],
        operations: [
          {
            row: (await site.deliveries())[0]?.row,
            id: operation,
            customerId: customer,
            accountTypeId: accountType,
            accountType: 'Bonus',
            date: site.wall(-HOUR),
            sum: -120_000n,
            document: '1/17',
            description: 'Dinner',
            division: 'On the quay',
            returnOf: first,
            balanceAfter: 380_000n,
          },
        ],
        repeat: false,
        tries: 0,
      });
    });

    it('marks the rows durably before anything can be sent, and keeps the attempt', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { chatId, operation } = await planOne(site, ledger);
      const { attemptNo } = await claimOne(ledger);
      expect(await site.deliveries()).toMatchObject([{ operationId: operation, state: 'sending', attemptNo }]);
      expect(await site.attempts()).toEqual([
        { attemptNo, chatId, finished: false, outcome: null, code: null, detail: null, messageId: null, repeat: false, length: null },
      ]);
    });

    it('takes no more than wanted, and each row once', async () => {
      const site = await makeSite(engine);
      const ids = await planGuests(site, 5);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const claimed: string[] = [];
      for (const count of [2, 2, 1, 0]) {
        const { notices } = await advance(ledger, { want: 2 });
        expect(notices).toHaveLength(count);
        claimed.push(...notices.flatMap((notice) => notice.operations.map((operation) => operation.id)));
      }
      expect(claimed.toSorted()).toEqual(ids.toSorted());
    });

    it('of nothing only records', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planOne(site, ledger);
      const answer = await advance(ledger, { want: 0 });
      expect(answer).toMatchObject({ notices: [], nextDue: answer.now });
      expect(await site.deliveries()).toMatchObject([{ state: 'planned' }]);
    });

    it('asked again under the same id returns the same notices', async () => {
      const site = await makeSite(engine);
      await planGuests(site, 3);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const first = await advance(ledger, { claimId: 'again', want: 2, balance: 'after' });
      const second = await advance(ledger, { claimId: 'again', want: 2, balance: 'after' });
      expect(first.notices).toHaveLength(2);
      expect(second.notices).toEqual(first.notices);
      expect(await site.attempts()).toHaveLength(2);
      expect((await site.deliveries()).filter((row) => row.state === 'planned')).toHaveLength(1);
    });

    it('asked again after its calls have ended returns nothing, and claims nothing', async () => {
      const site = await makeSite(engine);
      await planGuests(site, 2);
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const { notices } = await advance(ledger, { claimId: 'again', want: 1 });
      expect(await advance(ledger, { claimId: 'again', want: 1, finished: notices.map((notice) => finished(notice)) })).toMatchObject({
        notices: [],
      });
      expect((await site.deliveries()).map((row) => row.state).toSorted()).toEqual(['delivered', 'planned']);
    });

    it('goes round the customers, so that none waits for another’s long list', async () => {
      const site = await makeSite(engine);
      const guests = [await addGuest(site), await addGuest(site), await addGuest(site)];
      await site.addOperations(
        guests.flatMap(({ customer }) => [-9, -6, -3].map((hours) => ({ customer, date: site.wall(hours * HOUR) }))),
      );
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const told: string[] = [];
      for (let call = 0; call < 6; call += 1) {
        const notice = await claimOne(ledger, { want: 1 });
        told.push(notice.customer.id);
        await advance(ledger, { want: 0, finished: [finished(notice)] });
        site.pass(1_000);
      }
      const customers = guests.map((guest) => guest.customer);
      expect(told.toSorted()).toEqual([...customers, ...customers].toSorted());
      expect(new Set(told.slice(0, 3)).size).toBe(3);
    });

    it('takes a customer’s oldest first, ties by the id', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const ids = await site.addOperations([-3, -1, -1, -2].map((hours) => ({ customer, date: site.wall(hours * HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const told: (string | undefined)[] = [];
      for (let call = 0; call < 4; call += 1) {
        const notice = await claimOne(ledger, { digestGapMs: 0 });
        told.push(notice.operations[0]?.id);
        await advance(ledger, { want: 0, finished: [finished(notice)] });
        site.pass(1_000);
      }
      expect(told).toEqual([ids[0], ids[3], ids[1], ids[2]]);
    });

    it('claims for the customers asked for only', async () => {
      const site = await makeSite(engine);
      const guests = [await addGuest(site), await addGuest(site), await addGuest(site)];
      await site.addOperations(guests.map(({ customer }) => ({ customer, date: site.wall(-HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const wanted = guests[1]?.customer ?? '';
      expect((await claimOne(ledger, { customers: [wanted] })).customer.id).toBe(wanted);
      expect(await advance(ledger, { customers: [wanted] })).toMatchObject({ notices: [], nextDue: null });
      expect(await advance(ledger, { customers: [] })).toMatchObject({ notices: [], nextDue: null });
    });

    it('claims the operations asked for only, even in the middle of a visit', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [, second = ''] = await site.addOperations(
        [-20, -10, 0].map((seconds) => ({ customer, date: site.wall(seconds * 1_000 - HOUR) })),
      );
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const notice = await claimOne(ledger, { operations: [second] });
      expect(notice.operations.map((operation) => operation.id)).toEqual([second]);
    });

    it('leaves another bot’s rows alone', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { customer } = await planOne(site, ledger);
      const other = await openLedger(site);
      await startRun(other, { botId: '7000000002' }, ['theirs']);
      await site.subscribe('7000000002', { customerId: customer, chatId: '5' });
      expect(await advance(other)).toMatchObject({ notices: [], nextDue: null });
    });

    it('needs the lock: whoever was turned away claims nothing', async () => {
      const site = await makeSite(engine);
      const [first, second] = [await heldLedger(site), await openLedger(site)];
      await planOne(site, first);
      await second.openRun(runner(), [TASK]);
      expect(await second.advance(advanceRequest())).toEqual({ answer: 'lock_lost' });
      expect(await site.deliveries()).toMatchObject([{ state: 'planned' }]);
    });
  });

  describe('a chat', () => {
    it('gets one notice a batch, also where several customers share it', async () => {
      const site = await makeSite(engine);
      const customers = [await site.addCustomer(), await site.addCustomer()];
      for (const customerId of customers) await site.subscribe(BOT, { customerId, chatId: '99' });
      await site.addOperations(customers.map((customer) => ({ customer, date: site.wall(-HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const notice = await claimOne(ledger);
      await advance(ledger, { want: 0, finished: [finished(notice)] });
      site.pass(1_000);
      expect((await claimOne(ledger)).customer.id).not.toBe(notice.customer.id);
    });

    it('is left alone while a call to it is on the wire', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([-3, -1].map((hours) => ({ customer, date: site.wall(hours * HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const notice = await claimOne(ledger);
      site.pass(MINUTE);
      const waiting = await advance(ledger);
      expect(waiting.notices).toEqual([]);
      expect(waiting.nextDue).toBeGreaterThan(waiting.now);
      expect((await advance(ledger, { finished: [finished(notice)] })).notices).toHaveLength(1);
    });

    it('is left alone for a second after each notice, not only after the first', async () => {
      const site = await makeSite(engine);
      const { customer, chatId } = await addGuest(site);
      await site.subscribe(BOT, { customerId: customer, chatId, language: 'en' });
      await site.addOperations([-3, -2, -1].map((hours) => ({ customer, date: site.wall(hours * HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      for (let notice = 0; notice < 2; notice += 1) {
        const sent = await claimOne(ledger);
        const writtenAt = site.now();
        site.pass(400);
        const soon = await advance(ledger, { finished: [finished(sent)] });
        expect(soon).toMatchObject({ notices: [], nextDue: writtenAt + 1_000 });
        site.pass(600);
      }
      expect((await claimOne(ledger)).language).toBe('en');
    });

    it('is skipped, not waited for, within a second of the last notice', async () => {
      const site = await makeSite(engine);
      const [busy, free] = [await addGuest(site), await addGuest(site)];
      await site.addOperations([-3, -1].map((hours) => ({ customer: busy.customer, date: site.wall(hours * HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const notice = await claimOne(ledger);
      const written = site.now();
      site.pass(400);
      expect(await advance(ledger, { finished: [finished(notice)] })).toMatchObject({ notices: [], nextDue: written + 1_000 });
      await site.addOperations([{ customer: free.customer, date: site.wall(-HOUR) }]);
      await planAll(ledger, query(site));
      expect((await claimOne(ledger)).customer.id).toBe(free.customer);
      site.pass(600);
      expect((await claimOne(ledger)).customer.id).toBe(busy.customer);
    });

    it('remembers the last notice across runs', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([-3, -1].map((hours) => ({ customer, date: site.wall(hours * HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const notice = await claimOne(ledger);
      await advance(ledger, { want: 0, finished: [finished(notice)] });
      await finish(ledger);
      await startRun(ledger);
      expect(await advance(ledger)).toMatchObject({ notices: [] });
    });

    it('isn’t held up by a clock that was set back', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([-30, -26].map((hours) => ({ customer, date: site.wall(hours * HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const notice = await claimOne(ledger);
      site.pass(-HOUR);
      expect((await advance(ledger, { finished: [finished(notice)] })).notices).toHaveLength(1);
    });
  });
}
