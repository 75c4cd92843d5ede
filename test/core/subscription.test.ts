import { describe, expect, it } from 'vitest';
import { makePayload } from '../../src/core/start-payload.ts';
import {
  ANNA,
  apply,
  BORIS,
  BOT,
  EMPTY,
  GONE,
  judge,
  kinds,
  link,
  NOBODY,
  say,
  subscription,
  turn,
  worldOf,
} from '../support/bot-world.ts';
import { makeKeys } from '../support/link-keys.ts';

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
    for (const [epoch, pressed] of [
      [0, 0],
      [3, 3],
      [3, 1],
    ] as const) {
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
    const pressed = say('1', text);
    const judged = judge(EMPTY, [pressed]);
    expect(judged.subscriptions).toEqual([]);
    expect(judged.refused).toEqual([{ chatId: '1', updateId: pressed.updateId, reason, customerId }]);
    expect(kinds(judged)).toEqual([`1 refused ${reason}`]);
    expect(judged.counts.refused).toEqual({ [reason]: 1 });
  });

  it('signed by a revoked key is refused, but not where it already works', () => {
    const keys = makeKeys([2]);
    expect(judge(EMPTY, [say('1', link(ANNA))], { keys }).refused).toMatchObject([{ reason: 'old_key' }]);
    expect(kinds(judge(worldOf(subscription(ANNA, '1')), [say('1', link(ANNA))], { keys }))).toEqual(['1 already']);
  });

  it('of a deleted customer is refused also where it worked before', () => {
    for (const state of ['active', 'stopped'] as const) {
      const judged = judge(worldOf(subscription(GONE, '1', { state, epoch: 1 })), [
        say('1', link(GONE, 1)),
        say('1', link(GONE)),
        say('1', `/start ${GONE}`),
      ]);
      expect(judged.subscriptions).toEqual([]);
      expect(judged.refused.map((one) => one.reason)).toEqual(['deleted', 'deleted', 'legacy_off']);
    }
  });

  it('is refused in a group, good or bad, and a group is not otherwise spoken to', () => {
    const judged = judge(EMPTY, [
      say('-5', link(ANNA), 'supergroup'),
      say('-5', '/help', 'group'),
      say('-5', 'hi', 'group'),
      turn('-5', 'blocked', 'group'),
    ]);
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

  it('/start of a chat whose notices arrive shows its accounts, also when the guest has just unblocked the bot', () => {
    const world = worldOf(subscription(ANNA, '1'), subscription(BORIS, '1'));
    const shown = [{ kind: 'already', chatId: '1', customerIds: [ANNA, BORIS] }];
    expect(judge(world, [say('1', '/start')]).replies).toEqual(shown);
    const suspended = worldOf(subscription(ANNA, '1', { state: 'suspended' }), subscription(BORIS, '1', { state: 'suspended' }));
    expect(judge(suspended, [turn('1', 'back'), say('1', '/start')]).replies).toEqual(shown);
    expect(kinds(judge(worldOf(subscription(ANNA, '2')), [say('1', '/start')]))).toEqual(['1 help']);
  });

  it('/stop and /start do not get round a note that staff cleared', () => {
    const judged = judge(worldOf(subscription(ANNA, '1', { state: 'cleared' })), [say('1', '/stop'), say('1', '/start')]);
    expect(judged.subscriptions).toEqual([]);
  });

  it('/balance is answered only to a chat with an active subscription', () => {
    expect(judge(worldOf(subscription(ANNA, '1')), [say('1', '/balance')]).replies).toEqual([
      { kind: 'balance', chatId: '1', customerIds: [ANNA] },
    ]);
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
    expect(kinds(judge(EMPTY, [say('1', 'hm'), say('2', 'hm'), turn('1', 'blocked')]))).toEqual(['2 help']);
    expect(kinds(judge(EMPTY, [say('1', 'hm'), turn('1', 'blocked'), turn('1', 'back')]))).toEqual(['1 help']);
    expect(kinds(judge(EMPTY, [turn('1', 'blocked'), say('1', 'hm')]))).toEqual(['1 help']);
  });

  it('given twice is answered once, where it came last', () => {
    expect(kinds(judge(EMPTY, [say('1', '/ru'), say('1', '/stop'), say('1', '/en')]))).toEqual(['1 stopped', '1 language']);
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
    expect(judge(worldOf(subscription(ANNA, '1', { state: 'suspended' })), [say('1', '/start')]).subscriptions).toEqual([
      subscription(ANNA, '1'),
    ]);
  });
});
