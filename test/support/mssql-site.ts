import { addWall, wallAt } from '../../src/core/wall-time.ts';
import { openLedger, openPlanReader } from '../../src/sql-server/ledger.ts';
import type { Site } from '../contract/engine.ts';
import type { TestDatabase } from './mssql-database.ts';
import { copyRows, emptyDatabase, keepLedger, mssqlLedgerFacts } from './mssql-ledger.ts';
import { instantLiteral, sql, wallLiteral } from './mssql-literal.ts';
import { mssqlTillypad } from './mssql-tillypad.ts';

const KEY_FINGERPRINT = 'fingerprint';
/** The database server's zone; unlike the clock's UTC, so that mixing them up shows. */
const ZONE = 'Europe/Moscow';
/** 24 November 2026, 12:00:00.000 on the server's wall. */
const START = Date.UTC(2026, 10, 24, 9);

export interface MssqlSite extends Site {
  readonly database: TestDatabase;
  /** A port whose calls wait until the server shows the time that `pass` has come to, and which is closed with the site. */
  onTime<T extends { close(): Promise<void> }>(port: T): T;
}

/** An empty Tillypad with an empty ledger in the prepared database, on a clock that only `pass` moves. `copyTo`: where `copy` takes it. */
export async function makeMssqlSite(database: TestDatabase, copyTo: TestDatabase): Promise<MssqlSite> {
  const time = { now: START };
  await emptyDatabase(database);
  await database.run(sql`DELETE FROM tgn.ledger_schema; INSERT INTO tgn.ledger_schema (version, installed_utc) VALUES (1, ${instantLiteral(START)});
    INSERT INTO tgn.place (only_row, installation_id, bound_to, key_fingerprint) SELECT 1, NEWID(), place, ${KEY_FINGERPRINT} FROM tgn.here;
    INSERT INTO dbo.tp_test_clock (now_utc, wall_now) VALUES (${instantLiteral(START)}, ${wallLiteral(wallAt(START, ZONE))})`);
  return attach(database, copyTo, time);
}

function attach(database: TestDatabase, copyTo: TestDatabase, time: { now: number }): MssqlSite {
  const wall = (offsetMs = 0): string => addWall(wallAt(time.now, ZONE), offsetMs);
  let shown = START;
  /** `pass` can't wait for the server; every call of ours does. */
  const settle = async (): Promise<void> => {
    const { now } = time;
    if (now === shown) return;
    await database.run(sql`UPDATE dbo.tp_test_clock SET now_utc = ${instantLiteral(now)}, wall_now = ${wallLiteral(wall())}`);
    shown = now;
  };
  const opened = new Set<{ close(): Promise<void> }>();
  const onTime = <T extends { close(): Promise<void> }>(port: T): T => {
    opened.add(port);
    const methods = Object.entries(port as unknown as Record<string, (...values: unknown[]) => Promise<unknown>>).map(([name, method]) => [
      name,
      async (...values: unknown[]) => {
        await settle();
        return method(...values);
      },
    ]);
    return Object.fromEntries(methods) as T;
  };
  const facts = mssqlLedgerFacts(database, time);
  return {
    database,
    onTime,
    openLedger: async (options = {}) => onTime(await openLedger({ place: database.place, ...options })),
    openPlanReader: async () => onTime(await openPlanReader({ place: database.place })),
    ...mssqlTillypad(database, wall),
    ...facts,
    readTaskLog: async (taskId, unreadText) => {
      await settle();
      return facts.readTaskLog(taskId, unreadText);
    },
    save: async () => keepLedger(database),
    copy: async () => {
      await settle();
      await emptyDatabase(copyTo);
      await copyRows(database, copyTo);
      return attach(copyTo, copyTo, time);
    },
    now: () => time.now,
    wall,
    pass: (ms) => {
      time.now += ms;
    },
    close: async () => {
      for (const port of opened) await port.close();
    },
  };
}
