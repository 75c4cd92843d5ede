import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

const WARM = fileURLToPath(new URL('support/mssql-warm.ts', import.meta.url));

/**
 * What runs against a server of SQL Server's protocol: `npm run test:mssql`. One file at a time, as the server is one. With TP_TEST_MSSQL_WARM=1
 * connections are used again, their locks released: for servers where the first call of each procedure costs a new connection a second.
 */
export default defineConfig({
  plugins:
    process.env['TP_TEST_MSSQL_WARM'] === '1'
      ? [
          {
            name: 'warm-connections',
            enforce: 'pre',
            resolveId: (source, importer) =>
              source.endsWith('/connection.ts') && importer !== undefined && /src\/sql-server\/[\w-]+\.ts$/u.test(importer) ? WARM : null,
          },
        ]
      : [],
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/contract/*mssql*.test.ts', 'test/sql-server/**/*.test.ts', 'test/microsoft-only/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
