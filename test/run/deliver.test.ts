import { renameSync, writeFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Outcome } from '../../src/core/outcome.ts';
import type { Channel } from '../../src/ports/channel.ts';
import { DatabaseUnavailable } from '../../src/ports/database.ts';
import type { AdvanceRequest } from '../../src/ports/deliveries.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { RunApp } from '../../src/run/context.ts';
import { lockFileOf } from '../../src/sqlite/lock.ts';
import { callsOf, DAY, HOUR, MINUTE, nextPoll, noticesOf, SECOND, subscribe, subscribeOne } from '../support/guests.ts';
import type { Guest } from '../support/guests.ts';
import { BONUS, BOT_ID, DEPOSIT, openWorld } from '../support/world.ts';
import type { RunWish, World } from '../support/world.ts';
import { taskSettings } from '../support/task-settings.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** Answers these instead of calling; null and what is left of the list = the real call. */
const answering = (answers: readonly (Outcome | Error | null)[]): RunWish => {
  let calls = 0;
  return {
    app: ({ channel }: RunApp) => ({
      channel: {
        ...channel,
        send: async (message, mayBegin) => {
          const answer = answers[calls] ?? null;
          calls += 1;
          if (answer instanceof Error) {
            await world.clock.advance(SECOND);
            throw answer;
          }
          return answer ?? channel.send(message, mayBegin);
        },
      } satisfies Channel,
    }),
  };
};

/** Stands in for the ledger's own `advance`. */
const advancing = (advance: (ask: Ledger['advance'], request: AdvanceRequest) => ReturnType<Ledger['advance']>): RunWish => ({
  app: ({ ledger }) => ({ ledger: { ...ledger, advance: (request) => advance(ledger.advance, request) } }),
});

const tellAll = (guests: readonly Guest[]): void =>
  guests.forEach(({ customer }, index) => void world.operation(customer, { ago: MINUTE, sum: -1 - index }));
const told = (guests: readonly Guest[]): number[] => guests.map((guest) => noticesOf(guest).length);
const OURS: Outcome = { outcome: 'refused', code: 'bad_text', whose: 'ours', detail: '' };
const THEIRS: Outcome = { outcome: 'refused', code: 'deactivated', whose: 'guest', detail: '' };
const UNREACHABLE: Outcome = { outcome: 'retry', code: 'unreachable', notBefore: null, detail: '' };

