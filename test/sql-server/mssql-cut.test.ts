import { afterAll, beforeAll, expect, it } from 'vitest';

import { findBroken } from '../crash/matrix/judge.ts';
import { playCuts } from '../crash/matrix/matrix.ts';
import { mssqlScenes, warmUp } from '../crash/matrix/mssql-scene.ts';
import { openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import type { TestDatabase } from '../support/mssql-database.ts';
import { onServer } from '../support/mssql-suite.ts';

await onServer('a process that lives on when its connection to the server is cut, at any call', (server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(server.place, 'cut');
    await prepareDatabase(database);
    await warmUp(mssqlScenes(database));
  }, 300_000);
  afterAll(async () => {
    await database.connection.close();
  });

  it('begins no sending any more; its rows are judged after the lease alone, and every guest is told', { timeout: 900_000 }, async () => {
    const broken: string[] = [];
    let cuts = 0;
    for await (const { place, aftermath } of playCuts({ gateway: 'smsru', extent: 'short', open: mssqlScenes(database) })) {
      cuts += 1;
      broken.push(...findBroken(aftermath).map((sentence) => `${JSON.stringify(place)}: ${sentence}`));
    }
    expect(broken).toEqual([]);
    expect(cuts).toBeGreaterThan(30);
  });
});
