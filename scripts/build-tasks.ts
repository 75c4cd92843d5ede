import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

import { builtTasks } from './tasks/built.ts';

/** `npm run build:tasks [-- --check]`: the importable files of `tasks/` from their readable definitions; `--check` only compares. */
const check = process.argv.includes('--check');
const folder = new URL('../tasks/', import.meta.url);
const files = builtTasks();
const sums = files.map(({ name, bytes }) => `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`).join('');
let changed = 0;
for (const { name, bytes } of [...files, { name: 'SHA256SUMS', bytes: Buffer.from(sums) }]) {
  const file = new URL(encodeURIComponent(name), folder);
  if (Buffer.compare(readIfThere(file), bytes) === 0) continue;
  changed += 1;
  if (check) console.error(`tasks/${name} differs from its definition; run npm run build:tasks`);
  else writeFileSync(file, bytes);
}
console.log(`${files.length} built, ${changed} ${check ? 'stale' : 'written'}`);
process.exitCode = check && changed > 0 ? 1 : 0;

function readIfThere(file: URL): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
