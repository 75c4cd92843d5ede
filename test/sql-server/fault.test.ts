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
    [916, 'denied_runner', 3],
    [922, 'recovery', 3],
    [927, 'recovery', 3],
    [18_401, 'recovery', 3],
    [926, 'damaged', 3],
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
    // A server in single-user mode is no matter of the password.
    expect(connectFault(new ConnectionError('Login failed.', 'ELOGIN'), { place, numbers: [18_461] })).toMatchObject({
      code: 'single_user',
    });
  });

  it('says of an instance without a port where TCP/IP is switched on', () => {
    const fault = connectFault(new ConnectionError('Port for SQLEXPRESS not found', 'EINSTLOOKUP'), { place, numbers: [] });
    expect(renderFailure(fault, 'en').text).toContain('Protocols → TCP/IP');
    expect(renderFailure(fault, 'ru').text).toContain('Протоколы → TCP/IP');
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
    [229, 'denied_runner'],
    [3906, 'read_only'],
    [1105, 'full'],
    [9002, 'full'],
    [824, 'damaged'],
    [926, 'damaged'],
    [701, 'memory'],
    [8645, 'memory'],
    [3960, 'locked'],
    [15_517, 'no_owner'],
  ] as const)('with %d is «%s»', (number, code) => {
    expect(requestFault(serverError(number))).toMatchObject({ name: 'DatabaseUnavailable', code });
  });

  it.each([
    [50_206, 'read_only'],
    [50_208, 'no_tillypad'],
    [50_215, 'not_tillypad'],
    [50_216, 'other_columns'],
    [50_217, 'views_lacking'],
    [50_218, 'secondary'],
    [50_209, 'foreign_owner'],
    [50_210, 'no_index'],
    [50_221, 'upgrading'],
    [50_229, 'denied_owner'],
    [50_302, 'locked'],
    [300, 'denied_runner'],
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

  it.each([
    ['denied_runner', 'ALTER ROLE tgn_runner ADD MEMBER'],
    ['denied_administrator', 'ALTER ROLE tgn_administrator ADD MEMBER'],
    ['denied_owner', 'db_owner'],
  ] as const)('for want of a right says which role gives it: %s', (denied, words) => {
    const fault = requestFault(serverError(229), denied);
    expect(fault).toMatchObject({ code: denied });
    for (const language of ['ru', 'en'] as const) expect(renderFailure(fault, language).text).toContain(words);
  });

  it.each(['check_schema', 'read_parameters'])('that finds no procedure %s has met no ledger', (name) => {
    expect(requestFault(serverError(2812, `Could not find stored procedure ‘tgn.${name}’.`))).toEqual(new SchemaMismatch(null, 1));
  });

  it.each([2812, 2715])('with %d finds a ledger that lacks something newer, and says what', (number) => {
    const text = 'Could not find stored procedure ‘tgn.read_place’.';
    expect(requestFault(serverError(number, text))).toEqual(new SchemaMismatch(null, 1, text));
  });

  it.each([207, 208, 4413, 8144, 8145, 201, 349])('with %d has met a ledger that doesn’t fit, and shows what the server says', (number) => {
    const fault = requestFault(serverError(number, 'Invalid column name ‘cpop_Sum’.'));
    expect(fault).toEqual(new SchemaMismatch(null, 1, 'Invalid column name ‘cpop_Sum’.'));
    expect(renderFailure(fault, 'ru')).toMatchObject({ code: 6, name: 'schema_unfit' });
    expect(renderFailure(fault, 'ru').text).toMatch(/не подходит: Invalid column name ‘cpop_Sum’\. .*tp-tg-notify upgrade/u);
    expect(renderFailure(fault, 'en').text).toMatch(/doesn’t fit: Invalid column name ‘cpop_Sum’\. .*tp-tg-notify upgrade/u);
  });

  it('on a server older than 2016 is told by the state, since RAISERROR has one number for all', () => {
    const raised = (state: number): RequestError => Object.assign(serverError(50_000, 'Нужен / needed: 10.50.1600.1'), { state });
    expect(requestFault(raised(213))).toMatchObject({ code: 'old_server', message: '10.50.1600.1' });
    expect(requestFault(raised(1))).toBeInstanceOf(RequestError);
  });

  describe('with several errors at once', () => {
    const pair = (...numbers: readonly number[]): AggregateError =>
      new AggregateError(numbers.map((number) => serverError(number, `error ${number}`)));

    it('a view that lost a column doesn’t fit, and both are shown', () => {
      expect(requestFault(pair(207, 4413))).toEqual(new SchemaMismatch(null, 1, 'error 207 error 4413'));
      expect(requestFault(pair(208, 4413))).toEqual(new SchemaMismatch(null, 1, 'error 208 error 4413'));
    });

    it.each([
      [[229, 229], 'denied_owner', 'error 229'],
      [[262, 2759], 'denied_owner', 'error 262 error 2759'],
      [[2759, 262], 'denied_owner', 'error 2759 error 262'],
      [[547, 1205], 'locked', 'error 547 error 1205'],
    ] as const)('%j is told by the first that is known', (numbers, code, message) => {
      expect(requestFault(pair(...numbers), 'denied_owner')).toMatchObject({ name: 'DatabaseUnavailable', code, message });
    });

    it('of which none is known is a fault in the program, with its own words', () => {
      const fault = requestFault(pair(547, 515));
      expect(fault).toBeInstanceOf(RequestError);
      expect(renderFailure(fault, 'en')).toMatchObject({ code: 1, text: expect.stringContaining('error 547') });
    });
  });

  it.each([
    ['column "cpop_sum" does not exist', 'schema_unfit'],
    ['relation "dbo.tp_notes" does not exist', 'schema_unfit'],
    ['Could not find stored procedure ‘tgn.open_run’', 'schema_unfit'],
    ['Could not find stored procedure ‘tgn.check_schema’', 'schema_missing'],
    ['schema "tempdb_tgn" does not exist', 'schema_missing'],
  ])('without a number of its own is told by its words: %s', (message, name) => {
    expect(renderFailure(requestFault(serverError(33_557_097, message)), 'en').name).toBe(name);
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
    expect(requestFault(new AggregateError([new Error('reset')], 'reset'))).toMatchObject({ code: 'dropped' });
  });
});
