import { inject } from 'vitest';

import { parseServerAddress } from '../../src/core/server-place.ts';
import type { ServerPlace } from '../../src/core/server-place.ts';
import { serverUnderTest } from './mssql-database.ts';

export const HOW_TO_RUN =
  'skipped: no SQL Server here. `npm run test:mssql` starts its own where a container engine runs; TP_TEST_MSSQL=mssql://user:password@host:port/database names any other';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the server that was started for these tests; absent where none was. */
    sqlServer: string;
  }
}

/** The server that was started for these tests, or the one that TP_TEST_MSSQL names. Null where there is neither. */
export function findServer(): ServerPlace | null {
  const started: string | undefined = inject('sqlServer');
  if (started === undefined) return serverUnderTest();
  const parsed = parseServerAddress(started);
  if (!parsed.ok) throw new Error(parsed.code);
  return parsed.place;
}
