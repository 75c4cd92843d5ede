import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RULES = 24;
const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');

/** The tests that a page names, by the line that names them. */
function claimsOf(page: string): readonly { readonly line: string; readonly file: string; readonly test: string }[] {
  return page
    .split('\n')
    .flatMap((line) => [...line.matchAll(/`(test\/[^`]+)` “([^”]+)”/gu)].map(([, file = '', test = '']) => ({ line, file, test })));
}

describe.each(['docs/verified.md', 'docs/ru/verified.md'])('%s', (path) => {
  const page = read(path);
  const claims = claimsOf(page);

  it('names for each rule tests that there are', () => {
    for (let rule = 1; rule <= RULES; rule += 1) {
      const held = claims.filter(({ line }) => line.startsWith(`| ${rule} |`));
      expect([rule, held.length > 0]).toEqual([rule, true]);
    }
    for (const { file, test } of claims) expect([file, test, read(file).includes(test)]).toEqual([file, test, true]);
  });

  it('names every file that only Microsoft’s own server runs', () => {
    const files = readdirSync(`${ROOT}test/microsoft-only`).filter((name) => name.endsWith('.test.ts'));
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) expect(page).toContain(`\`${file}\``);
  });
});

describe('both pages', () => {
  it('name the same tests in the same order', () => {
    const names = (path: string) => claimsOf(read(path)).map(({ file, test }) => `${file} ${test}`);
    expect(names('docs/ru/verified.md')).toEqual(names('docs/verified.md'));
  });
});
