import { serverUnderTest } from './mssql-database.ts';
import type { ServerPlace } from '../../src/core/server-place.ts';
import { parseServerAddress } from '../../src/core/server-place.ts';

export const HOW_TO_RUN =
  'skipped: no SQL Server here. TP_TEST_MSSQL=mssql://user:password@host:port/database npm run test:mssql, or a container engine and TP_TEST_MSSQL_IMAGE=mcr.microsoft.com/mssql/server:2022-latest';

export interface TestServer {
  readonly place: ServerPlace;
  stop(): Promise<void>;
}

/** The server that the environment names: an address, or the image of one to start. Null where there is neither. */
export async function findServer(): Promise<TestServer | null> {
  const named = serverUnderTest();
  if (named !== null) return { place: named, stop: async () => {} };
  const image = process.env['TP_TEST_MSSQL_IMAGE'];
  return image === undefined || image === '' ? null : startServer(image);
}

/** Starting an image accepts Microsoft's licence for it, as whoever names the image does. */
async function startServer(image: string): Promise<TestServer> {
  const { MSSQLServerContainer } = await import('@testcontainers/mssqlserver');
  const container = await new MSSQLServerContainer(image).acceptLicense().start();
  const address = `mssql://${encodeURIComponent(container.getUsername())}:${encodeURIComponent(container.getPassword())}@${container.getHost()}:${container.getPort()}/${container.getDatabase()}?trustServerCertificate=yes`;
  const parsed = parseServerAddress(address);
  if (!parsed.ok) throw new Error(parsed.code);
  return { place: parsed.place, stop: async () => void (await container.stop()) };
}
