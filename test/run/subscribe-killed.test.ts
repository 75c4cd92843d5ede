import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PullTurn } from '../../src/run/subscribe.ts';
import { link, makeSite, NOW } from '../support/pull-site.ts';
import type { Site } from '../support/pull-site.ts';

describe('whatever dies when', () => {
  it('no update is lost, and the end is the same', async () => {
    const step = fc.record({
      chat: fc.integer({ min: 1, max: 3 }),
      text: fc.constantFrom('/stop', '/start', '/en', link(1), link(2), link(1, 1), 'hm'),
    });
    const property = fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.array(fc.constantFrom('saveUpdates', 'savePoll', 'send', 'pull', 'none'), { maxLength: 5 }),
      async (steps, deaths) => {
        const calm = makeSite();
        const stormy = makeSite();
        const since = (site: Site): PullTurn['since'] => ({ offset: site.ledger.offset, polledAt: NOW - 60_000 });
        for (const [index, { chat, text }] of steps.entries()) {
          calm.write(String(chat), text);
          stormy.write(String(chat), text);
          await die(stormy, deaths[index] ?? 'none', since(stormy));
        }
        await calm.pull();
        await stormy.pull({ since: since(stormy) });
        expect(stormy.ledger.subscriptions).toEqual(calm.ledger.subscriptions);
        expect(stormy.ledger.chats).toEqual(calm.ledger.chats);
        expect(stormy.ledger.refused).toEqual(calm.ledger.refused);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });
});

/** Runs once and dies at the named call, just after it took effect; the next run knows only what the ledger holds. */
async function die(site: Site, at: string, since: PullTurn['since']): Promise<void> {
  const { saveUpdates, savePoll } = site.ledger;
  const { pull } = site.telegram;
  const killed = new Error('killed');
  const after =
    <A extends readonly unknown[]>(name: string, call: (...args: A) => Promise<unknown>) =>
    async (...args: A): Promise<never> => {
      await call(...args);
      throw Object.assign(killed, { name });
    };
  const kill = async (): Promise<never> => {
    throw killed;
  };
  if (at === 'saveUpdates') site.ledger.saveUpdates = after(at, saveUpdates);
  if (at === 'savePoll') site.ledger.savePoll = after(at, savePoll);
  if (at === 'pull') site.telegram.pull = after(at, pull);
  try {
    await site.pull({ since, ...(at === 'send' ? { send: kill } : {}) });
  } catch (error) {
    if (error !== killed) throw error;
  }
  Object.assign(site.ledger, { saveUpdates, savePoll });
  Object.assign(site.telegram, { pull });
}
