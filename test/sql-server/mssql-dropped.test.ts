import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConnection } from '../../src/sql-server/connection.ts';
import { openLedger } from '../../src/sql-server/ledger.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { runner, TASK } from '../contract/fixtures.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import { onServer } from '../support/mssql-suite.ts';

/** A way to the server that can be cut. */
async function openWay(to: { readonly host: string; readonly port: number }) {
  const sockets = new Set<Socket>();
  const way = createServer((near) => {
    const far = connect(to.port, to.host);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => {
    way.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (way.address() as AddressInfo).port,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () => way.close(),
  };
}

await onServer('a connection that breaks off', (server) => {
  let database: TestDatabase;
  let copy: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(server.place, 'dropped');
    copy = await openTestDatabase(server.place, 'dropped_copy');
    for (const one of [database, copy]) await prepareDatabase(one);
  }, 300_000);
  afterAll(async () => {
    for (const { connection } of [database, copy]) await connection.close();
  });
  const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => null,
      (error: unknown) => error,
    );

  describe('in a run', () => {
    it('ends it: no call is made on another connection, and the lock is free for the next run', async () => {
      const site = await makeMssqlSite(database, copy);
      const way = await openWay({ host: database.place.server, port: database.place.port ?? 1433 });
      const ledger: Ledger = await openLedger({ place: { ...database.place, server: '127.0.0.1', port: way.port } });
      expect(await ledger.openRun(runner(), [TASK])).toMatchObject({ answer: 'opened' });
      way.cut();
      for (const call of [ledger.confirm(), ledger.readWords(), ledger.finishRun({ exitCode: 0, summary: '{}' }, 0)])
        expect(await failureOf(call)).toMatchObject({ name: 'DatabaseUnavailable', code: 'dropped' });
      await ledger.close();
      way.close();
      const next = await site.openLedger();
      // The server needs a moment to see that the other end is gone.
      await expect.poll(async () => (await next.openRun(runner(), [TASK])).answer, { timeout: 20_000 }).toBe('opened');
      const [first] = await site.runs();
      expect(first).toMatchObject({ exitCode: null, finishedAt: expect.any(Number) });
      await site.close();
    });

    it('while an answer is waited for is told at once', async () => {
      await makeMssqlSite(database, copy);
      const way = await openWay({ host: database.place.server, port: database.place.port ?? 1433 });
      const connection = await openConnection({ place: { ...database.place, server: '127.0.0.1', port: way.port } });
      const call = failureOf(connection.callProcedure('read_clock'));
      way.cut();
      expect(await call).toMatchObject({ code: 'dropped' });
      way.close();
    });
  });
});
