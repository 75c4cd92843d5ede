import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/core/outcome.ts';
import { customer, DELIVERED, link, makeSite, NOW } from '../support/pull-site.ts';

describe('replies', () => {
  it('come only after the page is saved', async () => {
    const site = makeSite();
    site.write('11', link(1));
    await site.pull({
      send: async () => {
        expect(site.ledger.offset).toBe(501);
        return DELIVERED;
      },
    });
    expect.assertions(1);
  });

  it('of help come once a chat and run, however many pages ask for it', async () => {
    const site = makeSite();
    for (let number = 0; number < 250; number += 1) site.write(`${(number % 2) + 1}`, 'hm');
    expect((await site.pull()).replies.sent).toBe(2);
    expect(site.sent.map((message) => message.chatId)).toEqual(['1', '2']);
  });

  it('are in the chat’s language, the former chat’s too', async () => {
    const site = makeSite();
    site.write('11', link(1));
    site.write('11', '/en');
    await site.pull();
    site.sent.length = 0;
    site.write('12', link(1));
    await site.pull();
    expect(site.sent.map((message) => message.chatId)).toEqual(['12', '11']);
    expect(site.sent[0]?.html).toContain('Здравствуйте');
    expect(site.sent[1]?.html).toContain('another chat');
    expect(site.sent[1]?.html).toContain('+7 812 000-00-00');
  });

  it('show the balance at a plain /start of a guest whose notices arrive, and help where it can’t be shown', async () => {
    const site = makeSite();
    site.ledger.accounts.push({ customerId: customer(1), accountTypeId: 'd', accountType: 'Депозит', balance: 77_770_000n });
    site.write('11', link(1));
    await site.pull();
    site.sent.length = 0;
    site.write('11', '/start');
    await site.pull();
    site.ledger.customers.set(customer(1), false);
    site.write('11', '/start');
    await site.pull();
    expect(site.sent.map(({ html }) => html.includes('7\u00a0777'))).toEqual([true, false]);
  });

  it('tell a balance only to a chat that holds a live customer', async () => {
    const site = makeSite();
    site.ledger.accounts.push({ customerId: customer(1), accountTypeId: 'd', accountType: 'Депозит', balance: 77_770_000n });
    site.write('11', link(1));
    await site.pull();
    site.sent.length = 0;
    site.write('12', '/balance');
    site.write('11', '/balance');
    await site.pull();
    expect(site.sent.map(({ chatId, html }) => [chatId, html.includes('7\u00a0777')])).toEqual([
      ['12', false],
      ['11', true],
    ]);
    site.sent.length = 0;
    site.ledger.customers.set(customer(1), false);
    site.write('11', '/balance');
    await site.pull();
    expect(site.sent).toHaveLength(1);
    expect(site.sent[0]?.html).not.toContain('7\u00a0777');
  });

  it.each<[Outcome, number | null]>([
    [{ outcome: 'retry', code: 'limited', notBefore: NOW + 9_000, detail: '' }, NOW + 9_000],
    [{ outcome: 'retry', code: 'unreachable', notBefore: null, detail: '' }, null],
    [{ outcome: 'in_doubt', code: 'timeout', detail: '' }, null],
  ])('end for the run with the first that goes wrong, and are never repeated: %o', async (outcome, quietUntil) => {
    const site = makeSite(200);
    for (let number = 0; number < 120; number += 1) site.write(`${number + 1}`, link(number));
    site.outcomes.push(DELIVERED, outcome);
    expect(await site.pull()).toMatchObject({ pulled: 'all', quietUntil, replies: { sent: 1, refused: 0, left: 119 } });
    expect(site.sent).toHaveLength(2);
    expect(site.ledger.subscriptions.size).toBe(120);
    site.sent.length = 0;
    await site.pull();
    expect(site.sent).toEqual([]);
  });

  it('that a guest refuses don’t stop the others', async () => {
    const site = makeSite();
    site.write('11', link(1));
    site.write('12', link(2));
    site.outcomes.push({ outcome: 'refused', code: 'blocked', whose: 'guest', detail: '' });
    expect((await site.pull()).replies).toEqual({ sent: 1, refused: 1, left: 0 });
  });

  it('are left out while the bot is paused', async () => {
    const site = makeSite();
    site.write('11', link(1));
    expect((await site.pull({ send: null })).replies).toEqual({ sent: 0, refused: 0, left: 1 });
    expect(site.ledger.subscriptions.size).toBe(1);
  });
});
