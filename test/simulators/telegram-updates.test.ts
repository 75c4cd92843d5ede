import { describe, expect, it } from 'vitest';
import { SIMULATED_BOT } from '../../src/simulators/telegram/simulator.ts';
import { call, stage } from './calling.ts';
import type { Stage, Told } from './calling.ts';

interface Message {
  readonly update_id: number;
  readonly message?: { readonly text: string };
}

const FIRST = 731_000_001;
const HOUR = 3_600_000;
const WEBHOOK_ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
const OTHER_READER = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';

/** A chat in which `count` messages wait for the bot. */
async function stageWith(count: number): Promise<Stage & { say: (text: string) => void }> {
  const at = await stage();
  const person = at.telegram.person();
  for (let number = 1; number <= count; number += 1) person.say(String(number));
  return { ...at, say: person.say };
}

function texts(told: Told): string[] {
  return (told.result as unknown as Message[]).map(({ message }) => message?.text ?? '');
}

function ids(told: Told): number[] {
  return (told.result as unknown as Message[]).map(({ update_id: id }) => id);
}

describe('getUpdates', () => {
  it('gives the oldest first, numbered in a row, and forgets nothing by itself', async () => {
    const at = await stageWith(3);
    expect(ids(await call(at, 'getUpdates'))).toEqual([FIRST, FIRST + 1, FIRST + 2]);
    await at.clock.sleep(5_000);
    expect(texts(await call(at, 'getUpdates'))).toEqual(['1', '2', '3']);
  });

  it('forgets what an offset confirms', async () => {
    const at = await stageWith(3);
    expect(texts(await call(at, 'getUpdates', { offset: FIRST + 2 }))).toEqual(['3']);
    expect(at.telegram.bot().pendingUpdates()).toBe(1);
    expect(texts(await call(at, 'getUpdates'))).toEqual(['3']);
    expect(texts(await call(at, 'getUpdates', { offset: FIRST + 3 }))).toEqual([]);
    expect(at.telegram.bot().pendingUpdates()).toBe(0);
  });

  it('gives the last ones for a negative offset and forgets the others', async () => {
    const at = await stageWith(5);
    expect(texts(await call(at, 'getUpdates', { offset: -2 }))).toEqual(['4', '5']);
    await at.clock.sleep(5_000);
    expect(texts(await call(at, 'getUpdates', { offset: -9 }))).toEqual(['4', '5']);
  });

  it.each([
    [undefined, 100],
    [7, 7],
    [0, 1],
    [500, 100],
  ])('gives for a limit of %s %i updates', async (limit, count) => {
    expect(texts(await call(await stageWith(120), 'getUpdates', { limit }))).toHaveLength(count);
  });

  it('takes an offset far in the future for a mistake, and one a little ahead at its word', async () => {
    const at = await stageWith(2);
    expect(texts(await call(at, 'getUpdates', { offset: FIRST + 2 + 11 }))).toEqual(['1', '2']);
    expect(texts(await call(at, 'getUpdates', { offset: FIRST + 2 + 10 }))).toEqual([]);
    expect(at.telegram.bot().pendingUpdates()).toBe(0);
  });

  it('gives what comes after the ids have begun anew, whatever the stored offset', async () => {
    const at = await stageWith(2);
    at.telegram.bot().restartUpdates(40_000);
    at.say('new');
    const told = await call(at, 'getUpdates', { offset: FIRST + 2 });
    expect([ids(told), texts(told)]).toEqual([[40_000], ['new']]);
  });

  it('keeps updates for 24 hours', async () => {
    const at = await stageWith(1);
    await at.clock.sleep(HOUR);
    at.say('an hour later');
    await at.clock.sleep(23 * HOUR - 10);
    expect(texts(await call(at, 'getUpdates'))).toHaveLength(2);
    await at.clock.sleep(10);
    expect(texts(await call(at, 'getUpdates'))).toEqual(['an hour later']);
  });

  it('keeps to the kinds that were last asked for, from then on', async () => {
    const at = await stage();
    const person = at.telegram.person();
    const kinds = async (args: object): Promise<string[]> => {
      const told = await call(at, 'getUpdates', { offset: -50, ...args });
      await at.clock.sleep(5_000);
      return (told.result as unknown as object[]).map((update) => Object.keys(update)[1] as string);
    };
    person.start();
    expect(await kinds({ allowed_updates: ['my_chat_member'] })).toEqual(['message']);
    person.say('unheard');
    person.block();
    expect(await kinds({})).toEqual(['message', 'my_chat_member']);
    person.start();
    expect(await kinds({ allowed_updates: '[]' })).toEqual(['message', 'my_chat_member', 'my_chat_member']);
    person.say('heard');
    expect(await kinds({ allowed_updates: 'nonsense' })).toEqual(['message', 'my_chat_member', 'my_chat_member', 'message']);
  });
});

