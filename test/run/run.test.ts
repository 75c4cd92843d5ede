import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { DatabaseUnavailable } from '../../src/ports/database.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { BOT_ID, openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const MINUTE = 60_000;
const texts = (person: { readonly received: readonly { readonly text: string }[] }): string[] => person.received.map((line) => line.text);
/** Notices alone, without the greeting. */
const notices = (person: { readonly received: readonly { readonly text: string }[] }): string[] => texts(person).slice(1);

/** Runs poll at most every four seconds. */
const nextPoll = (): Promise<void> => world.clock.advance(5_000);

async function subscribed(name?: string): Promise<{ readonly customer: string; readonly guest: ReturnType<World['guest']> }> {
  const customer = world.customer(name);
  const guest = world.guest(customer, name);
  await nextPoll();
  await world.run();
  return { customer, guest };
}

describe('run', () => {
  it('greets a new subscriber and tells the next operation once', async () => {
    const { customer, guest } = await subscribed();
    expect(texts(guest)).toHaveLength(1);
    world.operation(customer, { sum: -450 });
    const first = await world.run();
    expect(first).toMatchObject({ exitCode: 0, sent: { delivered: 1, operations: 1, inDoubt: 0 } });
    expect(notices(guest)).toEqual([expect.stringContaining('450')]);
    const second = await world.run();
    expect(second).toMatchObject({ exitCode: 0, sent: { delivered: 0 } });
    expect(notices(guest)).toHaveLength(1);
  });

  it('tells one visit in one message', async () => {
    const { customer, guest } = await subscribed();
    world.operation(customer, { sum: -450, ago: 20_000 });
    world.operation(customer, { sum: 45, ago: 15_000 });
    await world.run();
    expect(notices(guest)).toHaveLength(1);
    expect(world.states()).toEqual({ delivered: 2 });
  });

  it('leaves the unsubscribed a row with its reason', async () => {
    world.operation(world.customer('Пётр'));
    const summary = await world.run();
    expect(summary.tasks[0]).toMatchObject({ planned: 0, skipped: { not_subscribed: 1 }, unsubscribedCustomers: 1 });
    expect(world.states()).toEqual({ skipped: 1 });
  });

  it('records a guest who blocked the bot without calling it a fault', async () => {
    const { customer, guest } = await subscribed();
    guest.block();
    world.telegram.bot().restartUpdates(1);
    world.operation(customer);
    const summary = await world.run();
    expect(summary).toMatchObject({ exitCode: 0, sent: { refusedByGuests: 1 } });
    world.operation(customer, { sum: -1 });
    expect(await world.run()).toMatchObject({ sent: { refusedByGuests: 0 }, tasks: [{ skipped: { suspended: 1 } }] });
  });

  it('stops at a 429 and sends nothing before its time, also in the next process', async () => {
    const { customer, guest } = await subscribed();
    world.operation(customer);
    world.telegram.faults.add({ kind: 'storm429', retryAfter: 600, method: 'sendMessage' });
    const limited = await world.run();
    expect(limited).toMatchObject({ exitCode: 8, sent: { delivered: 0, waiting: 1 } });
    const sends = (): number => world.telegram.calls.filter((call) => call.method === 'sendMessage').length;
    const before = sends();
    expect(await world.run()).toMatchObject({ exitCode: 8 });
    expect(sends()).toBe(before);
    await world.clock.advance(10 * MINUTE);
    expect(await world.run()).toMatchObject({ exitCode: 0, sent: { delivered: 1 } });
    expect(notices(guest)).toHaveLength(1);
  });

  it('tells a notice in doubt once more, marked, and never a third time', async () => {
    const { customer, guest } = await subscribed();
    world.operation(customer);
    world.telegram.faults.add({ kind: 'closeAfterProcessing', method: 'sendMessage' });
    expect(await world.run()).toMatchObject({ exitCode: 4, sent: { inDoubt: 1 } });
    expect(notices(guest)).toHaveLength(1);
    expect(await world.run()).toMatchObject({ exitCode: 0, sent: { delivered: 0 } });
    await world.clock.advance(16 * MINUTE);
    expect(await world.run()).toMatchObject({ exitCode: 0, sent: { delivered: 1, repeated: 1 } });
    expect(notices(guest)).toHaveLength(2);
    expect(notices(guest)[1]).toMatch(/повтор/i);
    await world.clock.advance(60 * MINUTE);
    await world.run();
    expect(notices(guest)).toHaveLength(2);
    expect(world.states()).toEqual({ delivered: 1 });
  });

  it('leaves a doubt to a person where the policy says ask', async () => {
    const { customer, guest } = await subscribed();
    world.operation(customer);
    world.telegram.faults.add({ kind: 'closeBeforeProcessing', method: 'sendMessage' });
    await world.run({ settings: { inDoubt: 'ask' } });
    await world.clock.advance(60 * MINUTE);
    await world.run({ settings: { inDoubt: 'ask' } });
    expect(notices(guest)).toHaveLength(0);
    expect(world.states()).toEqual({ in_doubt: 1 });
  });

  it('sends and plans nothing while Telegram refuses connections, and loses nothing', async () => {
    const { customer, guest } = await subscribed();
    world.operation(customer);
    world.operation(world.customer('Пётр'));
    await nextPoll();
    await world.telegram.refuse();
    expect(await world.run()).toMatchObject({ exitCode: 8, sent: { delivered: 0, inDoubt: 0 } });
    expect(world.states()).toEqual({});
    await world.telegram.accept();
    expect(await world.run()).toMatchObject({ exitCode: 0, sent: { delivered: 1 } });
    expect(notices(guest)).toHaveLength(1);
  });

  it('leaves at most one batch in doubt when Telegram hangs', async () => {
    const people = [];
    for (let n = 0; n < 8; n += 1) people.push(await subscribed(`Гость ${n}`));
    for (const { customer } of people) world.operation(customer);
    world.telegram.faults.add({ kind: 'hang', method: 'sendMessage', times: Number.POSITIVE_INFINITY });
    world.telegram.faults.add({ kind: 'hang', method: 'getMe', times: Number.POSITIVE_INFINITY });
    const summary = await world.run();
    expect(summary.exitCode).toBe(4);
    expect(summary.sent.inDoubt).toBe(3);
    world.telegram.faults.clear();
    await world.run();
    expect(world.states()).toEqual({ in_doubt: 3, delivered: 5 });
  });

  it('tells the subscribed and leaves the others unplanned when a webhook is set', async () => {
    const { customer } = await subscribed();
    world.operation(customer);
    world.operation(world.customer('Пётр'));
    await nextPoll();
    world.telegram.bot().setWebhook('https://example.org/hook');
    expect(await world.run()).toMatchObject({ exitCode: 5, sent: { delivered: 1 } });
    expect(world.states()).toEqual({ delivered: 1 });
    world.telegram.bot().setWebhook(null);
    await world.clock.advance(10_000);
    expect(await world.run()).toMatchObject({ exitCode: 0, tasks: [{ skipped: { not_subscribed: 1 } }] });
  });

  it('ends with 5 and plans nothing when the token is revoked', async () => {
    const { customer } = await subscribed();
    world.operation(customer);
    world.telegram.bot().revoke();
    await world.clock.advance(10_000);
    expect(await world.run()).toMatchObject({ exitCode: 5, sent: { delivered: 0 } });
    expect(world.states()).toEqual({});
  });

  it('holds old notices behind the brake, tells fresh ones, and lets all go with --yes without ageing', async () => {
    const { customer, guest } = await subscribed();
    for (let n = 0; n < 5; n += 1) world.operation(customer, { ago: (30 + n) * 60 * MINUTE, sum: -10 - n });
    world.operation(customer, { sum: -7 });
    const since = { kind: 'since', since: '2026-11-01 00:00:00.000' } as const;
    const braked = await world.run({ settings: { brake: 3 }, request: since });
    expect(braked).toMatchObject({ exitCode: 9, sent: { delivered: 1 }, tasks: [{ held: 5 }] });
    expect(await world.run({ settings: { brake: 3 }, request: { ...since, yes: true } })).toMatchObject({
      exitCode: 0,
      sent: { delivered: 5 },
    });
    expect(notices(guest)).toHaveLength(6);
  });

  it('keeps what the brake of ordinary runs holds from growing too old', async () => {
    const { customer } = await subscribed();
    for (let n = 0; n < 5; n += 1) world.operation(customer, { ago: (30 + n) * 60 * MINUTE });
    await world.run({ settings: { brake: 3 } });
    await world.clock.advance(2 * 60 * MINUTE);
    expect(await world.run({ settings: { brake: 3 } })).toMatchObject({ exitCode: 9, tasks: [{ held: 5 }] });
    await world.clock.advance(100 * 60 * MINUTE);
    expect(await world.run({ settings: { brake: 3 }, request: { yes: true } })).toMatchObject({ exitCode: 0, sent: { delivered: 5 } });
  });

  it('plans the oldest with --limit and the rest with the next run', async () => {
    const { customer, guest } = await subscribed();
    for (let n = 0; n < 4; n += 1) world.operation(customer, { ago: (13 - 2 * n) * MINUTE, sum: -1 - n });
    await world.run({ request: { limit: 2 } });
    expect(notices(guest)).toHaveLength(2);
    await world.run();
    expect(notices(guest)).toHaveLength(4);
  });

  it('marks the past as seen and tells nobody with --mark-only', async () => {
    const { customer, guest } = await subscribed();
    world.operation(customer, { ago: MINUTE });
    expect(await world.run({ request: { kind: 'mark_only' } })).toMatchObject({ exitCode: 0, tasks: [{ skipped: { marked: 1 } }] });
    await world.run();
    expect(notices(guest)).toHaveLength(0);
  });

  it('lets one work and the other leave at once', async () => {
    const { customer, guest } = await subscribed();
    world.operation(customer);
    const [one, other] = await Promise.all([world.run(), world.run()]);
    expect([one.opened, other.opened].toSorted()).toEqual(['busy', 'opened']);
    expect([one.exitCode, other.exitCode]).toEqual([0, 0]);
    expect(notices(guest)).toHaveLength(1);
  });

  it('shows what a run that died between claim and record left, and tells it once more, marked', async () => {
    const { customer, guest } = await subscribed();
    world.operation(customer);
    const dying = (ledger: Ledger): Ledger => ({
      ...ledger,
      advance: async (request) => {
        if (request.finished.length > 0) throw new DatabaseUnavailable('unreachable', 'killed');
        return ledger.advance(request);
      },
    });
    await expect(world.run({ app: (app) => ({ ledger: dying(app.ledger) }) })).rejects.toThrow(DatabaseUnavailable);
    expect(notices(guest)).toHaveLength(1);
    expect(await world.run()).toMatchObject({ exitCode: 4, sent: { orphaned: 1, delivered: 0 } });
    await world.clock.advance(16 * MINUTE);
    expect(await world.run()).toMatchObject({ exitCode: 0, sent: { repeated: 1 } });
    expect(notices(guest)[1]).toMatch(/повтор/i);
  });

  it('ends in order when interrupted: what was on the wire is recorded, the rest waits', async () => {
    const people = [];
    for (let n = 0; n < 6; n += 1) people.push(await subscribed(`Гость ${n}`));
    for (const { customer } of people) world.operation(customer);
    const stop = new AbortController();
    const summary = await world.run({
      app: (app) => ({
        signal: stop.signal,
        channel: {
          ...app.channel,
          send: async (message, mayBegin) => {
            const outcome = await app.channel.send(message, mayBegin);
            stop.abort();
            return outcome;
          },
        },
      }),
    });
    expect(summary.exitCode).toBe(130);
    expect(world.states()['in_doubt']).toBeUndefined();
    expect(world.states()['sending']).toBeUndefined();
    await world.run();
    expect(world.states()).toEqual({ delivered: 6 });
    expect(people.map(({ guest }) => notices(guest).length)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('goes on when the clock is set back an hour in mid-run', async () => {
    const { customer, guest } = await subscribed();
    world.operation(customer, { sum: -1, ago: MINUTE });
    const summary = await world.run({
      app: (app) => ({
        channel: {
          ...app.channel,
          send: async (message, mayBegin) => {
            world.clock.jump(-60 * MINUTE);
            return app.channel.send(message, mayBegin);
          },
        },
      }),
    });
    expect(summary.sent.delivered).toBe(1);
    world.operation(customer, { sum: -2 });
    await world.run();
    expect(notices(guest)).toHaveLength(2);
  });

  it('refuses to plan for an account type that does not exist and moves no watermark', async () => {
    const { customer } = await subscribed();
    world.operation(customer);
    const summary = await world.run({ settings: { accountTypes: ['dddddddd-0000-4000-8000-000000000009'] } });
    expect(summary).toMatchObject({
      exitCode: 2,
      findings: expect.arrayContaining([expect.objectContaining({ code: 'account_type_unknown' })]),
    });
    expect(await world.run()).toMatchObject({ exitCode: 0, sent: { delivered: 1 } });
  });

  it('is known to its host before it sends: a database that has forgotten it sends nothing', async () => {
    const anna = world.customer();
    const person = world.guest(anna);
    await world.run();
    await world.clock.advance(60_000);
    world.operation(anna);
    // Killed in its very first call: what a backup from before it lacks, the host remembers.
    await world
      .run({ app: ({ channel }) => ({ channel: { ...channel, send: () => Promise.reject(new Error('killed')) } }) })
      .catch(() => 'killed');
    expect(world.memory.recall(BOT_ID)).toMatchObject({ runNo: 2 });
    world.database.exec(
      "delete from run where run_no = 2; delete from attempt where run_id not in (select run_id from run); update delivery set state = 'planned'",
    );
    const received = person.received.length;
    expect(await world.run()).toMatchObject({ exitCode: 7, opened: 'restored' });
    expect(person.received).toHaveLength(received);
  });

  it('plans but sends nothing while paused', async () => {
    const { customer, guest } = await subscribed();
    world.operation(customer);
    world.database.prepare('update bot set paused_until_utc = 253402300799000').run();
    expect(await world.run()).toMatchObject({ tasks: [{ planned: 1 }], sent: { delivered: 0 } });
    world.database.prepare('update bot set paused_until_utc = null').run();
    expect(await world.run()).toMatchObject({ sent: { delivered: 1 } });
    expect(notices(guest)).toHaveLength(1);
  });

  it('tells only the allow-list in test mode and keeps the watermark', async () => {
    const anna = await subscribed('Анна');
    const boris = await subscribed('Борис');
    world.operation(anna.customer);
    world.operation(boris.customer);
    await world.run({ settings: { mode: 'test', allow: [anna.customer] } });
    expect([notices(anna.guest).length, notices(boris.guest).length]).toEqual([1, 0]);
    await world.run();
    expect([notices(anna.guest).length, notices(boris.guest).length]).toEqual([1, 1]);
  });
});
