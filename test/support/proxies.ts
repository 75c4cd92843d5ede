import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

import { closeServer, listen, readTestFile } from './raw-server.ts';

export interface TestProxy {
  readonly port: number;
  /** Where clients wanted to go, `host:port`, in order; also those who were refused. */
  readonly asked: readonly string[];
  /** Names and passwords that were shown. */
  readonly shown: readonly string[];
  close(): Promise<void>;
}

export interface ProxyManners {
  /** `name:password` that must be shown. */
  readonly credentials?: string;
  /**
   * refuse: says no · hang: takes the connection and is silent · close: ends it instead of answering · garble: answers what is no answer ·
   * dead: says yes and ends the connection.
   */
  readonly manner?: 'refuse' | 'hang' | 'close' | 'garble' | 'dead';
  /** Speaks TLS itself. */
  readonly secure?: boolean;
}

/** A proxy that knows CONNECT. */
export async function openHttpProxy({ credentials, manner, secure = false }: ProxyManners = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const shown: string[] = [];
  const judge = (head: string): string | null => {
    const [, goal = ''] = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(head) ?? [];
    const [, basic] = /^proxy-authorization: basic (\S+)/im.exec(head) ?? [];
    asked.push(goal);
    if (basic !== undefined) shown.push(Buffer.from(basic, 'base64').toString());
    if (manner === 'garble') return 'SSH-2.0-OpenSSH_9.6\r\n\r\n';
    if (manner === 'refuse') return 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno';
    return credentials === undefined || shown.at(-1) === credentials
      ? null
      : 'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n';
  };
  const proxy = await openProxy(secure, (socket) => {
    if (manner === 'hang') return;
    let head = '';
    const read = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', read);
      const refusal = judge(head);
      if (manner === 'close') socket.destroy();
      else if (refusal !== null) socket.end(refusal);
      else
        tunnel(socket, asked.at(-1) ?? '', {
          yes: 'HTTP/1.1 200 Connection established\r\n\r\n',
          no: 'HTTP/1.1 502 Bad Gateway\r\n\r\n',
          dead: manner === 'dead',
        });
    };
    socket.on('data', read);
  });
  return { ...proxy, asked, shown };
}

const SOCKS_YES = Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
const SOCKS_REFUSED = Buffer.from([5, 5, 0, 1, 0, 0, 0, 0, 0, 0]);

/** A SOCKS5 proxy: greeting, name and password if wanted, CONNECT by address or by name. */
export async function openSocksProxy({ credentials, manner }: ProxyManners = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const shown: string[] = [];
  const proxy = await openProxy(false, (socket) => {
    if (manner === 'hang') return;
    let seen = Buffer.alloc(0);
    let step: 'greeting' | 'password' | 'goal' = 'greeting';
    const read = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      if (step === 'greeting' && seen.length >= 2 + (seen[1] ?? 0)) {
        seen = seen.subarray(2 + (seen[1] ?? 0));
        step = credentials === undefined ? 'goal' : 'password';
        if (manner === 'close') socket.destroy();
        else socket.write(manner === 'garble' ? Buffer.from('HTTP/1.1 400\r\n') : Buffer.from([5, credentials === undefined ? 0 : 2]));
      }
      if (step === 'password' && seen.length > 2) {
        const name = seen.subarray(2, 2 + (seen[1] ?? 0));
        const word = seen.subarray(3 + name.length, 3 + name.length + (seen[2 + name.length] ?? 0));
        shown.push(`${name.toString()}:${word.toString()}`);
        seen = seen.subarray(3 + name.length + word.length);
        step = 'goal';
        socket.write(Buffer.from([1, shown.at(-1) === credentials ? 0 : 1]));
      }
      const goal = step === 'goal' ? readGoal(seen) : null;
      if (goal === null) return;
      socket.off('data', read);
      asked.push(goal);
      if (manner === 'refuse') socket.end(SOCKS_REFUSED);
      else tunnel(socket, goal, { yes: SOCKS_YES, no: SOCKS_REFUSED, dead: manner === 'dead' });
    };
    socket.on('data', read);
  });
  return { ...proxy, asked, shown };
}

function readGoal(seen: Buffer): string | null {
  if (seen.length < 7) return null;
  const isName = seen[3] === 3;
  const length = isName ? (seen[4] ?? 0) : 4;
  const start = isName ? 5 : 4;
  if (seen.length < start + length + 2) return null;
  const host = isName ? seen.toString('latin1', start, start + length) : [...seen.subarray(start, start + length)].join('.');
  return `${host}:${seen.readUInt16BE(start + length)}`;
}

function tunnel(
  socket: Socket,
  goal: string,
  { yes, no, dead }: { readonly yes: string | Buffer; readonly no: string | Buffer; readonly dead: boolean },
): void {
  if (dead) {
    socket.end(yes);
    return;
  }
  const [host = '', port = ''] = goal.split(':');
  const onward = connect({ host, port: Number(port) });
  onward.once('connect', () => {
    socket.write(yes);
    socket.pipe(onward).pipe(socket);
  });
  onward.on('error', () => socket.end(no));
  onward.on('close', () => socket.destroy());
  socket.on('close', () => onward.destroy());
}

async function openProxy(secure: boolean, take: (socket: Socket) => void): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    take(socket);
  };
  const server = secure
    ? createTlsServer({ cert: readTestFile('here.pem'), key: readTestFile('here-key.pem') }, accept)
    : createServer(accept);
  return { port: await listen(server), close: () => closeServer(server, sockets) };
}
