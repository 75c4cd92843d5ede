import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuestReply } from '../../src/core/guest-reply.ts';
import { makePayload } from '../../src/core/start-payload.ts';
import { judgeUpdates } from '../../src/core/subscription.ts';
import type { JudgedUpdates, KnownCustomer, Subscription, UpdatesRequest } from '../../src/core/subscription.ts';
import type { Update } from '../../src/core/update.ts';
import { makeKeys } from '../support/link-keys.ts';

const KEYS = makeKeys([1]);
const BOT = '7000000001';
const ANNA = '00000000-0000-4000-8000-00000000000a';
const BORIS = '00000000-0000-4000-8000-00000000000b';
const GONE = '00000000-0000-4000-8000-00000000000d';
const NOBODY = '00000000-0000-4000-8000-00000000000e';

interface World {
  readonly customers: readonly (Pick<KnownCustomer, 'id' | 'live'>)[];
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  readonly languages: ReadonlyMap<string, 'ru' | 'en' | null>;
}

const EMPTY: World = {
  customers: [ANNA, BORIS].map((id) => ({ id, live: true })).concat({ id: GONE, live: false }),
  subscriptions: new Map(),
  languages: new Map(),
};

function worldOf(...subscriptions: readonly Subscription[]): World {
  return { ...EMPTY, subscriptions: new Map(subscriptions.map((one) => [one.customerId, one])) };
}

/** Judges as the run does: it asks for all that the page names. */
function judge(world: World, updates: readonly Update[], options: Partial<UpdatesRequest> = {}): JudgedUpdates {
  const chatIds = [...new Set(updates.flatMap((update) => ('chatId' in update ? [update.chatId] : [])))];
  const known = {
    customers: world.customers.map((one) => ({ ...one, name: '', groupId: '', group: '', subscription: world.subscriptions.get(one.id) ?? null })),
    chats: chatIds.map((chatId) => ({
      chatId,
      language: world.languages.get(chatId) ?? null,
      subscriptions: [...world.subscriptions.values()].filter((one) => one.chatId === chatId),
    })),
  };
  return judgeUpdates({ updates, known, keys: KEYS, botId: BOT, legacyAllowed: false, answered: new Set(), ...options });
}

function apply(world: World, updates: readonly Update[], options: Partial<UpdatesRequest> = {}): World {
  const judged = judge(world, updates, options);
  return {
    ...world,
    subscriptions: new Map([...world.subscriptions, ...judged.subscriptions.map((one) => [one.customerId, one] as const)]),
    languages: new Map([...world.languages, ...judged.chats.map((chat) => [chat.chatId, chat.language] as const)]),
  };
}

let lastUpdate = 100;
function say(chatId: string, text: string, chatType = 'private'): Update {
  lastUpdate += 1;
  return { kind: 'message', updateId: lastUpdate, chatId, chatType, text, languageCode: null, date: 0 };
}
function turn(chatId: string, status: 'blocked' | 'back', chatType = 'private'): Update {
  lastUpdate += 1;
  return { kind: 'membership', updateId: lastUpdate, chatId, chatType, status, date: 0 };
}
function link(customer: string, epoch = 0): string {
  return `/start ${makePayload(customer, { keys: KEYS, botId: BOT, epoch })}`;
}
function subscription(customerId: string, chatId: string, rest: Partial<Subscription> = {}): Subscription {
  return { customerId, chatId, state: 'active', origin: 'link', epoch: 0, ...rest };
}
function kinds(judged: JudgedUpdates): string[] {
  return judged.replies.map((reply: GuestReply) => `${reply.chatId} ${reply.kind}${reply.kind === 'refused' ? ` ${reply.reason}` : ''}`);
}

