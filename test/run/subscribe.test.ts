import { describe, expect, it } from 'vitest';
import type { PullAnswer } from '../../src/ports/channel.ts';
import { ANTI_SPIN_MS } from '../../src/run/subscribe.ts';
import type { PullTurn, Subscribed } from '../../src/run/subscribe.ts';
import { customer, link, makeSite, NOW, SETTINGS } from '../support/pull-site.ts';

const DAY = 86_400_000;

describe('subscribing', () => {
  it('saves who followed a link and welcomes them with their balance', async () => {
    const site = makeSite();
    site.ledger.accounts.push({ customerId: customer(1), accountTypeId: 'd', accountType: 'Депозит', balance: 12_500_000n });
    site.write('11', link(1));
    const pulled = await site.pull();
    expect(pulled).toMatchObject({
      pulled: 'all',
      why: null,
      quietUntil: null,
      sum: { answer: 'all', subscribed: 1 },
      replies: { sent: 1, refused: 0, left: 0 },
      findings: [],
    });
    expect(site.ledger.subscriptions.get(customer(1))).toEqual({
      customerId: customer(1),
      chatId: '11',
      state: 'active',
      origin: 'link',
      epoch: 0,
    });
    expect(site.ledger.offset).toBe(501);
    expect(site.sent).toHaveLength(1);
    expect(site.sent[0]).toMatchObject({ chatId: '11', silent: false });
    expect(site.sent[0]?.html).toContain('Депозит: <b>1\u00a0250\u00a0₽</b>');
  });

  it('reads all pages and confirms each only after it is saved', async () => {
    const site = makeSite(250);
    for (let number = 0; number < 250; number += 1) site.write(`${number + 1}`, link(number));
    const confirmed: number[] = [];
    site.telegram.onConfirm = (updates) => {
      for (const update of updates) {
        expect(site.ledger.offset).toBeGreaterThan(update.updateId);
        confirmed.push(update.updateId);
      }
    };
    const pulled = await site.pull();
    expect(pulled.sum.subscribed).toBe(250);
    expect(site.ledger.subscriptions.size).toBe(250);
    expect(site.telegram.polls).toEqual([null, 600, 700]);
    expect(site.ledger.polls).toBe(1);
    expect(confirmed).toHaveLength(200);
    await site.pull();
    expect(site.telegram.polls.at(-1)).toBe(750);
    expect(site.telegram.queue).toEqual([]);
  });

  it('asks for another page after one update: Telegram gives out no more to a poll that repeats a killed one', async () => {
    const site = makeSite();
    for (const number of [1, 2, 3]) site.write(`${number}`, link(number));
    const [first] = site.telegram.queue;
    site.telegram.instead.push({ answer: 'updates', updates: first === undefined ? [] : [first] });
    expect(await site.pull()).toMatchObject({ pulled: 'all', sum: { subscribed: 3 } });
    expect(site.telegram.polls).toEqual([null, 501]);
  });

  it('asks for another page after a full one and is content with an empty one', async () => {
    const site = makeSite(100);
    for (let number = 0; number < 100; number += 1) site.write(`${number + 1}`, link(number));
    expect(await site.pull()).toMatchObject({ pulled: 'all', since: { offset: 600 } });
    expect(site.telegram.polls).toEqual([null, 600]);
  });

  it('keeps the last id as it comes, also when ids start anew from a lower number', async () => {
    const site = makeSite();
    site.telegram.nextId = 9_000;
    site.write('11', '/help');
    await site.pull();
    expect(site.ledger.offset).toBe(9_001);
    site.telegram.nextId = 70;
    site.telegram.queue.length = 0;
    site.write('11', link(1));
    await site.pull();
    expect(site.ledger.offset).toBe(71);
    expect(site.ledger.subscriptions.size).toBe(1);
  });

  it('sends no offset when the last poll is older than a day', async () => {
    const site = makeSite();
    await site.pull({ since: { offset: 400, polledAt: NOW - DAY - 1 } });
    await site.pull({ since: { offset: 400, polledAt: NOW - DAY } });
    expect(site.telegram.polls).toEqual([null, 400]);
  });

  it('does not poll within four seconds of the last poll', async () => {
    const site = makeSite();
    site.write('11', link(1));
    for (const ago of [0, ANTI_SPIN_MS - 1]) {
      expect(await site.pull({ since: { offset: 400, polledAt: NOW - ago } })).toMatchObject({
        pulled: 'skipped',
        since: { offset: 400, polledAt: NOW - ago },
      });
    }
    expect(site.telegram.polls).toEqual([]);
    expect(site.ledger.polls).toBe(0);
    expect((await site.pull({ since: { offset: 400, polledAt: NOW - ANTI_SPIN_MS } })).pulled).toBe('all');
  });

  it('does nothing twice when a page comes twice', async () => {
    const site = makeSite();
    site.write('11', link(1));
    site.write('12', link(1));
    site.write('12', '/stop');
    await site.pull();
    const before = new Map(site.ledger.subscriptions);
    await site.pull({ since: { offset: null, polledAt: null } });
    expect(site.ledger.subscriptions).toEqual(before);
  });

  it('keeps each refused link with its reason', async () => {
    const site = makeSite();
    site.ledger.customers.set(customer(2), false);
    site.write('11', '/start nonsense');
    site.write('12', link(2));
    site.write('-13', link(1), 'group');
    expect((await site.pull()).sum.refused).toEqual({ malformed: 1, deleted: 1, group_chat: 1 });
    expect([...site.ledger.refused.values()]).toEqual([
      { chatId: '11', updateId: 500, reason: 'malformed', customerId: null },
      { chatId: '12', updateId: 501, reason: 'deleted', customerId: customer(2) },
      { chatId: '-13', updateId: 502, reason: 'group_chat', customerId: customer(1) },
    ]);
    expect(site.sent.map((message) => message.chatId)).toEqual(['11', '12', '-13']);
  });

  it('accepts the former solution’s links until their day', async () => {
    const until = (legacyLinksUntil: string): Partial<PullTurn> => ({
      settings: { ...SETTINGS, subscriptions: { ...SETTINGS.subscriptions, legacyLinksUntil } },
    });
    const site = makeSite();
    site.write('11', `/start ${customer(1)}`);
    expect((await site.pull(until('2026-11-24 12:00:00.000'))).sum.refused).toEqual({ legacy_off: 1 });
    site.write('11', `/start ${customer(1)}`);
    await site.pull(until('2026-11-24 12:00:00.001'));
    expect(site.ledger.subscriptions.get(customer(1))).toMatchObject({ origin: 'legacy', chatId: '11' });
  });
});

