import type { TestDatabase } from '../../support/mssql-database.ts';
import { openMssqlWorld } from '../../support/mssql-world.ts';
import { makeScene, toldRows } from './scene.ts';
import type { OpenScene, Stage } from './scene.ts';

/** A lease, the longest call and the grace, rounded up: rule of the recovery there. */
const UNJUDGED_MS = 120_000;

/** The scene in a prepared database of SQL Server's; made again, it empties the database rather than install anew. */
export function mssqlScenes(database: TestDatabase): OpenScene {
  return async (gateway) => makeScene(gateway, { stage: await mssqlStage(database), unjudgedMs: UNJUDGED_MS });
}

/** One run that nobody looks at: the first calls of a connection may take a stand-in longer than the clock waits. */
export async function warmUp(open: OpenScene): Promise<void> {
  const scene = await open('smsru');
  try {
    await scene.run();
  } finally {
    await scene.close();
  }
}

async function mssqlStage(database: TestDatabase): Promise<Stage> {
  const { site, ...world } = await openMssqlWorld(database);
  return {
    ...world,
    readLedger: async (invited) => {
      const states: Record<string, number> = {};
      for (const { state } of await site.deliveries()) states[state] = (states[state] ?? 0) + 1;
      const invitations = (await site.invitations()).filter(({ number }) => number !== null && invited.includes(number));
      return {
        deliveries: toldRows(states),
        invitations: invitations.map(({ state, reason }) => (reason === null ? state : `${state}(${reason})`)),
      };
    },
  };
}
