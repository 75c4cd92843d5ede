/** The database can't go on: unreachable, locked by others, read-only, full, damaged. `advice` names a sentence. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  readonly code: 'missing' | 'no_database' | 'locked' | 'read_only' | 'full' | 'unreachable' | 'denied' | 'damaged' | 'no_tillypad';
  constructor(code: DatabaseUnavailable['code'], detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}

/** The schema and this program don't fit; `found` null = not installed. */
export class SchemaMismatch extends Error {
  override readonly name = 'SchemaMismatch';
  readonly found: number | null;
  readonly wanted: number;
  constructor(found: number | null, wanted: number) {
    super(`schema ${found ?? 'missing'}, wanted ${wanted}`);
    this.found = found;
    this.wanted = wanted;
  }
}