describe('a connection that does not come about', () => {
  it('ends nothing when Telegram answers right after, and the notice goes in the same run', async () => {
    const guests = await subscribe(world, 7);
    tellAll(guests);
    const summary = await world.run(answering([null, UNREACHABLE]));
    expect(summary).toMatchObject({ exitCode: 0, sent: { delivered: 7, waiting: 0 } });
    expect(told(guests)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  it('ends the run when Telegram stays away, and counts what waits once however often it was tried', async () => {
    const guests = await subscribe(world, 4);
    tellAll(guests);
    const away = Array.from({ length: 20 }, () => UNREACHABLE);
    world.telegram.faults.add({ kind: 'hang', method: 'getMe', times: Number.POSITIVE_INFINITY });
    expect(await world.run(answering(away))).toMatchObject({ exitCode: 8, sent: { delivered: 0, inDoubt: 0, waiting: 3 } });
    world.telegram.faults.clear();
    expect(await world.run(answering([UNREACHABLE]))).toMatchObject({ exitCode: 0, sent: { delivered: 4, waiting: 0 } });
    expect(told(guests)).toEqual([1, 1, 1, 1]);
  });
});

describe('refusals of ours', () => {
  it('stop the run at the third in a row, though guests’ own refusals stand between them', async () => {
    const guests = await subscribe(world, 9);
    tellAll(guests);
    const answers = [OURS, THEIRS, THEIRS, THEIRS, OURS, THEIRS, OURS, THEIRS, THEIRS];
    const summary = await world.run(answering(answers));
    expect(summary).toMatchObject({ exitCode: 4, sent: { refusedOurs: 3 }, findings: [{ code: 'notices_refused' }] });
  });

  it('are forgotten with the next success', async () => {
    const guests = await subscribe(world, 9);
    tellAll(guests);
    expect(await world.run(answering([OURS, OURS, null, OURS, OURS, null]))).toMatchObject({
      exitCode: 4,
      sent: { refusedOurs: 4, delivered: 5 },
    });
  });
});

describe('a fault in the program', () => {
  it('ends the run, but what its neighbours came to is in the ledger', async () => {
    const guests = await subscribe(world, 6);
    tellAll(guests);
    await expect(world.run(answering([null, new TypeError('a mistake')]))).rejects.toThrow('a mistake');
    expect(world.states()).toMatchObject({ in_doubt: 1, planned: 3, delivered: 2 });
    await world.run();
    await world.clock.advance(16 * MINUTE);
    expect(await world.run()).toMatchObject({ sent: { repeated: 1 } });
    expect(told(guests)).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

describe('a database that fails in the middle', () => {
  it('is given the outcomes once more before the run ends, so that nobody is told twice', async () => {
    const guests = await subscribe(world, 6);
    tellAll(guests);
    let failures = 0;
    const locked = advancing(async (ask, request) => {
      if (request.finished.length === 0 || failures > 0) return ask(request);
      failures += 1;
      throw new DatabaseUnavailable('locked', 'a backup');
    });
    await expect(world.run(locked)).rejects.toThrow(DatabaseUnavailable);
    expect(world.states()).toEqual({ delivered: 3, planned: 3 });
    expect(await world.run()).toMatchObject({ exitCode: 0, sent: { delivered: 3, orphaned: 0 } });
    expect(told(guests)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('leaves word in the journal of the attempts that could not be saved', async () => {
    const guest = await subscribeOne(world);
    tellAll([guest]);
    const events: string[] = [];
    const gone = advancing(async (ask, request) => {
      if (request.finished.length > 0) throw new DatabaseUnavailable('unreachable', 'gone');
      return ask(request);
    });
    const journal = { tell: () => {}, warn: () => {}, fail: (event: string) => void events.push(event) };
    await expect(world.run({ app: (app) => ({ ...gone.app?.(app), journal }) })).rejects.toThrow('gone');
    expect(events).toEqual(['outcomes_not_saved']);
    expect(world.states()).toEqual({ sending: 1 });
  });

  it.each([
    'readWords',
    'recover',
    'readClock',
    'saveUpdates',
    'savePoll',
    'readNotes',
    'admit',
    'measure',
    'plan',
    'mirrorNotes',
    'finishRun',
  ] as const)('loses and doubles nothing when %s throws', async (name) => {
    const guests = await subscribe(world, 2);
    tellAll(guests);
    await nextPoll(world);
    const wish: RunWish = {
      app: ({ ledger }) => ({
        ledger: {
          ...ledger,
          [name]: async () => {
            throw new DatabaseUnavailable('locked', name);
          },
        },
      }),
    };
    if (name === 'saveUpdates') world.telegram.person().start();
    await expect(world.run(wish)).rejects.toThrow(name);
    await world.run();
    expect(told(guests)).toEqual([1, 1]);
    expect(world.states()).toEqual({ delivered: 2 });
  });
});

describe('a run that can’t prove its lock', () => {
  it('begins no further call and ends with 3', async () => {
    const guests = await subscribe(world, 9);
    tellAll(guests);
    const lock = lockFileOf(world.file, BOT_ID);
    let sends = 0;
    const wish: RunWish = {
      app: ({ channel }) => ({
        channel: {
          ...channel,
          send: (message, mayBegin) => {
            sends += 1;
            if (sends === 3) {
              renameSync(lock, `${lock}.away`);
              writeFileSync(lock, '');
            }
            return channel.send(message, mayBegin);
          },
        },
      }),
    };
    expect(await world.run(wish)).toMatchObject({ exitCode: 3, findings: [{ code: 'lock_lost' }] });
    expect(sends).toBe(3);
    await world.run();
    await world.clock.advance(16 * MINUTE);
    await world.run();
    expect(world.states()).toEqual({ delivered: 9 });
  });

  it('begins no call on an answer of the database that is ten seconds old, and is no nearer to being too old by it', async () => {
    const guests = await subscribe(world, 3);
    tellAll(guests);
    let slow = true;
    const summary = await world.run(
      advancing(async (ask, request) => {
        const answer = await ask(request);
        if (slow && request.want > 0) await world.clock.advance(11 * SECOND);
        slow = false;
        return answer;
      }),
    );
    expect(summary).toMatchObject({ exitCode: 0, sent: { delivered: 3, waiting: 0 } });
    expect(told(guests)).toEqual([1, 1, 1]);
    expect(world.database.prepare('select sum(tries) as tries from delivery').get()).toEqual({ tries: 0 });
    const unbegun = world.database.prepare("select count(*) as n from attempt where code = 'not_begun'").get();
    expect(unbegun).toEqual({ n: 3 });
  });
});

describe('an interrupted batch', () => {
  it('goes back as if never claimed, also when it has waited longer than a try may', async () => {
    const guests = await subscribe(world, 3);
    tellAll(guests);
    world.database.prepare('update bot set paused_until_utc = 253402300799000').run();
    await world.run();
    world.database.prepare('update bot set paused_until_utc = null').run();
    await world.clock.advance(5 * DAY);
    const stop = new AbortController();
    const interrupted = advancing(async (ask, request) => {
      const answer = await ask(request);
      if (request.want > 0) stop.abort();
      return answer;
    });
    const summary = await world.run({ app: (app) => ({ ...interrupted.app?.(app), signal: stop.signal }) });
    expect(summary).toMatchObject({ exitCode: 130, sent: { delivered: 0, waiting: 3 } });
    expect(world.states()).toEqual({ planned: 3 });
    expect(await world.run()).toMatchObject({ exitCode: 0, sent: { delivered: 3 } });
  });

  it.each(['readWords', 'recover', 'savePoll', 'readNotes', 'admit', 'measure', 'plan', 'advance', 'mirrorNotes', 'finishRun'] as const)(
    'may be cut short at %s: the run ends in order and the next one tells everybody once',
    async (name) => {
      const guests = await subscribe(world, 5);
      tellAll(guests);
      const stop = new AbortController();
      const wish: RunWish = {
        app: ({ ledger }) => {
          const call = ledger[name] as (...args: readonly unknown[]) => Promise<unknown>;
          const cutting = (...args: readonly unknown[]): Promise<unknown> => {
            stop.abort();
            return call(...args);
          };
          return { signal: stop.signal, ledger: { ...ledger, [name]: cutting } };
        },
      };
      const summary = await world.run(wish);
      // By then everybody has been told.
      expect(summary.exitCode).toBe(name === 'mirrorNotes' || name === 'finishRun' ? 0 : 130);
      expect(world.database.prepare('select count(*) as n from run where finished_utc is null or exit_code is null').get()).toEqual({
        n: 0,
      });
      expect(world.states()['sending']).toBeUndefined();
      await world.run();
      expect(told(guests)).toEqual([1, 1, 1, 1, 1]);
    },
  );
});

describe('a 429', () => {
  it('met by a greeting is kept before the notices, and by the next process', async () => {
    const guest = await subscribeOne(world);
    tellAll([guest]);
    world.guest(world.customer('Пётр'), 'Пётр');
    world.telegram.faults.add({ kind: 'storm429', retryAfter: 600, method: 'sendMessage' });
    await nextPoll(world);
    expect(await world.run()).toMatchObject({ exitCode: 8, sent: { delivered: 0 } });
    const before = callsOf(world, 'sendMessage');
    expect(await world.run()).toMatchObject({ exitCode: 8 });
    expect(callsOf(world, 'sendMessage')).toBe(before);
    await world.clock.advance(10 * MINUTE);
    expect(await world.run()).toMatchObject({ exitCode: 0, sent: { delivered: 1 } });
  });

  it('stops those of its batch too whose first byte is not written yet', async () => {
    tellAll(await subscribe(world, 3));
    const mayThey: boolean[] = [];
    let calls = 0;
    const summary = await world.run({
      app: ({ channel, clock }) => ({
        channel: {
          ...channel,
          send: async (_message, mayBegin) => {
            calls += 1;
            if (calls === 1) return { outcome: 'retry', code: 'limited', notBefore: clock.now() + 600 * SECOND, detail: '' };
            // Their connections take a second to stand.
            await clock.sleep(SECOND);
            mayThey.push(mayBegin());
            return { outcome: 'retry', code: 'not_begun', notBefore: null, detail: '' };
          },
        },
      }),
    });
    expect(mayThey).toEqual([false, false]);
    expect(summary).toMatchObject({ exitCode: 8, sent: { delivered: 0 } });
  });

  it('is waited out by a backfill, and remembered at once in case it dies waiting', async () => {
    const guest = await subscribeOne(world);
    tellAll([guest]);
    world.telegram.faults.add({ kind: 'storm429', retryAfter: 1_200, method: 'sendMessage' });
    const quiet: unknown[] = [];
    const backfill = world.run({ request: { kind: 'since', since: '2026-11-20 00:00:00.000' } });
    await world.clock.advance(MINUTE);
    quiet.push(world.database.prepare('select quiet_until_utc > ? as quiet from bot').get(world.clock.now() + 18 * MINUTE));
    expect(await backfill).toMatchObject({ exitCode: 0, sent: { delivered: 1, waiting: 0 } });
    expect(quiet).toEqual([{ quiet: 1 }]);
    expect(noticesOf(guest)).toHaveLength(1);
  });

  it('met in doubt’s question is kept as well', async () => {
    const guests = await subscribe(world, 4);
    tellAll(guests);
    world.telegram.faults.add({ kind: 'closeBeforeProcessing', method: 'sendMessage' });
    world.telegram.faults.add({ kind: 'storm429', retryAfter: 900, method: 'getMe' });
    expect(await world.run()).toMatchObject({ exitCode: 4, sent: { inDoubt: 1, delivered: 2 } });
    const before = world.telegram.calls.length;
    await world.run();
    expect(world.telegram.calls.length).toBe(before);
  });

  it('of one call lets nobody ask after another one that hangs, until the wait is over', async () => {
    tellAll(await subscribe(world, 4));
    world.telegram.faults.add({ kind: 'hang', method: 'sendMessage' });
    world.telegram.faults.add({ kind: 'storm429', retryAfter: 90, method: 'sendMessage' });
    const { sent } = await world.run({ request: { kind: 'since', since: '2026-11-20 00:00:00.000' } });
    expect(sent).toMatchObject({ inDoubt: 1, delivered: 3 });
    const { calls } = world.telegram;
    const limitedAt = calls.find(({ fault }) => fault === 'storm429')?.at ?? 0;
    // Beyond what began beside it.
    const next = calls.find(({ at }) => at > limitedAt + SECOND);
    expect(next?.at).toBeGreaterThanOrEqual(limitedAt + 90 * SECOND);
    // The doubt is asked about all the same before anybody else is written to.
    expect(next?.method).toBe('getMe');
  });

  it('is told of in seconds of the database’s clock though the host’s is set back meanwhile', async () => {
    const guest = await subscribeOne(world);
    tellAll([guest]);
    const wish = answering([{ outcome: 'retry', code: 'limited', notBefore: world.clock.now() + 600 * SECOND, detail: '' }]);
    await world.run({
      app: (app) => ({
        ...wish.app?.(app),
        ledger: {
          ...app.ledger,
          advance: (request) => {
            if (request.finished.length > 0) world.clock.jump(-HOUR);
            return app.ledger.advance(request);
          },
          readClock: async () => app.ledger.readClock(),
        },
      }),
    });
    await world.clock.advance(11 * MINUTE);
    world.clock.jump(HOUR);
    expect(await world.run()).toMatchObject({ exitCode: 0, sent: { delivered: 1 } });
  });
});

describe('tasks of one bot that say different things', () => {
  const tasksOf = (...wishes: readonly Parameters<typeof taskSettings>[0][]) =>
    wishes.map((wish) => taskSettings({ ...wish, apiRoot: world.telegram.url }));

  it.each([
    ['a', 'b'],
    ['b', 'a'],
  ])('each digest as their own, whichever comes first (%s, %s)', async (...order) => {
    const guest = await subscribeOne(world);
    const both = tasksOf({ id: 'a', accountTypes: [DEPOSIT], digestGapMs: 0 }, { id: 'b', accountTypes: [BONUS], digestGapMs: 60_000 });
    const tasks = order.flatMap((id) => both.filter((task) => task.id === id));
    for (let n = 0; n < 3; n += 1) {
      world.operation(guest.customer, { ago: 5 * MINUTE - n * SECOND, sum: -1 - n });
      world.operation(guest.customer, { ago: 2 * MINUTE - n * SECOND, sum: -101 - n, accountType: BONUS });
    }
    expect(await world.run({ tasks })).toMatchObject({ exitCode: 0, sent: { delivered: 4, operations: 6 } });
    expect(noticesOf(guest)).toHaveLength(4);
    expect(world.states()).toEqual({ delivered: 6 });
  });

  it('show a balance only where it is the one that the task means', async () => {
    const guest = await subscribeOne(world);
    const tasks = tasksOf({ id: 'a', accountTypes: [DEPOSIT], balance: 'off' }, { id: 'b', accountTypes: [BONUS], balance: 'after' });
    world.operation(guest.customer, { ago: 5 * MINUTE, sum: 500 });
    world.operation(guest.customer, { ago: 2 * MINUTE, sum: 70, accountType: BONUS });
    await world.run({ tasks });
    const [deposit, bonus] = noticesOf(guest);
    expect(deposit).not.toMatch(/остаток|баланс/i);
    expect(bonus).toMatch(/остаток|баланс/i);
  });

  it('never tell whom a task in test mode leaves out, though another task is live and the row was planned before', async () => {
    const [one, two] = await subscribe(world, 2);
    if (one === undefined || two === undefined) throw new Error('two were to subscribe');
    const live = tasksOf({ id: 'a', accountTypes: [DEPOSIT] }, { id: 'b', accountTypes: [BONUS] });
    world.database.prepare('update bot set paused_until_utc = 253402300799000').run();
    world.operation(one.customer, { ago: 5 * MINUTE });
    world.operation(two.customer, { ago: MINUTE, accountType: BONUS });
    await world.run({ tasks: live });
    world.database.prepare('update bot set paused_until_utc = null').run();
    const tested = tasksOf({ id: 'a', accountTypes: [DEPOSIT], mode: 'test' }, { id: 'b', accountTypes: [BONUS] });
    expect(await world.run({ tasks: tested })).toMatchObject({ exitCode: 0, sent: { delivered: 1, waiting: 1 } });
    expect(told([one, two])).toEqual([0, 1]);
    await world.clock.advance(2 * HOUR);
    expect(await world.run({ tasks: live })).toMatchObject({ sent: { delivered: 1 } });
    expect(told([one, two])).toEqual([1, 1]);
  });

  it('are left to a person in doubt unless all of them say the same', async () => {
    const guest = await subscribeOne(world);
    const tasks = tasksOf({ id: 'a', inDoubt: 'repeat' }, { id: 'b', inDoubt: 'ask' });
    tellAll([guest]);
    world.telegram.faults.add({ kind: 'closeAfterProcessing', method: 'sendMessage' });
    await world.run({ tasks });
    await world.clock.advance(HOUR);
    await world.run({ tasks });
    expect(world.states()).toEqual({ in_doubt: 1 });
  });
});

describe('the time limit', () => {
  it('ends a run in order when the next thing to do lies beyond it, and says so', async () => {
    const guests = await subscribe(world, 60);
    tellAll(guests);
    world.telegram.setLatency(2 * SECOND);
    const began = world.clock.monotonic();
    const summary = await world.run({ settings: { timeLimitMs: 10 * SECOND } });
    expect(summary).toMatchObject({ exitCode: 0, findings: [{ code: 'time_limit' }] });
    expect(summary.sent.delivered).toBeGreaterThan(0);
    expect(world.clock.monotonic() - began).toBeLessThan(15 * SECOND);
    expect(world.states()).toEqual({ delivered: summary.sent.delivered, planned: 60 - summary.sent.delivered });
  });
});
