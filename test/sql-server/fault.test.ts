import { ConnectionError, RequestError } from 'tedious';
import { describe, expect, it } from 'vitest';
import { parseServerAddress } from '../../src/core/server-place.ts';
import { DatabaseUnavailable, SchemaMismatch } from '../../src/ports/database.ts';
import { connectFault, requestFault } from '../../src/sql-server/fault.ts';
import { renderFailure } from '../../src/cli/render/failure.ts';

const SECRET = 'Pa55word';
const parsed = parseServerAddress(`mssql://tp:${SECRET}@srv:1433/Tillypad`);
if (!parsed.ok) throw new Error(parsed.code);
const { place } = parsed;

function socketError(code: string): Error {
  return new ConnectionError('Failed to connect', 'ESOCKET', { cause: Object.assign(new Error(code), { code }) });
}

function serverError(number: number, message = 'сообщение сервера'): RequestError {
  return Object.assign(new RequestError(message, 'EREQUEST'), { number });
}

describe('a connection that can’t be opened', () => {
  it.each([
    ['ENOTFOUND', 'no_server', 3],
    ['ECONNREFUSED', 'refused', 3],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate', 3],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate', 3],
    ['CERT_HAS_EXPIRED', 'certificate', 3],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate', 3],
    ['EPROTO', 'tls', 3],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'tls', 3],
    ['EHOSTUNREACH', 'unreachable', 3],
  ] as const)('at the socket: %s is «%s»', (socket, code, exit) => {
    const fault = connectFault(socketError(socket), { place, numbers: [] });
    expect(fault).toMatchObject({ name: 'DatabaseUnavailable', code });
    expect(renderFailure(fault, 'ru').code).toBe(exit);
  });

  it.each([
    [18_456, 'login', 3],
    [18_487, 'login', 3],
    [4060, 'no_such_database', 3],
    [916, 'denied', 3],
    [922, 'recovery', 3],
    [927, 'recovery', 3],
    [18_401, 'recovery', 3],
    [924, 'single_user', 3],
    [976, 'not_primary', 0],
    [978, 'not_primary', 0],
    [983, 'not_primary', 0],
  ] as const)('by the server: %d is «%s», exit code %d', (number, code, exit) => {
    const fault = connectFault(new ConnectionError('Login failed.', 'ELOGIN'), { place, numbers: [5701, number] });
    expect(fault).toMatchObject({ code });
    expect(renderFailure(fault, 'en').code).toBe(exit);
  });

  it('by the server: what it failed for stands before «login failed», whichever is told first', () => {
    for (const numbers of [
      [18_456, 4060],
      [4060, 18_456],
    ])
      expect(connectFault(new ConnectionError('Login failed.', 'ELOGIN'), { place, numbers })).toMatchObject({ code: 'no_such_database' });
  });

  it.each([
    ['ELOGIN', 'login'],
    ['EENCRYPT', 'no_encryption'],
    ['EINSTLOOKUP', 'instance'],
    ['ETIMEOUT', 'unreachable'],
  ] as const)('by the driver: %s is «%s»', (driver, code) => {
    expect(connectFault(new ConnectionError('x', driver), { place, numbers: [] })).toMatchObject({ code });
  });

  it('never tells the password', () => {
    for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EPROTO', 'EWHATEVER']) {
      const fault = connectFault(socketError(code), { place, numbers: [] });
      for (const language of ['ru', 'en'] as const) expect(renderFailure(fault, language).text).not.toContain(SECRET);
    }
  });
});

describe('a request that failed', () => {
  it.each([
    [1205, 'locked'],
    [1222, 'locked'],
    [229, 'denied'],
    [3906, 'read_only'],
    [1105, 'full'],
    [9002, 'full'],
    [824, 'damaged'],
    [15_517, 'no_owner'],
  ] as const)('with %d is «%s»', (number, code) => {
    expect(requestFault(serverError(number))).toMatchObject({ name: 'DatabaseUnavailable', code });
  });

  it.each([
    [50_206, 'read_only'],
    [50_208, 'no_tillypad'],
    [50_209, 'foreign_owner'],
    [50_210, 'no_index'],
    [50_213, 'old_server'],
    [50_221, 'upgrading'],
    [50_229, 'denied'],
    [50_302, 'locked'],
    [300, 'denied'],
    [942, 'recovery'],
    [924, 'single_user'],
    [605, 'damaged'],
    [1204, 'locked'],
  ] as const)('with %d is «%s», in both languages with exit code 3', (number, code) => {
    const error = requestFault(serverError(number, 'слова / words: 7'));
    expect(error).toMatchObject({ name: 'DatabaseUnavailable', code });
    for (const language of ['ru', 'en'] as const) {
      const { code: exit, text } = renderFailure(error, language);
      expect(exit).toBe(3);
      expect(/\p{Script=Cyrillic}/u.test(text.replace(error.message, ''))).toBe(language === 'ru');
    }
  });

  it('for want of a right says which role gives it', () => {
    for (const language of ['ru', 'en'] as const)
      expect(renderFailure(requestFault(serverError(229)), language).text).toContain('ALTER ROLE tgn_runner ADD MEMBER');
  });

  it.each([208, 2812, 8144])('with %d has met no ledger', (number) => {
    expect(requestFault(serverError(number))).toEqual(new SchemaMismatch(null, 1));
  });

  it('in the install script says what it is about, whatever stands before the colon', () => {
    expect(requestFault(serverError(50_208, 'Не найдены / Missing: tp_Notes, tp_Clients'))).toMatchObject({
      code: 'no_tillypad',
      message: 'tp_Notes, tp_Clients',
    });
    expect(requestFault(serverError(50_214, 'Схема новее / newer: 7'))).toEqual(new SchemaMismatch(7, 1));
  });

  it.each([
    ['ETIMEOUT', 'slow'],
    ['ECLOSE', 'dropped'],
    ['ESOCKET', 'dropped'],
  ] as const)('by the driver: %s is «%s»', (driver, code) => {
    expect(requestFault(new RequestError('x', driver))).toMatchObject({ code });
  });

  it('with a number that nobody expects is a fault in the program, as it is', () => {
    const error = serverError(547);
    expect(requestFault(error)).toBe(error);
  });

  it('when the connection broke off is «dropped»', () => {
    expect(requestFault(new ConnectionError('Connection lost', 'ESOCKET'))).toBeInstanceOf(DatabaseUnavailable);
  });
});
