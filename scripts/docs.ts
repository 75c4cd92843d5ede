import { readFileSync, writeFileSync } from 'node:fs';

import { generatedDocuments } from './docs/generated.ts';

/**
 * `npm run docs`: writes every document that is made from the code. With `--check` it only compares and fails on a difference;
 * a test does the same.
 */
const check = process.argv.includes('--check');
let stale = 0;
for (const { path, text } of generatedDocuments()) {
  const file = new URL(`../${path}`, import.meta.url);
  const current = readIfThere(file);
  if (current === text) continue;
  stale += 1;
  if (check) console.error(`${path} differs from the code; run npm run docs`);
  else writeFileSync(file, text);
}
console.log(check ? `${stale} stale` : `${stale} written`);
process.exitCode = check && stale > 0 ? 1 : 0;

function readIfThere(file: URL): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
