import type { ServerPlace } from '../../src/core/server-place.ts';
import type { SampleSite } from '../sites/sites.ts';
import { readCapabilities } from './mssql-capabilities.ts';
import { openTestDatabase, prepareDatabase } from './mssql-database.ts';
import type { TestDatabase } from './mssql-database.ts';

export interface Refused {
  readonly refused: string;
}

/** A sample site with our ledger, or why this server can't have it. On Microsoft's own server only a level of a later version is such a reason. */
export async function openSample(server: ServerPlace, sample: SampleSite): Promise<TestDatabase | Refused> {
  const probe = await openTestDatabase(server, 'probe');
  try {
    const { isMicrosoft } = await readCapabilities(probe);
    if (isMicrosoft) {
      const highest = await highestLevel(probe);
      if (levelOf(sample) > highest) return { refused: `this server's levels end at ${highest}` };
      await makeDatabase(probe, `${server.database}_site_${sample.name}`, sample);
    } else {
      const refused = await failureOf(makeDatabase(probe, `${server.database}_site_${sample.name}`, sample));
      if (refused !== null) return { refused };
    }
  } finally {
    await probe.connection.close();
  }
  const database = await openTestDatabase(server, `site_${sample.name}`);
  const unreadable = await failureOf(database.run('SELECT TOP (1) TABLE_NAME FROM INFORMATION_SCHEMA.TABLES'));
  if (unreadable !== null) {
    await database.connection.close();
    return { refused: `INFORMATION_SCHEMA of such a database: ${unreadable}` };
  }
  await prepareDatabase(database, sample.parts, sample);
  return database;
}

async function makeDatabase(probe: TestDatabase, name: string, { collation, settings = [], parts }: SampleSite): Promise<void> {
  if (parts.includes('rowversion')) await probe.run('CREATE TABLE #probe (version rowversion); DROP TABLE #probe');
  await probe.run(`IF DB_ID(N'${name}') IS NULL CREATE DATABASE [${name}]${collation === undefined ? '' : ` COLLATE ${collation}`}`);
  for (const setting of settings) await probe.run(`ALTER DATABASE [${name}] SET ${setting}`);
}

/** 130 is 2016, and so on. */
async function highestLevel(probe: TestDatabase): Promise<number> {
  const [row] = await probe.run<{ version: string }>("SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(100)) AS version");
  return Number.parseInt(row?.version ?? '', 10) * 10;
}

function levelOf({ settings = [] }: SampleSite): number {
  return Math.max(0, ...settings.map((setting) => Number(/^COMPATIBILITY_LEVEL = (\d+)$/u.exec(setting)?.[1] ?? 0)));
}

async function failureOf(work: Promise<unknown>): Promise<string | null> {
  return work.then(
    () => null,
    (error: unknown) => (error as Error).message,
  );
}
