import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { breakText } from './mutant.ts';
import { MUTANTS } from './mutants.ts';
import { openPast } from './past.ts';

describe('a mutant', () => {
  it.each(MUTANTS)('still fits the source: $name', (mutant) => {
    expect(breakText(readFileSync(new URL(`../../${mutant.file}`, import.meta.url), 'utf8'), mutant)).not.toBeNull();
  });

  it('asks only test files that are there, and has a name of its own', () => {
    for (const file of new Set(MUTANTS.flatMap(({ tests }) => tests)))
      expect(() => readFileSync(new URL(`../../${file}`, import.meta.url))).not.toThrow();
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });

  it('whose text stands there twice, or changes nothing, is none', () => {
    expect(breakText('a b a', { from: 'a', to: 'c' })).toBeNull();
    expect(breakText('a b', { from: 'c', to: 'd' })).toBeNull();
    expect(breakText('a b', { from: 'b', to: 'b' })).toBeNull();
    expect(breakText('a b', { from: 'b', to: '$&' })).toBe('a $&');
  });
});

describe('what was caught before', () => {
  it('is not tried again, until program or tests are others', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-past-'));
    const path = join(folder, 'kept', 'mutants.json');
    openPast(path, { tree: 'one', fresh: false }).keep('a guard is dropped', 'a test');
    expect(openPast(path, { tree: 'one', fresh: false }).caughtBy('a guard is dropped')).toBe('a test');
    expect(openPast(path, { tree: 'one', fresh: true }).caughtBy('a guard is dropped')).toBeNull();
    expect(openPast(path, { tree: 'two', fresh: false })).toMatchObject({ caught: 0 });
    rmSync(folder, { recursive: true });
  });
});
