import { describe, expect, it } from 'vitest';

import { prune } from '../../../src/cli/commands/prune.ts';
import { run } from '../../../src/cli/commands/run.ts';
import { BOT, runIn } from '../../support/fake-doors.ts';
import type { FakeWish } from '../../support/fake-doors.ts';

const ask = (flags: Record<string, unknown>, language: 'ru' | 'en' = 'ru', wish: FakeWish = {}) =>
  runIn(language, wish, { command: prune, flags });

describe('prune', () => {
  it('says what it would reach and asks for a yes', async () => {
    const { result, did } = ask({ olderThan: '400d' }, 'en');
    expect(await result).toMatchObject({ code: 9, text: expect.stringContaining('Confirm with --yes') });
    expect(did.join()).not.toContain('prune(');
  });

  it('forgets what ended before that', async () => {
    const { result, did } = ask({ olderThan: '40d', yes: true });
    expect(await result).toMatchObject({ code: 0, text: expect.stringContaining('забыто до') });
    expect(did.join()).toMatch(new RegExp(`prune\\("${BOT}", "2026-10-15 `));
  });

  it.each([
    ['no age', {}, 'prune_age_missing'],
    ['what may still be needed', { olderThan: '36d' }, 'prune_too_young'],
    ['what is no age', { olderThan: 'old' }, 'bad_duration'],
  ])('refuses %s', async (_what, flags, code) => {
    await expect(ask(flags).result).rejects.toMatchObject({ code: 2, findings: [{ code }] });
  });

  it('keeps a backfill from reaching behind it', async () => {
    const { result } = runIn('ru', { horizon: '2026-10-01 00:00:00.000' }, { command: run, flags: { since: '2026-09-01' } });
    await expect(result).rejects.toMatchObject({ code: 2, findings: [{ code: 'since_pruned' }] });
  });
});
