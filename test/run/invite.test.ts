import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { SmsSettings } from '../../src/core/settings.ts';
import type { SmsOutcome } from '../../src/core/sms-outcome.ts';
import { instantAt } from '../../src/core/wall-time.ts';
import { openDesk } from '../../src/sqlite/desk.ts';
import { acceptedSms } from '../support/fake-gateway.ts';
import { BOT_ID, openWorld } from '../support/world.ts';
import type { RunWish, World } from '../support/world.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;
const PHONE = '8 916 123-45-67';
const SMS: Partial<SmsSettings> = { operator: 'smsru', price: '5.0000' };

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(async () => {
  await world.close();
});

const run = (sms: Partial<SmsSettings> = {}, wish: RunWish = {}) =>
  world.run({ ...wish, settings: { timeToLiveMs: 3650 * DAY, ...wish.settings, sms: { ...SMS, ...sms } } });
const codes = (summary: { readonly findings: readonly { readonly code: string }[] }) =>
  summary.findings.map(({ code }) => code).filter((code) => code !== 'time_limit');
const pass = (ms: number) => world.clock.sleep(ms);
/** So many guests who have just paid, each with a phone of their own. */
const guests = (count: number): string[] =>
  Array.from({ length: count }, (_none, at) => {
    const id = world.customer(`Гость ${at}`, `+7 916 ${String(1_000_000 + at)}`);
    world.operation(id);
    return id;
  });

describe('a guest who is not subscribed', () => {
  it('gets one SMS with their own link, and presses Start behind it', async () => {
    const anna = world.customer('Анна', PHONE);
    world.operation(anna);
    const summary = await run();
    expect(world.operator.sent.map(({ number }) => number)).toEqual(['79161234567']);
    const [sms] = world.operator.sent;
    expect(sms?.text).toBe(
      `Пенка: операции по вашему счёту в Telegram https://t.me/${world.telegram.bot().username}?start=${world.link(anna)}`,
    );
    expect(sms?.reference).toMatch(/^tp-1-[0-9a-z]{6}$/);
    expect(summary).toMatchObject({ exitCode: 0, invited: { planned: 1, accepted: 1, segments: 2, cost: '10.0000', waiting: 0 } });
    expect(world.operator.opened).toBe(0);

    const guest = world.guest(anna);
    await pass(10_000);
    world.operation(anna, { sum: -100 });
    await run();
    expect(world.operator.sent).toHaveLength(1);
    expect(guest.received.map(({ text }) => text).join()).toContain('100');
  });

  it('is not invited a second time for the same operation, nor by another one within the interval', async () => {
    const anna = world.customer('Анна', PHONE);
    world.operation(anna);
    await run();
    await run();
    await pass(29 * DAY);
    world.operation(anna);
    expect((await run()).invited.skipped).toEqual({ interval: 1 });
    await pass(2 * DAY);
    await run();
    expect(world.operator.sent).toHaveLength(1);
    world.operation(anna);
    await run();
    expect(world.operator.sent).toHaveLength(2);
  });

  it.each([
    ['no phone', '', 'no_phone'],
    ['a landline', '8 495 123-45-67', 'bad_phone'],
    ['a foreign number', '+375 29 123-45-67', 'bad_phone'],
  ])('with %s is not invited, and the reason is kept', async (_what, phone, reason) => {
    world.operation(world.customer('Анна', phone));
    const { invited, exitCode } = await run();
    expect([exitCode, invited.skipped, world.invitations()]).toEqual([0, { [reason]: 1 }, [`skipped(${reason})`]]);
    expect(world.operator.calls).toEqual([]);
  });

  it('who said stop, or blocked the bot, is never invited again', async () => {
    const [stopper, blocker] = [world.customer('Анна', PHONE), world.customer('Борис', '+7 916 765-43-21')];
    const stopping = world.guest(stopper);
    const blocking = world.guest(blocker);
    await run();
    await pass(10_000);
    stopping.say('/stop');
    blocking.block();
    await run();
    await pass(200 * DAY);
    for (const id of [stopper, blocker]) world.operation(id);
    await run();
    expect(world.operator.sent).toEqual([]);
  });

  it('waits for the morning when they paid late, but not when they have just paid', async () => {
    await pass(instantAt('2026-11-24 22:30:00.000', 'Europe/Moscow') - world.clock.now());
    const late = world.customer('Анна', PHONE);
    world.operation(late, { ago: HOUR });
    const fresh = world.customer('Борис', '+7 916 765-43-21');
    world.operation(fresh);
    const summary = await run();
    expect(world.operator.sent.map(({ number }) => number)).toEqual(['79167654321']);
    expect(summary.invited).toMatchObject({ planned: 2, accepted: 1, waiting: 1 });
    await pass(10 * HOUR);
    await run();
    expect(world.operator.sent).toHaveLength(1);
    await pass(HOUR);
    await run();
    expect(world.operator.sent.map(({ number }) => number)).toEqual(['79167654321', '79161234567']);
  });

  it('who subscribed while the invitation waited gets none', async () => {
    await pass(instantAt('2026-11-24 23:30:00.000', 'Europe/Moscow') - world.clock.now());
    const anna = world.customer('Анна', PHONE);
    world.operation(anna);
    await run();
    world.guest(anna);
    await pass(12 * HOUR);
    expect((await run()).invited.skipped).toEqual({ subscribed: 1 });
    expect([world.operator.sent, world.invitations()]).toEqual([[], ['skipped(subscribed)']]);
  });

  it('is not asked for with --operation, with --mark-only, when paused, or without an operator', async () => {
    const anna = world.customer('Анна', PHONE);
    const operation = world.operation(anna);
    await run({}, { request: { operations: [operation] } });
    await run({}, { request: { kind: 'mark_only' } });
    await run({ operator: null });
    const desk = openDesk({ file: world.file, clock: world.clock });
    await desk.pause(BOT_ID, null);
    await run();
    await desk.close();
    expect([world.operator.sent, world.invitations()]).toEqual([[], []]);
  });
});

