import { Secret } from './secret.ts';

/** Where a database on SQL Server is and who asks. */
export interface ServerPlace {
  readonly server: string;
  /** Null with an instance: then the server's Browser names the port. */
  readonly port: number | null;
  readonly instance: string | null;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
  /** A Windows domain: the user signs on by NTLM with this password. Null = a SQL login. */
  readonly domain: string | null;
  /** False only where the administrator says so: then whoever is between can read everything. */
  readonly encrypt: boolean;
  /** A self-signed certificate is taken unseen. */
  readonly trustServerCertificate: boolean;
  /** PEM text of the authority that signed the server's certificate. */
  readonly ca: string | null;
  /** The listener of an availability group: all its addresses are tried at once. */
  readonly multiSubnetFailover: boolean;
}

export type ServerPlaceProblem =
  | 'not_an_address'
  | 'no_server'
  | 'no_database'
  | 'no_user'
  | 'no_password'
  | 'bad_escape'
  | 'bad_port'
  | 'port_and_instance'
  | 'unknown_option'
  | 'bad_option';

export type ParsedServerPlace =
  | { readonly ok: true; readonly place: ServerPlace }
  /** `option` names a key of the address, never a value: a value may hold a password. */
  | { readonly ok: false; readonly code: ServerPlaceProblem; readonly option: string | null };

const DEFAULT_PORT = 1433;
const SCHEME = /^mssql:\/\//iu;
const OPTIONS = ['instance', 'domain', 'encrypt', 'trustServerCertificate', 'multiSubnetFailover'] as const;
type Option = (typeof OPTIONS)[number];

/** Whether a place is an address of SQL Server rather than a file of the embedded engine. */
export function isServerAddress(text: string): boolean {
  return SCHEME.test(text);
}

/**
 * Reads `mssql://user:password@server:port/database?instance=…&domain=…&encrypt=yes&trustServerCertificate=no&multiSubnetFailover=no`.
 * What holds `@ : / ? # %` or blanks is written percent-encoded. `password` stands in for one that the address leaves out.
 */
export function parseServerAddress(text: string, password: Secret | null = null): ParsedServerPlace {
  const match = /^mssql:\/\/(?:([^@/]*)@)?(\[[^\]]+\]|[^:/?#\\]*)(?:\\([^:/?#]+))?(?::([^/?#]*))?(?:\/([^/?#]*))?\/?(?:\?(.*))?$/iu.exec(
    text,
  );
  if (match === null) return refuse('not_an_address');
  const [, credentials = '', host = '', backslash, portText, databaseText = '', query = ''] = match;
  const options = readOptions(query);
  if ('code' in options) return options;
  const colon = credentials.indexOf(':');
  const parts = decodeAll({
    user: colon < 0 ? credentials : credentials.slice(0, colon),
    password: colon < 0 ? '' : credentials.slice(colon + 1),
    database: databaseText,
    instance: options.values.instance ?? backslash ?? '',
    domain: options.values.domain ?? '',
  });
  if (parts === null) return refuse('bad_escape');
  if (host === '') return refuse('no_server');
  if (parts.database === '') return refuse('no_database');
  if (parts.user === '') return refuse('no_user');
  const secret = parts.password === '' ? password : new Secret(parts.password);
  if (secret === null) return refuse('no_password');
  const port = portText === undefined ? null : readPort(portText);
  if (Number.isNaN(port)) return refuse('bad_port');
  if (port !== null && parts.instance !== '') return refuse('port_and_instance');
  return {
    ok: true,
    place: {
      server: host.replace(/^\[(.+)\]$/u, '$1'),
      port: port ?? (parts.instance === '' ? DEFAULT_PORT : null),
      instance: parts.instance === '' ? null : parts.instance,
      database: parts.database,
      user: parts.user,
      password: secret,
      domain: parts.domain === '' ? null : parts.domain,
      encrypt: options.flags.encrypt ?? true,
      trustServerCertificate: options.flags.trustServerCertificate ?? false,
      ca: null,
      multiSubnetFailover: options.flags.multiSubnetFailover ?? false,
    },
  };
}

/** The place as a person may read it and as the host remembers it: without the password, spelt in one way. */
export function showServerPlace({ server, port, instance, database, user }: ServerPlace): string {
  const where = instance === null ? (port === DEFAULT_PORT || port === null ? server : `${server}:${port}`) : `${server}\\${instance}`;
  return `mssql://${user}@${where}/${database}`;
}

/** Any text with the passwords of addresses in it taken out; for messages whose words come from elsewhere. */
export function hidePasswords(text: string): string {
  return text.replaceAll(/(mssql:\/\/[^\s:@/]*):[^\s@/]*@/giu, '$1:***@');
}

function refuse(code: ServerPlaceProblem, option: string | null = null): Extract<ParsedServerPlace, { ok: false }> {
  return { ok: false, code, option };
}

interface Options {
  readonly values: Partial<Record<'instance' | 'domain', string>>;
  readonly flags: Partial<Record<Exclude<Option, 'instance' | 'domain'>, boolean>>;
}

function readOptions(query: string): Options | Extract<ParsedServerPlace, { ok: false }> {
  const values: Options['values'] = {};
  const flags: Options['flags'] = {};
  for (const pair of query.split('&').filter((one) => one !== '')) {
    const [written = '', ...rest] = pair.split('=');
    const option = OPTIONS.find((known) => known.toLowerCase() === written.toLowerCase());
    if (option === undefined) return refuse('unknown_option', written.slice(0, 40));
    const value = rest.join('=');
    if (option === 'instance' || option === 'domain') values[option] = value;
    else if (/^(?:yes|true|on|1)$/iu.test(value)) flags[option] = true;
    else if (/^(?:no|false|off|0)$/iu.test(value)) flags[option] = false;
    else return refuse('bad_option', option);
  }
  return { values, flags };
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/u.test(text) ? Number(text) : Number.NaN;
  return port >= 1 && port <= 65_535 ? port : Number.NaN;
}

function decodeAll<Keys extends string>(parts: Readonly<Record<Keys, string>>): Record<Keys, string> | null {
  try {
    return Object.fromEntries(Object.entries<string>(parts).map(([key, value]) => [key, decodeURIComponent(value)])) as Record<
      Keys,
      string
    >;
  } catch {
    return null;
  }
}
