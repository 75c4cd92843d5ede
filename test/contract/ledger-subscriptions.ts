import { describe, expect, it } from 'vitest';
import type { Subscription } from '../../src/core/subscriber.ts';
import type { RefusedLink } from '../../src/core/subscription.ts';
import type { SubscriptionPage } from '../../src/ports/ledger.ts';
import type { Engine } from './engine.ts';
import { BOT, DAY, finish, heldLedger, HOUR, makeSite, openLedger, startRun } from './fixtures.ts';

function page(offset: number, change: Partial<SubscriptionPage> = {}): SubscriptionPage {
  return { offset, subscriptions: [], chats: [], refused: [], ...change };
}

function subscription(customerId: string, chatId: string, change: Partial<Subscription> = {}): Subscription {
  return { customerId, chatId, state: 'active', origin: 'link', epoch: 0, ...change };
}

export function describeSubscriptions(engine: Engine): void {
  describe('a page of updates', () => {
    it('is saved whole: offset, subscriptions, languages, refusals', async () => {
      const site = await makeSite(engine);
      const customer = await site.addCustomer();
      const ledger = await heldLedger(site);
      const refused: RefusedLink = { chatId: '99', updateId: 40, reason: 'forged', customerId: customer };
      const saved = await ledger.saveUpdates(
        page(41, {
          subscriptions: [subscription(customer, '98', { origin: 'legacy', epoch: 3 })],
          chats: [{ chatId: '98', language: 'en' }],
          refused: [refused],
        }),
      );
      expect(saved).toBe('saved');
      expect(await site.subscriptions()).toEqual([subscription(customer, '98', { origin: 'legacy', epoch: 3 })]);
      expect(await site.refusedLinks()).toEqual([refused]);
      expect((await ledger.findSubscribers([], ['98'])).chats).toMatchObject([{ chatId: '98', language: 'en' }]);
      await finish(ledger);
      expect(await startRun(ledger)).toMatchObject({ offset: 41 });
    });

    it('stores the offset as received, also a smaller one', async () => {
      const ledger = await heldLedger(await makeSite(engine));
      await ledger.saveUpdates(page(900));
      await ledger.saveUpdates(page(7));
      await finish(ledger);
      expect(await startRun(ledger)).toMatchObject({ offset: 7 });
    });

    it('handed out twice does no harm', async () => {
      const site = await makeSite(engine);
      const customer = await site.addCustomer();
      const ledger = await heldLedger(site);
      const twice = page(41, {
        subscriptions: [subscription(customer, '98')],
        refused: [{ chatId: '99', updateId: 40, reason: 'malformed', customerId: null }],
      });
      await ledger.saveUpdates(twice);
      await ledger.saveUpdates(twice);
      expect(await site.subscriptions()).toHaveLength(1);
      expect(await site.refusedLinks()).toHaveLength(1);
    });

    it('keeps one chat a customer: a later one takes its place', async () => {
      const site = await makeSite(engine);
      const customer = await site.addCustomer();
      const ledger = await heldLedger(site);
      await ledger.saveUpdates(page(1, { subscriptions: [subscription(customer, '98')] }));
      await ledger.saveUpdates(page(2, { subscriptions: [subscription(customer, '99', { epoch: 1 })] }));
      expect(await site.subscriptions()).toEqual([subscription(customer, '99', { epoch: 1 })]);
    });

    it('remembers the last poll', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await ledger.savePoll();
      await finish(ledger);
      expect(await startRun(ledger)).toMatchObject({ polledAt: site.now() });
    });

    it('counts the chats that came with forged links lately', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const refused = (updateId: number, chatId: string, reason: RefusedLink['reason'] = 'forged') => ({
        updateId,
        chatId,
        reason,
        customerId: null,
      });
      await ledger.saveUpdates(page(1, { refused: [refused(1, '90')] }));
      site.pass(DAY);
      const since = site.now();
      await ledger.saveUpdates(page(9, { refused: [refused(2, '91'), refused(3, '91'), refused(4, '92'), refused(5, '93', 'malformed')] }));
      expect(await ledger.countForgers(since)).toBe(2);
      expect(await ledger.countForgers(0)).toBe(3);
    });

    it('of one bot is none of another’s', async () => {
      const site = await makeSite(engine);
      const customer = await site.addCustomer();
      const ledger = await heldLedger(site);
      await ledger.saveUpdates(
        page(41, {
          subscriptions: [subscription(customer, '98')],
          refused: [{ chatId: '9', updateId: 1, reason: 'forged', customerId: null }],
        }),
      );
      const other = await openLedger(site);
      expect(await startRun(other, { botId: '7000000002' }, ['theirs'])).toMatchObject({ offset: null });
      expect(await other.findSubscribers([customer], ['98'])).toMatchObject({ customers: [{ subscription: null }], chats: [] });
      expect(await other.countForgers(0)).toBe(0);
    });
  });

  describe('who a page is about', () => {
    it('is told by customer and by chat, with all who are tied to them', async () => {
      const site = await makeSite(engine);
      const group = await site.addGroup({ name: 'Regulars' });
      const [asked, neighbour, ofChat] = [
        await site.addCustomer({ name: 'Anna', group }),
        await site.addCustomer({ name: 'Boris', group }),
        await site.addCustomer({ name: 'Vera', group }),
      ];
      await site.subscribe(BOT, { customerId: asked, chatId: '91', language: 'en', epoch: 2 });
      await site.subscribe(BOT, { customerId: neighbour, chatId: '91', state: 'stopped' });
      await site.subscribe(BOT, { customerId: ofChat, chatId: '92', origin: 'note' });
      const ledger = await heldLedger(site);
      const found = await ledger.findSubscribers([asked], ['92', '93']);
      const customer = (id: string, name: string, held: Subscription) => ({
        id,
        name,
        groupId: group,
        group: 'Regulars',
        live: true,
        subscription: held,
      });
      const held = [
        subscription(asked, '91', { epoch: 2 }),
        subscription(neighbour, '91', { state: 'stopped' }),
        subscription(ofChat, '92', { origin: 'note' }),
      ] as const;
      expect(found.customers).toEqual([
        customer(asked, 'Anna', held[0]),
        customer(neighbour, 'Boris', held[1]),
        customer(ofChat, 'Vera', held[2]),
      ]);
      expect(found.chats.toSorted((a, b) => a.chatId.localeCompare(b.chatId))).toEqual([
        { chatId: '91', language: 'en', subscriptions: [held[0], held[1]] },
        { chatId: '92', language: null, subscriptions: [held[2]] },
      ]);
    });

    it('leaves out whom Tillypad doesn’t know, and says who isn’t live', async () => {
      const site = await makeSite(engine);
      const [live, deleted, disabled] = [
        await site.addCustomer(),
        await site.addCustomer({ deleted: true }),
        await site.addCustomer({ disabled: true }),
      ];
      const ledger = await heldLedger(site);
      const { customers } = await ledger.findSubscribers([live, deleted, disabled, 'deadbeef-0000-4000-8000-000000000000'], []);
      expect(customers.map((customer) => [customer.id, customer.live])).toEqual([
        [live, true],
        [deleted, false],
        [disabled, false],
      ]);
    });
  });

  describe('accounts', () => {
    it('are told by type, with their balances and the newest operation', async () => {
      const site = await makeSite(engine);
      const [bonus, deposit, gone] = [
        await site.addAccountType({ name: 'Bonus' }),
        await site.addAccountType({ name: 'Deposit' }),
        await site.addAccountType({ deleted: true }),
      ];
      const [customer, silent] = [await site.addCustomer(), await site.addCustomer()];
      const ids = await site.addOperations([
        { customer, date: site.wall(-HOUR), sum: 70n, accountType: deposit },
        { customer, date: site.wall(-2 * HOUR), sum: -20n, accountType: deposit },
        { customer, date: site.wall(-3 * HOUR), sum: 5n, accountType: bonus },
        { customer, date: site.wall(-4 * HOUR), sum: 9n, accountType: gone },
      ]);
      const ledger = await heldLedger(site);
      const { accounts, newest } = await ledger.readAccounts([customer, silent]);
      expect(accounts).toEqual([
        { customerId: customer, accountTypeId: bonus, accountType: 'Bonus', balance: 5n },
        { customerId: customer, accountTypeId: deposit, accountType: 'Deposit', balance: 50n },
      ]);
      expect(newest).toMatchObject([{ id: ids[0], customerId: customer, sum: 70n, balanceAfter: 50n }]);
    });
  });
}
