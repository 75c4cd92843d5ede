import { describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import {
  advance,
  advanceRequest,
  BOT,
  claimOne,
  DAY,
  fates,
  finish,
  finished,
  heldLedger,
  HOUR,
  IN_DOUBT,
  makeSite,
  MINUTE,
  openLedger,
  planOne,
  startRun,
  UNREACHABLE,
} from './fixtures.ts';
import { ACCEPTED, addAsking, advanceSms, CAPS, claimOne as claimSms, ended, weighed } from './invitation-fixtures.ts';

const REPEAT = { inDoubt: 'repeat', repeatAfterMs: 15 * MINUTE } as const;

export function describeClock(engine: Engine): void {
  describe('after the server’s clock was set back', () => {
    it('what waits for its next try doesn’t wait for the old time to come again', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      const outcome = { ...UNREACHABLE, notBefore: site.now() + MINUTE };
      await advance(ledger, { want: 0, finished: [finished(await claimOne(ledger), { outcome, notBefore: site.now() + MINUTE })] });
      await finish(ledger);
      site.pass(-DAY);
      await startRun(ledger);
      // As if planned just now: others of the guest's may follow within the digest's wait.
      site.pass(10_000);
      expect((await claimOne(ledger)).operations).toMatchObject([{ id: operation }]);
    });

    it('nor does a silence that Telegram asked for', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await ledger.advance(advanceRequest({ want: 0, quietUntil: site.now() + MINUTE }));
      await finish(ledger);
      site.pass(-DAY);
      expect(await startRun(ledger)).toMatchObject({ quietUntil: null });
    });

    it('a correction by seconds leaves it', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const quietUntil = site.now() + 10 * MINUTE;
      await ledger.advance(advanceRequest({ want: 0, quietUntil }));
      await finish(ledger);
      site.pass(-MINUTE);
      expect(await startRun(ledger)).toMatchObject({ quietUntil });
    });

    it('a doubt is told once more after its time, from now on', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await planOne(site, ledger);
      await advance(ledger, { want: 0, finished: [finished(await claimOne(ledger), { outcome: IN_DOUBT })] });
      await finish(ledger);
      site.pass(-DAY);
      await startRun(ledger);
      expect(await ledger.recover(REPEAT)).toMatchObject({ toRepeat: 0 });
      site.pass(15 * MINUTE);
      expect(await ledger.recover(REPEAT)).toMatchObject({ toRepeat: 1 });
    });

    it('what a dead run left is judged after the lease, from now on', async () => {
      const site = await makeSite(engine);
      const dead = await heldLedger(site);
      const { operation } = await planOne(site, dead);
      await claimOne(dead);
      await dead.close();
      site.pass(-DAY);
      const ledger = await heldLedger(site);
      await ledger.recover(REPEAT);
      site.pass(10 * MINUTE);
      await ledger.recover(REPEAT);
      expect(await fates(site)).toEqual({ [operation]: 'in_doubt(orphan)' });
    });

    it('SMS are spent on one day, not on each until the old time comes again', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { row } = await claimSms(site, ledger);
      await advanceSms(ledger, { want: 0, finished: [ended(row, ACCEPTED)] });
      const guest = await addAsking(site, ledger);
      await ledger.saveInvitations([weighed(guest)]);
      await finish(ledger);
      site.pass(-30 * DAY);
      await startRun(ledger);
      const caps = () => ({ ...CAPS, day: 3, dayFrom: site.now() - HOUR, monthFrom: site.now() - HOUR });
      expect(await advanceSms(ledger, { caps: caps() })).toMatchObject({ invitations: [], capped: 'day' });
      site.pass(DAY);
      expect((await advanceSms(ledger, { caps: caps() })).invitations).toMatchObject([{ invitee: { customer: { id: guest.customer } } }]);
    });

    it('a held invitation is looked at again', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const guest = await addAsking(site, ledger);
      await ledger.saveInvitations([weighed(guest, { notBefore: site.now() + HOUR })]);
      await finish(ledger);
      site.pass(-DAY);
      await startRun(ledger);
      expect((await advanceSms(ledger)).invitations).toHaveLength(1);
    });

    it('links that were forged before are no longer ones of today a day later', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const refused = [{ updateId: 1, chatId: '5', reason: 'forged', customerId: null }] as const;
      await ledger.saveUpdates({ offset: 2, subscriptions: [], chats: [], refused });
      await finish(ledger);
      site.pass(-30 * DAY);
      await startRun(ledger);
      expect(await ledger.countForgers(site.now() - DAY)).toBe(1);
      site.pass(2 * DAY);
      expect(await ledger.countForgers(site.now() - DAY)).toBe(0);
    });

    it('no stamp of an earlier run lies in the future', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await finish(ledger);
      site.pass(-DAY);
      await startRun(ledger);
      for (const { finishedAt, heartbeatAt } of await site.runs()) {
        expect(heartbeatAt).toBeLessThanOrEqual(site.now());
        expect(finishedAt ?? 0).toBeLessThanOrEqual(site.now());
      }
    });

    it('stamps of another bot are that bot’s', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      await ledger.advance(advanceRequest({ want: 0, quietUntil: site.now() + MINUTE }));
      await finish(ledger);
      const other = await openLedger(site);
      await startRun(other, { botId: '7000000002' }, ['theirs']);
      await finish(other);
      site.pass(-HOUR);
      await startRun(other, { botId: '7000000002' }, ['theirs']);
      await finish(other);
      expect((await site.runs()).filter(({ finishedAt }) => (finishedAt ?? 0) > site.now())).toHaveLength(1);
      expect(await startRun(ledger, { botId: BOT })).toMatchObject({ quietUntil: null });
    });
  });

  describe('after the server’s clock was set forward', () => {
    it('a second try, a silence and a chat’s second are over, and nothing is told twice', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      await advance(ledger, { want: 0, finished: [finished(await claimOne(ledger))], quietUntil: site.now() + MINUTE });
      await finish(ledger);
      site.pass(400 * DAY);
      expect(await startRun(ledger)).toMatchObject({ quietUntil: null });
      await ledger.recover(REPEAT);
      expect((await advance(ledger)).notices).toEqual([]);
      expect(await fates(site)).toEqual({ [operation]: 'delivered' });
    });

    it('what is on its way is in doubt at most, and a second doubt stays for a person', async () => {
      const site = await makeSite(engine);
      const dead = await heldLedger(site);
      const { operation } = await planOne(site, dead);
      await claimOne(dead);
      await dead.close();
      site.pass(400 * DAY);
      const ledger = await heldLedger(site);
      await ledger.recover({ inDoubt: 'ask', repeatAfterMs: 0 });
      expect(await fates(site)).toEqual({ [operation]: 'in_doubt(orphan)' });
    });
  });
}
