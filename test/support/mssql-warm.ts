import type { Connection, ConnectionRequest } from '../../src/sql-server/connection.ts';
// The query keeps the real one from being replaced by this one.
import * as real from '../../src/sql-server/connection.ts?real';

const idle = new Map<string, Connection[]>();
const BOTS = ['7000000001', '7000000002'];

/** As the real one, but what is closed is kept for the next, without the locks of the tests' bots. */
export async function openConnection(request: ConnectionRequest): Promise<Connection> {
  const key = `${request.place.database} ${request.place.user} ${request.requestTimeoutMs ?? ''}`;
  const kept = idle.get(key) ?? [];
  idle.set(key, kept);
  const connection = kept.pop() ?? (await real.openConnection(request));
  let closed = false;
  return {
    callProcedure: (name, parameters) => connection.callProcedure(name, parameters),
    executeBatch: (text) => connection.executeBatch(text),
    close: async () => {
      if (closed) return;
      closed = true;
      try {
        for (const bot of BOTS) await connection.callProcedure('release_run', { bot_id: bot });
        kept.push(connection);
      } catch {
        await connection.close();
      }
    },
  };
}