describe('the brake of invitations', () => {
  it('holds more than its number, says what they would cost, and lets them go with a yes', async () => {
    guests(4);
    const held = await run({ brake: 3 });
    expect(held).toMatchObject({ exitCode: 9, invited: { braked: 4, planned: 0 } });
    expect(held.findings).toContainEqual({
      code: 'sms_brake',
      args: { task: 'default', customers: 4, brake: 3, segments: 8, cost: '40.0000' },
    });
    expect(world.invitations()).toEqual([]);
    await pass(DAY);
    expect(await run({ brake: 3 })).toMatchObject({ exitCode: 9 });
    expect(await run({ brake: 3 }, { request: { yes: true } })).toMatchObject({ exitCode: 0, invited: { braked: 0, accepted: 4 } });
  });

  it('counts whom it would invite, not whom it would skip', async () => {
    guests(3);
    for (let at = 0; at < 5; at += 1) world.operation(world.customer('Без телефона'));
    expect(await run({ brake: 3 })).toMatchObject({ exitCode: 0, invited: { accepted: 3, skipped: { no_phone: 5 } } });
  });
});

describe('the caps', () => {
  const caps = (change: Partial<SmsSettings['caps']>): Partial<SmsSettings> => ({
    caps: { run: 400, day: 200, month: 3_000, customer: 12, ...change },
  });

  it.each(['run', 'day', 'month'] as const)('of a %s hold back what does not fit, until there is budget', async (cap) => {
    guests(3);
    const first = await run(caps({ [cap]: 5 }));
    expect(first).toMatchObject({ exitCode: 0, invited: { accepted: 2, segments: 4, capped: 1, cap, waiting: 1 } });
    if (cap !== 'run') {
      expect(await run(caps({ [cap]: 5 }))).toMatchObject({ invited: { accepted: 0, capped: 1, cap } });
      expect(world.operator.calls.filter((call) => call !== 'statuses')).toEqual(['cost', 'balance', 'send', 'send']);
    }
    await pass(cap === 'month' ? 8 * DAY : DAY);
    expect(await run(caps({ [cap]: 5 }))).toMatchObject({ invited: { accepted: 1, capped: 0, waiting: 0 } });
  });

  it('of a customer end invitations for a year', async () => {
    const anna = world.customer('Анна', PHONE);
    for (const days of [0, 31, 91]) {
      await pass(days * DAY);
      world.operation(anna);
      await run({ ...caps({ customer: 5 }), intervals: [30, 90, 180] });
    }
    expect(world.invitations()).toEqual(['accepted', 'accepted', 'skipped(customer_cap)']);
  });
});

