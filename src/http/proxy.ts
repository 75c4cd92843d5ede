import { lookup } from 'node:dns/promises';
import { request } from 'node:http';
import { isIPv6 } from 'node:net';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';

import { SocksClient } from 'socks';

import { describeMishap } from './mishap.ts';
import { reachDirectly, secure, targetOf } from './open.ts';
import type { Opener, Target } from './open.ts';
import { decode } from './scrub.ts';

interface Proxy {
  readonly target: Target;
  readonly name: string;
  readonly password: string;
}

/**
 * The way to the target's address through a proxy, TLS to the target not yet begun: `http`, `https` (by CONNECT, for plain targets too, so that
 * the proxy's 200 proves where the request's own bytes begin), `socks5` (names resolved here) and `socks5h` (by the proxy).
 * Throws for an address that is none; credentials are in no error.
 */
export function createTunnel(
  address: string,
  { target, trust, timeoutMs }: { readonly target: Target; readonly trust: SecureContext; readonly timeoutMs: number },
): Opener {
  if (!URL.canParse(address)) throw new Error('the proxy’s address is none');
  const url = new URL(address);
  const proxy: Proxy = { target: targetOf(url), name: decode(url.username), password: decode(url.password) };
  switch (url.protocol) {
    case 'http:':
    case 'https:':
      return (signal) => throughHttp(proxy, { target, trust, signal });
    case 'socks5:':
    case 'socks5h:': {
      const port = url.port === '' ? 1080 : Number(url.port);
      const remote = url.protocol === 'socks5h:';
      return (signal) => throughSocks({ ...proxy, target: { ...proxy.target, port } }, { target, remote, timeoutMs, signal });
    }
    default:
      throw new Error(`a proxy by ${url.protocol} is not supported`);
  }
}

async function throughHttp(
  { target: proxy, name, password }: Proxy,
  { target, trust, signal }: { readonly target: Target; readonly trust: SecureContext; readonly signal: AbortSignal },
): Promise<Socket> {
  const reached = await reachDirectly(proxy, signal);
  const carrier = proxy.secure ? await secure(reached, proxy.host, trust) : reached;
  const authority = `${isIPv6(target.host) ? `[${target.host}]` : target.host}:${target.port}`;
  const credentials =
    name === '' && password === '' ? {} : { 'Proxy-Authorization': `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
  return new Promise((resolve, reject) => {
    const asking = request({
      method: 'CONNECT',
      path: authority,
      headers: { Host: authority, Connection: 'keep-alive', 'Proxy-Connection': 'keep-alive', ...credentials },
      createConnection: () => carrier,
    });
    asking.once('error', reject);
    asking.once('connect', ({ statusCode = 0 }, socket: Socket, head: Buffer) => {
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      } else {
        socket.destroy();
        reject(new Error(`the proxy answered ${statusCode}`));
      }
    });
    asking.end();
  });
}

async function throughSocks(
  { target: proxy, name, password }: Proxy,
  {
    target,
    remote,
    timeoutMs,
    signal,
  }: { readonly target: Target; readonly remote: boolean; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Socket> {
  const host = remote ? target.host : (await lookup(target.host, { order: 'ipv4first' })).address;
  signal.throwIfAborted();
  const socket = await reachDirectly(proxy, signal);
  await SocksClient.createConnection({
    command: 'connect',
    existing_socket: socket,
    proxy: { host: proxy.host, port: proxy.port, type: 5, ...(name === '' && password === '' ? {} : { userId: name, password }) },
    destination: { host, port: target.port },
    timeout: timeoutMs,
  }).catch((error: unknown) => {
    socket.destroy();
    // The library's own error carries the credentials in its options, so nothing but its words goes on.
    return Promise.reject(new Error(describeMishap(error)));
  });
  return socket;
}
