import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UpdatesRequest } from '../../src/core/subscription.ts';
import type { Update } from '../../src/core/update.ts';
import { ANNA, apply, BORIS, GONE, judge, link, say, turn, worldOf } from '../support/bot-world.ts';
import type { World } from '../support/bot-world.ts';

/** Leaves out links of epochs that aren't reached when they are pressed: nobody has made them yet. */
function possible(start: World, updates: readonly Update[], options: Partial<UpdatesRequest>): Update[] {
  let at = start;
  const kept: Update[] = [];
  for (const update of updates) {
    const early = [ANNA, BORIS].some((customer) => {
      const epoch = at.subscriptions.get(customer)?.epoch ?? 0;
      return update.kind === 'message' && [1, 2, 3].some((ahead) => update.text === link(customer, epoch + ahead));
    });
    if (early) continue;
    kept.push(update);
    at = apply(at, [update], options);
  }
  return kept;
}

const CHATS = ['1', '2', '3'];
const step = fc.oneof(
  fc
    .record({ chat: fc.constantFrom(...CHATS), customer: fc.constantFrom(ANNA, BORIS), epoch: fc.nat({ max: 3 }) })
    .map(({ chat, customer, epoch }) => say(chat, link(customer, epoch))),
  fc
    .record({
      chat: fc.constantFrom(...CHATS),
      text: fc.constantFrom('/start', '/stop', '/balance', '/en', '/ru', 'hm', `/start ${ANNA}`, `/start ${GONE}`, '/start x'),
    })
    .map(({ chat, text }) => say(chat, text)),
  fc
    .record({ chat: fc.constantFrom(...CHATS), status: fc.constantFrom('blocked' as const, 'back' as const) })
    .map(({ chat, status }) => turn(chat, status)),
  fc.constant<Update>({ kind: 'other', updateId: 1 }),
);
const anySubscription = fc.record({
  chatId: fc.constantFrom(...CHATS),
  state: fc.constantFrom('active' as const, 'suspended' as const, 'stopped' as const, 'cleared' as const),
  origin: fc.constantFrom('link' as const, 'legacy' as const, 'note' as const),
  epoch: fc.nat({ max: 2 }),
});
const world = fc
  .record({ anna: fc.option(anySubscription), boris: fc.option(anySubscription) })
  .map(({ anna, boris }) =>
    worldOf(...(anna === null ? [] : [{ customerId: ANNA, ...anna }]), ...(boris === null ? [] : [{ customerId: BORIS, ...boris }])),
  );

describe('any sequence of updates', () => {
  it('judged twice ends as judged once', () => {
    const property = fc.property(world, fc.array(step, { maxLength: 12 }), fc.boolean(), (start, updates, legacyAllowed) => {
      const page = possible(start, updates, { legacyAllowed });
      const once = apply(start, page, { legacyAllowed });
      expect(apply(once, page, { legacyAllowed })).toEqual(once);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('ends the same in one page as in pages of one', () => {
    const property = fc.property(world, fc.array(step, { maxLength: 12 }), (start, updates) => {
      expect(updates.reduce((at, update) => apply(at, [update]), start)).toEqual(apply(start, updates));
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('never lowers an epoch, and raises it with each move by one', () => {
    const property = fc.property(world, fc.array(step, { maxLength: 20 }), (start, updates) => {
      let at = start;
      for (const update of updates) {
        const next = apply(at, [update]);
        for (const [customer, now] of next.subscriptions) {
          const was = at.subscriptions.get(customer);
          expect(now.epoch).toBe(was === undefined ? 0 : was.epoch + (was.chatId === now.chatId ? 0 : 1));
        }
        at = next;
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('moves an account at most once by each link', () => {
    const property = fc.property(world, fc.array(step, { maxLength: 20 }), (start, updates) => {
      const movedBy = new Set<string>();
      let at = start;
      for (const update of updates) {
        const next = apply(at, [update], { legacyAllowed: true });
        for (const [customer, now] of next.subscriptions) {
          const was = at.subscriptions.get(customer);
          if (was === undefined || was.chatId === now.chatId || update.kind !== 'message') continue;
          expect(movedBy).not.toContain(update.text);
          movedBy.add(update.text);
        }
        at = next;
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('gives a chat that stopped nothing until that chat, or a link, asks for it', () => {
    const property = fc.property(world, fc.array(step, { maxLength: 20 }), (start, updates) => {
      let at = start;
      for (const update of updates) {
        const next = apply(at, [update], { legacyAllowed: true });
        for (const [customer, was] of at.subscriptions) {
          const now = next.subscriptions.get(customer);
          if (was.state !== 'stopped' || now?.state !== 'active') continue;
          expect(update).toMatchObject({ kind: 'message', chatId: now.chatId, text: expect.stringMatching(/^\/start/u) as string });
        }
        at = next;
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('shows balances only to chats that hold the customer at the end', () => {
    const property = fc.property(world, fc.array(step, { maxLength: 20 }), (start, updates) => {
      const { replies } = judge(start, updates, { legacyAllowed: true });
      const end = apply(start, updates, { legacyAllowed: true });
      for (const reply of replies) {
        if (reply.kind !== 'welcome' && reply.kind !== 'already' && reply.kind !== 'balance') continue;
        for (const customer of reply.customerIds)
          expect(end.subscriptions.get(customer)).toMatchObject({ chatId: reply.chatId, state: 'active' });
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