describe('a personal link', () => {
  it('subscribes its customer to the chat that follows it', () => {
    const judged = judge(EMPTY, [say('1', link(ANNA))]);
    expect(judged.subscriptions).toEqual([subscription(ANNA, '1')]);
    expect(judged.replies).toEqual([{ kind: 'welcome', chatId: '1', customerIds: [ANNA] }]);
    expect(judged.counts).toMatchObject({ subscribed: 1, moved: 0, refused: {} });
  });

  it('is understood in any letter case and with the bot’s name', () => {
    expect(judge(EMPTY, [say('1', link(ANNA).replace('/start', '/START@Tasty_Bot'))]).subscriptions).toHaveLength(1);
  });

  it('lets one chat hold several customers', () => {
    expect(judge(EMPTY, [say('1', link(ANNA)), say('1', link(BORIS))]).subscriptions).toHaveLength(2);
  });

  it('moves the customer to another chat once, and the old chat is told', () => {
    const moved = judge(worldOf(subscription(ANNA, '1')), [say('2', link(ANNA))]);
    expect(moved.subscriptions).toEqual([subscription(ANNA, '2', { epoch: 1 })]);
    expect(kinds(moved)).toEqual(['2 welcome', '1 moved_away']);
    expect(moved.counts).toMatchObject({ subscribed: 0, moved: 1 });
    const again = judge(worldOf(subscription(ANNA, '2', { epoch: 1 })), [say('1', link(ANNA))]);
    expect(again.subscriptions).toEqual([]);
    expect(again.refused).toMatchObject([{ chatId: '1', reason: 'old_epoch', customerId: ANNA }]);
  });

  it('tells nothing to an old chat that had stopped or blocked', () => {
    for (const state of ['stopped', 'suspended', 'cleared'] as const) {
      expect(kinds(judge(worldOf(subscription(ANNA, '1', { state })), [say('2', link(ANNA))]))).toEqual(['2 welcome']);
    }
  });

  it('pressed again where it works is answered kindly and changes nothing, an old one too', () => {
    for (const [epoch, pressed] of [[0, 0], [3, 3], [3, 1]] as const) {
      const judged = judge(worldOf(subscription(ANNA, '1', { epoch })), [say('1', link(ANNA, pressed))]);
      expect(judged.subscriptions).toEqual([]);
      expect(judged.refused).toEqual([]);
      expect(kinds(judged)).toEqual(['1 already']);
    }
  });

  it('revives what the same chat had stopped, an old one too', () => {
    for (const pressed of [2, 0]) {
      const judged = judge(worldOf(subscription(ANNA, '1', { state: 'stopped', epoch: 2 })), [say('1', link(ANNA, pressed))]);
      expect(judged.subscriptions).toEqual([subscription(ANNA, '1', { epoch: 2 })]);
      expect(kinds(judged)).toEqual(['1 welcome']);
    }
  });

  it('revives what staff had cleared only when it is good', () => {
    const cleared = worldOf(subscription(ANNA, '1', { state: 'cleared', epoch: 2 }));
    expect(judge(cleared, [say('1', link(ANNA, 2))]).subscriptions).toEqual([subscription(ANNA, '1', { epoch: 2 })]);
    expect(judge(cleared, [say('1', link(ANNA, 1))]).refused).toMatchObject([{ reason: 'old_epoch' }]);
  });

  it('proves a chat that was known by its note', () => {
    const judged = judge(worldOf(subscription(ANNA, '1', { origin: 'note' })), [say('1', link(ANNA))]);
    expect(judged.subscriptions).toEqual([subscription(ANNA, '1')]);
    expect(kinds(judged)).toEqual(['1 welcome']);
  });

  it.each([
    ['forged', ANNA, `/start ${makePayload(ANNA, { keys: makeKeys([1], 'elsewhere'), botId: BOT, epoch: 0 })}`],
    ['forged', NOBODY, `/start ${makePayload(NOBODY, { keys: makeKeys([1], 'elsewhere'), botId: BOT, epoch: 0 })}`],
    ['deleted', GONE, link(GONE)],
    ['unknown_customer', NOBODY, link(NOBODY)],
    ['malformed', null, '/start hello'],
    ['malformed', null, `${link(ANNA)}=`],
    ['malformed', null, `${link(ANNA)} ${link(ANNA)}`],
    ['legacy_off', ANNA, `/start ${ANNA}`],
    ['legacy_off', NOBODY, `/start ${NOBODY}`],
  ])('is refused as %s with its reason kept', (reason, customerId, text) => {
    const judged = judge(EMPTY, [say('1', text)]);
    expect(judged.subscriptions).toEqual([]);
    expect(judged.refused).toEqual([{ chatId: '1', updateId: lastUpdate, reason, customerId }]);
    expect(kinds(judged)).toEqual([`1 refused ${reason}`]);
    expect(judged.counts.refused).toEqual({ [reason]: 1 });
  });

  it('signed by a revoked key is refused, but not where it already works', () => {
    const keys = makeKeys([2]);
    expect(judge(EMPTY, [say('1', link(ANNA))], { keys }).refused).toMatchObject([{ reason: 'old_key' }]);
    expect(kinds(judge(worldOf(subscription(ANNA, '1')), [say('1', link(ANNA))], { keys }))).toEqual(['1 already']);
  });

  it('is refused in a group, good or bad, and a group is not otherwise spoken to', () => {
    const judged = judge(EMPTY, [say('-5', link(ANNA), 'supergroup'), say('-5', '/help', 'group'), say('-5', 'hi', 'group'), turn('-5', 'blocked', 'group')]);
    expect(judged).toMatchObject({ subscriptions: [], chats: [], refused: [{ reason: 'group_chat', customerId: ANNA }] });
    expect(kinds(judged)).toEqual(['-5 refused group_chat']);
  });
});

