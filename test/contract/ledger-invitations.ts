import { describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import { BOT, DAY, HOUR, heldLedger, makeSite, planChunk, query, startRun, TASK } from './fixtures.ts';
import {
  ACCEPTED,
  addAsking,
  advanceSms,
  CAPS,
  claimOne,
  ended,
  invitationFates,
  NOTE_TYPE,
  onlyInvitee,
  weighed,
} from './invitation-fixtures.ts';

export function describeInvitations(engine: Engine): void {
  describe('an invitation', () => {
    it('is `sending` before its call, with its customer as they are now and itself no part of their past', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const claimed = await claimOne(site, ledger);
      expect(claimed).toMatchObject({
        taskId: TASK,
        number: '79161234567',
        segments: 2,
        tries: 0,
        invitee: { past: { sent: 0, waiting: false } },
      });
      expect(await site.invitations()).toMatchObject([{ state: 'sending', sentAt: site.now() }]);
    });

    it('is claimed once: the same claim gets it again, another one does not', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const guest = await addAsking(site, ledger);
      await ledger.saveInvitations([weighed(guest)]);
      const first = await advanceSms(ledger, { claimId: 'same' });
      expect((await advanceSms(ledger, { claimId: 'same' })).invitations).toEqual(first.invitations);
      expect(await advanceSms(ledger)).toMatchObject({ invitations: [], nextDue: null });
    });

    it('waits but once for a customer, also when two tasks or looks plan it', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const guest = await addAsking(site, ledger);
      await ledger.saveInvitations([weighed(guest)]);
      await ledger.saveInvitations([weighed(guest)]);
      expect(await invitationFates(site)).toEqual(['planned']);
    });

    it.each([
      ['accepted', ACCEPTED, 'accepted'],
      ['refused for its number', { outcome: 'refused', whose: 'number', code: 'stop_list', detail: '209' }, 'refused(stop_list)'],
      ['in doubt', { outcome: 'in_doubt', code: 'timeout', detail: 'no answer' }, 'in_doubt(timeout)'],
      ['skipped after all', { outcome: 'skipped', reason: 'subscribed' }, 'skipped(subscribed)'],
    ] as const)('ends as %s', async (_what, result, fate) => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { row } = await claimOne(site, ledger);
      await advanceSms(ledger, { want: 0, finished: [ended(row, result)] });
      expect(await invitationFates(site)).toEqual([fate]);
    });

    it('keeps what was sent and what the operator said', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { row, customer } = await claimOne(site, ledger);
      await advanceSms(ledger, { want: 0, finished: [ended(row, { ...ACCEPTED, segments: 3 })] });
      expect(await site.invitations()).toMatchObject([
        { gatewayId: 'g-1', segments: 3, cost: '5.20', text: 'Пенка: https://t.me/x', number: '79161234567' },
      ]);
      const later = await site.addOperations([{ customer, date: site.wall() }]);
      expect(later).toHaveLength(1);
      await planChunk(ledger, query(site, { inviting: true }));
      expect(await onlyInvitee(ledger)).toMatchObject({ past: { sent: 1, lastAt: site.now(), segments: 3, waiting: false } });
    });

    it.each([
      ['a refusal of everybody', { outcome: 'refused', whose: 'everybody', code: 'no_money', detail: '201' }, 1],
      ['an operator that is not there', { outcome: 'later', code: 'unreachable', notBefore: null, detail: 'ECONNREFUSED' }, 1],
      ['a call that never began', { outcome: 'later', code: 'not_begun', notBefore: null, detail: '' }, 0],
    ] as const)('was surely not sent after %s: it waits, and nothing is spent', async (_what, result, tries) => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { row } = await claimOne(site, ledger);
      const notBefore = site.now() + HOUR;
      const answer = await advanceSms(ledger, { finished: [ended(row, result, { notBefore })] });
      expect(answer).toMatchObject({ invitations: [], nextDue: notBefore });
      expect(await site.invitations()).toMatchObject([{ state: 'planned', sentAt: null, tries, notBefore }]);
      expect(await ledger.readSpent(BOT, { dayFrom: 0, monthFrom: 0 })).toEqual({ day: 0, month: 0, waiting: 1, waitingSegments: 2 });
      // As a run asks that wants to know only what waits.
      const never = Number.MAX_SAFE_INTEGER;
      expect(await ledger.readSpent(BOT, { dayFrom: never, monthFrom: never })).toMatchObject({ day: 0, month: 0, waiting: 1 });
      site.pass(HOUR);
      expect((await advanceSms(ledger)).invitations).toMatchObject([{ row, tries }]);
    });

    it('takes other segments when it is released', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { row } = await claimOne(site, ledger);
      const answer = await advanceSms(ledger, { finished: [ended(row, { outcome: 'released', segments: 3, notBefore: null })] });
      expect(answer.invitations).toMatchObject([{ row, segments: 3, tries: 0 }]);
    });

    it('in doubt can still be proved to have been accepted, by its own run', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { row } = await claimOne(site, ledger);
      await advanceSms(ledger, { want: 0, finished: [ended(row, { outcome: 'in_doubt', code: 'timeout', detail: '' })] });
      await advanceSms(ledger, { want: 0, finished: [ended(row, ACCEPTED)] });
      expect(await invitationFates(site)).toEqual(['accepted']);
    });

    it.runIf(engine.capabilities.judgesOrphansAtOnce)('of a dead run is in doubt, spent, and never claimed again', async () => {
      const site = await makeSite(engine);
      const dead = await heldLedger(site);
      await claimOne(site, dead);
      await dead.close();
      const ledger = await heldLedger(site);
      expect(await ledger.recover({ inDoubt: 'repeat', repeatAfterMs: 0 })).toMatchObject({ orphanedInvitations: 1, toRepeat: 0 });
      expect(await invitationFates(site)).toEqual(['in_doubt(orphan)']);
      site.pass(DAY);
      await ledger.recover({ inDoubt: 'repeat', repeatAfterMs: 0 });
      expect(await advanceSms(ledger)).toMatchObject({ invitations: [] });
      expect(await ledger.readSpent(BOT, { dayFrom: 0, monthFrom: 0 })).toMatchObject({ day: 2, month: 2 });
    });

    it('that is held comes when it is due, and not before', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const guest = await addAsking(site, ledger);
      const notBefore = site.now() + 10 * HOUR;
      await ledger.saveInvitations([weighed(guest, { notBefore })]);
      expect(await advanceSms(ledger)).toMatchObject({ invitations: [], capped: null, nextDue: notBefore });
      site.pass(10 * HOUR);
      expect((await advanceSms(ledger)).invitations).toHaveLength(1);
    });

    it('is for the tasks and customers that are meant', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const guest = await addAsking(site, ledger);
      await ledger.saveInvitations([weighed(guest)]);
      expect((await advanceSms(ledger, { tasks: ['other'] })).invitations).toEqual([]);
      expect((await advanceSms(ledger, { customers: [await site.addCustomer()] })).invitations).toEqual([]);
      expect((await advanceSms(ledger, { customers: [guest.customer] })).invitations).toHaveLength(1);
    });

    it('begins nowhere once the lock is lost', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const guest = await addAsking(site, ledger);
      await site.takeOver(BOT);
      expect(await ledger.saveInvitations([weighed(guest)])).toBe('lock_lost');
      expect(await ledger.saveStatuses([])).toBe('lock_lost');
      const request = {
        finished: [],
        want: 1,
        tasks: [TASK],
        customers: null,
        caps: CAPS,
        noteType: NOTE_TYPE,
        consent: { kind: 'none' },
      } as const;
      expect(await ledger.advanceInvitations({ claimId: 'lost', ...request })).toEqual({ answer: 'lock_lost' });
    });
  });

  describe('caps', () => {
    it.each([
      ['run', { run: 3 }],
      ['day', { day: 3 }],
      ['month', { month: 3 }],
    ] as const)('of the %s hold what does not fit, and say so', async (name, cap) => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const one = await addAsking(site, ledger);
      const two = await addAsking(site, ledger);
      await ledger.saveInvitations([weighed(one), weighed(two)]);
      const caps = { ...CAPS, ...cap };
      const first = await advanceSms(ledger, { caps });
      expect(first.invitations).toHaveLength(1);
      const [{ row } = { row: 0 }] = first.invitations;
      const left = name === 'run' ? { ...caps, run: 1 } : caps;
      const second = await advanceSms(ledger, { caps: left, finished: [ended(row, ACCEPTED)] });
      expect(second).toMatchObject({ invitations: [], capped: name, held: 1 });
      expect(await invitationFates(site)).toEqual(['accepted', 'planned']);
    });

    it('of a day and a month begin anew with the day and the month', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const { row } = await claimOne(site, ledger);
      const guest = await addAsking(site, ledger);
      await ledger.saveInvitations([weighed(guest)]);
      const dayFrom = site.now() + HOUR;
      expect(await advanceSms(ledger, { caps: { ...CAPS, day: 3 }, finished: [ended(row, ACCEPTED)] })).toMatchObject({ capped: 'day' });
      site.pass(2 * HOUR);
      expect(await ledger.readSpent(BOT, { dayFrom, monthFrom: 0 })).toMatchObject({ day: 0, month: 2 });
      expect((await advanceSms(ledger, { caps: { ...CAPS, day: 3, month: 4, dayFrom } })).invitations).toHaveLength(1);
    });

    it('count what is in doubt and what is on its way, and what the operator counted more', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const one = await claimOne(site, ledger);
      expect(await ledger.readSpent(BOT, { dayFrom: 0, monthFrom: 0 })).toMatchObject({ day: 2 });
      await advanceSms(ledger, { want: 0, finished: [ended(one.row, { outcome: 'in_doubt', code: 'cut', detail: '' })] });
      expect(await ledger.readSpent(BOT, { dayFrom: 0, monthFrom: 0 })).toMatchObject({ day: 2 });
      const two = await claimOne(site, ledger);
      await advanceSms(ledger, { want: 0, finished: [ended(two.row, { ...ACCEPTED, segments: 5 })] });
      expect(await ledger.readSpent(BOT, { dayFrom: 0, monthFrom: 0 })).toMatchObject({ day: 7, month: 7 });
    });
  });

  describe('what the operator says later', () => {
    it('is asked of accepted ones whose fate is open, and kept', async () => {
      const site = await makeSite(engine);
      const ledger = await heldLedger(site);
      const one = await claimOne(site, ledger);
      await advanceSms(ledger, { want: 0, finished: [ended(one.row, ACCEPTED)] });
      const two = await claimOne(site, ledger);
      await advanceSms(ledger, { want: 0, finished: [ended(two.row, { ...ACCEPTED, gatewayId: 'g-2' })] });
      const since = site.now() - 3 * DAY;
      expect(await ledger.readOpenInvitations('smsru', since, 100)).toEqual([
        { row: one.row, gateway: 'smsru', gatewayId: 'g-1' },
        { row: two.row, gateway: 'smsru', gatewayId: 'g-2' },
      ]);
      expect(await ledger.readOpenInvitations('p1sms', since, 100)).toEqual([]);
      await ledger.saveStatuses([
        { row: one.row, gatewayId: 'g-1', status: 'delivered', code: '103', cost: '4.10' },
        { row: two.row, gatewayId: 'g-2', status: 'unknown', code: '-1', cost: null },
      ]);
      expect((await ledger.readOpenInvitations('smsru', since, 100)).map(({ row }) => row)).toEqual([two.row]);
      expect(await site.invitations()).toMatchObject([
        { status: 'delivered', cost: '4.10' },
        { status: 'unknown', cost: '5.20' },
      ]);
      site.pass(4 * DAY);
      expect(await ledger.readOpenInvitations('smsru', site.now() - 3 * DAY, 100)).toEqual([]);
    });
  });

  describe('a new run', () => {
    it('goes on with what waits', async () => {
      const site = await makeSite(engine);
      const before = await heldLedger(site);
      const guest = await addAsking(site, before);
      await before.saveInvitations([weighed(guest)]);
      await before.finishRun({ exitCode: 0, summary: '{}' }, 1_000);
      await startRun(before);
      expect((await advanceSms(before)).invitations).toHaveLength(1);
    });
  });
}
