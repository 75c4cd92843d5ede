import { getContainerRuntimeClient } from 'testcontainers';

export interface SqlServerImage {
  readonly image: string;
  /** Of every database that is made there; null = the server's own. */
  readonly level: number | null;
}

/** The oldest image there is, which stands for SQL Server 2016 by its level, and the one that most sites have. */
const IMAGES: readonly SqlServerImage[] = [
  atLevel('mcr.microsoft.com/mssql/server:2017-latest'),
  atLevel('mcr.microsoft.com/mssql/server:2022-latest'),
];

/** What to start: nothing where TP_TEST_MSSQL names a server or no container engine runs; TP_TEST_MSSQL_IMAGE takes the place of our choice. */
export async function imagesToStart(env: Readonly<Record<string, string | undefined>>): Promise<readonly SqlServerImage[]> {
  if (isSet(env['TP_TEST_MSSQL'])) return [];
  const image = env['TP_TEST_MSSQL_IMAGE'];
  if (image !== undefined && image !== '') return [atLevel(image)];
  return (await hasEngine()) ? IMAGES : [];
}

/** There is no image of 2016: one of 2017 is made to read T-SQL as 2016 does. */
function atLevel(image: string): SqlServerImage {
  return { image, level: /:2017\b/u.test(image) ? 130 : null };
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
