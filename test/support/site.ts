import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { addWall, wallAt } from '../../src/core/wall-time.ts';
import { openConnection, placeOf } from '../../src/sqlite/connection.ts';
import { openLedger, openPlanReader } from '../../src/sqlite/ledger.ts';
import { readTaskLog } from '../../src/sqlite/read-log.ts';
import type { Site } from '../contract/engine.ts';
import { memoryFolder } from './memory-folder.ts';
import { nextId } from './site-ids.ts';
import { ledgerFacts, restore } from './site-ledger.ts';
import { tillypad } from './site-tillypad.ts';

const KEY_FINGERPRINT = 'fingerprint';
/** The database server's zone; unlike the clock's UTC, so that mixing them up shows. */
const ZONE = 'Europe/Moscow';
/** 24 November 2026, 12:00:00.000 on the server's wall. */
const START = Date.UTC(2026, 10, 24, 9);
const SQL = new URL('../../sql/sqlite/', import.meta.url);

/** A site on the embedded engine, and what only tests of that engine touch. */
export interface SqliteSite extends Site {
  readonly file: string;
  readonly folder: string;
  /** A connection of its own, as a till has one. */
  readonly database: DatabaseSync;
  readonly clock: { now(): number };
  readonly zone: string;
}

/** An empty Tillypad with a fresh ledger in a temporary file, on a clock that only `pass` moves. */
export function makeSqliteSite(): SqliteSite {
  const folder = mkdtempSync(join(memoryFolder(), 'tp-tg-notify-'));
  const file = join(folder, 'site.sqlite');
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal; pragma synchronous = off');
  for (const part of ['tillypad/tables.sql', 'tillypad/views.sql', 'ledger/0001_ledger.sql'])
    database.exec(readFileSync(new URL(part, SQL), 'utf8'));
  database.prepare('insert into ledger_schema values (1, ?)').run(START);
  database
    .prepare('insert into place (only_row, installation_id, bound_to, key_fingerprint) values (1, ?, ?, ?)')
    .run('installation', placeOf(file), KEY_FINGERPRINT);
  return attach({ folder, file, database, time: { now: START } });
}

interface Place {
  readonly folder: string;
  readonly file: string;
  readonly database: DatabaseSync;
  readonly time: { now: number };
}

function attach(place: Place): SqliteSite {
  const { folder, file, database, time } = place;
  const clock = { now: () => time.now };
  const wall = (offsetMs = 0): string => addWall(wallAt(time.now, ZONE), offsetMs);
  return {
    folder,
    file,
    database,
    clock,
    zone: ZONE,
    openLedger: async (options = {}) => openLedger({ file, clock, serverZone: ZONE, ...options }),
    openPlanReader: async () => openPlanReader({ file, clock, serverZone: ZONE }),
    ...tillypad(database, wall),
    ...ledgerFacts(database, time),
    readTaskLog: async (taskId, unreadText = 'unread') => {
      const connection = openConnection({ file });
      try {
        return readTaskLog(connection, { taskId, now: time.now, unreadText });
      } finally {
        connection.close();
      }
    },
    save: async () => {
      const backup = join(folder, `backup-${nextId()}.sqlite`);
      database.prepare('vacuum into ?').run(backup);
      return async () => restore(database, backup);
    },
    copy: async () => {
      const elsewhere = mkdtempSync(join(memoryFolder(), 'tp-tg-notify-'));
      const copied = join(elsewhere, 'site.sqlite');
      database.exec('pragma wal_checkpoint(truncate)');
      copyFileSync(file, copied);
      return attach({ folder: elsewhere, file: copied, database: new DatabaseSync(copied), time });
    },
    now: () => time.now,
    wall,
    pass: (ms) => {
      time.now += ms;
    },
    close: async () => {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
