import { describe, expect, it } from 'vitest';

import { keepSilence, unsavedSilence } from '../../src/run/context.ts';
import { createHandClock } from '../support/hand-clock.ts';

describe('a silence', () => {
  it('that was asked for is never shortened by a later, shorter one', () => {
    const clock = createHandClock();
    const silence = { until: 0, unsaved: false };
    keepSilence(silence, clock.now() + 60_000, clock);
    keepSilence(silence, clock.now() + 5_000, clock);
    expect(silence).toEqual({ until: 60_000, unsaved: true });
    keepSilence(silence, clock.now() + 90_000, clock);
    expect(silence.until).toBe(90_000);
  });

  it('is told to the ledger by the ledger’s own clock', async () => {
    const clock = createHandClock();
    const ledger = { readClock: async () => ({ now: 1_000_000, wallNow: '' }) } as never;
    const silence = { until: 0, unsaved: false };
    expect(await unsavedSilence({ ledger, clock }, silence)).toBeNull();
    keepSilence(silence, clock.now() + 60_000, clock);
    clock.pass(20_000);
    expect(await unsavedSilence({ ledger, clock }, silence)).toBe(1_040_000);
  });
});
