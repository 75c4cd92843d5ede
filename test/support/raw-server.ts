import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** One request as its bytes came. */
export interface RawRequest {
  /** From 0, over all connections. */
  readonly index: number;
  /** Which connection, from 0, and which request on it, from 0. */
  readonly connection: number;
  readonly turn: number;
  /** Request line and headers. */
  readonly head: string;
  readonly body: string;
  readonly socket: Socket;
}

export interface RawServer {
  readonly port: number;
  readonly requests: readonly RawRequest[];
  /** Connections ever accepted. */
  readonly accepted: number;
  /** Those that stand now. */
  readonly open: number;
  close(): Promise<void>;
}

/** `expired` has signed itself, in January 2020. */
export type Certificate = 'here' | 'elsewhere' | 'expired';

/**
 * A server that knows bytes and no HTTP beyond a request's length, so that a test decides each byte that goes back and when the connection ends.
 * `onRequest` is called when a request has come whole; `onConnection` before anything is read.
 */
export async function openRawServer(
  onRequest: (request: RawRequest) => void,
  {
    certificate = null,
    onConnection = () => {},
  }: { readonly certificate?: Certificate | null; readonly onConnection?: (socket: Socket, connection: number) => void } = {},
): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  let accepted = 0;

  const accept = (socket: Socket): void => {
    const connection = accepted;
    accepted += 1;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    // The client may break off at any time: that is what is tested.
    socket.on('error', () => {});
    let turn = 0;
    const take = requestReader((head, body) => {
      const request = { index: requests.length, connection, turn, head, body, socket };
      turn += 1;
      requests.push(request);
      onRequest(request);
    });
    socket.on('data', take);
    onConnection(socket, connection);
  };

  const server = certificate === null ? createServer(accept) : createTlsServer(readCertificate(certificate), accept);
  server.on('tlsClientError', () => {});
  const port = await listen(server);
  return {
    port,
    requests,
    get accepted() {
      return accepted;
    },
    get open() {
      return sockets.size;
    },
    close: () => closeServer(server, sockets),
  };
}

/** Collects bytes until a request is whole. */
function requestReader(onWhole: (head: string, body: string) => void): (chunk: Buffer) => void {
  let seen = Buffer.alloc(0);
  return (chunk) => {
    seen = Buffer.concat([seen, chunk]);
    for (;;) {
      const end = seen.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = seen.toString('latin1', 0, end);
      const whole = end + 4 + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      if (seen.length < whole) return;
      const body = seen.toString('utf8', end + 4, whole);
      seen = seen.subarray(whole);
      onWhole(head, body);
    }
  };
}

/** An answer's bytes, as Telegram's front sends them. */
export function rawAnswer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const lines = Object.entries({
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'keep-alive',
    ...headers,
  });
  return Buffer.from(`HTTP/1.1 ${status} Whatever\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`);
}

export function readTestFile(name: string): string {
  return readFileSync(new URL(`tls/${name}`, import.meta.url), 'utf8');
}

/** The authority that signed both certificates; nobody trusts it who isn't told to. */
export function testAuthority(): string {
  return readTestFile('ca.pem');
}

function readCertificate(name: Certificate): { readonly cert: string; readonly key: string } {
  return { cert: readTestFile(`${name}.pem`), key: readTestFile(`${name}-key.pem`) };
}

export function listen(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

export function closeServer(server: Server, sockets: Iterable<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** A port of loopback where nobody listens. */
export async function refusedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await closeServer(server, []);
  return port;
}
