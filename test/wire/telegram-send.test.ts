import { afterEach, describe, expect, it } from 'vitest';

import type { Outcome } from '../../src/core/outcome.ts';
import { createTelegramChannel } from '../../src/telegram/channel.ts';
import { HAND_CLOCK_START } from '../support/hand-clock.ts';
import { rawAnswer, refusedPort } from '../support/raw-server.ts';
import { openTelegramWire, sayError, sayResult, SENT_MESSAGE, TEST_TOKEN, testTelegramSettings } from '../support/telegram-wire.ts';
import type { TelegramWire } from '../support/telegram-wire.ts';

const open: TelegramWire[] = [];
afterEach(async () => {
  for (const wire of open.splice(0)) await wire.close();
});

const wireOf = async (...[answer, settings]: Parameters<typeof openTelegramWire>): Promise<TelegramWire> => {
  const wire = await openTelegramWire(answer, settings);
  open.push(wire);
  return wire;
};

const MESSAGE = { chatId: '42', html: '<b>+450 ₽</b> «Бонусы» & \u2028 😀', silent: false };
const sendOver = async (answer: Buffer): Promise<Outcome> => (await wireOf(answer)).channel.send(MESSAGE, () => true);

describe('a message', () => {
  it('goes out as Telegram wants it', async () => {
    const wire = await wireOf(sayResult(SENT_MESSAGE));
    expect(await wire.channel.send(MESSAGE, () => true)).toEqual({ outcome: 'delivered', messageId: '4711' });
    expect(wire.calls()).toEqual([
      {
        path: `/bot${TEST_TOKEN}/sendMessage`,
        body: {
          chat_id: 42,
          text: MESSAGE.html,
          disable_notification: false,
          parse_mode: 'HTML',
          link_preview_options: { is_disabled: true },
        },
      },
    ]);
    expect(wire.server.requests[0]?.head).toMatch(/^content-type: application\/json$/im);
  });

  it('goes out silently, and paid where that is chosen', async () => {
    const wire = await wireOf(sayResult(SENT_MESSAGE), { broadcast: 'paid' });
    await wire.channel.send({ ...MESSAGE, silent: true }, () => true);
    expect(wire.calls()).toMatchObject([{ body: { disable_notification: true, allow_paid_broadcast: true } }]);
  });

  it.each([
    ['-1001234567890', '-1001234567890'],
    ['9007199254740991', '9007199254740991'],
    ['9007199254740993', '"9007199254740993"'],
    ['007', '"007"'],
    ['@somebody', '"@somebody"'],
  ])('goes to the chat %s as %s', async (chatId, literal) => {
    const wire = await wireOf(sayResult(SENT_MESSAGE));
    await wire.channel.send({ ...MESSAGE, chatId }, () => true);
    expect(wire.server.requests[0]?.body).toContain(`"chat_id":${literal},`);
  });

  it.each(['', '/', '/hidden/proxy', '/hidden/proxy/'])('goes out under a root that ends in «%s»', async (path) => {
    const wire = await wireOf(sayResult(SENT_MESSAGE), { path });
    await wire.channel.send(MESSAGE, () => true);
    expect(wire.calls()[0]?.path).toBe(`${path.replace(/\/$/, '')}/bot${TEST_TOKEN}/sendMessage`);
  });

  it('does not begin when it may not', async () => {
    const wire = await wireOf(sayResult(SENT_MESSAGE));
    expect(await wire.channel.send(MESSAGE, () => false)).toEqual({ outcome: 'retry', code: 'not_begun', notBefore: null, detail: '' });
    expect(wire.server.requests).toEqual([]);
  });
});

