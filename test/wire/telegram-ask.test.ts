import { afterEach, describe, expect, it } from 'vitest';

import type { Channel } from '../../src/ports/channel.ts';
import { HAND_CLOCK_START } from '../support/hand-clock.ts';
import { rawAnswer } from '../support/raw-server.ts';
import { openTelegramWire, sayError, sayResult, TEST_TOKEN } from '../support/telegram-wire.ts';
import type { TelegramWire } from '../support/telegram-wire.ts';

const open: TelegramWire[] = [];
afterEach(async () => {
  for (const wire of open.splice(0)) await wire.close();
});

const wireOf = async (answer: Parameters<typeof openTelegramWire>[0]): Promise<TelegramWire> => {
  const wire = await openTelegramWire(answer);
  open.push(wire);
  return wire;
};

describe('the bot', () => {
  it('tells who it is', async () => {
    const wire = await wireOf(sayResult({ id: 123456789, is_bot: true, first_name: 'Ромашка', username: 'romashka_bot' }));
    expect(await wire.channel.identify()).toEqual({
      answer: 'bot',
      bot: { id: '123456789', username: 'romashka_bot', firstName: 'Ромашка' },
    });
    expect(wire.calls()).toEqual([{ path: `/bot${TEST_TOKEN}/getMe`, body: {} }]);
  });

  it('tells its webhook and what waits, but not the webhook’s path', async () => {
    const wire = await wireOf(sayResult({ url: 'https://user@crm.example:8443/hook/secret?x=1', pending_update_count: 12 }));
    expect(await wire.channel.readWebhook()).toEqual({ answer: 'webhook', url: 'https://crm.example:8443', pending: 12 });
  });

  it('tells that there is no webhook', async () => {
    const wire = await wireOf(sayResult({ url: '', has_custom_certificate: false, pending_update_count: 0 }));
    expect(await wire.channel.readWebhook()).toEqual({ answer: 'webhook', url: '', pending: 0 });
  });

  it('loses its webhook, but nothing that waits', async () => {
    const wire = await wireOf(sayResult(true));
    expect(await wire.channel.deleteWebhook()).toEqual({ answer: 'done' });
    expect(wire.calls()).toEqual([{ path: `/bot${TEST_TOKEN}/deleteWebhook`, body: {} }]);
  });

  it('takes its commands, for one language or for all', async () => {
    const wire = await wireOf(sayResult(true));
    const commands = [{ command: 'stop', description: 'Больше не писать' }];
    expect(await wire.channel.setCommands(commands, 'ru')).toEqual({ answer: 'done' });
    expect(await wire.channel.setCommands(commands, null)).toEqual({ answer: 'done' });
    expect(wire.calls().map(({ body }) => body)).toEqual([{ commands, language_code: 'ru' }, { commands }]);
  });
});

describe('a pull', () => {
  it('asks for one page from the offset, at once', async () => {
    const wire = await wireOf(sayResult([{ update_id: 5 }]));
    expect(await wire.channel.pull(5)).toEqual({ answer: 'updates', updates: [{ kind: 'other', updateId: 5 }] });
    expect(wire.calls()).toEqual([
      { path: `/bot${TEST_TOKEN}/getUpdates`, body: { offset: 5, limit: 100, timeout: 0, allowed_updates: ['message', 'my_chat_member'] } },
    ]);
  });

  it('without an offset sends none', async () => {
    const wire = await wireOf(sayResult([]));
    expect(await wire.channel.pull(null)).toEqual({ answer: 'updates', updates: [] });
    expect(wire.calls()[0]?.body).not.toHaveProperty('offset');
  });

  it('reads a page of a hundred of the longest texts, escaped and quoted', async () => {
    const text = String.raw`\u0444`.repeat(4096);
    const update = (id: number): string =>
      `{"update_id":${id},"message":{"chat":{"id":1,"type":"private"},"date":1,"text":"${text}","reply_to_message":{"text":"${text}"}}}`;
    const body = `{"ok":true,"result":[${Array.from({ length: 100 }, (_, index) => update(index + 1)).join(',')}]}`;
    expect(body.length).toBeGreaterThan(4_900_000);
    const wire = await wireOf(rawAnswer(200, body));
    const pulled = await wire.channel.pull(1);
    expect(pulled.answer === 'updates' && pulled.updates.map((one) => one.kind === 'message' && one.text === 'ф'.repeat(4096))).toEqual(
      Array(100).fill(true),
    );
  });
});

