import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { renderFailure } from '../../src/cli/render/failure.ts';
import { Secret } from '../../src/core/secret.ts';
import type { ServerPlace } from '../../src/core/server-place.ts';
import { openConnection } from '../../src/sql-server/connection.ts';
import { onServer } from '../support/mssql-suite.ts';

const WRONG = 'Wrong-but-secret-1';

/** A port where nobody listens: one that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

await onServer('a server that can’t be reached as the settings say', (server) => {
  describe('a server that can’t be reached as the settings say', () => {
    it.each<readonly [string, string, (place: ServerPlace) => Promise<ServerPlace>]>([
      ['a wrong password', 'login', async (place) => ({ ...place, password: new Secret(WRONG) })],
      ['an unknown user', 'login', async (place) => ({ ...place, user: 'nobody-of-ours', password: new Secret(WRONG) })],
      ['an unknown database', 'no_such_database', async (place) => ({ ...place, database: 'tp_test_nowhere' })],
      ['a port where nobody listens', 'refused', async (place) => ({ ...place, server: '127.0.0.1', port: await freePort() })],
      ['an unknown server', 'no_server', async (place) => ({ ...place, server: 'no-such-server.invalid' })],
      ['an instance where no Browser answers', 'instance', async (place) => ({ ...place, port: null, instance: 'NOWHERE' })],
    ])('says of %s what it is, with exit code 3 in both languages and without the password', async (_what, code, change) => {
      const place = await change(server.place);
      const error: unknown = await openConnection({ place, connectTimeoutMs: 4_000 }).then(
        async (connection) => connection.close(),
        (failure: unknown) => failure,
      );
      expect(error).toMatchObject({ name: 'DatabaseUnavailable', code });
      const [en, ru] = (['en', 'ru'] as const).map((language) => renderFailure(error, language));
      expect([en?.code, ru?.code]).toEqual([3, 3]);
      expect(ru?.text).toMatch(/\p{Script=Cyrillic}/u);
      expect(en?.text).not.toMatch(/\p{Script=Cyrillic}/u);
      expect(`${en?.text} ${ru?.text}`).not.toContain(place.password.reveal());
    });
  });
});
