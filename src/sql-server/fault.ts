import { ConnectionError, RequestError } from 'tedious';
import type { ServerPlace } from '../core/server-place.ts';
import { showServerPlace } from '../core/server-place.ts';
import { DatabaseUnavailable, SchemaMismatch } from '../ports/database.ts';

/** The ledger's schema that this program was written for; the newest number in `sql/sql-server/ledger`. */
export const LEDGER_SCHEMA = 1;

type Code = DatabaseUnavailable['code'];

/**
 * What SQL Server's error numbers mean to the program. Its words are in the server's language and are never read, only shown. What isn't here
 * is a fault in the program.
 */
const CODES: Readonly<Record<number, Code>> = {
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
  5064: 'single_user',
  976: 'not_primary',
  978: 'not_primary', // asks for a read-only intent
  983: 'not_primary', // the group is in transition
  3906: 'read_only',
  3908: 'read_only',
  // Rights.
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
  50302: 'locked', // our own: an invitation under way whose customer is locked
  // Room.
  1101: 'full',
  1105: 'full',
  3257: 'full',
  9002: 'full', // the log
  1827: 'full', // the edition's limit of a database's size
  // Harm.
  605: 'damaged',
  823: 'damaged',
  824: 'damaged',
  825: 'damaged',
  // The install script's own words (THROW); what they are about stands behind the last colon.
  50206: 'read_only',
  50208: 'no_tillypad',
  50209: 'foreign_owner',
  50210: 'no_index',
  50213: 'old_server',
  50221: 'upgrading',
  50229: 'denied',
};

/** An object that the calls need is not there: the ledger isn't installed, or only half. */
const MISSING_OBJECT: readonly number[] = [208, 2812, 2715, 207, 201, 8144, 8145, 349];
/** A newer ledger than the script (THROW). */
const NEWER_SCHEMA = 50_214;
/** From here on the numbers are our own. */
const OWN_NUMBERS = 50_000;
/** A server of the same protocol that is not Microsoft's gives this number to whatever it has no number for; its words are English. */
const UNNUMBERED = 33_557_097;

/** The port's exception for a connection that couldn't be opened. `numbers`: the errors that the server sent meanwhile. */
export function connectFault(
  error: Error,
  { place, numbers }: { readonly place: ServerPlace; readonly numbers: readonly number[] },
): Error {
  const codes = numbers.flatMap((number) => CODES[number] ?? []);
  // «Login failed» goes along with whatever it failed for.
  const known = codes.find((code) => code !== 'login') ?? codes[0];
  const detail = (code: Code, text: string): DatabaseUnavailable => new DatabaseUnavailable(code, text, { cause: error });
  const where = showServerPlace(place);
  if (known !== undefined) return detail(known, known === 'login' || known === 'no_such_database' ? where : error.message);
  const code = error instanceof ConnectionError ? error.code : undefined;
  if (code === 'ELOGIN') return detail('login', where);
  if (code === 'EENCRYPT') return detail('no_encryption', where);
  if (code === 'EINSTLOOKUP') return detail('instance', `${place.server}\\${place.instance ?? ''}`);
  // The server's Browser that doesn't answer shows as a timeout of the whole.
  if (code === 'ETIMEOUT')
    return place.port === null ? detail('instance', `${place.server}\\${place.instance ?? ''}`) : detail('unreachable', where);
  const socket = rootCode(error);
  if (socket === 'ENOTFOUND' || socket === 'EAI_AGAIN') return detail('no_server', place.server);
  if (socket === 'ECONNREFUSED') return detail('refused', where);
  if (isCertificateCode(socket)) return detail('certificate', `${place.server}: ${socket}`);
  if (socket === 'EPROTO' || socket.startsWith('ERR_SSL')) return detail('tls', `${place.server}: ${socket}`);
  return detail('unreachable', `${where}, ${socket === '' ? error.name : socket}`);
}

/** The port's exception for a request that failed, or the error itself where it is a fault in the program. */
export function requestFault(error: Error): Error {
  if (!(error instanceof RequestError)) return new DatabaseUnavailable('dropped', error.message, { cause: error });
  const { number, code } = error;
  if (number === NEWER_SCHEMA) return new SchemaMismatch(Number(behindColon(error.message)), LEDGER_SCHEMA);
  if (number !== undefined && MISSING_OBJECT.includes(number)) return new SchemaMismatch(null, LEDGER_SCHEMA);
  if (number === UNNUMBERED) return unnumberedFault(error);
  const known = number === undefined ? undefined : CODES[number];
  const own = number !== undefined && number >= OWN_NUMBERS;
  if (known !== undefined) return new DatabaseUnavailable(known, own ? behindColon(error.message) : error.message, { cause: error });
  if (code === 'ETIMEOUT') return new DatabaseUnavailable('slow', error.message, { cause: error });
  if (code === 'ECLOSE' || code === 'ESOCKET' || code === 'EINVALIDSTATE')
    return new DatabaseUnavailable('dropped', error.message, { cause: error });
  return error;
}

function behindColon(message: string): string {
  return message.slice(message.lastIndexOf(': ') + 1).trim();
}

function unnumberedFault(error: RequestError): Error {
  if (/does not exist|could not find stored procedure/iu.test(error.message)) return new SchemaMismatch(null, LEDGER_SCHEMA);
  if (/lock timeout|could not obtain lock/iu.test(error.message)) return new DatabaseUnavailable('locked', error.message, { cause: error });
  if (/permission denied/iu.test(error.message)) return new DatabaseUnavailable('denied', error.message, { cause: error });
  return error;
}

/** The code of the innermost error: tedious wraps what the socket says. */
function rootCode(error: unknown): string {
  for (let inner: unknown = error, depth = 0; depth < 5 && inner instanceof Error; inner = inner.cause, depth += 1) {
    const deeper = inner instanceof AggregateError ? inner.errors[0] : inner.cause;
    if (deeper instanceof Error) {
      const found = rootCode(deeper);
      if (found !== '') return found;
    }
    if ('code' in inner && typeof inner.code === 'string' && inner.code !== 'ESOCKET') return inner.code;
  }
  return '';
}

function isCertificateCode(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|HOSTNAME|ALTNAME/u.test(code);
}
