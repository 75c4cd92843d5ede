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
  /** Two outages may end at the same moment. */
  let opening: Promise<void> | null = null;
  return {
    port: taken,
    down: async () => {
      // An outage may begin while the one before is just ending.
      await opening?.catch(() => {});
      if (!server.listening) return;
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
    up: () => {
      if (server.listening) return Promise.resolve();
      opening ??= open(taken, take)
        .then((opened) => void (server = opened))
        .finally(() => (opening = null));
      return opening;
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
