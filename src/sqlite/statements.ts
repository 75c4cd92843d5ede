import { readFileSync } from 'node:fs';
import type { StatementSync } from 'node:sqlite';
import type { Connection } from './connection.ts';
import { withFaults } from './fault.ts';
import type { Stored } from './stored.ts';

export type Values = Readonly<Record<string, Stored>>;

/**
 * The statements of one call: `sql/sqlite/procedures/<call>.sql` holds them under headers `--! name`, and a line `--@ name` stands for the
 * statement of that name in the same file or in `<name>.sql`, so that one text serves several. Prepared at their first use, once a connection.
 */
export interface Statements {
  /** The first row, with the columns' names as its keys. */
  get<Row extends object>(name: string, values?: Values): Row | undefined;
  all<Row extends object>(name: string, values?: Values): Row[];
  /** How many rows it changed. */
  run(name: string, values?: Values): number;
  /** The number of the row it added. */
  add(name: string, values?: Values): number;
}

/** Finds the statements of a call; throws when there is no such file. */
export type FindStatements = (call: string) => Statements;

/** From src/ and from dist/ alike. */
const PROCEDURES = new URL('../../sql/sqlite/procedures/', import.meta.url);

export function prepareStatements(connection: Pick<Connection, 'database'>): FindStatements {
  const calls = new Map<string, Statements>();
  return (call) => {
    const known = calls.get(call);
    if (known !== undefined) return known;
    const fresh = prepareCall(connection, call);
    calls.set(call, fresh);
    return fresh;
  };
}

/** The statements of a file by name, inclusions resolved. */
export function readStatements(call: string): ReadonlyMap<string, string> {
  const texts = readTexts(call);
  return new Map([...texts].map(([name, text]) => [name, include(text, texts)]));
}

function readTexts(call: string): ReadonlyMap<string, string> {
  const [, ...sections] = readFileSync(new URL(`${call}.sql`, PROCEDURES), 'utf8').split(/^--! /mu);
  return new Map(
    sections.map((section) => {
      const end = section.indexOf('\n');
      return [section.slice(0, end).trim(), section.slice(end + 1).trim()];
    }),
  );
}

function include(text: string, siblings: ReadonlyMap<string, string>): string {
  return text.replaceAll(/^[ \t]*--@ (\w+)[ \t]*$/gmu, (_line, name: string) => {
    const own = siblings.get(name);
    if (own !== undefined) return include(own, siblings);
    const shared = readStatements(name).get(name);
    if (shared === undefined) throw new Error(`no statement ${name}`);
    return shared;
  });
}

function prepareCall({ database }: Pick<Connection, 'database'>, call: string): Statements {
  const texts = readStatements(call);
  const prepared = new Map<string, StatementSync>();
  const find = (name: string): StatementSync => {
    const known = prepared.get(name);
    if (known !== undefined) return known;
    const text = texts.get(name);
    if (text === undefined) throw new Error(`no statement ${name} in ${call}.sql`);
    const fresh = database.prepare(text);
    prepared.set(name, fresh);
    return fresh;
  };
  return {
    get: <Row extends object>(name: string, values: Values = {}) => withFaults(() => find(name).get(values) as Row | undefined),
    all: <Row extends object>(name: string, values: Values = {}) => withFaults(() => find(name).all(values) as Row[]),
    run: (name, values = {}) => withFaults(() => Number(find(name).run(values).changes)),
    add: (name, values = {}) => withFaults(() => Number(find(name).run(values).lastInsertRowid)),
  };
}
