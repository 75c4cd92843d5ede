import { DatabaseUnavailable, SchemaMismatch } from '../ports/database.ts';
import { LEDGER_SCHEMA } from './ledger-schema.ts';

/** SQLite's primary result codes that mean «the database can't go on»; anything else is a fault in the program. */
const CODES: Readonly<Record<number, DatabaseUnavailable['code']>> = {
  3: 'denied', // PERM
  5: 'locked', // BUSY
  6: 'locked', // LOCKED
  8: 'read_only', // READONLY
  10: 'unreachable', // IOERR: a disk or a share that went away
  11: 'damaged', // CORRUPT
  13: 'full', // FULL: the disk, or max_page_count
  14: 'denied', // CANTOPEN: the file is there, as the opening has checked
  23: 'denied', // AUTH
  26: 'no_database', // NOTADB
};

const UNFIT = /no such (?:table|column): |has no column named /u;

/** The port's exception for what SQLite reports, or the error itself. */
function toFault(error: unknown): unknown {
  const errcode = readErrcode(error);
  const code = errcode === null ? undefined : CODES[errcode & 0xff];
  // SQLite has no code of its own for it; its words are English and its interface's.
  if (error instanceof Error && errcode === 1 && UNFIT.test(error.message)) return new SchemaMismatch(null, LEDGER_SCHEMA, error.message);
  return code === undefined ? error : new DatabaseUnavailable(code, error instanceof Error ? error.message : code, { cause: error });
}

/** Does the work; what SQLite throws in it leaves as the port's exception. */
export function withFaults<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toFault(error);
  }
}

/** True for «somebody else has it», which a lock takes for an answer. */
export function isBusy(error: unknown): boolean {
  const errcode = readErrcode(error);
  return errcode !== null && (errcode & 0xff) === 5;
}

function readErrcode(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null;
}
