import { describe, expect, it } from 'vitest';
import { call, stage } from './calling.ts';
import type { Stage } from './calling.ts';

async function wish({ clock, telegram }: Stage, what: string, args: object = {}): Promise<Record<string, never>> {
  const asked = fetch(`${telegram.url}/_simulator/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });
  const answer = await clock.track(asked);
  return { status: answer.status, ...((await answer.json()) as object) } as unknown as Record<string, never>;
}

describe('another process', () => {
  it('makes people known to the bot, sends to them and reads the counts', async () => {
    const at = await stage({ latencyMs: 100 });
    const { chatIds } = (await wish(at, 'people', { count: 3, known: true })) as unknown as { chatIds: string[] };
    expect(chatIds).toHaveLength(3);
    for (const chatId of [...chatIds, chatIds[0]]) await call(at, 'sendMessage', { chat_id: chatId, text: 'the same' });
    expect(await wish(at, 'counts')).toEqual({
      status: 200,
      calls: 4,
      messages: 4,
      chats: 3,
      perChatMax: 2,
      perSecondMax: 4,
      answered429: 0,
      doubled: 1,
      byMethod: { sendMessage: 4 },
      byStatus: { 200: 4 },
      spanMs: 300,
    });
    expect(await wish(at, 'doubled')).toMatchObject({ messages: [{ chatId: chatIds[0], text: 'the same', call: 4 }] });
    expect(await wish(at, 'reset')).toEqual({ status: 200 });
    expect(await wish(at, 'counts')).toMatchObject({ calls: 0, messages: 0, perChatMax: 0, byMethod: {} });
    expect(await call(at, 'sendMessage', { chat_id: chatIds[1], text: 'x' })).toMatchObject({ ok: true });
  });

  it('plays the people', async () => {
    const at = await stage();
    const { chatIds } = (await wish(at, 'people', { count: 1, languageCode: 'en' })) as unknown as { chatIds: string[] };
    const chatId = chatIds[0];
    await wish(at, 'start', { chatId, payload: 'AbC' });
    await wish(at, 'say', { chatId, text: '/stop' });
    await wish(at, 'block', { chatId });
    expect(await call(at, 'sendMessage', { chat_id: chatId, text: 'x' })).toMatchObject({ status: 403 });
    await wish(at, 'unblock', { chatId });
    expect(await wish(at, 'chat', { chatId })).toMatchObject({ lines: [{ text: '/start AbC' }, { text: '/stop' }] });
    await wish(at, 'deactivate', { chatId });
    expect(await call(at, 'sendMessage', { chat_id: chatId, text: 'x' })).toMatchObject({ description: 'Forbidden: user is deactivated' });
    expect(at.telegram.bot().pendingUpdates()).toBe(4);
  });

  it('sets faults, limits, latency, the webhook and the token', async () => {
    const at = await stage();
    await wish(at, 'fault', { kind: 'json500', times: -1, method: 'getMe' });
    expect([await call(at, 'getMe'), await call(at, 'getMe')]).toMatchObject([{ status: 500 }, { status: 500 }]);
    await wish(at, 'clear');
    await wish(at, 'latency', { ms: 250 });
    expect(await call(at, 'getMe')).toMatchObject({ ok: true });
    expect(at.clock.monotonic()).toBe(250);
    await wish(at, 'limits', { freePerSecond: 1 });
    const { chatIds } = (await wish(at, 'people', { count: 2, known: true })) as unknown as { chatIds: string[] };
    await wish(at, 'latency', { ms: 0 });
    expect([
      await call(at, 'sendMessage', { chat_id: chatIds[0], text: 'x' }),
      await call(at, 'sendMessage', { chat_id: chatIds[1], text: 'x' }),
    ]).toMatchObject([{ status: 200 }, { status: 429 }]);
    await wish(at, 'webhook', { url: 'https://elsewhere.example' });
    expect(await call(at, 'getUpdates')).toMatchObject({ status: 409 });
    await wish(at, 'webhook', { url: null });
    await wish(at, 'revoke');
    expect(await call(at, 'getMe')).toMatchObject({ status: 401 });
  });

  it('has connections refused for a while', async () => {
    const at = await stage();
    expect(await wish(at, 'refuse', { ms: 5_000 })).toMatchObject({ status: 200 });
    await expect
      .poll(
        () =>
          call(at, 'getMe').then(
            ({ ok }) => ok,
            () => 'refused',
          ),
        { interval: 1 },
      )
      .toBe('refused');
    await at.clock.sleep(6_000);
    await expect
      .poll(
        () =>
          call(at, 'getMe').then(
            ({ ok }) => ok,
            () => 'refused',
          ),
        { interval: 1 },
      )
      .toBe(true);
  });

  it.each([
    ['nonsense', {}, /no such wish: nonsense/],
    ['toString', {}, /no such wish/],
    ['people', { count: 'many' }, /count must be a number/],
    ['fault', { kind: 'earthquake' }, /no such fault: earthquake/],
    ['limits', { perSecond: 5 }, /no such limit: perSecond/],
    ['limits', { freePerSecond: -1 }, /freePerSecond must be a number/],
    ['start', { chatId: '1' }, /nobody has the chat 1/],
  ])('is told what is wrong with %s %j', async (what, args, problem) => {
    expect(await wish(await stage(), what, args)).toEqual({ status: 400, problem: expect.stringMatching(problem) as never });
  });

  it('must post JSON', async () => {
    const { telegram } = await stage();
    const ask = async (options: RequestInit): Promise<number> => (await fetch(`${telegram.url}/_simulator/counts`, options)).status;
    expect([
      await ask({}),
      await ask({ method: 'POST', body: '{}' }),
      await ask({ method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }),
    ]).toEqual([400, 400, 400]);
  });
});
