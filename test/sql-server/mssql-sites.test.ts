import { describe, expect, it } from 'vitest';
import { SAMPLE_SITES } from '../sites/sites.ts';
import { query } from '../contract/fixtures.ts';
import { addManyOperations, openTestDatabase, prepareDatabase } from '../support/mssql-database.ts';
import { openSample } from '../support/mssql-sample.ts';
import { makeMssqlSite } from '../support/mssql-site.ts';
import { onServer } from '../support/mssql-suite.ts';
import { tellStory } from '../support/sample-story.ts';
import type { Generation, Story } from '../support/sample-story.ts';
import { makeSqliteSite } from '../support/site.ts';

const told = new Map<Generation, Promise<Story>>();

/** The same days on the embedded engine, once for each generation. */
async function embedded(generation: Generation): Promise<Story> {
  const tell = async (): Promise<Story> => {
    const site = makeSqliteSite();
    try {
      return await tellStory(site, generation);
    } finally {
      await site.close();
    }
  };
  const story = told.get(generation) ?? tell();
  told.set(generation, story);
  return story;
}

await onServer('sample sites', (server) => {
  describe('run --since-last tells the same as on the embedded engine', () => {
    it('where there is something to tell of every kind', async () => {
      const { lines, sms, deliveries, invitations, codes } = await embedded('profile');
      expect(Object.values(deliveries).toSorted()).toEqual([
        ...Array<string>(8).fill('delivered'),
        'skipped(late)',
        ...Array<string>(3).fill('skipped(not_subscribed)'),
        'skipped(opted_out)',
      ]);
      expect(Object.values(lines).flat()).toHaveLength(14);
      expect([sms.length, invitations.length, codes]).toEqual([1, 2, [0, 0, 0]]);
    });

    it.for(SAMPLE_SITES)('on the site $name', { timeout: 300_000 }, async (sample, { skip }) => {
      const database = await openSample(server.place, sample);
      if ('refused' in database) return skip(`not on this server: ${database.refused}`);
      const site = await makeMssqlSite(database, database);
      try {
        expect(await tellStory(site, sample.generation)).toEqual(await embedded(sample.generation));
        if (sample.parts.includes('logon')) {
          const [seen] = await database.run<{ logons: number }>('SELECT COUNT(*) AS logons FROM dbo.tp_LogonsSeen');
          expect(seen?.logons).toBeGreaterThan(0);
        }
      } finally {
        await site.close();
        await database.connection.close();
      }
    });
  });

  describe('a site filled by the thousands', () => {
    it('has as many operations as were asked for, a hundred a customer, and a look sees them all', { timeout: 300_000 }, async () => {
      const database = await openTestDatabase(server.place, 'site_profile');
      await prepareDatabase(database, ['tables']);
      const site = await makeMssqlSite(database, database);
      try {
        await addManyOperations(database, 20_000);
        const [row] = await database.run(`SELECT COUNT(*) AS n, COUNT(DISTINCT cpop_clnt_ID) AS customers,
          DATEDIFF(day, MIN(cpop_Date), MAX(cpop_Date)) AS days, COUNT(CASE WHEN cpop_Sum < 0 THEN 1 END) AS debits FROM dbo.tp_ClientPurseOperations`);
        expect(row).toEqual({ n: 20_000, customers: 200, days: 1000, debits: 10_000 });
        const reader = await site.openPlanReader();
        const { skipped, unsubscribedCustomers } = await reader.measure(query(site), site.wall());
        expect([skipped, unsubscribedCustomers]).toEqual([{ not_subscribed: 20_000 }, 200]);
        await addManyOperations(database, 1_000);
        expect(
          await database.run('SELECT COUNT(*) AS n, COUNT(DISTINCT cpop_clnt_ID) AS customers FROM dbo.tp_ClientPurseOperations'),
        ).toEqual([{ n: 21_000, customers: 200 }]);
      } finally {
        await site.close();
        await database.connection.close();
      }
    });
  });
});
