import { afterEach, describe, expect, it, vi } from 'vitest';

import { createTestCaller, TIMEOUT_MS } from '../support/calling.ts';
import type { TestCaller } from '../support/calling.ts';
import { openHttpProxy, openSocksProxy } from '../support/proxies.ts';
import type { ProxyManners, TestProxy } from '../support/proxies.ts';
import { openRawServer, rawAnswer, readTestFile, refusedPort, testAuthority } from '../support/raw-server.ts';
import type { Certificate, RawServer } from '../support/raw-server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const one of open.splice(0).toReversed()) await one.close();
});

function keep<T extends { close(): unknown }>(one: T): T {
  open.push(one);
  return one;
}

async function openServer(certificate: Certificate | null = null): Promise<RawServer> {
  return keep(await openRawServer(({ body, socket }) => socket.write(rawAnswer(200, body)), { certificate }));
}

function callerTo(root: string, options?: Parameters<typeof createTestCaller>[1]): TestCaller {
  return keep(createTestCaller(root, options));
}

const CREDENTIALS = 'wa!ter:pass/w%rd';
const IN_ADDRESS = 'wa!ter:pass%2Fw%25rd';

describe('TLS', () => {
  it('trusts nobody but the usual authorities', async () => {
    const server = await openServer('here');
    const mayBegin = vi.fn<() => boolean>(() => true);
    const exchange = await callerTo(`https://localhost:${server.port}`).post({ mayBegin });
    expect(exchange).toMatchObject({ kind: 'not_sent', why: 'unreachable', detail: expect.stringContaining('UNABLE_TO') });
    expect(mayBegin).not.toHaveBeenCalled();
    expect(server.requests).toEqual([]);
  });

  it.each(['localhost', '127.0.0.1'])('trusts an own authority, for %s', async (host) => {
    const server = await openServer('here');
    const caller = callerTo(`https://${host}:${server.port}`, { ca: testAuthority() });
    expect(await caller.post()).toMatchObject({ kind: 'answer', status: 200 });
    expect(await caller.post()).toMatchObject({ kind: 'answer', status: 200 });
    expect(server.accepted).toBe(1);
  });

  it('refuses a certificate for another name', async () => {
    const server = await openServer('elsewhere');
    const exchange = await callerTo(`https://localhost:${server.port}`, { ca: testAuthority() }).post();
    expect(exchange).toMatchObject({ kind: 'not_sent', detail: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') });
  });

  it('refuses a certificate whose time is over, whoever signed it', async () => {
    const server = await openServer('expired');
    for (const ca of [readTestFile('expired.pem'), testAuthority()]) {
      const exchange = await callerTo(`https://localhost:${server.port}`, { ca }).post();
      expect(exchange).toMatchObject({ kind: 'not_sent', detail: expect.stringMatching(/CERT_HAS_EXPIRED|SELF_SIGNED_CERT/) });
    }
    expect(server.requests).toEqual([]);
  });

  it('is not switched off by the environment', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const server = await openServer('here');
    expect(await callerTo(`https://localhost:${server.port}`).post()).toMatchObject({ kind: 'not_sent' });
  });

  it('with a server that speaks none is surely not sent', async () => {
    const server = keep(
      await openRawServer(() => {}, {
        onConnection: (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      }),
    );
    expect(await callerTo(`https://localhost:${server.port}`).post()).toMatchObject({ kind: 'not_sent', why: 'unreachable' });
  });

  it('with a server that is silent is surely not sent when the time is over, and the connection is let go', async () => {
    const server = keep(await openRawServer(() => {}));
    const caller = callerTo(`https://localhost:${server.port}`);
    const call = caller.post();
    await vi.waitFor(() => expect(server.open).toBe(1));
    caller.clock.pass(TIMEOUT_MS);
    expect(await call).toMatchObject({ kind: 'not_sent', why: 'unreachable' });
    await vi.waitFor(() => expect(server.open).toBe(0));
  });

  it('that ends after the request was read is in doubt', async () => {
    const server = keep(await openRawServer(({ socket }) => socket.destroy(), { certificate: 'here' }));
    expect(await callerTo(`https://localhost:${server.port}`, { ca: testAuthority() }).post()).toMatchObject({
      kind: 'unknown',
      why: 'cut',
    });
  });

  it('does not begin when it may not', async () => {
    const server = await openServer('here');
    const exchange = await callerTo(`https://localhost:${server.port}`, { ca: testAuthority() }).post({ mayBegin: () => false });
    expect(exchange).toMatchObject({ kind: 'not_sent', why: 'not_begun' });
    expect(server.requests).toEqual([]);
  });
});

const KINDS = [
  { scheme: 'http', openProxy: openHttpProxy },
  { scheme: 'https', openProxy: (manners: ProxyManners) => openHttpProxy({ ...manners, secure: true }) },
  { scheme: 'socks5', openProxy: openSocksProxy },
  { scheme: 'socks5h', openProxy: openSocksProxy },
] as const;

describe.each(KINDS)('a proxy by $scheme', ({ scheme, openProxy }) => {
  /** TLS to the proxy and to the target is vouched for by the same authority. */
  const through = async (
    manners: ProxyManners,
    root: string,
    credentials = '',
  ): Promise<{ readonly caller: TestCaller; readonly proxy: TestProxy }> => {
    const proxy = keep(await openProxy(manners));
    return { proxy, caller: callerTo(root, { proxy: `${scheme}://${credentials}localhost:${proxy.port}`, ca: testAuthority() }) };
  };

  it.each([null, 'here'] as const)('carries calls (certificate: %s) and is kept', async (certificate) => {
    const server = await openServer(certificate);
    const { caller, proxy } = await through({}, `${certificate === null ? 'http' : 'https'}://localhost:${server.port}`);
    for (const body of ['one', 'two']) expect(await caller.post({ body })).toMatchObject({ kind: 'answer', status: 200, body });
    expect(proxy.asked).toEqual([`${scheme === 'socks5' ? '127.0.0.1' : 'localhost'}:${server.port}`]);
    expect(server.accepted).toBe(1);
  });

  it('is shown name and password', async () => {
    const server = await openServer();
    const { caller, proxy } = await through({ credentials: CREDENTIALS }, `http://localhost:${server.port}`, `${IN_ADDRESS}@`);
    expect(await caller.post()).toMatchObject({ kind: 'answer' });
    expect(proxy.shown).toEqual([CREDENTIALS]);
  });

  it('that does not know the password sends nothing, and neither is told', async () => {
    const server = await openServer();
    const { caller } = await through({ credentials: 'another:word' }, `http://localhost:${server.port}`, `${IN_ADDRESS}@`);
    const exchange = await caller.post();
    expect(exchange).toMatchObject({ kind: 'not_sent', why: 'unreachable' });
    expect(JSON.stringify(exchange)).not.toMatch(/wa!ter|pass/);
    expect(server.accepted).toBe(0);
  });

  it.each(['refuse', 'close', 'garble'] as const)('that says no (%s) sends nothing', async (manner) => {
    const server = await openServer();
    const { caller } = await through({ manner }, `http://localhost:${server.port}`);
    const mayBegin = vi.fn<() => boolean>(() => true);
    expect(await caller.post({ mayBegin })).toMatchObject({ kind: 'not_sent', why: 'unreachable', detail: expect.stringMatching(/./) });
    expect(mayBegin).not.toHaveBeenCalled();
    expect(server.accepted).toBe(0);
  });

  it('that is not there sends nothing', async () => {
    const server = await openServer();
    const caller = callerTo(`http://localhost:${server.port}`, { proxy: `${scheme}://${IN_ADDRESS}@127.0.0.1:${await refusedPort()}` });
    expect(await caller.post()).toMatchObject({ kind: 'not_sent', why: 'unreachable', detail: expect.stringContaining('ECONNREFUSED') });
  });

  it('that finds nobody at the other end sends nothing', async () => {
    const { caller } = await through({}, `http://127.0.0.1:${await refusedPort()}`);
    expect(await caller.post()).toMatchObject({ kind: 'not_sent', why: 'unreachable' });
  });

  it('that is silent sends nothing when the time is over', async () => {
    const { caller } = await through({ manner: 'hang' }, 'http://localhost:1');
    const call = caller.post();
    await vi.waitFor(() => expect(caller.clock.sleeping).toBe(1));
    caller.clock.pass(TIMEOUT_MS);
    expect(await call).toMatchObject({ kind: 'not_sent', why: 'unreachable' });
  });

  it('that says yes and goes away sends nothing while TLS does not stand, and is in doubt without TLS', async () => {
    const secure = await through({ manner: 'dead' }, 'https://localhost:1');
    expect(await secure.caller.post()).toMatchObject({ kind: 'not_sent', why: 'unreachable' });
    const plain = await through({ manner: 'dead' }, 'http://localhost:1');
    expect(await plain.caller.post()).toMatchObject({ kind: 'unknown', why: 'cut' });
  });

  it('does not vouch for the target', async () => {
    const server = await openServer('elsewhere');
    const { caller } = await through({}, `https://localhost:${server.port}`);
    expect(await caller.post()).toMatchObject({ kind: 'not_sent', detail: expect.stringContaining('ALTNAME') });
  });
});

describe('an address of a proxy', () => {
  it.each(['ftp://name:word@proxy', 'name:word@@', ''])('that can not be used is an exception that does not repeat it: %s', (proxy) => {
    expect(() => createTestCaller('http://localhost', { proxy })).toThrow(/^(?!.*word).*$/);
  });
});
