import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** A listener on loopback that can be taken down and put up again at the same port. */
export interface Listener {
  readonly port: number;
  /** Every connection is broken off and every new one refused. */
  down(): Promise<void>;
  /** Rejects when somebody else has taken the port meanwhile. */
  up(): Promise<void>;
}

/** `port` 0 = any free one. */
export async function listen(port: number, take: (request: IncomingMessage, response: ServerResponse) => void): Promise<Listener> {
  let server = await open(port, take);
  const { port: taken } = server.address() as AddressInfo;
  return {
    port: taken,
    down: () =>
      new Promise((resolve) => {
        if (!server.listening) {
          resolve();
          return;
        }
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
    up: async () => {
      if (!server.listening) server = await open(taken, take);
    },
  };
}

function open(port: number, take: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  // Waiting is the simulator's business: none of Node's own time limits may cut in.
  const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 0, headersTimeout: 0, noDelay: true }, take);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: LOOPBACK }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}
