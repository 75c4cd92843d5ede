import { describe, expect, it } from 'vitest';
import { SIMULATED_BOT } from '../../src/simulators/telegram/simulator.ts';
import { call, exchange, send, stage } from './calling.ts';

const { token } = SIMULATED_BOT;

describe('the address', () => {
  it.each([
    '',
    '/',
    '/botless',
    '/bot/getMe',
    '/botnonsense/getMe',
    '/bot1:a b/getMe',
    `/bot${token}`,
    `/bot${token}/getMe/more`,
    '/favicon.ico',
  ])('answers 404 Not Found for %s', async (path) => {
    const { telegram } = await stage();
    expect(await send(telegram.url + path)).toMatchObject({ status: 404, ok: false, error_code: 404, description: 'Not Found' });
  });

  it('answers 401 Unauthorized for a token that nobody has, and for a revoked one', async () => {
    const at = await stage();
    expect(await call(at, 'getMe', {}, '7000000001:another')).toMatchObject({
      status: 401,
      ok: false,
      error_code: 401,
      description: 'Unauthorized',
    });
    at.telegram.bot().revoke();
    expect(await call(at, 'getMe')).toMatchObject({ status: 401, description: 'Unauthorized' });
  });

  it('answers 404 for a method that it does not play', async () => {
    expect(await call(await stage(), 'sendDice')).toMatchObject({ status: 404, description: 'Not Found: method not found' });
  });

  it('keeps the test environment apart', async () => {
    const bots = [SIMULATED_BOT, { token: '7000000002:tested', username: 'tested_bot', firstName: 'Tested', environment: 'test' as const }];
    const at = await stage({ bots });
    expect(await call(at, 'test/getMe', {}, '7000000002:tested')).toMatchObject({ ok: true, result: { username: 'tested_bot' } });
    expect(await call(at, 'getMe', {}, '7000000002:tested')).toMatchObject({ status: 401 });
    expect(await call(at, 'test/getMe')).toMatchObject({ status: 401 });
  });

  it('refuses a bot whose token no client could address', async () => {
    await expect(stage({ bots: [{ token: 'nonsense', username: 'x', firstName: 'x' }] })).rejects.toThrow(/token/);
  });
});

describe('the call', () => {
  it('tells who the bot is, whatever the spelling of the method', async () => {
    const at = await stage();
    for (const method of ['getMe', 'getme', 'GETME']) {
      expect(await call(at, method)).toEqual({
        status: 200,
        retryAfter: null,
        ok: true,
        result: expect.objectContaining({
          id: 7_000_000_001,
          is_bot: true,
          first_name: 'Simulated bot',
          username: 'simulated_guests_bot',
        }) as never,
      });
    }
  });

  it('takes its arguments from a query, a form, JSON and a mixture of them, where the query wins', async () => {
    const { telegram } = await stage({ limits: { chatPerSecond: 0 } });
    const person = telegram.person();
    person.start();
    const url = `${telegram.url}/bot${token}/sendMessage`;
    const form = 'application/x-www-form-urlencoded';
    const answers = [
      await send(`${url}?chat_id=${person.chatId}&text=${encodeURIComponent('по запросу')}`),
      await send(url, { type: form, body: `chat_id=${person.chatId}&text=a+form%21` }),
      await send(url, { type: 'application/json; charset=utf-8', body: JSON.stringify({ chat_id: person.id, text: 'JSON' }) }),
      await send(`${url}?chat_id=${person.chatId}`, { type: form, body: 'text=both&chat_id=1' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(person.received.map(({ text }) => text)).toEqual(['по запросу', 'a form!', 'JSON', 'both']);
  });

  it('takes the method from the arguments when the path has none', async () => {
    const { telegram } = await stage();
    expect(await send(`${telegram.url}/bot${token}/?method=getMe`)).toMatchObject({ ok: true });
  });

  it.each([
    ['application/json', '{', "Bad Request: can't parse JSON object"],
    ['application/json', '[1]', 'Bad Request: JSON object expected'],
    ['multipart/form-data; boundary=x', '--x--', 'Bad Request: the simulator takes no multipart/form-data'],
  ])('refuses %s %s', async (type, body, description) => {
    const { telegram } = await stage();
    expect(await send(`${telegram.url}/bot${token}/getMe`, { type, body })).toMatchObject({ status: 400, error_code: 400, description });
  });

  it('answers JSON of a stated length over a connection that stays open', async () => {
    const raw = await exchange(await stage(), 'getMe');
    expect(raw).toMatchObject({ status: 200, ending: 'end', headers: { 'content-type': 'application/json' } });
    expect(raw.headers['content-length']).toBe(String(Buffer.byteLength(raw.body)));
  });

  it('answers no sooner than its latency', async () => {
    const at = await stage({ latencyMs: 30 });
    await call(at, 'getMe');
    expect(at.clock.monotonic()).toBe(30);
    at.telegram.setLatency(0);
    await call(at, 'getMe');
    expect(at.clock.monotonic()).toBe(30);
  });

  it('keeps its own record of every call', async () => {
    const at = await stage();
    await call(at, 'sendmessage', { chat_id: 5, text: 'x' });
    await call(at, 'getMe');
    expect(at.telegram.calls).toEqual([
      expect.objectContaining({
        number: 1,
        method: 'sendMessage',
        chatId: '5',
        received: true,
        processed: true,
        answered: true,
        status: 400,
      }),
      expect.objectContaining({ number: 2, method: 'getMe', chatId: null, status: 200, botId: 7_000_000_001 }),
    ]);
  });
});

describe('the menu of commands', () => {
  const commands = [{ command: 'balance', description: 'Баланс' }];

  it('stands apart for each language', async () => {
    const at = await stage();
    expect(await call(at, 'setMyCommands', { commands, language_code: 'ru' })).toMatchObject({ ok: true, result: true });
    expect(await call(at, 'getMyCommands', { language_code: 'ru' })).toMatchObject({ result: commands });
    expect(await call(at, 'getMyCommands')).toMatchObject({ result: [] });
    await call(at, 'deleteMyCommands', { language_code: 'ru' });
    expect(await call(at, 'getMyCommands', { language_code: 'ru' })).toMatchObject({ result: [] });
  });

  it.each([
    ['nonsense', "Bad Request: can't parse commands JSON object"],
    [{}, 'Bad Request: expected an Array of BotCommand'],
    [[1], "Bad Request: can't parse BotCommand: expected an Object"],
    [[{ command: 'x' }], `Bad Request: can't parse BotCommand: Can't find field "description"`],
    [[{ command: 'Balance!', description: 'x' }], 'Bad Request: BOT_COMMAND_INVALID'],
    [[{ command: 'balance', description: '' }], 'Bad Request: BOT_COMMAND_DESCRIPTION_INVALID'],
    [Array.from({ length: 101 }, () => ({ command: 'x', description: 'x' })), 'Bad Request: BOT_COMMANDS_TOO_MUCH'],
  ])('refuses commands %j', async (wrong, description) => {
    expect(await call(await stage(), 'setMyCommands', { commands: wrong })).toMatchObject({ status: 400, description });
  });
});
