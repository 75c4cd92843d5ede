import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';

/** One request as it passes: the method is the last part of its path. */
export interface Passing {
  readonly method: string;
  /** Of this method, from 1. */
  readonly number: number;
}

/**
 * How far an exchange comes before its process dies. connected: no byte of the request has gone · begun, almost: half of its head, all but its last
 * byte · unprocessed, processed: the service has the whole request, and loses it or serves it · then the answer: its first byte, its head, all
 * but its last byte, all of it, with nobody left to write down what it says.
 */
export const STAGES = [
  'connected',
  'begun',
  'almost',
  'unprocessed',
  'processed',
  'answer1',
  'answerHead',
  'answerAlmost',
  'answered',
] as const;
export type Stage = (typeof STAGES)[number];

export interface RelayWish {
  /** Port of loopback behind it. */
  readonly port: number;
  /** Where this exchange is to end; null = it passes. */
  readonly stageOf: (passing: Passing) => Stage | null;
  /** Called in the moment of the end, before the last bytes leave. */
  readonly onEnd: (passing: Passing, stage: Stage) => void;
  /** Resolves when all else that is on the wire has gone as far as it can without time. */
  readonly settle: () => Promise<void>;
  /** Makes the service lose the next request. */
  readonly loseNext: () => void;
}

export interface Relay {
  readonly port: number;
  readonly passed: readonly Passing[];
  close(): Promise<void>;
}

/** Stands between a program and a service, byte by byte, so that a process's death can be placed anywhere in an exchange. */
export async function openRelay(wish: RelayWish): Promise<Relay> {
  const sockets = new Set<Socket>();
  const passed: Passing[] = [];
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    return socket;
  };
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    let seen = Buffer.alloc(0);
    keep(client).on('data', (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      const length = messageLength(seen);
      if (length === null || seen.length < length) return;
      const request = seen.subarray(0, length);
      seen = seen.subarray(length);
      const method = methodOf(request);
      const passing = { method, number: passed.filter((one) => one.method === method).length + 1 };
      passed.push(passing);
      void pass(wish, { passing, request, client, upstream: () => keep(connect({ port: wish.port, host: '127.0.0.1' })), cutAll });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    passed,
    close: () => {
      cutAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Exchange {
  readonly passing: Passing;
  readonly request: Buffer;
  readonly client: Socket;
  readonly upstream: () => Socket;
  readonly cutAll: () => void;
}

async function pass(wish: RelayWish, { passing, request, client, upstream, cutAll }: Exchange): Promise<void> {
  const stage = wish.stageOf(passing);
  const end = (last: () => void): void => {
    wish.onEnd(passing, stage ?? 'answered');
    last();
  };
  if (stage !== null) await wish.settle();
  if (stage === 'connected') return end(cutAll);
  if (stage === 'unprocessed') wish.loseNext();
  const socket = upstream();
  const answer = readWhole(socket);
  await new Promise((resolve) => socket.write(stage === null ? request : request.subarray(0, requestBytes(stage, request)), resolve));
  // A service that waits for the rest of a request holds time: what is sent is sent, and that was it.
  if (stage === 'begun' || stage === 'almost') return end(cutAll);
  if (stage === 'processed' || stage === 'unprocessed') {
    await wish.settle();
    return end(cutAll);
  }
  const whole = await answer;
  socket.destroy();
  // The service itself ended without an answer: so does what is seen from here.
  if (whole === null) return void client.destroy();
  if (stage === null) return void client.write(whole);
  await wish.settle();
  return end(() => void client.write(whole.subarray(0, answerBytes(stage, whole)), cutAll));
}

function requestBytes(stage: Stage, request: Buffer): number {
  if (stage === 'begun') return Math.floor(headLength(request) / 2);
  return stage === 'almost' ? request.length - 1 : request.length;
}

function answerBytes(stage: Stage, whole: Buffer): number {
  if (stage === 'answer1') return 1;
  if (stage === 'answerHead') return headLength(whole);
  return stage === 'answerAlmost' ? whole.length - 1 : whole.length;
}

function readWhole(socket: Socket): Promise<Buffer | null> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      const length = messageLength(seen);
      if (length !== null && seen.length >= length) resolve(seen.subarray(0, length));
    });
    socket.once('close', () => resolve(null));
  });
}

function headLength(message: Buffer): number {
  return message.indexOf('\r\n\r\n') + 4;
}

/** Null while its head isn't whole. Both sides of this program say how long a body is. */
function messageLength(message: Buffer): number | null {
  const head = headLength(message);
  if (head < 4) return null;
  return head + Number(/^content-length: *(\d+)/im.exec(message.toString('latin1', 0, head))?.[1] ?? 0);
}

function methodOf(request: Buffer): string {
  const [, path = ''] = request.toString('latin1', 0, request.indexOf('\r\n')).split(' ');
  return path.split('?')[0]?.replace(/^\/bot[^/]+\//u, '') ?? '';
}
