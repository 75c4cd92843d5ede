import { inspect } from 'node:util';

import { describe, expect, it, onTestFinished } from 'vitest';

import { Secret } from '../../src/core/secret.ts';
import { GATEWAYS } from '../../src/core/sms-outcome.ts';
import type { GatewayName } from '../../src/core/sms-outcome.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { openHttpProxy, openSocksProxy } from '../support/proxies.ts';
import { openRawServer, rawAnswer, refusedPort } from '../support/raw-server.ts';
import type { RawRequest } from '../support/raw-server.ts';
import { always, NUMBER, openTestGateway, smsSite, smsTo, TEXT } from '../support/sms-site.ts';
import { sayJson } from '../support/sms-wire.ts';

const KEY = 'AbCd+/key=of "nobody"';
const HIDDEN = 'hidden-path-of-the-reverse-proxy';
const NAME = 'proxy-name';
const WORD = 'pr0xy/w:rd';
const CREDENTIALS = `${NAME}:${encodeURIComponent(WORD)}`;
const FORBIDDEN = [
  KEY,
  encodeURIComponent(KEY),
  JSON.stringify(KEY).slice(1, -1),
  new URLSearchParams({ KEY }).toString().slice(4),
  HIDDEN,
  NAME,
  WORD,
  encodeURIComponent(WORD),
  Buffer.from(`${NAME}:${WORD}`).toString('base64'),
  NUMBER,
  'AQEBAQEBAQEBAQEBAQEBAQ',
];

type Wish = Partial<Parameters<typeof openTestGateway>[1]>;

async function everythingSaid(operator: GatewayName, wish: Wish): Promise<Said> {
  const gateway = openTestGateway(operator, { clock: createHandClock(), key: new Secret(KEY), apiRoot: 'http://127.0.0.1:9', ...wish });
  const said = [
    await gateway.send(smsTo(), always),
    await gateway.readBalance(),
    await gateway.readSenders(),
    await gateway.readCost(smsTo()),
    await gateway.readStatuses(['1']),
  ];
  const details = said.flatMap((answer) => ('detail' in answer ? [answer.detail] : []));
  return { text: inspect([said, gateway], { depth: 10, showHidden: true }), details };
}

interface Said {
  readonly text: string;
  readonly details: readonly string[];
}

function expectNoSecret({ text, details }: Said): void {
  expect(details.some((detail) => detail !== '')).toBe(true);
  for (const secret of FORBIDDEN) expect(text).not.toContain(secret);
  // A detail is one line of at most 300 characters.
  for (const detail of details) expect(detail.length).toBeLessThanOrEqual(300);
}

/** Servers that repeat all they know about the request. */
const echo = ({ head, body }: RawRequest): string => `${head} ${body} ${KEY} ${decodeURIComponent(body.replaceAll('%', '%25'))}`;
const ECHOES: readonly [string, (request: RawRequest) => Buffer][] = [
  ['in SMS.RU’s text', (request) => sayJson({ status: 'ERROR', status_code: 200, status_text: echo(request) })],
  [
    'in SMS.RU’s item',
    (request) => sayJson({ status: 'OK', status_code: 100, sms: { [NUMBER]: { status_code: 207, status_text: echo(request) } } }),
  ],
  ['in P1SMS’s message', (request) => sayJson({ status: 'error', data: { message: echo(request), exception: KEY } }, 400)],
  [
    'in P1SMS’s item',
    (request) => sayJson({ status: 'success', data: [{ id: 1, status: 'sent', phone: NUMBER, message: TEXT, other: echo(request) }] }),
  ],
  ['in PUSHSMS’s message', (request) => sayJson({ meta: { code: 422, message: echo(request), errors: { text: [echo(request)] } } }, 422)],
  [
    'in PUSHSMS’s account',
    (request) =>
      sayJson({
        meta: { code: 200 },
        account: { token: KEY, other: echo(request) },
        delivery: { id: 1, text: TEXT, other: echo(request) },
      }),
  ],
  ['in JSON of another shape', (request) => sayJson({ [KEY]: echo(request), deep: [{ key: KEY, other: [KEY, TEXT, NUMBER] }] })],
  ['in a page', (request) => rawAnswer(502, echo(request))],
  [
    'in a redirect',
    ({ head }) =>
      rawAnswer(302, '', { Location: `https://${NAME}:x@portal.example${/ (\S+)/.exec(head)?.[1]}?q=${encodeURIComponent(KEY)}` }),
  ],
];

describe.each(GATEWAYS)('key, proxy, path, number and link are in nothing that %s says', (operator) => {
  it.each(ECHOES)('when the server repeats them %s', async (_, answer) => {
    const server = await openRawServer((request) => request.socket.write(answer(request)));
    const proxy = await openHttpProxy({ credentials: `${NAME}:${WORD}` });
    onTestFinished(async () => {
      await server.close();
      await proxy.close();
    });
    const said = await everythingSaid(operator, {
      apiRoot: `http://127.0.0.1:${server.port}/${HIDDEN}/`,
      proxy: new Secret(`http://${CREDENTIALS}@127.0.0.1:${proxy.port}`),
    });
    expectNoSecret(said);
    expect(server.requests.length).toBeGreaterThanOrEqual(4);
  });

  it.each([
    ['the server refuses connections', async () => ({ apiRoot: `http://127.0.0.1:${await refusedPort()}/${HIDDEN}` })],
    ['the server’s name does not exist', async () => ({ apiRoot: `https://no-such-host.invalid/${HIDDEN}` })],
    ['the proxy refuses connections', async () => ({ proxy: new Secret(`socks5h://${CREDENTIALS}@127.0.0.1:${await refusedPort()}`) })],
    [
      'a SOCKS proxy knows another password',
      async () => {
        const proxy = await openSocksProxy({ credentials: 'a:b' });
        onTestFinished(() => void proxy.close());
        return { proxy: new Secret(`socks5://${CREDENTIALS}@127.0.0.1:${proxy.port}`) };
      },
    ],
  ])('when %s', async (_, wish) => {
    expectNoSecret(await everythingSaid(operator, await wish()));
  });

  it.each([
    ['an address that is none', { apiRoot: `${HIDDEN} ${KEY}` }],
    ['a proxy whose address is none', { proxy: new Secret(`http://${CREDENTIALS}@:x`) }],
  ])('nor in the exception about %s', (_, wish) => {
    let said = '';
    try {
      openTestGateway(operator, { clock: createHandClock(), key: new Secret(KEY), apiRoot: 'http://127.0.0.1:9', ...wish });
    } catch (error) {
      said = inspect(error, { depth: 10, showHidden: true });
    }
    expect(said).toMatch(/^Error: /);
    for (const secret of FORBIDDEN) expect(said).not.toContain(secret);
  });

  it('when all goes well', async () => {
    const { gateway } = await smsSite(operator);
    const said = inspect([await gateway.send(smsTo(), always), await gateway.readBalance(), await gateway.readSenders(), gateway], {
      depth: 10,
    });
    expect(said).not.toContain('SIMULATED-no-key');
    expect(said).not.toContain(NUMBER);
    expect(said).not.toContain('t.me');
  });
});
