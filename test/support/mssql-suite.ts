import { describe, it } from 'vitest';
import type { ServerPlace } from '../../src/core/server-place.ts';
import { ONLY_MICROSOFT, readCapabilities } from './mssql-capabilities.ts';
import { openTestDatabase } from './mssql-database.ts';
import { findServer, HOW_TO_RUN } from './mssql-server.ts';

export interface TestServer {
  readonly place: ServerPlace;
}

/** Describes a suite that needs a server; without one it is one skipped test that says how to run it. */
export async function onServer(name: string, suite: (server: TestServer) => void): Promise<void> {
  const server = findServer();
  if (server === null) skip(name, HOW_TO_RUN);
  else suite({ place: server });
}

/** The same for what only Microsoft's own server shows. */
export async function onMicrosoft(name: string, suite: (server: TestServer) => void): Promise<void> {
  const server = findServer();
  if (server === null) return skip(name, HOW_TO_RUN);
  const database = await openTestDatabase(server, 'probe');
  const { isMicrosoft, version } = await readCapabilities(database);
  await database.connection.close();
  if (isMicrosoft) return suite({ place: server });
  skip(`${name} (${version})`, ONLY_MICROSOFT);
}

function skip(name: string, why: string): void {
  describe(name, () => {
    it.skip(why, () => {});
  });
}