describe('an operator', () => {
  const answering = (outcome: SmsOutcome) => {
    world.operator.outcome = () => outcome;
  };

  it('that refuses a number is asked for the next one', async () => {
    guests(2);
    answering({ outcome: 'refused', whose: 'number', code: 'stop_list', detail: '209' });
    expect(await run()).toMatchObject({ exitCode: 0, invited: { refused: 2, segments: 0 } });
    expect(world.invitations()).toEqual(['refused(stop_list)', 'refused(stop_list)']);
  });

  it('refused for five guests in a row says that it isn’t about the guests, and spares the others’ turns', async () => {
    guests(8);
    answering({ outcome: 'refused', whose: 'number', code: 'sender_unregistered', detail: '204' });
    const summary = await run();
    expect([summary.exitCode, codes(summary), summary.invited.refused]).toEqual([5, ['sms_refused'], 5]);
    expect(world.invitations().filter((one) => one === 'planned')).toHaveLength(3);
  });

  it.each(['unauthorized', 'sender', 'no_money'] as const)('that refuses everybody (%s) ends inviting; notices go on', async (code) => {
    guests(3);
    answering({ outcome: 'refused', whose: 'everybody', code, detail: 'so' });
    const summary = await run();
    expect([summary.exitCode, codes(summary)]).toEqual([5, [code === 'no_money' ? 'sms_no_money' : 'sms_refused']]);
    expect(world.invitations()).toEqual(['planned', 'planned', 'planned']);
    expect(world.operator.sent).toHaveLength(1);
    answering(acceptedSms('x'));
    await pass(2 * MINUTE);
    expect(await run()).toMatchObject({ invited: { accepted: 3 } });
  });

  it('that is out of reach, limits us or is not asked in time leaves the row to a later run', async () => {
    guests(2);
    answering({ outcome: 'later', code: 'limited', notBefore: world.clock.now() + HOUR, detail: '' });
    const limited = await run();
    expect([limited.exitCode, codes(limited), world.operator.sent.length]).toEqual([8, ['sms_limited'], 1]);
    answering({ outcome: 'later', code: 'unreachable', notBefore: null, detail: 'refused' });
    const unreachable = await run();
    expect([unreachable.exitCode, codes(unreachable), world.operator.sent.length]).toEqual([8, ['sms_unreachable'], 2]);
    answering(acceptedSms('x'));
    await pass(HOUR);
    expect(await run()).toMatchObject({ exitCode: 0, invited: { accepted: 2 } });
  });

  it('is not even asked on an answer of the database that is ten seconds old, and the row is no nearer to its end by it', async () => {
    guests(1);
    const late = await run(
      {},
      {
        app: ({ ledger, clock }) => ({
          ledger: {
            ...ledger,
            advanceInvitations: async (wish) => {
              const answer = await ledger.advanceInvitations(wish);
              if (wish.want > 0) await clock.sleep(11_000);
              return answer;
            },
          },
        }),
      },
    );
    expect(late.invited).toMatchObject({ accepted: 0, inDoubt: 0, waiting: 1 });
    expect(world.operator.calls.filter((call) => call === 'send')).toEqual([]);
    expect(world.database.prepare('select state, tries, sent_utc as sentAt from invitation').get()).toEqual({
      state: 'planned',
      tries: 0,
      sentAt: null,
    });
    await run();
    expect(world.operator.sent).toHaveLength(1);
  });

  it('whose answer is unknown gets nothing more in this run, and never the same SMS again', async () => {
    guests(3);
    answering({ outcome: 'in_doubt', code: 'timeout', detail: '' });
    const summary = await run();
    expect([summary.exitCode, codes(summary), world.operator.sent.length]).toEqual([4, ['sms_in_doubt'], 1]);
    expect(summary.invited).toMatchObject({ inDoubt: 1, segments: 2, waiting: 2 });
    answering(acceptedSms('x'));
    await run();
    await pass(40 * DAY);
    await run();
    expect(new Set(world.operator.sent.map(({ number }) => number)).size).toBe(world.operator.sent.length);
  });

  it('whose account does not answer is sent nothing at all: an outage leaves nothing in doubt', async () => {
    guests(1);
    for (const [balance, code, exit] of [
      [{ answer: 'unreachable', detail: 'dns' }, 'sms_unreachable', 8],
      [{ answer: 'unreadable', detail: '<html>' }, 'sms_unreachable', 8],
      [{ answer: 'limited', until: world.clock.now() + MINUTE }, 'sms_limited', 8],
      [{ answer: 'unusable', code: 'unauthorized', detail: '200' }, 'sms_refused', 5],
      [{ answer: 'balance', roubles: '9.9900' }, 'sms_no_money', 5],
    ] as const) {
      world.operator.balance = balance;
      const summary = await run();
      expect([codes(summary), summary.exitCode]).toEqual([[code], exit]);
    }
    expect([world.operator.sent, world.invitations()]).toEqual([[], ['planned']]);
  });

  it('is believed when it counts more segments, and when it knows the price', async () => {
    guests(2);
    answering(acceptedSms('x', { segments: 3, cost: '7.5000' }));
    expect(await run({ caps: { run: 400, day: 4, month: 400, customer: 12 } })).toMatchObject({
      invited: { accepted: 1, segments: 3, cost: '7.5000', capped: 1, cap: 'day' },
    });
  });

  it('tells once a run what became of those it took', async () => {
    guests(2);
    await run();
    world.operator.statuses = [
      { gatewayId: 'id-1', status: 'delivered', code: '103', cost: '5.1000' },
      { gatewayId: 'id-2', status: 'pending', code: '102', cost: null },
    ];
    await pass(HOUR);
    expect(await run()).toMatchObject({ invited: { delivered: 1, undelivered: 0 } });
    expect(await run()).toMatchObject({ invited: { delivered: 0 } });
    await pass(4 * DAY);
    const calls = world.operator.calls.length;
    await run();
    expect(world.operator.calls).toHaveLength(calls);
  });

  it('that replaces the sender’s name is told of', async () => {
    guests(2);
    answering(acceptedSms('x', { warning: 'sender_replaced' }));
    expect(codes(await run())).toEqual(['sms_sender_replaced']);
  });
});