describe('an answer to a message', () => {
  it.each([
    [
      'blocked',
      sayError(403, 'Forbidden: bot was blocked by the user'),
      { outcome: 'refused', code: 'blocked', whose: 'guest', detail: '403 Forbidden: bot was blocked by the user' },
    ],
    ['bad HTML', sayError(400, "Bad Request: can't parse entities: no"), { outcome: 'refused', code: 'bad_text', whose: 'ours' }],
    ['a revoked token', sayError(401, 'Unauthorized'), { outcome: 'retry', code: 'unusable' }],
    ['a 5xx of Telegram', sayError(500, 'Internal Server Error: restart'), { outcome: 'in_doubt', code: 'server' }],
    [
      'an error under a status of 200',
      rawAnswer(200, '{"ok":false,"error_code":403,"description":"Forbidden: user is deactivated"}'),
      { outcome: 'refused', code: 'deactivated' },
    ],
    [
      'an error without its code',
      rawAnswer(400, '{"ok":false,"description":"Bad Request: chat not found"}'),
      { outcome: 'refused', code: 'chat_not_found' },
    ],
  ])('that is Telegram’s word counts: %s', async (_, answer, expected) => {
    expect(await sendOver(answer)).toMatchObject(expected);
  });

  it.each([
    ['HTML under 502', rawAnswer(502, '<html>Bad Gateway</html>'), { outcome: 'in_doubt', code: 'server', detail: 'HTTP 502' }],
    [
      'HTML under 200',
      rawAnswer(200, '<html>Welcome to our Wi-Fi</html>'),
      { outcome: 'in_doubt', code: 'unreadable', detail: 'HTTP 200' },
    ],
    ['HTML under 403', rawAnswer(403, '<html>Forbidden</html>'), { outcome: 'in_doubt', code: 'unreadable', detail: 'HTTP 403' }],
    ['HTML under 404', rawAnswer(404, '<html>nginx</html>'), { outcome: 'in_doubt', code: 'unreadable' }],
    [
      'a redirect',
      rawAnswer(302, '', { Location: 'https://portal.example/login?from=x' }),
      { outcome: 'in_doubt', code: 'unreadable', detail: 'HTTP 302 to https://portal.example' },
    ],
    ['an empty body', rawAnswer(200, ''), { outcome: 'in_doubt', code: 'unreadable' }],
    ['half a JSON of full length', rawAnswer(200, '{"ok":true,"result":{"message_id":4711'), { outcome: 'in_doubt', code: 'unreadable' }],
    ['JSON that is no envelope', rawAnswer(200, '{"message_id":4711}'), { outcome: 'in_doubt', code: 'unreadable' }],
    ['a list', rawAnswer(200, '[]'), { outcome: 'in_doubt', code: 'unreadable' }],
    ['a result without a message', sayResult(true), { outcome: 'in_doubt', code: 'unreadable' }],
    ['a message without a number', sayResult({ message_id: 'x' }), { outcome: 'in_doubt', code: 'unreadable' }],
    ['a result under 500', rawAnswer(500, '{"ok":true,"result":{"message_id":4711}}'), { outcome: 'in_doubt', code: 'server' }],
    ['«not ok» under 200 without a code', rawAnswer(200, '{"ok":false}'), { outcome: 'in_doubt', code: 'unreadable' }],
    ['a proxy that wants a password', rawAnswer(407, '<html/>'), { outcome: 'retry', code: 'unreachable', notBefore: null }],
  ])('that is not Telegram’s is judged by what it can be: %s', async (_, answer, expected) => {
    expect(await sendOver(answer)).toMatchObject(expected);
  });

  const after = (seconds: number): object => ({ outcome: 'retry', code: 'limited', notBefore: HAND_CLOCK_START + seconds * 1000 });
  it.each([
    ['its parameters', sayError(429, 'Too Many Requests: retry after 35', { retry_after: 35 }), 35],
    ['its header', rawAnswer(429, '{"ok":false,"error_code":429,"description":"Too Many Requests"}', { 'Retry-After': '8' }), 8],
    ['its words', sayError(429, 'Too Many Requests: retry after 14'), 14],
    ['a header with a date', rawAnswer(429, '<html/>', { 'Retry-After': new Date(HAND_CLOCK_START + 120_000).toUTCString() }), 120],
    ['the header of a shield', rawAnswer(429, '<html/>', { 'Retry-After': '3600' }), 3600],
    ['nothing', rawAnswer(429, '<html/>'), 30],
    ['nonsense', sayError(429, 'Too Many Requests', { retry_after: -5 }), 30],
  ])('429 takes the time from %s', async (_, answer, seconds) => {
    expect(await sendOver(answer)).toMatchObject(after(seconds));
  });

  it.each([
    ['delivered', sayResult(SENT_MESSAGE), 'delivered'],
    ['limited', sayError(429, 'Too Many Requests: retry after 5', { retry_after: 5 }), 'retry'],
    ['refused', sayError(403, 'Forbidden: bot was blocked by the user'), 'refused'],
    ['unusable', sayError(401, 'Unauthorized'), 'retry'],
    ['server', sayError(502, 'Bad Gateway'), 'in_doubt'],
  ])('that is cut at any byte leaves the message in doubt (%s)', async (_, answer, whole) => {
    const wire = await wireOf(({ index, socket }) => {
      socket.end(answer.subarray(0, index));
      return null;
    });
    for (let length = 0; length < answer.length; length += 1) {
      const outcome = await wire.channel.send(MESSAGE, () => true);
      expect(outcome.outcome, `cut at ${length}`).toBe('in_doubt');
    }
    expect(await wire.channel.send(MESSAGE, () => true)).toMatchObject({ outcome: whole });
  });

  it('that breaks off tells by its status what it was', async () => {
    const half = async (answer: Buffer): Promise<Outcome> => {
      const wire = await wireOf(({ socket }) => {
        socket.end(answer.subarray(0, -1));
        return null;
      });
      return wire.channel.send(MESSAGE, () => true);
    };
    expect(await half(rawAnswer(504, '<html>Gateway Time-out</html>'))).toMatchObject({ outcome: 'in_doubt', code: 'server' });
    expect(await half(sayResult(SENT_MESSAGE))).toMatchObject({ outcome: 'in_doubt', code: 'unreadable' });
  });
});

describe('no answer', () => {
  it('from a port that refuses means not sent', async () => {
    const wire = await wireOf(sayResult(SENT_MESSAGE));
    const channel = createTelegramChannel({ settings: testTelegramSettings(`http://127.0.0.1:${await refusedPort()}`), clock: wire.clock });
    expect(await channel.send(MESSAGE, () => true)).toMatchObject({ outcome: 'retry', code: 'unreachable', notBefore: null });
  });

  it('after the message was read leaves it in doubt', async () => {
    const wire = await wireOf(({ socket }) => {
      socket.destroy();
      return null;
    });
    expect(await wire.channel.send(MESSAGE, () => true)).toMatchObject({ outcome: 'in_doubt', code: 'cut' });
  });

  it('within thirty seconds leaves it in doubt', async () => {
    const wire = await wireOf(() => {
      setImmediate(() => wire.clock.pass(30_000));
      return null;
    });
    expect(await wire.channel.send(MESSAGE, () => true)).toMatchObject({ outcome: 'in_doubt', code: 'timeout' });
  });
});
