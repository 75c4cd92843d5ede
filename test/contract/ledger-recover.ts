import { describe, expect, it } from 'vitest';
import type { Engine, Site } from './engine.ts';
import {
  advance,
  BOT,
  claimOne,
  fates,
  finished,
  heldLedger,
  HOUR,
  IN_DOUBT,
  makeSite,
  MINUTE,
  openLedger,
  planOne,
  startRun,
} from './fixtures.ts';

const REPEAT = { inDoubt: 'repeat', repeatAfterMs: 15 * MINUTE } as const;

/** A notice whose outcome can't be known, and the run that must live with it. */
async function doubt(site: Site) {
  const ledger = await heldLedger(site);
  const { operation } = await planOne(site, ledger);
  await advance(ledger, { want: 0, finished: [finished(await claimOne(ledger), { outcome: IN_DOUBT })] });
  return { ledger, operation };
}

export function describeRecover(engine: Engine): void {
  describe('what a dead run left', () => {
    it.runIf(engine.capabilities.judgesOrphansAtOnce)('is in doubt, at once', async () => {
      const site = await makeSite(engine);
      const dead = await heldLedger(site);
      const { operation } = await planOne(site, dead);
      const { attemptNo } = await claimOne(dead);
      await dead.close();
      const ledger = await heldLedger(site);
      expect(await fates(site)).toEqual({ [operation]: 'sending' });
      expect(await ledger.recover(REPEAT)).toEqual({ orphaned: 1, orphanedInvitations: 0, judgedAt: null, toRepeat: 0 });
      expect(await fates(site)).toEqual({ [operation]: 'in_doubt(orphan)' });
      expect(await site.attempts()).toMatchObject([{ attemptNo, finished: true, outcome: 'in_doubt', code: 'orphan' }]);
    });

    it('is never claimed before it was judged', async () => {
      const site = await makeSite(engine);
      const dead = await heldLedger(site);
      await planOne(site, dead);
      await claimOne(dead);
      await dead.close();
      site.pass(HOUR);
      expect(await advance(await heldLedger(site))).toMatchObject({ notices: [], nextDue: null });
    });

    it('while the living run’s own calls stay as they are', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { operation } = await planOne(site, ledger);
      await claimOne(ledger);
      expect(await ledger.recover(REPEAT)).toMatchObject({ orphaned: 0 });
      expect(await fates(site)).toEqual({ [operation]: 'sending' });
    });

    it('of another bot is left to that bot', async () => {
      const site = await makeSite(engine);
      const theirs = await heldLedger(site);
      const { operation } = await planOne(site, theirs);
      await claimOne(theirs);
      // So long that nobody would take it for alive.
      site.pass(HOUR);
      const other = await openLedger(site);
      await startRun(other, { botId: '7000000002' }, ['theirs']);
      expect(await other.recover(REPEAT)).toMatchObject({ orphaned: 0 });
      expect(await fates(site)).toEqual({ [operation]: 'sending' });
    });
  });

  describe('a row in doubt', () => {
    it('is told once more, marked, after its time', async () => {
      const site = await makeSite(engine);
      const { ledger, operation } = await doubt(site);
      site.pass(15 * MINUTE - 1);
      expect(await ledger.recover(REPEAT)).toMatchObject({ toRepeat: 0 });
      expect(await fates(site)).toEqual({ [operation]: 'in_doubt(timeout)' });
      site.pass(1);
      expect(await ledger.recover(REPEAT)).toMatchObject({ toRepeat: 1 });
      const again = await claimOne(ledger);
      expect(again).toMatchObject({ repeat: true, tries: 1, operations: [{ id: operation }] });
      expect((await site.attempts()).map((attempt) => attempt.repeat)).toEqual([false, true]);
    });

    it('isn’t told a third time: its second doubt stays for a person', async () => {
      const site = await makeSite(engine);
      const { ledger, operation } = await doubt(site);
      site.pass(HOUR);
      await ledger.recover(REPEAT);
      await advance(ledger, { want: 0, finished: [finished(await claimOne(ledger), { outcome: IN_DOUBT })] });
      site.pass(24 * HOUR);
      expect(await ledger.recover(REPEAT)).toMatchObject({ toRepeat: 0 });
      expect(await fates(site)).toEqual({ [operation]: 'in_doubt(timeout)' });
    });

    it('is told even when it has waited longer than a row may wait for another try', async () => {
      const site = await makeSite(engine);
      const { ledger } = await doubt(site);
      site.pass(200 * HOUR);
      await ledger.recover(REPEAT);
      expect((await advance(ledger, { timeToLiveMs: HOUR })).notices).toMatchObject([{ repeat: true }]);
    });

    it('waits for a person where the policy asks', async () => {
      const site = await makeSite(engine);
      const { ledger, operation } = await doubt(site);
      site.pass(24 * HOUR);
      expect(await ledger.recover({ inDoubt: 'ask', repeatAfterMs: 0 })).toEqual({
        orphaned: 0,
        orphanedInvitations: 0,
        judgedAt: null,
        toRepeat: 0,
      });
      expect(await fates(site)).toEqual({ [operation]: 'in_doubt(timeout)' });
    });

    it('is given up where the policy says so', async () => {
      const site = await makeSite(engine);
      const { ledger, operation } = await doubt(site);
      await ledger.recover({ inDoubt: 'giveUp', repeatAfterMs: 0 });
      expect(await fates(site)).toEqual({ [operation]: 'refused(given_up)' });
    });

    it('alone is given up: what was never tried waits on', async () => {
      const site = await makeSite(engine);
      const { ledger, operation } = await doubt(site);
      const { operation: planned } = await planOne(site, ledger);
      await ledger.recover({ inDoubt: 'giveUp', repeatAfterMs: 0 });
      expect(await fates(site)).toEqual({ [operation]: 'refused(given_up)', [planned]: 'planned' });
    });

    it('is not told once more to a guest who has stopped meanwhile', async () => {
      const site = await makeSite(engine);
      const { ledger, operation } = await doubt(site);
      const [subscription] = await site.subscriptions();
      if (subscription !== undefined) await site.subscribe(BOT, { ...subscription, state: 'stopped' });
      site.pass(HOUR);
      await ledger.recover(REPEAT);
      expect(await advance(ledger)).toMatchObject({ notices: [], skipped: { opted_out: 1 } });
      expect(await fates(site)).toEqual({ [operation]: 'skipped(opted_out)' });
    });
  });
}