describe.each<[string, (channel: Channel) => Promise<{ readonly answer: string }>]>([
  ['getMe', (channel) => channel.identify()],
  ['getUpdates', (channel) => channel.pull(1)],
  ['getWebhookInfo', (channel) => channel.readWebhook()],
  ['deleteWebhook', (channel) => channel.deleteWebhook()],
  ['setMyCommands', (channel) => channel.setCommands([], null)],
])('%s', (_, ask) => {
  it.each([
    ['a revoked token', sayError(401, 'Unauthorized'), { answer: 'unusable', why: 'unauthorized', detail: '401 Unauthorized' }],
    ['a malformed token', sayError(404, 'Not Found'), { answer: 'unusable', why: 'malformed' }],
    [
      'a token that this server does not serve',
      sayError(421, 'Misdirected Request: unallowed token specified'),
      { answer: 'unusable', why: 'filtered' },
    ],
    ['a webhook', sayError(409, "Conflict: can't use getUpdates method while webhook is active"), { answer: 'conflict', why: 'webhook' }],
    ['a second reader', sayError(409, 'Conflict: terminated by other getUpdates request'), { answer: 'conflict', why: 'second_reader' }],
    [
      'a limit',
      sayError(429, 'Too Many Requests: retry after 9', { retry_after: 9 }),
      { answer: 'limited', until: HAND_CLOCK_START + 9000 },
    ],
    ['a limit of a shield', rawAnswer(429, '<html/>'), { answer: 'limited', until: HAND_CLOCK_START + 30_000 }],
    ['a 5xx of Telegram', sayError(500, 'Internal Server Error'), { answer: 'server' }],
    ['a page instead of an answer', rawAnswer(502, '<html>Bad Gateway</html>'), { answer: 'server', detail: 'HTTP 502' }],
    [
      'a captive portal',
      rawAnswer(302, '', { Location: 'http://login.example/?t=1' }),
      { answer: 'unreadable', detail: 'HTTP 302 to http://login.example' },
    ],
    ['HTML', rawAnswer(200, '<html>hello</html>'), { answer: 'unreadable', detail: 'HTTP 200' }],
    ['nothing', rawAnswer(200, ''), { answer: 'unreadable' }],
    ['another JSON', rawAnswer(200, '{"weather":"fine"}'), { answer: 'unreadable' }],
    ['a result of another shape', sayResult('fine weather'), { answer: 'unreadable' }],
    ['a list of something else', sayResult([{ weather: 'fine' }]), { answer: 'unreadable' }],
    ['a proxy that wants a password', rawAnswer(407, ''), { answer: 'unreachable' }],
  ])('answered by %s is told', async (__, answer, expected) => {
    const wire = await wireOf(answer);
    expect(await ask(wire.channel)).toMatchObject(expected);
  });

  it('that is cut off is unreachable', async () => {
    const wire = await wireOf(({ socket }) => {
      socket.destroy();
      return null;
    });
    expect(await ask(wire.channel)).toMatchObject({ answer: 'unreachable' });
  });

  it('that is not answered in time is unreachable', async () => {
    const wire = await wireOf(() => {
      setImmediate(() => wire.clock.pass(30_000));
      return null;
    });
    expect(await ask(wire.channel)).toEqual({ answer: 'unreachable', detail: 'timeout of 30000 ms' });
  });
});