describe('Telegram', () => {
  it('that is down for an hour makes nobody be invited', async () => {
    guests(3);
    await world.telegram.refuse();
    for (let minute = 0; minute < 60; minute += 5) {
      await run();
      await pass(5 * MINUTE);
    }
    expect([world.operator.calls, world.invitations()]).toEqual([[], []]);
  });

  it('whose updates somebody else reads makes nobody be invited, not even who waited for the morning', async () => {
    await pass(instantAt('2026-11-24 23:30:00.000', 'Europe/Moscow') - world.clock.now());
    const anna = world.customer('Анна', PHONE);
    world.operation(anna);
    expect((await run()).invited).toMatchObject({ planned: 1, waiting: 1 });
    const elsewhere = world.telegram.bot();
    elsewhere.setWebhook('https://example.org/hook');
    await pass(12 * HOUR);
    // Anna may have pressed Start, and who reads the updates doesn't tell us.
    expect((await run()).exitCode).toBe(5);
    expect(world.operator.sent).toEqual([]);
    elsewhere.setWebhook(null);
    await pass(MINUTE);
    await run();
    expect(world.operator.sent).toHaveLength(1);
  });

  it.each([
    ['falls silent', { kind: 'closeBeforeProcessing' }, ['sendMessage', 'getMe'], { inDoubt: 1 }],
    ['asks for silence', { kind: 'storm429', retryAfter: 600 }, ['sendMessage'], { waiting: 1 }],
  ] as const)('that %s between the poll and the notices makes nobody be invited', async (_what, fault, methods, sent) => {
    const anna = world.customer('Анна');
    world.guest(anna);
    await run();
    await pass(MINUTE);
    world.operation(anna);
    guests(1);
    for (const method of methods) world.telegram.faults.add({ ...fault, method, times: Number.POSITIVE_INFINITY });
    const summary = await run();
    expect(summary.sent).toMatchObject({ delivered: 0, ...sent });
    expect(world.operator.sent).toEqual([]);
    world.telegram.faults.clear();
    await pass(11 * MINUTE);
    await run();
    expect(world.operator.sent).toHaveLength(1);
  });

  it('that would be given the wrong text by everybody makes nobody be invited to it', async () => {
    const subscribed = ['Анна', 'Борис', 'Вера'].map((name) => world.customer(name));
    for (const customer of subscribed) world.guest(customer);
    await run();
    await pass(MINUTE);
    for (const customer of subscribed) world.operation(customer);
    guests(1);
    await pass(2 * HOUR);
    const refused = async () => ({ outcome: 'refused', code: 'bad_text', whose: 'ours', detail: '' }) as const;
    expect(await run({}, { app: (app) => ({ channel: { ...app.channel, send: refused } }) })).toMatchObject({
      exitCode: 4,
      sent: { delivered: 0, refusedOurs: 3 },
    });
    expect(world.operator.sent).toEqual([]);
  });

  it('that gives the bot a longer name than the text leaves room for makes nobody be invited, and the count is told', async () => {
    guests(1);
    const text = { ru: 'я'.repeat(57) };
    const summary = await run(
      { text },
      { settings: { restaurant: 'Пенка' }, app: (app) => ({ channel: { ...app.channel, identify: namedAtLength(32) } }) },
    );
    expect([summary.exitCode, codes(summary), world.invitations()]).toEqual([2, ['sms_too_long'], []]);
    expect(await run({ text }, { app: (app) => ({ channel: { ...app.channel, identify: namedAtLength(20) } }) })).toMatchObject({
      invited: { accepted: 1 },
    });
  });
});

function namedAtLength(length: number) {
  return async () => ({ answer: 'bot', bot: { id: '1', username: 'b'.repeat(length), firstName: '' } }) as const;
}
