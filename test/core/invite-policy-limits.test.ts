import { describe, expect, it } from 'vitest';

import { weighInvitee } from '../../src/core/invite-policy.ts';
import type { Inviteable } from '../../src/core/invite-policy.ts';
import { taskSettings } from '../support/task-settings.ts';

const DAY = 86_400_000;
/** Noon in Moscow. */
const NOW = Date.UTC(2026, 10, 24, 9);
const WALL = '2026-11-24 12:00:00.000';
const settings = taskSettings();

const GUEST: Inviteable = {
  live: true,
  language: null,
  phones: ['8 916 123-45-67'],
  subscription: null,
  noted: false,
  mayInvite: true,
  consented: true,
  operation: { date: WALL },
  past: { sent: 0, lastAt: null, segments: 0, waiting: false },
};
const weigh = (change: Partial<Inviteable>, segments = 2) =>
  weighInvitee({ ...GUEST, ...change }, { settings, now: NOW, wallNow: WALL, segments: { ru: segments, en: 1 } });

describe('a guest is invited', () => {
  it('by the first phone that can get an SMS, in their own language', () => {
    expect(weigh({})).toEqual({ verdict: 'planned', number: '79161234567', language: 'ru', segments: 2, notBefore: null });
    expect(weigh({ language: 'en' })).toMatchObject({ language: 'en', segments: 1 });
  });

  it.each([
    [1, 30],
    [2, 90],
    [3, 180],
  ])('after %i invitations again after %i days, and not before', (sent, days) => {
    const past = { sent, segments: 0, waiting: false };
    expect(weigh({ past: { ...past, lastAt: NOW - days * DAY } })).toMatchObject({ verdict: 'planned' });
    expect(weigh({ past: { ...past, lastAt: NOW - days * DAY + 1 } })).toEqual({ verdict: 'skipped', reason: 'interval' });
  });

  it('up to the very last segment of their cap', () => {
    const past = { sent: 1, lastAt: NOW - 31 * DAY, waiting: false };
    expect(weigh({ past: { ...past, segments: 10 } })).toMatchObject({ verdict: 'planned' });
    expect(weigh({ past: { ...past, segments: 11 } })).toEqual({ verdict: 'skipped', reason: 'customer_cap' });
  });
});

describe('nobody is invited', () => {
  it.each<[string, Partial<Inviteable>, string | null]>([
    ['who is gone', { live: false }, 'gone'],
    ['who is subscribed', { subscription: 'active' }, 'subscribed'],
    ['who blocked the bot', { subscription: 'suspended' }, 'subscribed'],
    ['who said stop', { subscription: 'stopped' }, 'subscribed'],
    ['whose subscription staff have ended', { subscription: 'cleared' }, 'subscribed'],
    ['who has a note', { noted: true }, 'noted'],
    ['who may not be', { mayInvite: false }, 'not_allowed'],
    ['who has not consented', { consented: false }, 'no_consent'],
    ['for whom an invitation waits', { past: { ...GUEST.past, waiting: true } }, null],
    ['a fifth time', { past: { sent: 4, lastAt: NOW - 9_999 * DAY, segments: 0, waiting: false } }, 'interval'],
    ['by a clock that was set back', { past: { sent: 1, lastAt: NOW + DAY, segments: 0, waiting: false } }, 'interval'],
    ['who has no phone', { phones: [] }, 'no_phone'],
  ])('%s', (_who, change, reason) => {
    expect(weigh(change)).toEqual({ verdict: 'skipped', reason });
  });

  it('by a text that is too long', () => {
    expect(weigh({}, 3)).toEqual({ verdict: 'skipped', reason: 'too_long' });
  });
});
