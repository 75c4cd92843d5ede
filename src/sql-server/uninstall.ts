import { readFileSync } from 'node:fs';
import { openConnection } from './connection.ts';
import type { ConnectionRequest } from './connection.ts';
import { batchesOf } from './install.ts';

const SCRIPT = new URL('../../sql/sql-server/script/uninstall.sql', import.meta.url);
const KEEP = 'SET @drop_ledger = 0;';

/**
 * Takes procedures, views, types and roles away; the ledger and the subscriptions only with `dropLedger`. Answers what the server said, such as
 * a role that still has members. Throws DatabaseUnavailable (upgrading while a run is at work).
 */
export async function uninstall(request: ConnectionRequest & { readonly dropLedger: boolean }): Promise<readonly string[]> {
  const script = readFileSync(SCRIPT, 'utf8');
  const connection = await openConnection({ requestTimeoutMs: 600_000, ...request });
  const said: string[] = [];
  try {
    for (const batch of batchesOf(request.dropLedger ? script.replace(KEEP, 'SET @drop_ledger = 1;') : script)) {
      const { messages } = await connection.executeBatch(batch);
      said.push(...messages.map(({ text }) => text));
    }
    return said;
  } finally {
    await connection.close();
  }
}
