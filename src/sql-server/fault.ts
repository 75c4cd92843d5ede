import { ConnectionError, RequestError } from 'tedious';
import type { ServerPlace } from '../core/server-place.ts';
import { showServerPlace } from '../core/server-place.ts';
import { DatabaseUnavailable, SchemaMismatch } from '../ports/database.ts';
import type { UnavailableCode } from '../ports/database.ts';
import {
  ABSENT,
  CALLED_FIRST,
  CODES,
  NEWER_SCHEMA,
  NO_OWNER,
  OLD_SERVER_STATE,
  OWN_NUMBERS,
  RAISED,
  UNFIT,
  UNNUMBERED,
} from './fault-codes.ts';

/** The ledger's schema that this program was written for; the newest number in `sql/sql-server/ledger`. */
export const LEDGER_SCHEMA = 1;

/** The port's exception for a connection that couldn't be opened. `numbers`: the errors that the server sent meanwhile. */
export function connectFault(
  error: Error,
  { place, numbers }: { readonly place: ServerPlace; readonly numbers: readonly number[] },
): Error {
  const codes = numbers.flatMap((number) => CODES[number] ?? []).map((code) => (code === 'denied' ? 'denied_runner' : code));
  // «Login failed» goes along with whatever it failed for.
  const known = codes.find((code) => code !== 'login') ?? codes[0];
  const detail = (code: UnavailableCode, text: string): DatabaseUnavailable => new DatabaseUnavailable(code, text, { cause: error });
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

/** Who is wanting in a right: the answer is another role for each. */
export type DeniedCode = Extract<UnavailableCode, `denied_${string}`>;

/**
 * The port's exception for a request that failed, or the error itself where it is a fault in the program. `denied`: the role that was wanting,
 * should a right be. A server may send several errors for one request: the first that is known decides, and all of them are shown.
 */
export function requestFault(error: Error, denied: DeniedCode = 'denied_runner'): Error {
  const sent = error instanceof AggregateError ? error.errors.filter((one) => one instanceof RequestError) : [];
  const errors = sent.length > 0 ? sent : [error];
  const text = [...new Set(errors.map(({ message }) => message))].join(' ');
  for (const one of errors) {
    const fault = knownFault(one, { denied, text });
    if (fault !== null) return fault;
  }
  return errors[0] ?? error;
}

/** `text`: what is shown beside our own words. */
function knownFault(error: Error, { denied, text }: { readonly denied: DeniedCode; readonly text: string }): Error | null {
  const unavailable = (code: UnavailableCode, shown = text): DatabaseUnavailable =>
    new DatabaseUnavailable(code === 'denied' ? denied : code, shown, { cause: error });
  if (!(error instanceof RequestError)) return unavailable('dropped');
  const { number, code, message } = error;
  if (number === NEWER_SCHEMA) return new SchemaMismatch(Number(behindColon(message)), LEDGER_SCHEMA);
  if (number === RAISED && error.state === OLD_SERVER_STATE) return unavailable('old_server', behindColon(message));
  if (number === UNNUMBERED) return unnumberedFault(message, { unavailable, text });
  if (number !== undefined && ABSENT.includes(number)) return absent(text);
  if (number !== undefined && UNFIT.includes(number)) return new SchemaMismatch(null, LEDGER_SCHEMA, text);
  const known = number === undefined ? undefined : CODES[number];
  if (known !== undefined)
    return number !== undefined && number >= OWN_NUMBERS ? unavailable(known, behindColon(message)) : unavailable(known);
  if (code === 'ETIMEOUT') return unavailable('slow');
  return code === 'ECLOSE' || code === 'ESOCKET' || code === 'EINVALIDSTATE' ? unavailable('dropped') : null;
}

/** A ledger that lacks what the program calls is an older one of the same number; one that lacks the first procedures isn't installed. */
function absent(text: string): SchemaMismatch {
  return CALLED_FIRST.test(text) ? new SchemaMismatch(null, LEDGER_SCHEMA) : new SchemaMismatch(null, LEDGER_SCHEMA, text);
}

/** Whether the script has refused its caller in its first words, before anything was done. */
export function isRefusedByScript(error: unknown): boolean {
  return error instanceof DatabaseUnavailable && error.cause instanceof RequestError && error.cause.number === NO_OWNER;
}

function behindColon(message: string): string {
  return message.slice(message.lastIndexOf(': ') + 1).trim();
}

function unnumberedFault(
  message: string,
  { unavailable, text }: { readonly unavailable: (code: UnavailableCode) => Error; readonly text: string },
): Error | null {
  if (/^(?:column|relation) .*does not exist/iu.test(message)) return new SchemaMismatch(null, LEDGER_SCHEMA, text);
  if (/does not exist|could not find stored procedure/iu.test(message)) return absent(text);
  if (/lock timeout|could not obtain lock/iu.test(message)) return unavailable('locked');
  return /permission denied/iu.test(message) ? unavailable('denied') : null;
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
