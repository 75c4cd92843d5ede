import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

const ALL = 'test/**/*.test.ts';
/** Pure: what is tried here keeps nothing in its modules, the environment or the process, so these files share a process for each worker. */
const SHARING = ['core', 'tpxl'].map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // The default leaves one processor to itself, which on two means one file after another: 237 s instead of 147 s.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'alone', include: [ALL], exclude: SHARING } },
      // A process for each of these files would take longer than most of them.
      { extends: true, test: { name: 'sharing', include: SHARING, isolate: false } },
    ],
  },
});
