import { describe, expect, it } from 'vitest';
import { INVITATION_SKIPS } from '../../src/core/invitation.ts';
import { weighInvitee } from '../../src/core/invite-policy.ts';
import type { Inviteable, Weighing } from '../../src/core/invite-policy.ts';
import { taskSettings } from '../support/task-settings.ts';

const DAY = 86_400_000;
/** 24 November 2026, noon in Moscow. */
const NOW = Date.UTC(2026, 10, 24, 9);
const WALL = '2026-11-24 12:00:00.000';
const NEVER = { sent: 0, lastAt: null, segments: 0, waiting: false };
const ANNA: Inviteable = {
  live: true,
  language: null,
  phones: ['8 916 123-45-67'],
  subscription: null,
  noted: false,
  mayInvite: true,
  consented: true,
  operation: { date: WALL },
  past: NEVER,
};

const weigh = (change: Partial<Inviteable> = {}, weighing: Partial<Weighing> = {}) =>
  weighInvitee(
    { ...ANNA, ...change },
    { settings: taskSettings({ sms: { operator: 'smsru' } }), now: NOW, wallNow: WALL, segments: { ru: 2, en: 1 }, ...weighing },
  );

describe('a guest who asks for an invitation', () => {
  it('is invited at once, in the restaurant’s language or their own', () => {
    expect(weigh()).toEqual({ verdict: 'planned', number: '79161234567', language: 'ru', segments: 2, notBefore: null });
    expect(weigh({ language: 'en' })).toMatchObject({ language: 'en', segments: 1 });
  });

  const CASES: Readonly<Record<(typeof INVITATION_SKIPS)[number], Partial<Inviteable>>> = {
    gone: { live: false },
    subscribed: { subscription: 'stopped' },
    noted: { noted: true },
    not_allowed: { mayInvite: false },
    no_consent: { consented: false },
    interval: { past: { ...NEVER, sent: 1, lastAt: NOW - 30 * DAY + 1 } },
    no_phone: { phones: ['нет'] },
    bad_phone: { phones: ['8 495 123-45-67'] },
    too_long: { language: 'en' },
    customer_cap: { past: { ...NEVER, segments: 11 } },
  };

  it.each(INVITATION_SKIPS)('is left out for the reason %s', (reason) => {
    const segments = reason === 'too_long' ? { ru: 2, en: 3 } : { ru: 2, en: 1 };
    expect(weigh(CASES[reason], { segments })).toEqual({ verdict: 'skipped', reason });
  });

  it('adds nothing where an invitation waits already', () => {
    expect(weigh({ past: { ...NEVER, waiting: true } })).toEqual({ verdict: 'skipped', reason: null });
  });

  it.each([
    [1, 30, true],
    [2, 89, false],
    [2, 90, true],
    [3, 180, true],
    [4, 3_650, false],
  ])('who had %i is invited again after %i days: %s', (sent, days, invited) => {
    expect(weigh({ past: { ...NEVER, sent, lastAt: NOW - days * DAY } }).verdict === 'planned').toBe(invited);
  });

  it('is not invited by a clock that was set back behind the last invitation', () => {
    expect(weigh({ past: { ...NEVER, sent: 1, lastAt: NOW + 400 * DAY } })).toMatchObject({ reason: 'interval' });
  });
});
