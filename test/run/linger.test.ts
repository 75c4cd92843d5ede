import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { RunSummary } from '../../src/core/summary.ts';
import { taskSettings } from '../support/task-settings.ts';
import { DAY, HOUR, MINUTE, nextPoll, noticesOf, SECOND, subscribe, subscribeOne, wake } from '../support/guests.ts';
import { BONUS, DEPOSIT, openWorld } from '../support/world.ts';
import type { RunWish, World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** Something that happens while a run goes on. */
const later = (ms: number, act: () => void): Promise<void> => world.clock.advance(ms).then(act);

async function timed(run: Promise<RunSummary>): Promise<{ readonly summary: RunSummary; readonly took: number }> {
  const began = world.clock.monotonic();
  const summary = await run;
  return { summary, took: world.clock.monotonic() - began };
}

const count = (sql: string): number => Number(world.database.prepare(`select count(*) as n from ${sql}`).get()?.['n']);

describe('a run that finds a wake row', () => {
  it('tells the operation that commits after its event', async () => {
    const guest = await subscribeOne(world);
    wake(world);
    const [{ summary, took }] = await Promise.all([timed(world.run()), later(9 * SECOND, () => world.operation(guest.customer))]);
    expect(summary.sent.delivered).toBe(1);
    expect(noticesOf(guest)).toHaveLength(1);
    expect(took).toBeLessThan(40 * SECOND);
  });

  it('tells it though another notice has to wait for minutes', async () => {
    const [late, guest] = await subscribe(world, 2);
    if (late === undefined || guest === undefined) throw new Error('two were to subscribe');
    const operation = world.operation(late.customer, { ago: MINUTE });
    await world.run();
    world.database
      .prepare("update delivery set state = 'planned', not_before_utc = ?, tries = 1 where operation_id = ?")
      .run(world.clock.now() + 2 * HOUR, operation);
    wake(world);
    const [{ summary, took }] = await Promise.all([timed(world.run()), later(6 * SECOND, () => world.operation(guest.customer))]);
    expect(summary).toMatchObject({ exitCode: 0, sent: { delivered: 1 } });
    expect(noticesOf(guest)).toHaveLength(1);
    expect(took).toBeLessThan(60 * SECOND);
  });

  it('looks behind a long delivery too, before that is through', async () => {
    const crowd = await subscribe(world, 40);
    for (const { customer } of crowd) world.operation(customer, { ago: MINUTE });
    const [fresh] = crowd;
    wake(world);
    // Half a second a call makes a delivery of seven seconds.
    world.telegram.setLatency(500);
    const plans: number[] = [];
    const began = world.clock.monotonic();
    await world.run({
      app: ({ ledger }) => ({
        ledger: {
          ...ledger,
          plan: (chunk) => {
            plans.push(world.clock.monotonic() - began);
            return ledger.plan(chunk);
          },
        },
      }),
    });
    expect(plans[1]).toBeLessThan(6 * SECOND);
    expect(fresh === undefined ? [] : noticesOf(fresh)).toHaveLength(1);
    expect(world.states()).toEqual({ delivered: 40 });
  });

  it('leaves at once when nobody woke it', async () => {
    await subscribeOne(world);
    const { took } = await timed(world.run());
    expect(took).toBeLessThan(2 * SECOND);
  });

  it('stays no longer than it should though the host’s clock was set back since the event', async () => {
    await subscribeOne(world);
    wake(world);
    world.clock.jump(-HOUR);
    const { took } = await timed(world.run());
    expect(took).toBeGreaterThan(14 * SECOND);
    expect(took).toBeLessThan(25 * SECOND);
  });

  it('stays again for a newer event, and serves both', async () => {
    const guest = await subscribeOne(world);
    wake(world);
    const acts = Promise.all([later(12 * SECOND, () => wake(world)), later(22 * SECOND, () => world.operation(guest.customer))]);
    const [{ took }] = await Promise.all([timed(world.run()), acts]);
    expect(noticesOf(guest)).toHaveLength(1);
    expect(took).toBeGreaterThan(26 * SECOND);
    expect(count('wake where served_utc is null')).toBe(0);
  });

  it('ends its lingering at once when interrupted', async () => {
    await subscribeOne(world);
    wake(world);
    const stop = new AbortController();
    const [{ summary, took }] = await Promise.all([
      timed(world.run({ app: () => ({ signal: stop.signal }) })),
      later(3 * SECOND, () => stop.abort()),
    ]);
    expect(summary).toMatchObject({ exitCode: 130, findings: [{ code: 'interrupted' }] });
    expect(took).toBeLessThan(4 * SECOND);
  });

  it.each([
    ['a backfill', { kind: 'since', since: '2026-11-01 00:00:00.000', until: '2026-11-02 00:00:00.000' }],
    ['one guest’s', { customers: ['c0000000-0000-4000-8000-00000000000f'] }],
    ['a limited one', { limit: 1, customers: ['c0000000-0000-4000-8000-00000000000f'] }],
  ] as const)('does what the event asks for after %s', async (_what, request) => {
    const guest = await subscribeOne(world);
    wake(world);
    world.operation(guest.customer, { ago: MINUTE });
    await world.run({ request });
    expect(noticesOf(guest)).toHaveLength(1);
  });

  it('serves the other task of its bot that has the event', async () => {
    const guest = await subscribeOne(world);
    const tasks = [
      taskSettings({ id: 'a', accountTypes: [DEPOSIT], apiRoot: world.telegram.url }),
      taskSettings({ id: 'b', accountTypes: [BONUS], apiRoot: world.telegram.url }),
    ];
    await world.run({ tasks });
    wake(world, 'b');
    world.operation(guest.customer, { accountType: BONUS, ago: MINUTE });
    await world.run({ tasks, request: { asked: ['a'] } });
    expect(noticesOf(guest)).toHaveLength(1);
  });

  it('sends nothing after --mark-only, whoever woke it', async () => {
    const guest = await subscribeOne(world);
    wake(world);
    const marking = world.run({ request: { kind: 'mark_only' } });
    world.operation(guest.customer, { ago: MINUTE });
    await Promise.all([marking, later(10 * SECOND, () => {})]);
    expect(noticesOf(guest)).toHaveLength(0);
  });
});

describe('words of those who were turned away', () => {
  /** A run whose first notice takes ten seconds on the wire. */
  const slowRun = (wish: RunWish = {}): Promise<RunSummary> => {
    world.telegram.faults.add({ kind: 'delay', ms: 10 * SECOND, method: 'sendMessage' });
    return world.run(wish);
  };

  it('are served by the holder, for the tasks it was not asked for too', async () => {
    const [one, two] = await subscribe(world, 2);
    if (one === undefined || two === undefined) throw new Error('two were to subscribe');
    const tasks = [
      taskSettings({ id: 'a', accountTypes: [DEPOSIT], apiRoot: world.telegram.url }),
      taskSettings({ id: 'b', accountTypes: [BONUS], apiRoot: world.telegram.url }),
    ];
    await world.run({ tasks });
    world.operation(one.customer, { ago: MINUTE });
    const holder = slowRun({ tasks, request: { asked: ['a'] } });
    const loser = world.clock.advance(5 * SECOND).then(() => {
      world.operation(two.customer, { accountType: BONUS });
      return world.run({ tasks, request: { asked: ['b'] } });
    });
    expect((await loser).opened).toBe('busy');
    await holder;
    expect([noticesOf(one).length, noticesOf(two).length]).toEqual([1, 1]);
  });

  it('are served when they come between the last look and the unlocking', async () => {
    const guest = await subscribeOne(world);
    let turnedAway: RunSummary | null = null;
    await world.run({
      app: ({ ledger }) => ({
        ledger: {
          ...ledger,
          finishRun: async (summary, served) => {
            if (turnedAway === null) {
              world.operation(guest.customer);
              turnedAway = await world.run();
            }
            return ledger.finishRun(summary, served);
          },
        },
      }),
    });
    expect(turnedAway).toMatchObject({ opened: 'busy', exitCode: 0 });
    expect(noticesOf(guest)).toHaveLength(1);
  });

  it('are served though the time of the first run is over', async () => {
    const guest = await subscribeOne(world);
    let came = 0;
    const summary = await world.run({
      settings: { timeLimitMs: 10 * SECOND },
      app: ({ ledger }) => ({
        ledger: {
          ...ledger,
          finishRun: async (row, served) => {
            came += 1;
            if (came <= 3) {
              await world.clock.advance(11 * SECOND);
              world.operation(guest.customer, { sum: -came, ago: MINUTE });
              await world.run();
            }
            return ledger.finishRun(row, served);
          },
        },
      }),
    });
    expect(came).toBe(4);
    expect(summary.sent.delivered).toBe(3);
    expect(noticesOf(guest)).toHaveLength(3);
  });

  it('are one for a backfill that waits for the lock, so that the holder gets done and lets it in', async () => {
    const guest = await subscribeOne(world);
    world.operation(guest.customer, { ago: MINUTE });
    const looks: string[] = [];
    const holder = slowRun({
      app: () => ({ journal: { tell: (event) => void (event === 'planned' && looks.push(event)), warn: () => {}, fail: () => {} } }),
    });
    await world.clock.advance(2 * SECOND);
    const before = count('wake');
    const backfill = world.run({ request: { kind: 'since', since: '2026-11-20 00:00:00.000' } });
    const [held, filled] = await Promise.all([holder, backfill]);
    expect([held.opened, filled.opened]).toEqual(['opened', 'opened']);
    expect(count('wake')).toBeLessThanOrEqual(before + 2);
    expect(looks.length).toBeLessThanOrEqual(2);
  });

  it('turn a backfill that waits for too long away with 8', async () => {
    await subscribeOne(world);
    const holder = await world.openLedger();
    await holder.openRun(
      {
        runId: 'x',
        botId: '7000000001',
        host: 'other',
        pid: 2,
        keyFingerprint: world.keys.fingerprint,
        remembered: null,
        startedBy: 'since',
      },
      [],
    );
    const { summary, took } = await timed(world.run({ request: { kind: 'since', since: '2026-11-20 00:00:00.000' } }));
    await holder.close();
    expect(summary).toMatchObject({ opened: 'busy', exitCode: 8, findings: [{ code: 'open_busy', args: { host: 'other' } }] });
    expect(took).toBeGreaterThanOrEqual(5 * MINUTE);
    expect(took).toBeLessThan(5 * MINUTE + 5 * SECOND);
  });

  it('never keep a backfill’s own notices from going', async () => {
    const crowd = await subscribe(world, 30);
    for (const { customer } of crowd) world.operation(customer, { ago: 2 * DAY });
    world.telegram.setLatency(2 * SECOND);
    let over = false;
    const knocking = (async () => {
      while (!over) {
        await world.clock.advance(3 * SECOND);
        if (!over) await world.run();
      }
    })();
    const summary = await world.run({ request: { kind: 'since', since: '2026-11-20 00:00:00.000' }, settings: { digestWaitMs: 0 } });
    over = true;
    await knocking;
    await nextPoll(world);
    expect(summary.exitCode).toBe(0);
    expect(crowd.map((guest) => noticesOf(guest).length)).toEqual(crowd.map(() => 1));
  });
});