describe('a long poll', () => {
  it('ends empty when its time is over, 50 seconds at most', async () => {
    const at = await stage();
    expect(texts(await call(at, 'getUpdates', { timeout: 20 }))).toEqual([]);
    expect(at.clock.monotonic()).toBe(20_000);
    expect(texts(await call(at, 'getUpdates', { timeout: 3_600 }))).toEqual([]);
    expect(at.clock.monotonic()).toBe(70_000);
  });

  it('ends as soon as something comes', async () => {
    const at = await stageWith(0);
    const said = at.clock.sleep(7_000).then(() => {
      at.say('at last');
      at.say('and at once');
    });
    expect(texts(await call(at, 'getUpdates', { timeout: 50 }))).toEqual(['at last', 'and at once']);
    expect(at.clock.monotonic()).toBe(7_000);
    await said;
  });

  it('ends the one before with 409, and only when it has to wait itself', async () => {
    const at = await stageWith(0);
    const first = call(at, 'getUpdates', { timeout: 50 });
    await at.clock.sleep(5_000);
    expect(texts(await call(at, 'getUpdates', { timeout: 0 }))).toEqual([]);
    await at.clock.sleep(5_000);
    const second = call(at, 'getUpdates', { timeout: 2 });
    expect(await first).toMatchObject({ status: 409, error_code: 409, description: OTHER_READER });
    expect(at.clock.monotonic()).toBe(10_000);
    expect(texts(await second)).toEqual([]);
  });

  it('tells a second conflict within three seconds three seconds late', async () => {
    const at = await stageWith(0);
    const polls = [call(at, 'getUpdates', { timeout: 50 })];
    const ended: [number, number][] = [];
    for (const [place, pause] of [1_000, 1_000].entries()) {
      await at.clock.sleep(pause);
      void polls[place]?.then(({ status }) => ended.push([status, at.clock.monotonic()]));
      polls.push(call(at, 'getUpdates', { timeout: 20 }));
    }
    await Promise.all(polls);
    expect(ended).toEqual([
      [409, 1_000],
      [409, 5_000],
    ]);
  });

  it('of a client who has gone away confirms nothing and disturbs nobody', async () => {
    const at = await stageWith(0);
    const release = at.clock.hold();
    const patience = new AbortController();
    const poll = fetch(`${at.telegram.url}/bot${SIMULATED_BOT.token}/getUpdates?timeout=50`, { signal: patience.signal });
    await expect.poll(() => at.telegram.calls[0]?.received, { interval: 1 }).toBe(true);
    patience.abort();
    await expect(poll).rejects.toThrow('aborted');
    release();
    await at.clock.sleep(1);
    at.say('here');
    expect(texts(await call(at, 'getUpdates', { timeout: 50 }))).toEqual(['here']);
    expect(at.telegram.calls.map(({ answered }) => answered)).toEqual([false, true]);
  });
});