describe('a poll that Telegram doesn’t answer', () => {
  const answers: readonly (readonly [PullAnswer, Partial<Subscribed>])[] = [
    [
      { answer: 'unreachable', detail: 'refused' },
      { pulled: 'unreachable', why: 'unreachable', detail: 'refused' },
    ],
    [
      { answer: 'unreadable', detail: 'html' },
      { pulled: 'unreachable', why: 'unreadable' },
    ],
    [
      { answer: 'server', detail: '502' },
      { pulled: 'unreachable', why: 'server' },
    ],
    [
      { answer: 'conflict', why: 'webhook', detail: '' },
      { pulled: 'conflict', why: 'webhook' },
    ],
    [
      { answer: 'unusable', why: 'unauthorized', detail: '' },
      { pulled: 'unusable', why: 'unauthorized' },
    ],
    [
      { answer: 'limited', until: NOW + 5_000 },
      { pulled: 'limited', quietUntil: NOW + 5_000 },
    ],
  ];

  it.each(answers)('is told as it is: %o', async (answer, told) => {
    const site = makeSite();
    site.telegram.instead.push(answer);
    expect(await site.pull({ since: { offset: 42, polledAt: null } })).toMatchObject({ ...told, since: { offset: 42, polledAt: null } });
    expect(site.ledger.polls).toBe(0);
    expect(site.journal).toEqual(['! pulled']);
  });

  it('leaves the pages before it saved', async () => {
    const site = makeSite(150);
    for (let number = 0; number < 150; number += 1) site.write(`${number + 1}`, link(number));
    site.telegram.instead.push(null, { answer: 'unreachable', detail: 'cut' });
    expect(await site.pull()).toMatchObject({ pulled: 'unreachable', sum: { subscribed: 100 }, since: { offset: 600 } });
    expect(site.ledger).toMatchObject({ offset: 600, polls: 1 });
    expect((await site.pull()).sum.subscribed).toBe(50);
  });

  it('is given up when the same page comes again and again', async () => {
    const site = makeSite(1);
    for (let number = 0; number < 100; number += 1) site.write('11', '/help');
    const page: PullAnswer = { answer: 'updates', updates: [...site.telegram.queue] };
    site.telegram.instead.push(page, page, page);
    expect(await site.pull()).toMatchObject({ pulled: 'unreachable', why: 'repeating' });
    expect(site.telegram.polls).toHaveLength(2);
  });
});

describe('a pull that must stop', () => {
  it('writes nothing more once the lock is lost, and answers nobody', async () => {
    const site = makeSite();
    site.write('11', link(1));
    site.ledger.locked = false;
    expect((await site.pull()).pulled).toBe('lock_lost');
    expect(site.sent).toEqual([]);
    expect(site.ledger.subscriptions.size).toBe(0);
  });

  it('says so when the lock was lost over an empty queue', async () => {
    const site = makeSite();
    site.ledger.locked = false;
    expect((await site.pull()).pulled).toBe('lock_lost');
  });

  it('begins no page after Ctrl-C', async () => {
    const site = makeSite();
    site.stop.abort();
    expect((await site.pull()).pulled).toBe('partly');
    expect(site.telegram.polls).toEqual([]);
  });
});

describe('someone else who reads this bot', () => {
  it('shows as a gap between the offset and the first update', async () => {
    const site = makeSite();
    site.write('11', '/help');
    await site.pull();
    site.telegram.nextId += 3;
    site.write('11', '/help');
    expect((await site.pull()).findings).toEqual([{ code: 'updates_gap', args: { missing: 3 } }]);
    site.write('11', '/help');
    expect((await site.pull()).findings).toEqual([]);
  });

  it('is not suspected after a day without polls or when ids start anew', async () => {
    const site = makeSite();
    site.write('11', '/help');
    expect((await site.pull({ since: { offset: 400, polledAt: NOW - DAY - 1 } })).findings).toEqual([]);
    expect((await site.pull({ since: { offset: null, polledAt: null } })).findings).toEqual([]);
    site.telegram.nextId += 1_000_000;
    site.telegram.queue.length = 0;
    site.write('11', '/help');
    expect((await site.pull({ since: { offset: 400, polledAt: NOW - 60_000 } })).findings).toEqual([]);
  });
});
