import { describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import {
  addGuest,
  advance,
  claimOne,
  fates,
  finish,
  finished,
  heldLedger,
  HOUR,
  IN_DOUBT,
  makeSite,
  planAll,
  planOne,
  query,
  refusal,
  startRun,
  UNREACHABLE,
} from './fixtures.ts';

export function describeRecord(engine: Engine): void {
  describe('a call that ended', () => {
    it.each([
      ['delivered', { outcome: 'delivered', messageId: '31' }, 'delivered', { code: null, detail: null, messageId: '31' }],
      [
        'refused',
        refusal('chat_not_found'),
        'refused(chat_not_found)',
        { code: 'chat_not_found', detail: 'chat_not_found', messageId: null },
      ],
      ['in_doubt', IN_DOUBT, 'in_doubt(timeout)', { code: 'timeout', detail: 'no answer in 30 s', messageId: null }],
      ['retry', UNREACHABLE, 'planned', { code: 'unreachable', detail: 'ECONNREFUSED', messageId: null }],
    ] as const)('as %s is recorded on its row and on its attempt', async (name, outcome, fate, attempt) => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      const notice = await claimOne(ledger);
      await advance(ledger, { want: 0, finished: [finished(notice, { outcome, length: 123 })] });
      expect(await fates(site)).toEqual({ [operation]: fate });
      expect(await site.attempts()).toMatchObject([{ finished: true, outcome: name, ...attempt, length: 123 }]);
    });

    it('shares a commit with the next claim', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const first = await planOne(site, ledger);
      const notice = await claimOne(ledger);
      const second = await planOne(site, ledger);
      const next = await claimOne(ledger, { finished: [finished(notice)] });
      expect(next.operations[0]?.id).toBe(second.operation);
      expect(await fates(site)).toEqual({ [first.operation]: 'delivered', [second.operation]: 'sending' });
    });

    it('is recorded once: what is told later of the same call changes nothing', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      const notice = await claimOne(ledger);
      await advance(ledger, { want: 0, finished: [finished(notice)] });
      await advance(ledger, { want: 0, finished: [finished(notice, { outcome: UNREACHABLE }), finished(notice, { outcome: IN_DOUBT })] });
      expect(await fates(site)).toEqual({ [operation]: 'delivered' });
      expect(await site.attempts()).toMatchObject([{ outcome: 'delivered' }]);
    });

    it('is not recorded for a run that never made it', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      const notice = await claimOne(ledger);
      await finish(ledger);
      await startRun(ledger);
      await advance(ledger, { want: 0, finished: [finished(notice)] });
      expect(await fates(site)).toEqual({ [operation]: 'sending' });
    });

    it('is proved to have been delivered even after it was in doubt', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      const notice = await claimOne(ledger);
      await advance(ledger, { want: 0, finished: [finished(notice, { outcome: IN_DOUBT })] });
      await advance(ledger, { want: 0, finished: [finished(notice)] });
      expect(await fates(site)).toEqual({ [operation]: 'delivered' });
      expect(await site.attempts()).toMatchObject([{ outcome: 'delivered', messageId: '31' }]);
    });

    it('by late proof doesn’t touch rows that are being told once more by now', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      const doubted = await claimOne(ledger);
      await advance(ledger, { want: 0, finished: [finished(doubted, { outcome: IN_DOUBT })] });
      site.pass(HOUR);
      await ledger.recover({ inDoubt: 'repeat', repeatAfterMs: 0 });
      const again = await claimOne(ledger);
      await advance(ledger, { want: 0, finished: [finished(doubted)] });
      expect(await fates(site)).toEqual({ [operation]: 'sending' });
      await advance(ledger, { want: 0, finished: [finished(again)] });
      expect(await fates(site)).toEqual({ [operation]: 'delivered' });
    });

    it('keeps a long detail within bounds', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planOne(site, ledger);
      await advance(ledger, {
        want: 0,
        finished: [finished(await claimOne(ledger), { outcome: { ...IN_DOUBT, detail: 'x'.repeat(9_000) } })],
      });
      expect((await site.attempts())[0]?.detail?.length).toBeLessThanOrEqual(1_000);
    });
  });

  describe('rows that were not in the message', () => {
    it('go back as if never claimed', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const [first = '', second = ''] = await site.addOperations(
        [0, 10].map((seconds) => ({ customer, date: site.wall(seconds * 1_000 - HOUR) })),
      );
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      const notice = await claimOne(ledger);
      const released = notice.operations.slice(1).map((operation) => operation.row);
      await advance(ledger, { want: 0, finished: [finished(notice, { released })] });
      expect(await fates(site)).toEqual({ [first]: 'delivered', [second]: 'planned' });
      expect((await site.deliveries())[1]).toMatchObject({ tries: 0, attemptNo: null, notBefore: null });
      site.pass(1_000);
      expect(await claimOne(ledger)).toMatchObject({ tries: 0, operations: [{ id: second }] });
    });

    it('stay marked and together when they are told once more', async () => {
      const site = await makeSite(engine);
      const { customer } = await addGuest(site);
      const ids = await site.addOperations([0, 10, 20].map((seconds) => ({ customer, date: site.wall(seconds * 1_000 - HOUR) })));
      const ledger = await heldLedger(site);
      await planAll(ledger, query(site));
      await advance(ledger, { want: 0, finished: [finished(await claimOne(ledger), { outcome: IN_DOUBT })] });
      site.pass(HOUR);
      await ledger.recover({ inDoubt: 'repeat', repeatAfterMs: 0 });
      const again = await claimOne(ledger);
      await advance(ledger, {
        want: 0,
        finished: [finished(again, { released: again.operations.slice(1).map((operation) => operation.row) })],
      });
      site.pass(1_000);
      const rest = await claimOne(ledger);
      expect(rest.repeat).toBe(true);
      expect(rest.operations.map((operation) => operation.id)).toEqual(ids.slice(1));
    });

    it('of another call can’t be released by this one', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const [one, other] = [await planOne(site, ledger), await planOne(site, ledger)];
      const { notices } = await advance(ledger, { want: 2 });
      const [mine, theirs] = [one, other].map((planned) => notices.find((notice) => notice.chatId === planned.chatId));
      const released = theirs?.operations.map((operation) => operation.row) ?? [];
      await advance(ledger, { want: 0, finished: [finished(mine ?? { attemptNo: 0 }, { released })] });
      expect(await fates(site)).toEqual({ [one.operation]: 'delivered', [other.operation]: 'sending' });
    });
  });
}
