import type { DatabaseSync } from 'node:sqlite';

/** Tillypad's tables with nothing that keeps a bad row out: columns may be null, keys too. */
export interface LooseTables {
  /** All rows as they were when the tables were made loose. */
  mend(): void;
}

/** Makes Tillypad's tables anew without their constraints. */
export function loosen(database: DatabaseSync): LooseTables {
  const objects = database
    .prepare(
      "select name, sql, type, tbl_name as owner from sqlite_schema where tbl_name like 'tp\\_%' escape '\\' and sql is not null order by type desc",
    )
    .all()
    .map((row) => ({ name: String(row['name']), sql: String(row['sql']), type: String(row['type']) }));
  const tables = objects.filter(({ type }) => type === 'table');
  for (const { name, sql } of tables) {
    database.exec(`create table kept_${name} as select * from ${name}; drop table ${name}`);
    database.exec(sql.replaceAll(/ not null/g, '').replace(/\) without rowid$/, ')'));
    database.exec(`insert into ${name} select * from kept_${name}`);
  }
  for (const { sql } of objects.filter(({ type }) => type === 'index')) database.exec(sql.replace('create unique index', 'create index'));
  return {
    mend: () => {
      for (const { name } of tables) database.exec(`delete from ${name}; insert into ${name} select * from kept_${name}`);
    },
  };
}
