import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

function readFiles(folder: string, ending: string): readonly SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => ({ path: `${folder}/${path.replaceAll('\\', '/')}`, text: readFileSync(join(ROOT, folder, path), 'utf8') }));
}

const SOURCES = readFiles('src', '.ts');
const STATEMENTS = readFiles('sql/sqlite', '.sql');

/** Names that say nothing; the glossary has a word for each thing. */
const EMPTY_WORDS = ['manager', 'helper', 'util', 'utils', 'service', 'processor', 'handler', 'data', 'info', 'job', 'queue'];
/** Telegram's own words, in the room that plays Telegram. */
const TELEGRAMS_OWN = /^src\/simulators\//;

/** `openRunData`, `open-run-data`, `OPEN_RUN_DATA` → open, run, data. */
function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/);
}

const saysNothing = (name: string): boolean => wordsOf(name).some((word) => EMPTY_WORDS.includes(word));

describe('the sources', () => {
  test('are found', () => {
    expect(SOURCES.map(({ path }) => path)).toContain('src/ports/ledger.ts');
    expect(STATEMENTS.map(({ path }) => path)).toContain('sql/sqlite/tillypad/views.sql');
  });

  test('have no file above 300 lines', () => {
    expect(SOURCES.filter(({ text }) => text.trimEnd().split('\n').length > 300).map(({ path }) => path)).toEqual([]);
  });

  test('have no default export and no barrel', () => {
    const code = ({ text }: SourceFile): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').trim();
    const isBarrel = (file: SourceFile): boolean =>
      basename(file.path) === 'index.ts' || /^(?:export (?:type )?(?:\*|\{[^}]*\}) from '[^']+';\s*)+$/.test(code(file));
    expect(SOURCES.filter((file) => /^export default /m.test(code(file)) || isBarrel(file)).map(({ path }) => path)).toEqual([]);
  });

  test('import relative files by their whole name, on no path that hides the layer', () => {
    const paths = SOURCES.flatMap(({ path, text }) =>
      [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map((match) => ({ path, from: match[1] ?? '' })),
    );
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter(({ from }) => !/^(?:\.|\.\.(?:\/\.\.)*)(?:\/[^./][^/]*)+\.(?:ts|json)$/.test(from))).toEqual([]);
  });

  test('have file names that say something, in lower case with hyphens', () => {
    const names = SOURCES.map(({ path }) => path.slice('src/'.length, -'.ts'.length));
    expect(names.filter((name) => !/^[a-z\d/-]+$/.test(name))).toEqual([]);
    expect(names.filter(saysNothing)).toEqual([]);
  });

  test('export names that say something', () => {
    const exported = SOURCES.filter(({ path }) => !TELEGRAMS_OWN.test(path)).flatMap(({ path, text }) =>
      [...text.matchAll(/^export (?:declare |abstract |async )*(?:const|let|function\*?|class|interface|type) (\w+)/gm)].map((match) => ({
        path,
        name: match[1] ?? '',
      })),
    );
    expect(exported.length).toBeGreaterThan(0);
    expect(exported.filter(({ name }) => saysNothing(name))).toEqual([]);
  });

  test.each(['readInfo', 'job-list', 'DATA_FILE', 'eventHandler'])('would not call anything «%s»', (name) => {
    expect(saysNothing(name)).toBe(true);
  });

  test.each(['database', 'updateId', 'informed', 'servedWakeNo', 'jobless'])('may call something «%s»', (name) => {
    expect(saysNothing(name)).toBe(false);
  });
});

describe('the statement files', () => {
  test.each(STATEMENTS.map(({ path, text }) => [path, text] as const))('%s begins by saying what it is for', (_path, text) => {
    const [first = ''] = text.split('\n');
    expect(first).toMatch(/^(?:--|\/\*) \S.{15,}/);
  });

  test('name Tillypad’s tables in their own folder and the note’s mirror alone', () => {
    // A quoted name is a probe: it asks whether the table is there.
    const naming = STATEMENTS.filter(({ text }) => /\btp_\w+/.test(text.replaceAll(/--.*$|'[^']*'/gm, ''))).map(({ path }) => path);
    expect(naming.filter((path) => !path.startsWith('sql/sqlite/tillypad/') && !path.includes('mirror'))).toEqual([]);
  });
});
