import { afterAll, describe, expect, it } from 'vitest';
import { SAMPLE_SITES } from '../sites/sites.ts';
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
  afterAll(() => server.stop());

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
});
