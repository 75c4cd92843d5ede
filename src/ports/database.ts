/**
 * Why the database can't go on; each names a sentence of advice. The first block is every engine's, the second a server's:
 * no_tillypad: tables of Tillypad are missing, the detail names them · not_tillypad: it is another database · views_lacking: altered views lack
 * these columns.
 * denied_…: the role that was wanting · other_columns: columns of Tillypad's tables are missing or of another type ·
 * login: the server refuses user or password · no_such_database: not there, or not this login's · no_server, refused, instance: the address leads
 * nowhere · certificate, tls, no_encryption: the encrypted channel can't be had · recovery, single_user, not_primary: the database's own state ·
 * secondary: install was sent to a replica · no_owner: its owner is no login here · slow: no answer in time · memory: the server has too little · dropped: the connection broke off · upgrading: install holds it ·
 * old_server: older than 2016 · foreign_owner: Tillypad's tables have another owner than dbo · no_index: the operations have none by their date.
 */
export type UnavailableCode =
  | 'missing'
  | 'no_database'
  | 'locked'
  | 'read_only'
  | 'full'
  | 'unreachable'
  | 'denied'
  | 'damaged'
  | 'no_tillypad'
  | 'not_tillypad'
  | 'views_lacking'
  | 'other_columns'
  | 'denied_runner'
  | 'denied_administrator'
  | 'denied_owner'
  | 'login'
  | 'no_such_database'
  | 'no_server'
  | 'refused'
  | 'instance'
  | 'certificate'
  | 'tls'
  | 'no_encryption'
  | 'recovery'
  | 'single_user'
  | 'not_primary'
  | 'secondary'
  | 'no_owner'
  | 'slow'
  | 'memory'
  | 'dropped'
  | 'upgrading'
  | 'old_server'
  | 'foreign_owner'
  | 'no_index';

/** The database can't go on: unreachable, locked by others, read-only, full, damaged. `advice` names a sentence. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  readonly code: UnavailableCode;
  constructor(code: UnavailableCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}

/**
 * The schema and this program don't fit; `found` null = not installed. With a `detail` the ledger is there, and it or one of its views doesn't fit
 * the tables beneath it: what the database said of it.
 */
export class SchemaMismatch extends Error {
  override readonly name = 'SchemaMismatch';
  readonly found: number | null;
  readonly wanted: number;
  readonly detail: string | null;
  constructor(found: number | null, wanted: number, detail: string | null = null) {
    super(detail ?? `schema ${found ?? 'missing'}, wanted ${wanted}`);
    this.found = found;
    this.wanted = wanted;
    this.detail = detail;
  }
}
