import { mssqlScenes, warmUp } from '../../crash/matrix/mssql-scene.ts';
import { openTestDatabase, prepareDatabase, serverUnderTest } from '../../support/mssql-database.ts';
import type { Chapter } from '../chapter.ts';
import { crashChapter } from './crash.ts';

/** The same deaths in a database of the server that `TP_TEST_MSSQL` names. */
export const crashMssql: Chapter = crashChapter({
  msEach: 300_000,
  pages: null,
  onStage: async (work) => {
    const server = serverUnderTest();
    if (server === null) throw new Error('no server to die on');
    const database = await openTestDatabase(server, 'prove');
    try {
      await prepareDatabase(database);
      const open = mssqlScenes(database);
      await warmUp(open);
      await work(open);
    } finally {
      await database.connection.close();
    }
  },
});
