import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { renderFailure } from '../../src/cli/render/failure.ts';
import { Secret } from '../../src/core/secret.ts';
import type { ServerPlace } from '../../src/core/server-place.ts';
import { openConnection } from '../../src/sql-server/connection.ts';
import { readTestFile, testAuthority } from '../support/raw-server.ts';
import type { Certificate } from '../support/raw-server.ts';
import { openTdsServer } from '../support/tds-server.ts';
import type { TdsServer } from '../support/tds-server.ts';

const PASSWORD = 'Pä55-word-of-nobody';

afterEach(() => vi.unstubAllEnvs());

/** What comes of opening a connection to a server with this certificate (null: one that can't encrypt); it lets nobody in. */
async function open(
  certificate: Certificate | null,
  wish: Partial<ServerPlace>,
): Promise<{ readonly error: unknown; readonly server: TdsServer }> {
  const server = await openTdsServer(certificate);
  onTestFinished(() => server.close());
  const place: ServerPlace = {
    server: 'localhost',
    port: server.port,
    instance: null,
    database: 'Tillypad',
    user: 'tp',
    password: new Secret(PASSWORD),
    domain: null,
    encrypt: true,
    trustServerCertificate: false,
    ca: null,
    multiSubnetFailover: false,
    ...wish,
  };
  const error: unknown = await openConnection({ place, connectTimeoutMs: 5_000 }).then(
    async (connection) => connection.close(),
    (failure: unknown) => failure,
  );
  return { error, server };
}

describe('a SQL Server whose certificate', () => {
  it.each([
    ['signed itself', 'expired', null, {}, /SELF_SIGNED|EXPIRED/],
    ['is signed by nobody who is trusted', 'here', null, {}, /UNABLE_TO_VERIFY/],
    ['the same, with the check switched off by the environment', 'here', null, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, /UNABLE_TO_VERIFY/],
    ['is for another name', 'elsewhere', testAuthority(), {}, /ALTNAME/],
    ['is out of date, though its signer is trusted', 'expired', readTestFile('expired.pem'), {}, /EXPIRED/],
  ] as const)('%s is refused before the password is sent, in both languages with exit code 3', async (_what, certificate, ca, env, why) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const { error, server } = await open(certificate, { ca });
    expect(error).toMatchObject({ name: 'DatabaseUnavailable', code: 'certificate', message: expect.stringMatching(why) as string });
    expect(server.greeted).toBe(1);
    expect(server.passwords).toEqual([]);
    for (const [language, words] of [
      ['en', /certificate is not trusted.*sqlServer\.ca/s],
      ['ru', /сертификат.*sqlServer\.ca/is],
    ] as const) {
      const { code, text } = renderFailure(error, language);
      expect(code).toBe(3);
      expect(text).toMatch(words);
      expect(text).not.toContain(PASSWORD);
    }
  });

  it('is signed by the settings’ authority gets the password, over TLS', async () => {
    const { server } = await open('here', { ca: testAuthority() });
    expect(server.passwords).toEqual([{ password: PASSWORD, encrypted: true }]);
  });

  it('signed itself gets it too where trustServerCertificate says so', async () => {
    const { server } = await open('expired', { trustServerCertificate: true });
    expect(server.passwords).toEqual([{ password: PASSWORD, encrypted: true }]);
  });
});

describe('a SQL Server that can’t encrypt', () => {
  it('gets no password', async () => {
    const { error, server } = await open(null, {});
    expect(error).toMatchObject({ name: 'DatabaseUnavailable', code: 'no_encryption' });
    expect(server.greeted).toBe(1);
    expect(server.passwords).toEqual([]);
  });

  it('gets it, as good as open, where encrypt: false says so', async () => {
    const { server } = await open(null, { encrypt: false });
    expect(server.passwords).toEqual([{ password: PASSWORD, encrypted: false }]);
  });
});
