import { isServerAddress, parseServerAddress, showServerPlace } from '../../core/server-place.ts';
import type { ParsedServerPlace, ServerPlace } from '../../core/server-place.ts';
import { Secret } from '../../core/secret.ts';
import type { ProblemArgs, ProblemCode } from './problem.ts';

/** An address `mssql://…` as it was written; it may hold a password, and so every way of printing it shows none. */
export class ServerAddress {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }

  /** Whether the password stands in it. */
  get holdsPassword(): boolean {
    const bare = parseServerAddress(this.#text);
    return bare.ok;
  }

  parse(password: Secret | null): ParsedServerPlace {
    return parseServerAddress(this.#text, password);
  }

  toString(): string {
    const parsed = parseServerAddress(this.#text, new Secret('-'));
    return parsed.ok ? showServerPlace(parsed.place) : 'mssql://…';
  }

  toJSON(): string {
    return this.toString();
  }
}

/** The address in what a person wrote for `database`; null for a path. */
export function addressIn(written: unknown): ServerAddress | null {
  return typeof written === 'string' && isServerAddress(written.trim()) ? new ServerAddress(written.trim()) : null;
}

/** What is wrong with an address, apart from a password that may stand elsewhere. */
export function addressProblem(address: ServerAddress): { readonly code: ProblemCode; readonly args: ProblemArgs } | null {
  const parsed = address.parse(new Secret('-'));
  return parsed.ok ? null : { code: 'database_address', args: { why: parsed.code, option: parsed.option ?? '' } };
}

/** The section `sqlServer` of the settings, read and with its references followed. */
export interface SqlServerSection {
  readonly server?: string;
  readonly port?: number;
  readonly instance?: string;
  readonly database?: string;
  readonly user?: string;
  readonly password?: Secret;
  readonly domain?: string;
  readonly encrypt: boolean;
  readonly trustServerCertificate: boolean;
  readonly ca?: string;
  readonly multiSubnetFailover: boolean;
}

export type PlaceAnswer =
  | { readonly ok: true; readonly server: ServerPlace | null }
  | { readonly ok: false; readonly path: string; readonly code: ProblemCode; readonly args: ProblemArgs };

const DEFAULT_PORT = 1433;

/** Where the server is: as the address says, with the section's password and authority; else as the section says; null = no server at all. */
export function serverPlaceOf(database: unknown, section: SqlServerSection): PlaceAnswer {
  if (database instanceof ServerAddress) {
    const parsed = database.parse(section.password ?? null);
    if (parsed.ok) return { ok: true, server: { ...parsed.place, ca: section.ca ?? null } };
    return { ok: false, path: 'database', code: 'database_address', args: { why: parsed.code, option: parsed.option ?? '' } };
  }
  const { server, user, password, port = null, instance = null } = section;
  if (typeof database === 'string' || server === undefined) return { ok: true, server: null };
  const missing = (['database', 'user', 'password'] as const).find((key) => section[key] === undefined);
  if (missing !== undefined || section.database === undefined || user === undefined || password === undefined)
    return { ok: false, path: `sqlServer.${missing}`, code: 'server_incomplete', args: { key: `sqlServer.${missing}` } };
  if (port !== null && instance !== null)
    return { ok: false, path: 'sqlServer.port', code: 'database_address', args: { why: 'port_and_instance', option: '' } };
  return {
    ok: true,
    server: {
      server,
      port: port ?? (instance === null ? DEFAULT_PORT : null),
      instance,
      database: section.database,
      user,
      password,
      domain: section.domain ?? null,
      encrypt: section.encrypt,
      trustServerCertificate: section.trustServerCertificate,
      ca: section.ca ?? null,
      multiSubnetFailover: section.multiSubnetFailover,
    },
  };
}
