import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { StoryMargin } from '../../src/core/standing.ts';
import type { CustomerStory, Desk } from '../../src/ports/desk.ts';
import { ALL, BOT, claimOne, finish, OTHER_BOT, planAll, TASK } from './desk-acts.ts';
import type { DeskEngine, DeskSite } from './desk-engine.ts';

const NOBODY = '99999999-9999-4999-8999-999999999999';

export function deskStoryContract(engine: DeskEngine): void {
  describe('stories', () => {
    let site: DeskSite;
    let desk: Desk;
    beforeEach(async () => {
      site = await engine.makeSite();
      desk = await site.openDesk();
    });
    afterEach(async () => {
      await desk.close();
      await site.close();
    });

    it('finds a customer by id, live or not', async () => {
      const live = await site.addCustomer({ name: 'Анна' });
      const gone = await site.addCustomer({ name: 'Борис', deleted: true });
      expect(await desk.findCustomers({ id: live }, 5)).toMatchObject([{ id: live, name: 'Анна', live: true, subscription: null }]);
      expect(await desk.findCustomers({ id: gone }, 5)).toMatchObject([{ id: gone, live: false }]);
      expect(await desk.findCustomers({ id: NOBODY }, 5)).toEqual([]);
    });

    it.each([
      ['the newest phones', { newest: ['8 (921) 123-45-67'] }],
      ['the older xml', { xml: '<Phones><Phone>+7 812 555-00-00</Phone><Phone>+7 921 1234567</Phone></Phones>' }],
      ['the profile, among other words', { profile: 'моб. 9211234567, доб. 12' }],
    ])('finds a customer by a phone in %s', async (_where, phones) => {
      const customer = await site.addCustomer();
      await site.addCustomer();
      await site.setPhones(customer, phones);
      for (const phone of ['79211234567', '89211234567', '9211234567'])
        expect((await desk.findCustomers({ phone }, 5)).map(({ id }) => id)).toEqual([customer]);
      expect(await desk.findCustomers({ phone: '79211234568' }, 5)).toEqual([]);
    });

    it('lists all customers of a phone, each once, up to the limit', async () => {
      const customers = [await site.addCustomer(), await site.addCustomer(), await site.addCustomer()];
      for (const customer of customers)
        await site.setPhones(customer, { newest: ['+79211234567', '89211234567'], profile: '+79211234567' });
      expect((await desk.findCustomers({ phone: '79211234567' }, 5)).map(({ id }) => id)).toEqual(customers);
      expect(await desk.findCustomers({ phone: '79211234567' }, 2)).toHaveLength(2);
    });

    it('tells a customer with phones, note, subscription and operations, the newest first', async () => {
      const type = await site.addNoteType('chat_ID в Telegram');
      const customer = await site.addCustomer({ name: 'Анна' });
      await site.setPhones(customer, { newest: ['8 921 123-45-67'], profile: '+7 (921) 1234567; 8 812 5550000' });
      await site.addNote({ type, customer, value: 500 });
      await site.subscribe(BOT, { customerId: customer, chatId: '500', epoch: 2, origin: 'link', language: 'en' });
      const [first = '', second = ''] = await site.addOperations([
        { customer, date: site.wall(-2000), sum: 10_000n },
        { customer, date: site.wall(-1000), sum: -2_500n },
      ]);
      const story: (CustomerStory & Partial<StoryMargin>) | null = await desk.readStory(BOT, { customerId: customer }, 10);
      expect(story?.phones).toEqual(['8 921 123-45-67', '8 812 5550000']);
      expect(story?.note).toBe('500');
      expect(story?.customer.subscription).toEqual({ customerId: customer, chatId: '500', state: 'active', origin: 'link', epoch: 2 });
      expect(story?.subscriptionChangedAt).toBe(site.now());
      expect(story?.guestLanguage).toBe('en');
      expect(story?.operations.map(({ id }) => id)).toEqual([second, first]);
      expect(story?.operations.map(({ balanceAfter }) => balanceAfter)).toEqual([7_500n, 10_000n]);
      expect((await desk.readStory(BOT, { customerId: customer }, 1))?.operations.map(({ id }) => id)).toEqual([second]);
      expect((await desk.readStory(OTHER_BOT, { customerId: customer }, 1))?.customer.subscription).toBeNull();
    });

    it('tells of an operation its delivery with the attempt and the channel’s own words', async () => {
      const customer = await site.addCustomer();
      await site.subscribe(BOT, { customerId: customer, chatId: '500' });
      const [operation = '', other = ''] = await site.addOperations([
        { customer, date: site.wall(-60_000) },
        { customer, date: site.wall(-50_000) },
      ]);
      const { ledger } = await planAll(site);
      const startedAt = site.now();
      const notice = await claimOne(ledger);
      site.pass(700);
      await finish(ledger, notice, { outcome: 'refused', code: 'bad_text', whose: 'ours', detail: 'Bad Request: can’t parse entities' });
      const story = await desk.readStory(BOT, { operationId: operation }, 10);
      expect(story?.operations.map(({ id }) => id)).toEqual([operation]);
      expect(story?.deliveries).toEqual([
        {
          row: notice.operations[0]?.row,
          operationId: operation,
          customerId: customer,
          taskId: TASK,
          state: 'refused',
          reason: 'bad_text',
          plannedAt: startedAt,
          finishedAt: startedAt + 700,
          notBefore: null,
          resolved: null,
          attempts: [
            {
              attemptNo: notice.attemptNo,
              chatId: '500',
              startedAt,
              finishedAt: startedAt + 700,
              outcome: 'refused',
              code: 'bad_text',
              detail: 'Bad Request: can’t parse entities',
              messageId: null,
              repeat: false,
            },
          ],
        },
      ]);
      expect((await desk.readStory(BOT, { operationId: other }, 10))?.deliveries).toMatchObject([
        { state: 'planned', finishedAt: null, attempts: [] },
      ]);
      await ledger.close();
    });

    it('tells every attempt of a delivery: tried again after a 429, and told once more after a doubt', async () => {
      const customer = await site.addCustomer();
      await site.subscribe(BOT, { customerId: customer, chatId: '500' });
      const [operation = ''] = await site.addOperations([{ customer, date: site.wall(-60_000) }]);
      const { ledger } = await planAll(site);
      const tries: number[] = [];
      for (const outcome of [
        { outcome: 'retry', code: 'limited', notBefore: null, detail: 'Too Many Requests' },
        { outcome: 'in_doubt', code: 'timeout', detail: 'no answer' },
        { outcome: 'delivered', messageId: '77' },
      ] as const) {
        const notice = await claimOne(ledger);
        tries.push(notice.attemptNo);
        await finish(ledger, notice, outcome);
        site.pass(61_000);
        await ledger.recover({ inDoubt: 'repeat', repeatAfterMs: 60_000 });
      }
      const story = await desk.readStory(BOT, { operationId: operation }, 10);
      expect(story?.deliveries).toMatchObject([{ state: 'delivered' }]);
      expect(story?.deliveries[0]?.attempts).toMatchObject([
        { attemptNo: tries[0], outcome: 'retry', code: 'limited', detail: 'Too Many Requests', messageId: null, repeat: false },
        { attemptNo: tries[1], outcome: 'in_doubt', code: 'timeout', messageId: null, repeat: false },
        { attemptNo: tries[2], outcome: 'delivered', messageId: '77', repeat: true },
      ]);
      await ledger.close();
    });

    it('tells of a customer also what was told last, however old', async () => {
      const customer = await site.addCustomer();
      await site.subscribe(BOT, { customerId: customer, chatId: '500' });
      const [old = '', , newest = ''] = await site.addOperations(
        [3, 2, 1].map((hours) => ({ customer, date: site.wall(-hours * 3_600_000) })),
      );
      const { ledger } = await planAll(site);
      await finish(ledger, await claimOne(ledger), { outcome: 'delivered', messageId: '1' });
      await ledger.close();
      expect((await desk.readStory(BOT, { customerId: customer }, 1))?.operations.map(({ id }) => id)).toEqual([newest, old]);
    });

    it('tells of an operation that Tillypad no longer has what the ledger knows', async () => {
      const customer = await site.addCustomer();
      const [operation = ''] = await site.addOperations([{ customer, date: site.wall(-60_000) }]);
      const { ledger } = await planAll(site);
      await ledger.close();
      await site.removeOperation(operation);
      expect(await desk.readStory(BOT, { operationId: operation }, 10)).toMatchObject({
        operations: [],
        deliveries: [{ operationId: operation, state: 'skipped', reason: 'not_subscribed' }],
      });
      expect(await desk.readStory(BOT, { customerId: customer }, 10)).toMatchObject({
        operations: [],
        deliveries: [{ operationId: operation }],
      });
      expect(await desk.readStory(BOT, { operationId: NOBODY }, 10)).toBeNull();
      expect(await desk.readStory(BOT, { customerId: NOBODY }, 10)).toBeNull();
    });

    it('tells the links that were refused for the customer', async () => {
      const customer = await site.addCustomer();
      await site.refuseLink(BOT, { chatId: '9', updateId: 7, reason: 'old_epoch', customerId: customer });
      await site.refuseLink(BOT, { chatId: '8', updateId: 8, reason: 'malformed', customerId: null });
      expect((await desk.readStory(BOT, { customerId: customer }, 10))?.refusedLinks).toEqual([
        { chatId: '9', updateId: 7, reason: 'old_epoch', customerId: customer, at: site.now() },
      ]);
    });

    it('judges each filter by itself, and as the plan does', async () => {
      const above = await site.addGroup({ name: 'VIP' });
      const group = await site.addGroup({ parent: above });
      const [type, otherType] = [await site.addAccountType(), await site.addAccountType()];
      const customer = await site.addCustomer({ group });
      const [operation = ''] = await site.addOperations([{ customer, date: site.wall(-1000), sum: 1_000_000n, accountType: type }]);
      const judge = (change: Partial<typeof ALL>) => desk.judgeFilters(BOT, TASK, operation, { ...ALL, ...change });
      const passed = { live: true, accountType: true, customerGroup: true, sign: true, threshold: true, startDate: true, admitted: true };
      expect(await judge({})).toEqual(passed);
      expect(
        await judge({ accountTypes: [type], customerGroups: [above], sign: 'credit', threshold: 1_000_000n, startDate: site.wall(-1000) }),
      ).toEqual(passed);
      expect(await judge({ accountTypes: [otherType] })).toEqual({ ...passed, accountType: false });
      expect(await judge({ customerGroups: [await site.addGroup()] })).toEqual({ ...passed, customerGroup: false });
      expect(await judge({ sign: 'debit' })).toEqual({ ...passed, sign: false });
      expect(await judge({ threshold: 1_000_001n })).toEqual({ ...passed, threshold: false });
      expect(await judge({ startDate: site.wall() })).toEqual({ ...passed, startDate: false });
      await site.changeCustomer(customer, { disabled: true });
      expect(await judge({})).toEqual({ ...passed, live: false });
      expect(await desk.judgeFilters(BOT, TASK, NOBODY, ALL)).toBeNull();
    });

    it('tells an operation that is older than the choice of its type', async () => {
      const [type, later] = [await site.addAccountType(), await site.addAccountType()];
      const customer = await site.addCustomer();
      const [operation = ''] = await site.addOperations([{ customer, date: site.wall(-1000), accountType: later }]);
      const first = await planAll(site, { filters: { ...ALL, accountTypes: [type] } });
      await first.ledger.close();
      site.pass(60_000);
      const widened = { ...ALL, accountTypes: [type, later] };
      const second = await planAll(site, { filters: widened });
      await second.ledger.close();
      expect(await desk.judgeFilters(BOT, TASK, operation, widened)).toMatchObject({ accountType: true, admitted: false });
    });
  });
}
