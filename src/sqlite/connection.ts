import { realpathSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { DatabaseUnavailable } from '../ports/database.ts';
import { withFaults } from './fault.ts';

/** One connection to the database file. Nothing here is pooled: the process is short, and its writes are one after another. */
export interface Connection {
  readonly database: DatabaseSync;
  /** Host and real path of the file: what the ledger is bound to, so that a copy is silent. */
  readonly place: string;
  /** Real path of the file. */
  readonly file: string;
  /**
   * BEGIN IMMEDIATE … COMMIT round the work; rolled back when it throws. IMMEDIATE, because a transaction that reads first and writes later
   * can be refused in its middle (SQLITE_BUSY_SNAPSHOT), whatever the timeout.
   */
  transaction<T>(work: () => T): T;
  close(): void;
}

export interface ConnectionRequest {
  readonly file: string;
  /** Opened so that nothing can be written: what a dry run holds. */
  readonly readOnly?: boolean;
  /** How long a statement waits for another process's write. */
  readonly busyTimeoutMs?: number;
}

const BUSY_TIMEOUT_MS = 10_000;
const CACHE_KIB = 32_768;

/**
 * Opens an existing file. WAL lets a till write while a look reads; FULL makes a commit survive a power cut, without which «sending» would
 * mean nothing. Throws DatabaseUnavailable: missing, no_database, denied, locked, damaged, read_only.
 */
export function openConnection(request: ConnectionRequest): Connection {
  const file = findFile(request.file);
  const readOnly = request.readOnly ?? false;
  return withFaults(() => {
    // mode=rw: a file that vanishes between the check and the opening isn't made anew.
    const address = new URL(`?mode=${readOnly ? 'ro' : 'rw'}`, pathToFileURL(file));
    const database = new DatabaseSync(address, {
      readOnly,
      timeout: request.busyTimeoutMs ?? BUSY_TIMEOUT_MS,
      enableForeignKeyConstraints: true,
    });
    try {
      database.exec(`pragma temp_store = memory; pragma cache_size = -${CACHE_KIB}; pragma synchronous = full`);
      // Also the first read of the file: what is no database shows here.
      database.prepare(readOnly ? 'pragma schema_version' : 'pragma journal_mode = wal').get();
    } catch (error) {
      database.close();
      throw error;
    }
    return connect(database, file);
  });
}

/** Where the ledger lives as others see it; the real path, so that a link to the file is the same place. */
export function placeOf(file: string): string {
  return `${hostname()}:${file}`;
}

function connect(database: DatabaseSync, file: string): Connection {
  return {
    database,
    file,
    place: placeOf(file),
    transaction: (work) =>
      withFaults(() => {
        database.exec('begin immediate');
        try {
          const result = work();
          database.exec('commit');
          return result;
        } catch (error) {
          // A full disk or an I/O error may have rolled back already.
          if (database.isTransaction) database.exec('rollback');
          throw error;
        }
      }),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

function findFile(file: string): string {
  try {
    const real = realpathSync(file);
    if (!statSync(real).isDirectory()) return real;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new DatabaseUnavailable('missing', file, { cause: error });
    throw new DatabaseUnavailable(code === 'EACCES' || code === 'EPERM' ? 'denied' : 'unreachable', file, { cause: error });
  }
  throw new DatabaseUnavailable('no_database', `${file} is a folder`);
}
