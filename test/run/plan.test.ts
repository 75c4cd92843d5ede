import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { RunSummary } from '../../src/core/summary.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { RunApp } from '../../src/run/context.ts';
import { openLedger } from '../../src/sqlite/ledger.ts';
import { taskSettings } from '../support/task-settings.ts';
import { callsOf, DAY, HOUR, MINUTE, nextPoll, noticesOf, SECOND, subscribe, subscribeOne, wake } from '../support/guests.ts';
import { BONUS, BOT_ID, DEPOSIT, openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const task = (): Record<string, unknown> =>
  world.database.prepare('select watermark, first_look_done as done, brake_held_at as held from task').get() ?? {};
const tasksOf = (...wishes: readonly Parameters<typeof taskSettings>[0][]) =>
  wishes.map((wish) => taskSettings({ ...wish, apiRoot: world.telegram.url }));
const SINCE = { kind: 'since', since: '2026-11-01 00:00:00.000' } as const;

/** An import of operations dated three days back, after ordinary days: found by an overlap look alone. */
async function importOld(
  count: number,
): Promise<{ readonly guest: Awaited<ReturnType<typeof subscribeOne>>; readonly settings: { readonly brake: number } }> {
  const guest = await subscribeOne(world);
  await world.run();
  for (let n = 0; n < count; n += 1) world.operation(guest.customer, { ago: 3 * DAY + n * HOUR, sum: -10 - n });
  await world.clock.advance(2 * HOUR);
  return { guest, settings: { brake: 3 } };
}

/** Someone with a link that another installation has signed. */
function followForged(): void {
  const link = world.link(world.customer());
  world.telegram.person().start(`${link.slice(0, -6)}${link.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA'}`);
}

describe('the brake', () => {
  it('keeps holding what a woken run would not have seen', async () => {
    const { guest, settings } = await importOld(5);
    expect(await world.run({ settings })).toMatchObject({ exitCode: 9, tasks: [{ look: 'overlap', held: 5 }] });
    const before = task();
    wake(world);
    expect(await world.run({ settings })).toMatchObject({ exitCode: 9, tasks: [{ held: 5 }] });
    expect(task()).toEqual(before);
    expect(noticesOf(guest)).toHaveLength(0);
  });

  it('lets everything go after two weeks of being held, nothing too old or late', async () => {
    const { guest, settings } = await importOld(5);
    for (let day = 0; day < 14; day += 1) {
      wake(world);
      world.operation(guest.customer, { sum: -1_000 - day });
      await world.run({ settings });
      await world.clock.advance(DAY);
    }
    expect(await world.run({ settings, request: { yes: true } })).toMatchObject({ exitCode: 0, sent: { delivered: 5 } });
    expect(noticesOf(guest)).toHaveLength(19);
    expect(task()['held']).toBeNull();
  });

  it('goes away with --mark-only, and for good', async () => {
    const { guest, settings } = await importOld(5);
    await world.run({ settings });
    expect(await world.run({ settings, request: { kind: 'mark_only' } })).toMatchObject({
      exitCode: 0,
      tasks: [{ skipped: { marked: 5 } }],
    });
    await world.clock.advance(2 * HOUR);
    expect(await world.run({ settings })).toMatchObject({ exitCode: 0, tasks: [{ held: 0, planned: 0 }] });
    expect(noticesOf(guest)).toHaveLength(0);
  });

  it('is no reason to stop fresh operations from ageing when one guest’s run stopped at it', async () => {
    const { guest, settings } = await importOld(5);
    expect(await world.run({ settings, request: { customers: [guest.customer] } })).toMatchObject({ exitCode: 9, tasks: [{ held: 5 }] });
    expect(task()['held']).toBeNull();
  });

  it('counts each task by itself and is told once, with its last number, over several looks', async () => {
    const guest = await subscribeOne(world);
    for (let n = 0; n < 4; n += 1) world.operation(guest.customer, { ago: (30 + n) * HOUR, accountType: BONUS });
    for (let n = 0; n < 3; n += 1) world.operation(guest.customer, { ago: (30 + n) * HOUR + 30 * MINUTE });
    wake(world);
    const summary = await world.run({
      tasks: tasksOf({ id: 'a', accountTypes: [DEPOSIT], brake: 3 }, { id: 'b', accountTypes: [BONUS], brake: 3 }),
    });
    expect(summary).toMatchObject({
      exitCode: 9,
      tasks: [
        { taskId: 'a', held: 0, planned: 3 },
        { taskId: 'b', held: 4, planned: 0 },
      ],
      sent: { delivered: 3 },
    });
    expect(summary.findings.filter(({ code }) => code === 'brake')).toMatchObject([{ args: { task: 'b', notices: 4 } }]);
  });
});

describe('--limit', () => {
  it('is shared by all tasks, oldest first within each', async () => {
    const guest = await subscribeOne(world);
    for (let n = 0; n < 3; n += 1) world.operation(guest.customer, { ago: (13 - 2 * n) * MINUTE, sum: -1 - n });
    for (let n = 0; n < 3; n += 1) world.operation(guest.customer, { ago: (13 - 2 * n) * MINUTE, sum: -101 - n, accountType: BONUS });
    const tasks = tasksOf({ id: 'a', accountTypes: [DEPOSIT] }, { id: 'b', accountTypes: [BONUS] });
    expect(await world.run({ tasks, request: { limit: 4 } })).toMatchObject({ tasks: [{ notices: 3 }, { notices: 1 }] });
    expect(await world.run({ tasks })).toMatchObject({ tasks: [{ notices: 0 }, { notices: 2 }] });
    expect(world.states()).toEqual({ delivered: 6 });
  });

  it('plans nothing for a task when the one before used it up, and loses none of its operations', async () => {
    const guest = await subscribeOne(world);
    world.operation(guest.customer, { ago: MINUTE });
    world.operation(guest.customer, { ago: 5 * MINUTE, accountType: BONUS });
    const tasks = tasksOf({ id: 'a', accountTypes: [DEPOSIT] }, { id: 'b', accountTypes: [BONUS] });
    expect(await world.run({ tasks, request: { limit: 1 } })).toMatchObject({ tasks: [{ notices: 1 }, { notices: 0, planned: 0 }] });
    expect(await world.run({ tasks })).toMatchObject({ sent: { delivered: 1 } });
  });

  it('goes past the brake in small steps', async () => {
    const guest = await subscribeOne(world);
    for (let n = 0; n < 5; n += 1) world.operation(guest.customer, { ago: (30 + n) * HOUR, sum: -1 - n });
    const settings = { brake: 3 };
    await world.clock.advance(2 * HOUR);
    expect(await world.run({ settings })).toMatchObject({ exitCode: 9 });
    expect(await world.run({ settings, request: { limit: 3 } })).toMatchObject({ exitCode: 0, sent: { delivered: 3 } });
    expect(await world.run({ settings })).toMatchObject({ exitCode: 0, sent: { delivered: 2 } });
    expect(noticesOf(guest)).toHaveLength(5);
  });
});

describe('a filter that names nothing', () => {
  it('stops its own task alone', async () => {
    const guest = await subscribeOne(world);
    world.operation(guest.customer, { ago: MINUTE });
    const unknown = 'dddddddd-0000-4000-8000-000000000009';
    const summary = await world.run({ tasks: tasksOf({ id: 'a', customerGroups: [unknown] }, { id: 'b' }) });
    expect(summary).toMatchObject({
      exitCode: 2,
      tasks: [
        { taskId: 'a', look: 'none' },
        { taskId: 'b', planned: 1 },
      ],
      sent: { delivered: 1 },
    });
    expect(summary.findings).toContainEqual({ code: 'customer_group_unknown', args: { task: 'a', id: unknown } });
  });
});

describe('a narrowed run', () => {
  it('tells one guest and leaves watermark and the others as they were', async () => {
    const [one, two] = await subscribe(world, 2);
    if (one === undefined || two === undefined) throw new Error('two were to subscribe');
    const before = task();
    world.operation(one.customer, { ago: MINUTE });
    const theirs = world.operation(two.customer, { ago: MINUTE });
    await world.run({ request: { customers: [one.customer] } });
    expect([noticesOf(one).length, noticesOf(two).length]).toEqual([1, 0]);
    expect(task()).toEqual(before);
    await world.run({ request: { operations: [theirs] } });
    expect(task()).toEqual(before);
    expect(world.states()).toEqual({ delivered: 2 });
  });

  it('never tells again what was told', async () => {
    const guest = await subscribeOne(world);
    const operation = world.operation(guest.customer, { ago: MINUTE });
    await world.run();
    await world.run({ request: { ...SINCE, operations: [operation] } });
    expect(noticesOf(guest)).toHaveLength(1);
  });
});

describe('what a run could not learn', () => {
  it('leaves the unsubscribed of a task without a start date to the run that can', async () => {
    const settings = { startDate: null };
    world.telegram.bot().setWebhook('https://example.org/hook');
    expect(await world.run({ settings })).toMatchObject({ exitCode: 5 });
    await world.clock.advance(HOUR);
    const customer = world.customer();
    world.operation(customer, { ago: 30 * MINUTE });
    const guest = { customer, person: world.guest(customer) };
    world.telegram.bot().setWebhook(null);
    expect(await world.run({ settings })).toMatchObject({ exitCode: 0, sent: { delivered: 1 } });
    expect(noticesOf(guest)).toHaveLength(1);
  });

  it('keeps the search where it was until somebody knows again, however long that takes', async () => {
    await subscribeOne(world);
    await world.run();
    const past = (): unknown =>
      world.database.prepare('select watermark, overlap_look_at as overlap, deep_look_at as deep from task').get();
    const before = past();
    world.telegram.bot().setWebhook('https://example.org/hook');
    for (let hour = 0; hour < 5; hour += 1) {
      await world.clock.advance(HOUR);
      expect(await world.run()).toMatchObject({ exitCode: 5 });
    }
    expect(past()).toEqual(before);
    world.telegram.bot().setWebhook(null);
    await nextPoll(world);
    await world.run();
    expect(past()).not.toEqual(before);
  });

  it('leaves who may have pressed Start during a silence to the run after it', async () => {
    const guest = await subscribeOne(world);
    world.operation(guest.customer, { ago: MINUTE });
    world.telegram.faults.add({ kind: 'storm429', retryAfter: 600, method: 'sendMessage' });
    await world.run();
    const customer = world.customer('Пётр');
    const peter = { customer, person: world.guest(customer, 'Пётр') };
    world.operation(customer);
    await nextPoll(world);
    expect(await world.run()).toMatchObject({ exitCode: 8, pulled: { answer: 'limited' } });
    expect(world.states()).toEqual({ planned: 1 });
    await world.clock.advance(10 * MINUTE);
    expect(await world.run()).toMatchObject({ exitCode: 0, sent: { delivered: 2 } });
    expect([noticesOf(guest).length, noticesOf(peter).length]).toEqual([1, 1]);
  });

  it('tells of a limited poll with its seconds and keeps quiet for them, also while paused and in the next process', async () => {
    await subscribeOne(world);
    world.database.prepare('update bot set paused_until_utc = 253402300799000').run();
    world.telegram.faults.add({ kind: 'storm429', retryAfter: 600, method: 'getUpdates' });
    const summary = await world.run();
    expect(summary).toMatchObject({ exitCode: 8, pulled: { answer: 'limited' } });
    expect(summary.findings).toContainEqual({ code: 'telegram_limited', args: { seconds: 600 } });
    const polls = callsOf(world, 'getUpdates');
    await nextPoll(world);
    await world.run();
    expect(callsOf(world, 'getUpdates')).toBe(polls);
    await world.clock.advance(10 * MINUTE);
    expect(await world.run()).toMatchObject({ exitCode: 0 });
  });

  it('tells of forged links from three chats though they came in three runs, and of no less than three', async () => {
    const summaries: RunSummary[] = [];
    for (const hours of [0, 8, 8, 20, 8]) {
      await world.clock.advance(hours * HOUR);
      followForged();
      await nextPoll(world);
      summaries.push(await world.run());
    }
    // The fourth has but the third within its day, the fifth but the fourth.
    expect(summaries.map(({ exitCode }) => exitCode)).toEqual([0, 0, 5, 0, 0]);
    expect(summaries[2]?.findings).toContainEqual({ code: 'links_forged', args: { chats: 3 } });
  });

  it('does its work first when it finds forged links', async () => {
    const guest = await subscribeOne(world);
    world.operation(guest.customer, { ago: MINUTE });
    for (let n = 0; n < 3; n += 1) followForged();
    await nextPoll(world);
    expect(await world.run()).toMatchObject({ exitCode: 5, sent: { delivered: 1 } });
    expect(await world.run()).toMatchObject({ exitCode: 0 });
  });
});

describe('chunks', () => {
  it('count a customer once and each notice once, however many chunks they lie in', async () => {
    const [guest] = await subscribe(world, 1);
    const stranger = world.customer('Пётр');
    for (let n = 0; n < 5; n += 1) world.operation(stranger, { ago: (10 + n) * MINUTE });
    for (let n = 0; n < 9; n += 1) world.operation(guest?.customer ?? '', { ago: 5 * MINUTE - n * 20 * SECOND, sum: -1 - n });
    const chunked = (app: RunApp): Partial<RunApp> => {
      const small = openLedger({ file: world.file, clock: world.clock, serverZone: 'Europe/Moscow', chunkRows: 2 });
      return { ledger: { ...small, close: app.ledger.close } satisfies Ledger };
    };
    expect(await world.run({ app: chunked })).toMatchObject({
      tasks: [{ planned: 9, notices: 1, skipped: { not_subscribed: 5 }, unsubscribedCustomers: 1 }],
      sent: { delivered: 1, operations: 9 },
    });
  });

  it('stop in order when interrupted and lose nothing', async () => {
    const guest = await subscribeOne(world);
    for (let n = 0; n < 9; n += 1) world.operation(guest.customer, { ago: (n + 2) * MINUTE, sum: -1 - n });
    const before = task();
    const stop = new AbortController();
    const summary = await world.run({
      app: (app) => {
        const small = openLedger({ file: world.file, clock: world.clock, serverZone: 'Europe/Moscow', chunkRows: 2 });
        const plan: Ledger['plan'] = (chunk) => {
          stop.abort();
          return small.plan(chunk);
        };
        return { signal: stop.signal, ledger: { ...small, plan, close: app.ledger.close } };
      },
    });
    expect(summary).toMatchObject({ exitCode: 130, tasks: [{ planned: 2 }] });
    expect(task()).toEqual(before);
    await world.run();
    expect(world.states()).toEqual({ delivered: 9 });
  });

  it('end --mark-only with 130 when interrupted, as not all is marked', async () => {
    const customer = world.customer();
    for (let n = 0; n < 9; n += 1) world.operation(customer, { ago: (n + 2) * MINUTE });
    const stop = new AbortController();
    const summary = await world.run({
      request: { kind: 'mark_only' },
      app: (app) => {
        const small = openLedger({ file: world.file, clock: world.clock, serverZone: 'Europe/Moscow', chunkRows: 2 });
        stop.abort();
        return { signal: stop.signal, ledger: { ...small, close: app.ledger.close } };
      },
    });
    expect(summary).toMatchObject({ exitCode: 130, tasks: [{ skipped: { marked: 2 } }] });
  });
});

describe('--since', () => {
  it('revives what was never attempted, and nothing else', async () => {
    const stranger = world.customer('Пётр');
    world.operation(stranger, { ago: 2 * DAY, sum: -1 });
    const guest = await subscribeOne(world);
    world.operation(guest.customer, { ago: 2 * DAY, sum: -2 });
    await world.clock.advance(2 * HOUR);
    await world.run();
    const peter = { customer: stranger, person: world.guest(stranger, 'Пётр') };
    await nextPoll(world);
    expect(await world.run()).toMatchObject({ sent: { delivered: 0 } });
    expect(await world.run({ request: SINCE })).toMatchObject({ tasks: [{ look: 'since', planned: 1 }], sent: { delivered: 1 } });
    expect([noticesOf(peter).length, noticesOf(guest).length]).toEqual([1, 1]);
  });

  it('leaves what was marked as seen alone', async () => {
    const guest = await subscribeOne(world);
    world.operation(guest.customer, { ago: 2 * DAY });
    await world.run({ request: { kind: 'mark_only' } });
    await world.run({ request: SINCE });
    expect(noticesOf(guest)).toHaveLength(0);
  });

  it('takes only what lies before --until, and moves no watermark', async () => {
    const guest = await subscribeOne(world);
    const before = task();
    world.operation(guest.customer, { ago: 2 * DAY, sum: -1 });
    world.operation(guest.customer, { ago: HOUR, sum: -2 });
    await world.run({ request: { ...SINCE, until: '2026-11-23 00:00:00.000' } });
    expect(noticesOf(guest)).toHaveLength(1);
    expect(task()).toEqual(before);
    expect(world.database.prepare('select count(*) as n from delivery where bot_id = ?').get(BOT_ID)).toEqual({ n: 1 });
  });
});
