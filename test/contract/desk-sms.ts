import { describe, expect, it } from 'vitest';

import type { DeskEngine } from './desk-engine.ts';
import { BOT, heldLedger, planChunk, query } from './fixtures.ts';
import { ACCEPTED, advanceSms, claimOne, ended, invitationFates, onlyInvitee } from './invitation-fixtures.ts';

const OTHER_BOT = '7000000099';

export function deskSmsContract(engine: DeskEngine): void {
  describe('an SMS in doubt', () => {
    const makeDoubt = async () => {
      const site = await engine.makeSite();
      const desk = await site.openDesk();
      const ledger = await heldLedger(site);
      const { row, customer } = await claimOne(site, ledger);
      await advanceSms(ledger, { want: 0, finished: [ended(row, { outcome: 'in_doubt', code: 'timeout', detail: 'no answer' })] });
      const pastAfterAnother = async () => {
        await site.addOperations([{ customer, date: site.wall() }]);
        await planChunk(ledger, query(site, { inviting: true }));
        return (await onlyInvitee(ledger)).past;
      };
      const close = async () => {
        await ledger.close();
        await desk.close();
        await site.close();
      };
      return { site, desk, ledger, row, pastAfterAnother, close };
    };

    it('that a person knows was sent stays an invitation and spent', async () => {
      const { site, desk, ledger, row, pastAfterAnother, close } = await makeDoubt();
      expect(await desk.resolveInvitations(BOT, [row], 'delivered', 'anna@till: seen in the account')).toBe(1);
      expect(await invitationFates(site)).toEqual(['accepted(by_hand)']);
      const [story] = await desk.listInvitations({ botId: BOT, states: null, reason: 'by_hand', customers: null, limit: 9 });
      expect(story).toMatchObject({ row, detail: 'no answer', resolved: 'delivered: anna@till: seen in the account' });
      expect(await ledger.readSpent(BOT, { dayFrom: 0, monthFrom: 0 })).toMatchObject({ day: 2 });
      expect(await ledger.readOpenInvitations('smsru', 0, 10)).toEqual([]);
      expect(await pastAfterAnother()).toMatchObject({ sent: 1, segments: 2, waiting: false });
      await close();
    });

    it('that a person knows was never sent is neither an invitation nor spent, and isn’t sent again', async () => {
      const { site, desk, ledger, pastAfterAnother, close } = await makeDoubt();
      expect(await desk.resolveInvitations(BOT, 'all', 'refused', 'anna@till: the account knows of none')).toBe(1);
      expect(await invitationFates(site)).toEqual(['refused(by_hand)']);
      expect(await ledger.readSpent(BOT, { dayFrom: 0, monthFrom: 0 })).toMatchObject({ day: 0, month: 0, waiting: 0 });
      expect((await advanceSms(ledger)).invitations).toEqual([]);
      expect(await pastAfterAnother()).toEqual({ sent: 0, lastAt: null, segments: 0, waiting: false });
      await close();
    });

    it('keeps a person’s word against a late proof, and is resolved but once and for its own bot', async () => {
      const { site, desk, ledger, row, close } = await makeDoubt();
      expect(await desk.resolveInvitations(OTHER_BOT, 'all', 'refused', 'x')).toBe(0);
      expect(await desk.resolveInvitations(BOT, [row + 1], 'refused', 'x')).toBe(0);
      expect(await desk.resolveInvitations(BOT, [row], 'refused', 'x')).toBe(1);
      expect(await desk.resolveInvitations(BOT, [row], 'delivered', 'x')).toBe(0);
      await advanceSms(ledger, { want: 0, finished: [ended(row, ACCEPTED)] });
      expect(await invitationFates(site)).toEqual(['refused(by_hand)']);
      await close();
    });
  });
}
