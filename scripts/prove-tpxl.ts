import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `npm run prove:tpxl [-- COUNT]`: the damaged files of the codec's tests, 100,000 of them. */
const root = fileURLToPath(new URL('..', import.meta.url));
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', 'test/tpxl/mutations.test.ts'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, TPXL_MUTATIONS: process.argv[2] ?? '100000' } },
);
process.exitCode = status ?? 1;
