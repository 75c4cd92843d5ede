import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { CHAPTERS } from '../prove/chapters.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const sections = read('docs/promises.md')
  .split(/^## /mu)
  .slice(1)
  .map((text) => ({ title: text.split('\n')[0] ?? '', rows: text.split('\n').filter((line) => /^\| (?!what is tried|---)/u.test(line)) }));

/** Whole titles as they stand in the source, each the first argument of a call. */
function titlesOf(path: string): readonly string[] {
  return [...read(path).matchAll(/\(\s*(['"`])((?:\\.|(?!\1).)+)\1,/gu)].map(([, , title = '']) => title);
}

describe('docs/promises.md', () => {
  it('has a section for each promise of README, in its order', () => {
    const promised = [...read('README.md').matchAll(/^(\d)\. \*\*(.+?)\.\*\*/gmu)].map(([, number, name]) => `${number}. ${name}`);
    expect(promised).toHaveLength(8);
    expect(sections.map(({ title }) => title.split(',')[0])).toEqual(promised);
  });

  it.each(sections)('names tests by their whole titles, and chapters, that are there: $title', ({ rows }) => {
    expect(rows.length).toBeGreaterThan(3);
    const chapters = new Set(['', ...Object.values(CHAPTERS).flatMap((all) => all.map(({ name }) => name))]);
    for (const row of rows) {
      const [, what = '', tests = '', chapter = ''] = row.split(' | ').join('|').split('|');
      const named = [...tests.matchAll(/`(test\/[^`]+)` «([^»]+)»/gu)];
      expect(named.length, what).toBeGreaterThan(0);
      for (const [, path = '', name = ''] of named) expect(titlesOf(path), path).toContain(name);
      expect(chapters, what).toContain(chapter.trim());
    }
  });
});
