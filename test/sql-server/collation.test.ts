import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSqlFile, sqlFiles } from './files.ts';
import type { SqlFile } from './files.ts';

const files: readonly SqlFile[] = [
  ...['ledger', 'procedures', 'task', 'tillypad', 'script', 'starting'].flatMap(sqlFiles),
  readSqlFile('roles.sql'),
  readSqlFile('task_rights.sql'),
];
const SITES = new URL('../sites/', import.meta.url);
const sites = readdirSync(SITES)
  .filter((name) => name.endsWith('.sql'))
  .map((name) => ({ name, text: readFileSync(new URL(name, SITES), 'utf8') }));

/** What T-SQL itself says in capitals: keywords, functions, the information schema; all of them may be columns or names of ours in small letters. */
const isWord = (word: string): boolean => /^[A-Z][A-Z_]+$/u.test(word);
/** Ours beside Tillypad's. */
const OURS = new Set(['note_id', 'cpop_date']);

/** The spellings of each word, by its small letters; Cyrillic and literals aside. */
function spellings(texts: readonly string[], pattern: RegExp): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const text of texts)
    for (const [word] of text.matchAll(pattern)) {
      const known = found.get(word.toLowerCase()) ?? new Set();
      found.set(word.toLowerCase(), known.add(word));
    }
  return found;
}

const unlike = (found: ReadonlyMap<string, ReadonlySet<string>>): readonly (readonly string[])[] =>
  [...found.values()].filter((known) => known.size > 1).map((known) => [...known]);

describe('in a case-sensitive database', () => {
  it('each variable is spelt in one way in its file', () => {
    for (const { name, bare } of files) expect([name, unlike(spellings([bare], /@{1,2}\w+/gu))]).toEqual([name, []]);
  });

  it('what the program passes is named in small letters, as it passes it', () => {
    for (const { name, bare } of ['procedures', 'task'].flatMap(sqlFiles))
      for (const [, head = ''] of bare.matchAll(/^(?:CREATE|ALTER) PROCEDURE \S+([\s\S]*?)^AS$/gmu))
        for (const [parameter] of head.matchAll(/@\w+/gu)) expect([name, parameter]).toEqual([name, parameter.toLowerCase()]);
  });

  it('each name is spelt in one way everywhere, and words of T-SQL in capitals', () => {
    const found = spellings(
      files.map(({ bare }) => bare),
      /(?<![@\w])[A-Za-z_]\w*/gu,
    );
    expect(found.size).toBeGreaterThan(500);
    const wrong = unlike(found).map((known) => known.filter((word) => !isWord(word) && !OURS.has(word)));
    expect(wrong.filter((known) => known.length > 1)).toEqual([]);
  });

  it('what stands in texts that are made at install names Tillypad’s tables and columns as Tillypad does', () => {
    const found = spellings(
      [...files.map(({ code }) => code), ...sites.map(({ text }) => text)],
      /\b(?:tp|tgn|sys|cpop|clnt|clgr|cptp|atop|dvsn|nttp|nttpo|note|pepl|clph|tpsyst|tpsrv)_\w+/giu,
    );
    expect(found.has('cpop_cpop_id_return')).toBe(true);
    expect(
      unlike(found)
        .map((known) => known.filter((word) => !OURS.has(word)))
        .filter((known) => known.length > 1),
    ).toEqual([]);
  });

  it('types are spelt small, as the catalogue has them', () => {
    const type =
      /\b(?:bigint|int|smallint|tinyint|bit|n?varchar|datetime2?|date|uniqueidentifier|varbinary|binary|decimal|numeric|float|sysname|sql_variant)\b/giu;
    for (const { name, bare } of files) for (const [word] of bare.matchAll(type)) expect([name, word]).toEqual([name, word.toLowerCase()]);
  });
});

describe('where collations are unlike', () => {
  /** A temporary table takes tempdb's collation, which is the server's, if none is given. */
  it('every text of a temporary table and of a table variable has one', () => {
    let seen = 0;
    for (const { name, bare } of files)
      for (const [, , body = ''] of bare.matchAll(/(?:CREATE TABLE (#\w+)|DECLARE @\w+ TABLE)\s*\(((?:[^()]|\([^()]*\))*)\)/gu))
        for (const [column] of body.matchAll(/\w+ n?(?:var)?char\([^)]*\)(?: COLLATE \w+)?/gu)) {
          seen += 1;
          expect([name, column, / COLLATE (?:DATABASE_DEFAULT|Latin1_General_BIN2)$/u.test(column)]).toEqual([name, column, true]);
        }
    expect(seen).toBeGreaterThan(100);
  });

  it('every text that a view takes from Tillypad comes in the database’s own', () => {
    const views = files.filter(({ name }) => /tillypad\/[12]/u.test(name));
    let seen = 0;
    for (const { name, code } of views)
      for (const [column] of code.matchAll(/[\w.]+_(?:Name|Description|Phone)(?: COLLATE \w+)? AS \w+/gu)) {
        seen += 1;
        expect([name, column]).toEqual([name, expect.stringContaining(' COLLATE DATABASE_DEFAULT AS ')]);
      }
    expect(seen).toBeGreaterThan(7);
  });

  it('what the catalogue says is stored under a collation of its own name', () => {
    const { code } = readSqlFile('tillypad/0_probe.sql');
    for (const column of ['COLUMN_NAME)', 'delayed_durability_desc']) expect(code).toContain(`${column} COLLATE DATABASE_DEFAULT`);
  });
});
