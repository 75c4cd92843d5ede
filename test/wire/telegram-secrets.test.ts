import { inspect } from 'node:util';

import { afterEach, describe, expect, it } from 'vitest';

import { Secret } from '../../src/core/secret.ts';
import { createTelegramChannel } from '../../src/telegram/channel.ts';
import type { TelegramChannelSettings } from '../../src/telegram/channel.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { openHttpProxy, openSocksProxy } from '../support/proxies.ts';
import { openRawServer, rawAnswer, refusedPort } from '../support/raw-server.ts';
import type { RawRequest } from '../support/raw-server.ts';
import { sayError, sayResult, TEST_TOKEN, testTelegramSettings } from '../support/telegram-wire.ts';

const HIDDEN = 'hidden-path-of-the-reverse-proxy';
const NAME = 'proxy-name';
const WORD = 'pr0xy/w:rd';
const CREDENTIALS = `${NAME}:${encodeURIComponent(WORD)}`;
const FORBIDDEN = [
  TEST_TOKEN,
  TEST_TOKEN.slice(10),
  encodeURIComponent(TEST_TOKEN),
  HIDDEN,
  NAME,
  WORD,
  encodeURIComponent(WORD),
  Buffer.from(`${NAME}:${WORD}`).toString('base64'),
];

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function everythingSaid(changes: Partial<TelegramChannelSettings>): Promise<string> {
  const channel = createTelegramChannel({
    settings: { ...testTelegramSettings('http://127.0.0.1:9'), ...changes },
    clock: createHandClock(),
  });
  open.push(channel);
  const said = [
    await channel.identify(),
    await channel.pull(1),
    await channel.send({ chatId: '1', html: 'x', silent: false }, () => true),
    await channel.readWebhook(),
    await channel.deleteWebhook(),
    await channel.setCommands([], null),
  ];
  return inspect([said, channel], { depth: 10, showHidden: true });
}

function expectNoSecret(said: string): void {
  expect(said).toMatch(/detail: '.+'|url: '.+'/);
  for (const secret of FORBIDDEN) expect(said).not.toContain(secret);
}

/** Servers that repeat all they know about the request. */
const ECHOES: readonly [string, (request: RawRequest) => Buffer][] = [
  ['in an error', ({ head }) => sayError(400, `Bad Request: ${head}`)],
  ['in an error, percent-encoded', ({ head }) => sayError(404, encodeURIComponent(head))],
  [
    'in a redirect',
    ({ head }) =>
      rawAnswer(302, '', { Location: `https://${NAME}:x@portal.example${/ (\S+)/.exec(head)?.[1]}?q=${encodeURIComponent(TEST_TOKEN)}` }),
  ],
  ['in the name of a host', () => rawAnswer(302, '', { Location: `https://${HIDDEN}.portal.example/` })],
  ['in a webhook', ({ head }) => sayResult({ url: `https://crm.example${/ (\S+)/.exec(head)?.[1]}`, pending_update_count: 1 })],
  ['in a page', ({ head }) => rawAnswer(502, head)],
];

describe('token, proxy and path are in nothing that the channel says', () => {
  it.each(ECHOES)('when the server repeats them %s', async (_, answer) => {
    const server = await openRawServer((request) => request.socket.write(answer(request)));
    const proxy = await openHttpProxy({ credentials: `${NAME}:${WORD}` });
    open.push(server, proxy);
    const apiRoot = `http://127.0.0.1:${server.port}/${HIDDEN}/`;
    expectNoSecret(await everythingSaid({ apiRoot, proxy: new Secret(`http://${CREDENTIALS}@127.0.0.1:${proxy.port}`) }));
    expect(server.requests).toHaveLength(6);
  });

  it.each([
    ['the server refuses connections', async () => ({ apiRoot: `http://127.0.0.1:${await refusedPort()}/${HIDDEN}` })],
    ['the server’s name does not exist', async () => ({ apiRoot: `https://no-such-host.invalid/${HIDDEN}` })],
    ['the proxy refuses connections', async () => ({ proxy: new Secret(`socks5h://${CREDENTIALS}@127.0.0.1:${await refusedPort()}`) })],
    ['the proxy’s name does not exist', async () => ({ proxy: new Secret(`https://${CREDENTIALS}@no-such-host.invalid`) })],
    [
      'an HTTP proxy knows another password',
      async () => ({ proxy: new Secret(`http://${CREDENTIALS}@127.0.0.1:${await portOf(openHttpProxy({ credentials: 'a:b' }))}`) }),
    ],
    [
      'a SOCKS proxy knows another password',
      async () => ({ proxy: new Secret(`socks5://${CREDENTIALS}@127.0.0.1:${await portOf(openSocksProxy({ credentials: 'a:b' }))}`) }),
    ],
    [
      'the server ends the connection',
      async () => ({ apiRoot: `http://127.0.0.1:${await portOf(openRawServer(({ socket }) => socket.destroy()))}/${HIDDEN}` }),
    ],
    [
      'the server speaks no HTTP',
      async () => ({ apiRoot: `http://127.0.0.1:${await portOf(openRawServer(({ head, socket }) => socket.end(head)))}/${HIDDEN}` }),
    ],
  ])('when %s', async (_, settings) => {
    expectNoSecret(await everythingSaid(await settings()));
  });

  it.each([
    ['an address that is none', { apiRoot: `${HIDDEN} ${TEST_TOKEN}` }],
    ['a proxy whose address is none', { proxy: new Secret(`http://${CREDENTIALS}@:x`) }],
    ['a proxy of another kind', { proxy: new Secret(`ftp://${CREDENTIALS}@proxy`) }],
  ])('nor is it in the exception about %s', (_, settings) => {
    let said = '';
    try {
      createTelegramChannel({ settings: { ...testTelegramSettings('http://127.0.0.1:9'), ...settings }, clock: createHandClock() });
    } catch (error) {
      said = inspect(error, { depth: 10, showHidden: true });
    }
    expect(said).toMatch(/^Error: /);
    for (const secret of FORBIDDEN) expect(said).not.toContain(secret);
  });
});

async function portOf(opening: Promise<{ readonly port: number; close(): unknown }>): Promise<number> {
  const one = await opening;
  open.push(one);
  return one.port;
}