describe('a bare link of the former solution', () => {
  const options = { legacyAllowed: true };

  it('subscribes a customer without a chat', () => {
    const judged = judge(EMPTY, [say('1', `/start ${ANNA.toUpperCase()}`)], options);
    expect(judged.subscriptions).toEqual([subscription(ANNA, '1', { origin: 'legacy' })]);
  });

  it('never takes a customer who has or had a chat', () => {
    for (const state of ['active', 'suspended', 'stopped', 'cleared'] as const) {
      const judged = judge(worldOf(subscription(ANNA, '2', { state })), [say('1', `/start ${ANNA}`)], options);
      expect(judged.subscriptions).toEqual([]);
      expect(judged.refused).toMatchObject([{ reason: 'legacy_taken' }]);
    }
  });

  it('is answered kindly where it works already, also after its time', () => {
    const world = worldOf(subscription(ANNA, '1', { origin: 'legacy' }));
    expect(kinds(judge(world, [say('1', `/start ${ANNA}`)], options))).toEqual(['1 already']);
    expect(kinds(judge(world, [say('1', `/start ${ANNA}`)]))).toEqual(['1 already']);
  });

  it('of a deleted or unknown customer is refused', () => {
    const judged = judge(EMPTY, [say('1', `/start ${GONE}`), say('1', `/start ${NOBODY}`)], options);
    expect(judged.refused.map((one) => one.reason)).toEqual(['deleted', 'unknown_customer']);
  });
});

