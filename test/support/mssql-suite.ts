import { describe, it } from 'vitest';
import { ONLY_MICROSOFT, readCapabilities } from './mssql-capabilities.ts';
import { openTestDatabase } from './mssql-database.ts';
import { findServer, HOW_TO_RUN } from './mssql-server.ts';
import type { TestServer } from './mssql-server.ts';

/** Describes a suite that needs a server; without one it is one skipped test that says how to run it. */
export async function onServer(name: string, suite: (server: TestServer) => void): Promise<void> {
  const server = await findServer();
  if (server === null) skip(name, HOW_TO_RUN);
  else suite(server);
}

/** The same for what only Microsoft's own server shows. */
export async function onMicrosoft(name: string, suite: (server: TestServer) => void): Promise<void> {
  const server = await findServer();
  if (server === null) return skip(name, HOW_TO_RUN);
  const database = await openTestDatabase(server.place, 'probe');
  const { isMicrosoft, version } = await readCapabilities(database);
  await database.connection.close();
  if (isMicrosoft) return suite(server);
  await server.stop();
  skip(`${name} (${version})`, ONLY_MICROSOFT);
}

function skip(name: string, why: string): void {
  describe(name, () => {
    it.skip(why, () => {});
  });
}
