import { describe, expect, it } from 'vitest';
import { advance } from '../../src/sqlite/advance.ts';
import { openConnection } from '../../src/sqlite/connection.ts';
import { openRun } from '../../src/sqlite/open-run.ts';
import { plan } from '../../src/sqlite/plan.ts';
import { readServerClock } from '../../src/sqlite/server-clock.ts';
import type { RunSession } from '../../src/sqlite/session.ts';
import { prepareStatements } from '../../src/sqlite/statements.ts';
import { addGuest, advanceRequest, finished, HOUR, moveTo, query, runner, TASK } from '../contract/fixtures.ts';
import { makeSqliteSite } from '../support/site.ts';
import type { SqliteSite } from '../support/site.ts';

const GUESTS = 400;

/** A run on a connection whose file can be kept from growing, with a table that fills the free pages. */
async function openSession(): Promise<{ readonly site: SqliteSite; readonly session: RunSession; fill(): void; relieve(): void }> {
  const site = makeSqliteSite();
  const guests = await Promise.all(Array.from({ length: GUESTS }, async () => addGuest(site)));
  await site.addOperations(guests.map(({ customer }) => ({ customer, date: site.wall(-HOUR) })));
  const connection = openConnection({ file: site.file });
  const session: RunSession = {
    connection,
    find: prepareStatements(connection),
    readClock: readServerClock(site.clock, site.zone),
    chunkRows: 2_000,
    run: null,
  };
  expect(openRun(session, runner(), [TASK])).toMatchObject({ answer: 'opened' });
  return {
    site,
    session,
    fill: () => {
      const { page_count: pages } = connection.database.prepare('pragma page_count').get() as { page_count: number };
      connection.database.exec(`pragma max_page_count = ${pages + 2}`);
    },
    relieve: () => connection.database.exec('pragma max_page_count = 1000000'),
  };
}

async function close({ site, session }: { readonly site: SqliteSite; readonly session: RunSession }): Promise<void> {
  session.run?.lock.release();
  session.connection.close();
  await site.close();
}

describe('a full disk', () => {
  it('in the middle of a plan leaves no row and no moved watermark; with room again all of it is planned', async () => {
    const opened = await openSession();
    const { site, session } = opened;
    const request = { query: query(site), after: null, limit: null, move: moveTo(site.wall()) };
    opened.fill();
    expect(() => plan(session, request)).toThrow(expect.objectContaining({ name: 'DatabaseUnavailable', code: 'full' }));
    expect(await site.deliveries()).toEqual([]);
    expect(site.database.prepare('select watermark from task').get()).toEqual({ watermark: null });
    opened.relieve();
    expect(plan(session, request)).toMatchObject({ head: { planned: GUESTS } });
    await close(opened);
  });

  it('in the middle of a claim marks no row and records no outcome; with room again both are done', async () => {
    const opened = await openSession();
    const { site, session } = opened;
    plan(session, { query: query(site), after: null, limit: null, move: null });
    const first = advance(session, advanceRequest({ want: 1 }));
    const outcomes = first.answer === 'claimed' ? first.notices.map((notice) => finished(notice)) : [];
    expect(outcomes).toHaveLength(1);
    opened.fill();
    const wish = advanceRequest({ want: GUESTS, finished: outcomes });
    expect(() => advance(session, wish)).toThrow(expect.objectContaining({ code: 'full' }));
    expect(countStates(await site.deliveries())).toEqual({ sending: 1, planned: GUESTS - 1 });
    expect(await site.attempts()).toMatchObject([{ finished: false }]);
    opened.relieve();
    expect(advance(session, wish)).toMatchObject({ answer: 'claimed' });
    expect(countStates(await site.deliveries())).toEqual({ delivered: 1, sending: GUESTS - 1 });
    await close(opened);
  });
});

function countStates(rows: readonly { readonly state: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
