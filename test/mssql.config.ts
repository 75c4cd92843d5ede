import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';
import type { TestProjectInlineConfiguration } from 'vitest/config';

import { imagesToStart } from './support/mssql-images.ts';
import type { SqlServerImage } from './support/mssql-images.ts';

const WARM = fileURLToPath(new URL('support/mssql-warm.ts', import.meta.url));

/**
 * What runs against a server of SQL Server's protocol, once for each: `npm run test:mssql`. One file at a time, as the server is one. With
 * TP_TEST_MSSQL_WARM=1 connections are used again, their locks released: for servers where the first call of each procedure costs a new connection
 * a second.
 */
export default defineConfig(async () => {
  const images = await imagesToStart(process.env);
  return {
    test: {
      fileParallelism: false,
      projects: images.length === 0 ? [suite('SQL Server', null)] : images.map((one) => suite(one.image, one)),
    },
  };
});

function suite(name: string, image: SqlServerImage | null): TestProjectInlineConfiguration {
  return {
    plugins: process.env['TP_TEST_MSSQL_WARM'] === '1' ? [warmConnections] : [],
    test: {
      name,
      root: fileURLToPath(new URL('..', import.meta.url)),
      include: ['test/contract/*mssql*.test.ts', 'test/sql-server/**/*.test.ts', 'test/microsoft-only/**/*.test.ts'],
      testTimeout: 120_000,
      hookTimeout: 300_000,
      ...(image === null
        ? {}
        : {
            globalSetup: fileURLToPath(new URL('support/mssql-container.ts', import.meta.url)),
            env: { TP_IMAGE: image.image, TP_LEVEL: image.level === null ? '' : String(image.level) },
          }),
    },
  };
}

const warmConnections = {
  name: 'warm-connections',
  enforce: 'pre' as const,
  resolveId: (source: string, importer: string | undefined): string | null =>
    source.endsWith('/connection.ts') && importer !== undefined && /src\/sql-server\/[\w-]+\.ts$/u.test(importer) ? WARM : null,
};