describe('a command', () => {
  it('/stop ends all of the chat’s subscriptions and /start brings those back', () => {
    const world = worldOf(subscription(ANNA, '1'), subscription(BORIS, '1', { state: 'suspended' }));
    const stopped = judge(world, [say('1', '/stop')]);
    expect(stopped.subscriptions.map((one) => one.state)).toEqual(['stopped', 'stopped']);
    expect(stopped.counts).toMatchObject({ stopped: 2, back: 0 });
    const back = judge(apply(world, [say('1', '/stop')]), [say('1', '/Start')]);
    expect(back.subscriptions.map((one) => one.state)).toEqual(['active', 'active']);
    expect(back.replies).toEqual([{ kind: 'welcome', chatId: '1', customerIds: [ANNA, BORIS] }]);
  });

  it('/stop and /start do not get round a note that staff cleared', () => {
    const judged = judge(worldOf(subscription(ANNA, '1', { state: 'cleared' })), [say('1', '/stop'), say('1', '/start')]);
    expect(judged.subscriptions).toEqual([]);
  });

  it('/balance is answered only to a chat with an active subscription', () => {
    expect(judge(worldOf(subscription(ANNA, '1')), [say('1', '/balance')]).replies).toEqual([{ kind: 'balance', chatId: '1', customerIds: [ANNA] }]);
    for (const state of ['stopped', 'cleared'] as const) {
      expect(kinds(judge(worldOf(subscription(ANNA, '1', { state })), [say('1', '/balance')]))).toEqual(['1 help']);
    }
    expect(kinds(judge(worldOf(subscription(ANNA, '2')), [say('1', '/balance')]))).toEqual(['1 help']);
  });

  it('/balance shows nothing of a customer who moves away later in the page', () => {
    const judged = judge(worldOf(subscription(ANNA, '1')), [say('1', '/balance'), say('2', link(ANNA))]);
    expect(kinds(judged)).toEqual(['1 help', '2 welcome', '1 moved_away']);
  });

  it('/ru and /en choose the chat’s language', () => {
    expect(judge(EMPTY, [say('1', '/en'), say('2', '/RU')]).chats).toEqual([
      { chatId: '1', language: 'en' },
      { chatId: '2', language: 'ru' },
    ]);
    expect(judge({ ...EMPTY, languages: new Map([['1', 'en']]) }, [say('1', '/en')]).chats).toEqual([]);
  });

  it('the bot doesn’t know, or any other text, is answered with help once a run', () => {
    const words = ['/help', '/settings', 'Привет', '', '/', '/start@', '\u{1F600}', '\ud800'].map((text) => say('1', text));
    expect(kinds(judge(EMPTY, words))).toEqual(['1 help']);
    expect(kinds(judge(EMPTY, words, { answered: new Set(['1 help ']) }))).toEqual([]);
  });

  it('is answered as things stand at the page’s end', () => {
    expect(kinds(judge(EMPTY, [say('1', link(ANNA)), say('1', '/stop')]))).toEqual(['1 stopped']);
    expect(kinds(judge(worldOf(subscription(ANNA, '1')), [say('1', '/stop'), say('1', '/start')]))).toEqual(['1 welcome']);
    expect(kinds(judge(EMPTY, [say('1', '/start'), say('1', link(ANNA)), say('1', link(ANNA))]))).toEqual(['1 welcome']);
    expect(kinds(judge(EMPTY, [say('1', link(ANNA)), turn('1', 'blocked')]))).toEqual([]);
  });
});

describe('a blocked bot', () => {
  it('suspends the chat’s active subscriptions and unblocking revives only these', () => {
    const world = worldOf(subscription(ANNA, '1'), subscription(BORIS, '1', { state: 'stopped' }));
    const blocked = judge(world, [turn('1', 'blocked')]);
    expect(blocked.subscriptions).toEqual([subscription(ANNA, '1', { state: 'suspended' })]);
    expect(blocked.counts.blocked).toBe(1);
    const back = judge(apply(world, [turn('1', 'blocked')]), [turn('1', 'back')]);
    expect(back.subscriptions).toEqual([subscription(ANNA, '1')]);
    expect(back.counts.back).toBe(1);
  });

  it('is back as soon as its guest writes', () => {
    expect(judge(worldOf(subscription(ANNA, '1', { state: 'suspended' })), [say('1', '/start')]).subscriptions).toEqual([subscription(ANNA, '1')]);
  });
});

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
  fc.record({ chat: fc.constantFrom(...CHATS), customer: fc.constantFrom(ANNA, BORIS), epoch: fc.nat({ max: 3 }) }).map(({ chat, customer, epoch }) => say(chat, link(customer, epoch))),
  fc.record({ chat: fc.constantFrom(...CHATS), text: fc.constantFrom('/start', '/stop', '/balance', '/en', '/ru', 'hm', `/start ${ANNA}`, `/start ${GONE}`, '/start x') }).map(({ chat, text }) => say(chat, text)),
  fc.record({ chat: fc.constantFrom(...CHATS), status: fc.constantFrom('blocked' as const, 'back' as const) }).map(({ chat, status }) => turn(chat, status)),
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
  .map(({ anna, boris }) => worldOf(...(anna === null ? [] : [{ customerId: ANNA, ...anna }]), ...(boris === null ? [] : [{ customerId: BORIS, ...boris }])));

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
        for (const customer of reply.customerIds) expect(end.subscriptions.get(customer)).toMatchObject({ chatId: reply.chatId, state: 'active' });
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
