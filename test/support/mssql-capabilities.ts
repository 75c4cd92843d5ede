import type { TestDatabase } from './mssql-database.ts';

/** What a server of SQL Server's protocol can show beside the contract. */
export interface Capabilities {
  /** Microsoft's own server: locks block, hints are heeded, EXECUTE alone is enough. */
  readonly isMicrosoft: boolean;
  readonly version: string;
}

export async function readCapabilities(database: TestDatabase): Promise<Capabilities> {
  const [row] = await database.run<{ version: string }>('SELECT @@VERSION AS version');
  const version = (row?.version ?? '').split('\n')[0] ?? '';
  return { isMicrosoft: version.startsWith('Microsoft SQL Server'), version };
}

export const ONLY_MICROSOFT =
  'skipped: only Microsoft’s own server shows it. TP_TEST_MSSQL=mssql://sa:PASSWORD@HOST/tp_test npm run test:mssql -- test/microsoft-only';
