/**
 * Preloaded into a process of the program (`--import`): no connection lets its file grow by more than a page, as if the disk were full. SQLite keeps
 * `max_page_count` to a connection, so nobody can set it from outside.
 */
import { DatabaseSync } from 'node:sqlite';

const OWN_PRAGMAS = 'pragma temp_store';
const plain = Reflect.get(DatabaseSync.prototype, 'exec');

DatabaseSync.prototype.exec = function exec(this: DatabaseSync, sql: string): void {
  plain.call(this, sql);
  if (!sql.startsWith(OWN_PRAGMAS)) return;
  const { page_count: pages } = this.prepare('pragma page_count').get() as { page_count: number };
  plain.call(this, `pragma max_page_count = ${pages}`);
};
