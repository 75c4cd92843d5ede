import { describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import {
  addGuest,
  advance,
  BOT,
  claimOne,
  fates,
  finish,
  finished,
  heldLedger,
  HOUR,
  makeSite,
  MINUTE,
  planAll,
  planOne,
  query,
  refusal,
  startRun,
  UNREACHABLE,
} from './fixtures.ts';

export function describeRetry(engine: Engine): void {
  describe('what was surely not sent', () => {
    it('waits until it may be tried again, and counts its tries', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planOne(site, ledger);
      const notBefore = site.now() + 5 * MINUTE;
      const waiting = await advance(ledger, { finished: [finished(await claimOne(ledger), { outcome: UNREACHABLE, notBefore })] });
      expect(waiting).toMatchObject({ notices: [], nextDue: notBefore });
      expect(await site.deliveries()).toMatchObject([{ state: 'planned', tries: 1, notBefore }]);
      site.pass(5 * MINUTE);
      expect(await claimOne(ledger)).toMatchObject({ tries: 1, repeat: false });
    });

    it('holds back the customer’s later ones, so that they arrive in order', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [first] = await site.addOperations([-3, -1].map((hours) => ({ customer, date: site.wall(hours * HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      await advance(ledger, {
        want: 0,
        finished: [finished(await claimOne(ledger), { outcome: UNREACHABLE, notBefore: site.now() + MINUTE })],
      });
      site.pass(30_000);
      expect((await advance(ledger)).notices).toEqual([]);
      site.pass(30_000);
      expect((await claimOne(ledger)).operations[0]?.id).toBe(first);
    });

    it('ends as too old when its time to live is over', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      const notice = await claimOne(ledger);
      site.pass(HOUR + 1);
      const answer = await advance(ledger, { finished: [finished(notice, { outcome: UNREACHABLE })], timeToLiveMs: HOUR });
      expect(answer).toMatchObject({ skipped: { too_old: 1 }, nextDue: null });
      expect(await fates(site)).toEqual({ [operation]: 'skipped(too_old)' });
    });

    it('ends as too old with its outcome, and not only when somebody would claim it', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      const notice = await claimOne(ledger);
      site.pass(HOUR + 1);
      const answer = await advance(ledger, { want: 0, finished: [finished(notice, { outcome: UNREACHABLE })], timeToLiveMs: HOUR });
      expect(answer.skipped).toEqual({ too_old: 1 });
      expect(await fates(site)).toEqual({ [operation]: 'skipped(too_old)' });
    });

    it('ends as too old too when nobody ran for longer than its time to live', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      await advance(ledger, { want: 0, finished: [finished(await claimOne(ledger), { outcome: UNREACHABLE })] });
      site.pass(HOUR + 1);
      expect(await advance(ledger, { timeToLiveMs: HOUR })).toMatchObject({ notices: [], skipped: { too_old: 1 } });
      expect(await fates(site)).toEqual({ [operation]: 'skipped(too_old)' });
    });

    it('too old after a try is not revived by hand: it was attempted', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planOne(site, ledger);
      const notice = await claimOne(ledger);
      site.pass(HOUR + 1);
      await advance(ledger, { want: 0, finished: [finished(notice, { outcome: UNREACHABLE })], timeToLiveMs: HOUR });
      expect((await planAll(ledger, query(site, { revive: true })))[0]?.head).toMatchObject({ planned: 0 });
    });

    it('joins no notice before its time, and is not claimed early because what came before it is gone', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { customer } = await addGuest(site);
      const began = site.now();
      const at = (seconds: number) => ({ customer, date: site.wall(began - site.now() + seconds * 1_000 - HOUR) });
      await site.addOperations([at(40)]);
      await planAll(ledger, query(site));
      const notBefore = site.now() + HOUR;
      await advance(ledger, { want: 0, finished: [finished(await claimOne(ledger), { outcome: UNREACHABLE, notBefore })] });
      site.pass(MINUTE);
      // Back-dated rows of the same visit, found later.
      const [first = '', second = ''] = await site.addOperations([at(0), at(-30)]);
      await planAll(ledger, query(site));
      await site.removeOperation(second);
      const early = await claimOne(ledger);
      expect(early.operations.map((operation) => operation.id)).toEqual([first]);
      site.pass(MINUTE);
      const [third = ''] = await site.addOperations([at(20)]);
      await planAll(ledger, query(site));
      await site.removeOperation(third);
      expect(await advance(ledger, { finished: [finished(early)] })).toMatchObject({
        notices: [],
        skipped: { removed: 1 },
        nextDue: notBefore,
      });
    });

    it('never ends by age while it has not been tried', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planOne(site, ledger);
      site.pass(9 * HOUR);
      expect((await advance(ledger, { timeToLiveMs: HOUR })).notices).toHaveLength(1);
    });
  });

  describe('a chat that can’t be written to', () => {
    it('suspends its active subscriptions in the same commit, before anything else is claimed for it', async () => {
      const site = await makeSite(engine);
      const customers = [await site.addCustomer(), await site.addCustomer(), await site.addCustomer()];
      const [first = '', second = '', stopped = ''] = customers;
      for (const customerId of customers)
        await site.subscribe(BOT, { customerId, chatId: '99', state: customerId === stopped ? 'stopped' : 'active' });
      await site.addOperations([first, second].map((customer) => ({ customer, date: site.wall(-HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const notice = await claimOne(ledger);
      const answer = await advance(ledger, { finished: [finished(notice, { outcome: refusal('blocked'), suspendChat: true })] });
      expect(answer).toMatchObject({ notices: [], skipped: { suspended: 1 }, nextDue: null });
      expect((await site.subscriptions()).map((one) => one.state)).toEqual(['suspended', 'suspended', 'stopped']);
      expect((await site.deliveries()).map((row) => `${row.state}(${row.reason})`).toSorted()).toEqual([
        'refused(blocked)',
        'skipped(suspended)',
      ]);
    });
  });

  describe('a 429', () => {
    it('is remembered for every process, and only ever lengthened', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await advance(ledger, { want: 0, quietUntil: site.now() + 60_000 });
      await advance(ledger, { want: 0, quietUntil: site.now() + 20_000 });
      await advance(ledger, { want: 0, quietUntil: null });
      await finish(ledger);
      expect(await startRun(ledger)).toMatchObject({ quietUntil: site.now() + 60_000 });
    });
  });

  describe('nextDue', () => {
    it('is null when nothing is planned beyond what was claimed', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      expect((await advance(ledger)).nextDue).toBeNull();
      await planOne(site, ledger);
      expect(await advance(ledger)).toMatchObject({ notices: [{}], nextDue: null });
    });

    it('is now while more could be claimed', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planOne(site, ledger);
      await planOne(site, ledger);
      expect(await advance(ledger, { want: 1 })).toMatchObject({ notices: [{}], nextDue: site.now() });
    });

    it('is when the chat is free again for a customer who has more', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      await site.addOperations([-3, -1].map((hours) => ({ customer, date: site.wall(hours * HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      expect(await advance(ledger)).toMatchObject({ notices: [{}], nextDue: site.now() + 1_000 });
    });

    it('is the earliest of all that wait', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planOne(site, ledger);
      await planOne(site, ledger);
      const { notices } = await advance(ledger);
      const [one, other] = notices;
      const outcomes = [one, other].map((notice, index) =>
        finished(notice ?? { attemptNo: 0 }, { outcome: UNREACHABLE, notBefore: site.now() + (2 - index) * MINUTE }),
      );
      expect(await advance(ledger, { finished: outcomes })).toMatchObject({ notices: [], nextDue: site.now() + MINUTE });
    });
  });
}