describe('the rule against spinning', () => {
  it('makes who asks the same again within three seconds wait for three', async () => {
    const at = await stage();
    await call(at, 'getUpdates', { offset: 5 });
    await at.clock.sleep(2_999);
    await call(at, 'getUpdates', { offset: 5 });
    expect(at.clock.monotonic()).toBe(5_999);
    await at.clock.sleep(1);
    await call(at, 'getUpdates', { offset: 6 });
    expect(at.clock.monotonic()).toBe(6_000);
    await at.clock.sleep(3_000);
    await call(at, 'getUpdates', { offset: 6 });
    expect(at.clock.monotonic()).toBe(9_000);
  });

  it('gives one update at a time to who asks the same again within half a second', async () => {
    const at = await stageWith(3);
    await call(at, 'getUpdates');
    expect(texts(await call(at, 'getUpdates'))).toEqual(['1']);
    await at.clock.sleep(500);
    expect(texts(await call(at, 'getUpdates'))).toEqual(['1', '2', '3']);
  });

  it('turns one of two readers out that never wait', async () => {
    const at = await stage();
    await call(at, 'getUpdates');
    const [one, other] = await Promise.all([call(at, 'getUpdates'), call(at, 'getUpdates')]);
    expect(new Set([one.status, other.status])).toEqual(new Set([200, 409]));
  });
});

describe('a webhook', () => {
  it('refuses getUpdates while it is set', async () => {
    const at = await stageWith(2);
    const url = 'https://example.org/hook';
    expect(await call(at, 'setWebhook', { url })).toMatchObject({ ok: true, result: true, description: 'Webhook was set' });
    expect(await call(at, 'getUpdates')).toMatchObject({ status: 409, description: WEBHOOK_ACTIVE });
    expect(await call(at, 'getWebhookInfo')).toMatchObject({
      result: { url, has_custom_certificate: false, pending_update_count: 2, max_connections: 40 },
    });
    expect(await call(at, 'deleteWebhook')).toMatchObject({ result: true, description: 'Webhook was deleted' });
    expect(await call(at, 'deleteWebhook')).toMatchObject({ result: true, description: 'Webhook is already deleted' });
    expect(await call(at, 'getWebhookInfo')).toMatchObject({ result: { url: '', pending_update_count: 2 } });
    expect(texts(await call(at, 'getUpdates'))).toEqual(['1', '2']);
  });

  it('ends a waiting getUpdates', async () => {
    const at = await stage();
    const poll = call(at, 'getUpdates', { timeout: 50 });
    await at.clock.sleep(1_000);
    await call(at, 'setWebhook', { url: 'https://example.org/hook' });
    expect(await poll).toMatchObject({ status: 409, description: 'Conflict: terminated by setWebhook request' });
    expect(at.clock.monotonic()).toBe(1_000);
  });

  it('may be set once a second, to an https address', async () => {
    const at = await stage();
    await call(at, 'setWebhook', { url: 'https://example.org/hook' });
    expect(await call(at, 'setWebhook', { url: 'https://example.org/hook' })).toMatchObject({ status: 429, retryAfter: '1' });
    await at.clock.sleep(1_000);
    expect(await call(at, 'setWebhook', { url: 'https://example.org/hook' })).toMatchObject({ description: 'Webhook is already set' });
    await at.clock.sleep(1_000);
    expect(await call(at, 'setWebhook', { url: 'http://example.org/hook' })).toMatchObject({
      status: 400,
      description: 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook',
    });
  });

  it('drops pending updates when it is told to', async () => {
    const at = await stageWith(2);
    await call(at, 'deleteWebhook', { drop_pending_updates: true });
    expect(at.telegram.bot().pendingUpdates()).toBe(0);
  });

  it('may be set from elsewhere', async () => {
    const at = await stage();
    at.telegram.bot().setWebhook('https://elsewhere.example');
    expect(await call(at, 'getUpdates')).toMatchObject({ status: 409 });
    at.telegram.bot().setWebhook(null);
    expect(await call(at, 'getUpdates')).toMatchObject({ ok: true });
  });
});
