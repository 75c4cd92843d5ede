import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { meddle } from './meddling.ts';
import type { Meddling } from './meddling.ts';

/** Stands between the program and a simulator: the call is served, its answer is spoilt on the way back. */
export interface Middleman {
  readonly url: string;
  /** One for each answer to come, in their order; then answers pass as they are. Null = this one passes. */
  plan(meddlings: readonly (Meddling | null)[]): void;
  /** Bodies of answers that were spoilt, as they were sent. */
  readonly spoilt: readonly { readonly path: string; readonly bytes: Buffer }[];
  close(): Promise<void>;
}

export async function openMiddleman(target: () => string): Promise<Middleman> {
  let waiting: (Meddling | null)[] = [];
  const spoilt: { path: string; bytes: Buffer }[] = [];
  const sockets = new Set<Socket>();
  const serve = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const change = waiting.shift() ?? null;
    // Both say by their meaning that the request went no further; only with the service's own yes they are a contradiction.
    const isHeldBack = change !== null && (change.status === 407 || change.status === 429) && change.body.kind !== 'as_is';
    const truth = isHeldBack ? { status: change.status ?? 0, body: '' } : await forward(target(), asked);
    if (change === null) {
      answer.writeHead(truth.status, { 'Content-Type': 'application/json' }).end(truth.body);
      return;
    }
    const bytes = meddle(change, truth);
    spoilt.push({ path: (asked.url ?? '').replace(/\/bot[^/]*/, ''), bytes });
    const { socket } = answer;
    socket?.write(bytes);
    // A length that promises more than comes would be waited for until the time is over, which another test shows.
    if (change.close || change.length !== 0) socket?.end();
  };
  const server = createServer((asked, answer) => void serve(asked, answer).catch(() => answer.socket?.destroy()));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan: (meddlings) => {
      waiting = [...meddlings];
    },
    spoilt,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function forward(target: string, asked: IncomingMessage): Promise<{ readonly status: number; readonly body: string }> {
  const parts: Buffer[] = [];
  for await (const part of asked) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  return new Promise((resolve, reject) => {
    const { host: _host, ...headers } = asked.headers;
    const call = request(new URL(asked.url ?? '/', target), { method: asked.method, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }));
      answer.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}
