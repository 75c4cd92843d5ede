import type { UnavailableCode } from '../ports/database.ts';

/**
 * What SQL Server's error numbers mean to the program. Its words are in the server's language and are never read, only shown. What isn't here
 * is a fault in the program.
 */
export const CODES: Readonly<Record<number, UnavailableCode>> = {
  // Who signs on.
  18456: 'login',
  18452: 'login', // from an untrusted domain; or a SQL login where only Windows' are allowed
  18470: 'login', // disabled
  18486: 'login', // locked out
  18487: 'login', // password expired
  18488: 'login', // password must be changed
  4064: 'login', // its default database can't be opened
  // Which database.
  4060: 'no_such_database', // not there, or not this login's
  911: 'no_such_database',
  916: 'denied', // the login has no user in it
  // What state it is in.
  921: 'recovery',
  922: 'recovery',
  927: 'recovery', // in the middle of a restore
  942: 'recovery', // offline
  945: 'recovery',
  952: 'recovery', // in transition
  6005: 'recovery', // the server is shutting down
  18401: 'recovery', // the server is starting up
  924: 'single_user',
  18461: 'single_user', // the server, where only one administrator may sign on
  5064: 'single_user',
  976: 'not_primary',
  978: 'not_primary', // asks for a read-only intent
  983: 'not_primary', // the group is in transition
  3906: 'read_only',
  3908: 'read_only',
  // Rights; which role gives them is the call's to say.
  229: 'denied',
  230: 'denied',
  262: 'denied',
  297: 'denied',
  300: 'denied',
  2760: 'denied',
  15247: 'denied',
  15151: 'denied',
  // The owner of the database is no login here (a restored copy): ALTER AUTHORIZATION ON DATABASE.
  15517: 'no_owner',
  // Others.
  1204: 'locked', // out of locks
  1205: 'locked', // deadlock: we are the victim, by our own wish
  1222: 'locked', // lock timeout
  3960: 'locked', // another's change under a snapshot
  50302: 'locked', // our own: an invitation under way whose customer is locked
  // Room.
  1101: 'full',
  1105: 'full',
  3257: 'full',
  9002: 'full', // the log
  1827: 'full', // the edition's limit of a database's size
  // Memory.
  701: 'memory',
  802: 'memory',
  8645: 'memory', // waited too long for some
  8651: 'memory',
  // Harm.
  605: 'damaged',
  823: 'damaged',
  824: 'damaged',
  825: 'damaged',
  926: 'damaged', // marked suspect
  // The install script's own words (THROW); what they are about stands behind the last colon.
  50206: 'read_only',
  50208: 'no_tillypad',
  50209: 'foreign_owner',
  50210: 'no_index',
  50215: 'not_tillypad',
  50216: 'other_columns',
  50217: 'views_lacking',
  50218: 'secondary',
  50221: 'upgrading',
  50229: 'denied_owner',
};

/** The script's own first check; any other right that is wanting may be wanting in the middle. */
export const NO_OWNER = 50_229;

/** There is no such procedure, there is no such type. Of what is called first, the ledger isn't installed; of anything else, it is an older one. */
export const ABSENT: readonly number[] = [2812, 2715];
export const CALLED_FIRST = /\b(?:check_schema|read_parameters|found_place)\b|^schema /u;
/** Something that is there doesn't fit: a procedure with other parameters, a view or a table without a column, or gone from beneath a view. */
export const UNFIT: readonly number[] = [201, 207, 208, 349, 4413, 8144, 8145];
/** A newer ledger than the script (THROW). */
export const NEWER_SCHEMA = 50_214;
/** From here on the numbers are our own. */
export const OWN_NUMBERS = 50_000;
/** What RAISERROR says has this number; the script's first batch, which must also parse on a server without THROW, tells by the state. */
export const RAISED = 50_000;
export const OLD_SERVER_STATE = 213;
/** A server of the same protocol that is not Microsoft's gives this number to whatever it has no number for; its words are English. */
export const UNNUMBERED = 33_557_097;
