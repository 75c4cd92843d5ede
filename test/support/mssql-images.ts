import { getContainerRuntimeClient } from 'testcontainers';

export interface SqlServerImage {
  readonly image: string;
  /** Of every database that is made there; null = the server's own. */
  readonly level: number | null;
}

/** The oldest image there is, at the level of SQL Server 2016, and the one that most sites have. */
const IMAGES: readonly SqlServerImage[] = [
  { image: 'mcr.microsoft.com/mssql/server:2017-latest', level: 130 },
  { image: 'mcr.microsoft.com/mssql/server:2022-latest', level: null },
];

/** What to start: nothing where TP_TEST_MSSQL names a server or no container engine runs; TP_TEST_MSSQL_IMAGE takes the place of our choice. */
export async function imagesToStart(env: Readonly<Record<string, string | undefined>>): Promise<readonly SqlServerImage[]> {
  if (isSet(env['TP_TEST_MSSQL'])) return [];
  const image = env['TP_TEST_MSSQL_IMAGE'];
  if (image !== undefined && image !== '') return [{ image, level: null }];
  return (await hasEngine()) ? IMAGES : [];
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}

async function hasEngine(): Promise<boolean> {
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
}
