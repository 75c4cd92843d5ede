import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseUnavailable } from '../ports/database.ts';
import type { InstallReport } from '../ports/desk.ts';
import type { Connection } from './connection.ts';
import { withFaults } from './fault.ts';
import type { FindStatements } from './statements.ts';

const TILLYPAD = new URL('../../sql/sqlite/tillypad/', import.meta.url);
/** What the statements need beside the views: the note's mirror, and what `check_schema` asks for. */
const ALWAYS_NEEDED: readonly string[] = ['tp_ClientPurseOperations', 'tp_Clients', 'tp_NoteTypes', 'tp_Notes'];

interface View {
  readonly name: string;
  readonly text: string;
}

/**
 * Makes the views that are missing. One that is there may be an administrator's own and stays, if it has every column of ours. Throws
 * DatabaseUnavailable: no_tillypad with the tables that a missing view reads, views_lacking with `view.column` of a view that lacks some.
 */
export function installViews(connection: Connection, find: FindStatements): InstallReport['steps'] {
  const views = readViews();
  const present = findObjects(
    find,
    views.map(({ name }) => name),
  );
  const missing = views.filter(({ name }) => !present.has(name));
  demandTables(find, missing);
  demandColumns(
    find,
    views.filter(({ name }) => present.has(name)),
  );
  for (const { text } of missing) withFaults(() => connection.database.exec(text));
  return views.map((view) => ({ step: `view ${view.name}`, did: missing.includes(view) }));
}

function readViews(): readonly View[] {
  const script = readFileSync(new URL('views.sql', TILLYPAD), 'utf8').replaceAll(/^--.*$/gmu, '');
  return [...script.matchAll(/create view (\w+) as[^;]*;/gu)].map(([text, name = '']) => ({ name, text }));
}

function demandTables(find: FindStatements, views: readonly View[]): void {
  const needed = [...new Set([...ALWAYS_NEEDED, ...views.flatMap(({ text }) => text.match(/\btp_\w+/gu) ?? [])])];
  const present = findObjects(find, needed);
  const absent = needed.filter((name) => !present.has(name));
  if (absent.length > 0) throw new DatabaseUnavailable('no_tillypad', absent.join(', '));
}

function demandColumns(find: FindStatements, views: readonly View[]): void {
  if (views.length === 0) return;
  const wanted = ownColumns();
  const absent = views.flatMap(({ name }) => {
    const present = readColumns(find, name);
    return (wanted.get(name) ?? []).filter((column) => !present.includes(column)).map((column) => `${name}.${column}`);
  });
  if (absent.length > 0) throw new DatabaseUnavailable('views_lacking', absent.join(', '));
}

/** A view whose own tables are gone has no columns that anybody could read. */
function readColumns(find: FindStatements, view: string): readonly string[] {
  try {
    return find('install')
      .all<{ name: string }>('columns', { view })
      .map(({ name }) => name);
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error;
    return [];
  }
}

/** Columns of our own views, as the engine itself reads the script. */
function ownColumns(): ReadonlyMap<string, readonly string[]> {
  const database = new DatabaseSync(':memory:');
  try {
    for (const part of ['tables.sql', 'views.sql']) database.exec(readFileSync(new URL(part, TILLYPAD), 'utf8'));
    const columnsOf = (view: string): readonly string[] =>
      database
        .prepare('select name from pragma_table_info(?)')
        .all(view)
        .map((row) => String(row['name']));
    return new Map(readViews().map(({ name }) => [name, columnsOf(name)]));
  } finally {
    database.close();
  }
}

function findObjects(find: FindStatements, names: readonly string[]): ReadonlySet<string> {
  return new Set(
    find('install')
      .all<{ name: string }>('objects', { names: JSON.stringify(names) })
      .map(({ name }) => name),
  );
}
