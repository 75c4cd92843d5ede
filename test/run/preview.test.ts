import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';

import type { TaskSettings } from '../../src/core/settings.ts';
import type { InvitationReader } from '../../src/ports/invitations.ts';
import type { PlanReader } from '../../src/ports/plan.ts';
import type { OpenGateway } from '../../src/run/inviting.ts';
import type { RunRequest } from '../../src/run/request.ts';
import { preview } from '../../src/run/preview.ts';
import type { DryRun } from '../../src/run/preview.ts';
import { openPlanReader } from '../../src/sqlite/ledger.ts';
import { DAY, HOUR, MINUTE, SECOND, subscribe } from '../support/guests.ts';
import { taskSettings } from '../support/task-settings.ts';
import { BONUS, BOT_ID, DEPOSIT, openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const REQUEST: Omit<RunRequest, 'botId' | 'tasks' | 'asked'> = {
  kind: 'since_last',
  since: null,
  until: null,
  customers: null,
  operations: null,
  limit: null,
  maxAgeMs: null,
  yes: false,
};

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** By a reader that opened the file read-only, and that throws at whatever a dry run has no business with. */
async function dryRun(
  settings: Parameters<typeof taskSettings>[0] = {},
  wish: { readonly request?: Partial<RunRequest>; readonly tasks?: readonly TaskSettings[] } = {},
): Promise<DryRun> {
  const opened = openPlanReader({ file: world.file, clock: world.clock, serverZone: 'Europe/Moscow' });
  const reader = new Proxy(opened, {
    get: (target, name) => {
      if (READS.has(String(name))) return Reflect.get(target, name) as unknown;
      throw new Error(`a dry run asked for ${String(name)}`);
    },
  });
  const tasks = wish.tasks ?? [taskSettings(settings)];
  try {
    return await preview(
      { reader, openGateway: world.operator.open },
      { ...REQUEST, botId: BOT_ID, tasks, asked: tasks.map((task) => task.id), ...wish.request },
      20,
    );
  } finally {
    await opened.close();
  }
}

const READS: ReadonlySet<string> = new Set([
  'readClock',
  'readPlace',
  'readTasks',
  'measure',
  'preview',
  'describeFilters',
  'readInvitees',
  'readSpent',
]);

describe('preview', () => {
  it.each([
    ['everything', {}],
    ['chosen account types', { accountTypes: [DEPOSIT] }],
  ])('counts before the very first run what that run plans, with %s', async (_what, settings) => {
    world.operation(world.customer());
    world.operation(world.customer());
    const before = await dryRun(settings);
    expect(before.tasks).toMatchObject([{ look: 'first', skipped: { not_subscribed: 2 }, unsubscribedCustomers: 2 }]);
    expect(world.states()).toEqual({});
    const { tasks } = await world.run({ settings });
    expect(tasks).toEqual(before.tasks);
  });

  it('shows the notices that the next run sends', async () => {
    const customer = world.customer();
    const guest = world.guest(customer);
    await world.run();
    world.operation(customer, { sum: -450 });
    const { shown, tasks } = await dryRun();
    expect(tasks).toMatchObject([{ look: 'hot', planned: 1, notices: 1 }]);
    expect(shown).toMatchObject([{ customerId: customer, chatId: guest.chatId, operations: 1 }]);
    await world.run();
    expect(guest.received.at(-1)?.html).toBe(shown[0]?.html);
  });

  it('is handed a reader and nothing else, and that reader has no way to write', () => {
    expectTypeOf<Parameters<typeof preview>[0]>().toEqualTypeOf<{
      readonly reader: PlanReader & InvitationReader;
      readonly openGateway: OpenGateway;
    }>();
    expectTypeOf<keyof InvitationReader>().toEqualTypeOf<'readInvitees' | 'readSpent'>();
    expectTypeOf<keyof PlanReader>().toEqualTypeOf<
      'readClock' | 'readPlace' | 'readHorizon' | 'readTasks' | 'measure' | 'preview' | 'describeFilters'
    >();
  });

  it('says of a copy that it is one', async () => {
    world.operation(world.customer());
    world.database.exec("update place set bound_to = 'elsewhere'");
    const { exitCode, findings, tasks } = await dryRun();
    expect(exitCode).toBe(7);
    expect(findings).toMatchObject([{ code: 'open_copy', args: { boundTo: 'elsewhere', here: expect.stringContaining(world.file) } }]);
    expect(tasks).toMatchObject([{ skipped: { not_subscribed: 1 } }]);
  });

  describe('of invitations', () => {
    const sms = { operator: 'smsru', price: '5.0000' } as const;

    it('asks nobody outside in a copy: the price is that of the settings', async () => {
      world.operation(world.customer('Анна', '8 916 123-45-67'));
      world.operator.cost = { answer: 'cost', roubles: '8.4000', segments: 2 };
      world.database.exec("update place set bound_to = 'elsewhere'");
      const { invitations } = await dryRun({ sms });
      expect(invitations).toMatchObject([{ texts: 1, pricedBy: 'settings' }]);
      expect([world.operator.calls, world.operator.opened]).toEqual([[], 0]);
    });

    it('tells the bill before it is spent, and the run then spends it', async () => {
      for (const phone of ['8 916 123-45-67', '+7 903 765-43-21', '']) world.operation(world.customer('Анна', phone));
      world.operator.cost = { answer: 'cost', roubles: '8.4000', segments: 2 };
      const { invitations, exitCode } = await dryRun({ sms });
      expect(invitations).toEqual([
        {
          taskId: 'default',
          operator: 'smsru',
          texts: 2,
          segments: 4,
          cost: '16.8000',
          pricedBy: 'operator',
          held: 0,
          skipped: { no_phone: 1 },
          braked: false,
          spent: { day: 0, month: 0 },
          waiting: { texts: 0, segments: 0 },
          cap: null,
        },
      ]);
      expect([exitCode, world.operator.calls, world.operator.opened, world.invitations()]).toEqual([0, ['cost'], 0, []]);
      const { invited } = await world.run({ settings: { sms } });
      expect(invited).toMatchObject({ accepted: 2, segments: 4, cost: '16.8000', skipped: { no_phone: 1 } });
    });

    it('takes the price of the settings where the operator tells none, and says when nobody knows it', async () => {
      world.operation(world.customer('Анна', '8 916 123-45-67'));
      expect((await dryRun({ sms })).invitations).toMatchObject([{ cost: '10.0000', pricedBy: 'settings' }]);
      expect((await dryRun({ sms: { ...sms, price: null } })).invitations).toMatchObject([{ texts: 1, cost: null, pricedBy: null }]);
    });

    it('sees the brake and the caps ahead', async () => {
      for (let at = 0; at < 4; at += 1) world.operation(world.customer('Гость', `+7 916 000-00-0${at}`));
      const braked = await dryRun({ sms: { ...sms, brake: 3 } });
      expect([braked.exitCode, braked.findings.map(({ code }) => code)]).toEqual([9, ['sms_brake_ahead']]);
      const caps = { run: 400, day: 7, month: 3_000, customer: 12 };
      expect((await dryRun({ sms: { ...sms, caps } })).invitations).toMatchObject([{ braked: false, segments: 8, cap: 'day' }]);
    });

    it('ends where --limit stops the plan, and counts whom an earlier run left asking', async () => {
      const [guest] = await subscribe(world, 1);
      for (let at = 0; at < 2; at += 1) world.operation(world.customer('Гость', `+7 916 000-00-0${at}`));
      await world.run({ settings: { sms: { ...sms, brake: 1 } } });
      await world.clock.advance(10 * MINUTE);
      const told = [8, 6].map((minutes) => world.operation(guest?.customer ?? '', { ago: minutes * MINUTE }));
      const strangers = [9, 7, 5].map((minutes) => {
        const stranger = world.customer('Гость', `+7 916 000-00-1${minutes}`);
        return world.operation(stranger, { ago: minutes * MINUTE });
      });
      const settings = { sms, digestGapMs: 0 };
      const dry = await dryRun(settings, { request: { limit: 1 } });
      expect(dry).toMatchObject({ tasks: [{ planned: 1, skipped: { not_subscribed: 2 } }], invitations: [{ texts: 4, segments: 8 }] });
      expect((await dryRun(settings)).invitations).toMatchObject([{ texts: 5 }]);
      expect(await world.run({ settings, request: { limit: 1 } })).toMatchObject({
        tasks: dry.tasks,
        invited: { planned: 4, segments: 8 },
      });
      const known = new Set(
        world.database
          .prepare('select operation_id as id from delivery')
          .all()
          .map(({ id }) => id),
      );
      expect([...told, ...strangers].map((id) => known.has(id))).toEqual([true, false, true, true, false]);
    });

    it('is none without an operator', async () => {
      world.operation(world.customer('Анна', '8 916 123-45-67'));
      expect((await dryRun()).invitations).toEqual([]);
    });
  });

  it('writes nothing and calls nobody', async () => {
    const [guest] = await subscribe(world, 1);
    world.operation(guest?.customer ?? '');
    const version = world.database.prepare('pragma data_version').get();
    const calls = world.telegram.calls.length;
    const { tasks } = await dryRun();
    expect(tasks).toMatchObject([{ planned: 1 }]);
    expect(world.database.prepare('pragma data_version').get()).toEqual(version);
    expect(world.telegram.calls.length).toBe(calls);
  });

  it('says what the brake would hold and shows only what would go', async () => {
    const [guest] = await subscribe(world, 1);
    for (let n = 0; n < 5; n += 1) world.operation(guest?.customer ?? '', { ago: (30 + n) * HOUR, sum: -1 - n });
    world.operation(guest?.customer ?? '', { sum: -777, ago: MINUTE });
    const request = { kind: 'since', since: '2026-11-01 00:00:00.000' } as const;
    const dry = await dryRun({ brake: 3 }, { request });
    expect(dry).toMatchObject({ exitCode: 9, tasks: [{ held: 5, planned: 1 }], findings: [{ code: 'brake_ahead', args: { notices: 5 } }] });
    expect(dry.shown.map(({ html }) => html)).toEqual([expect.stringContaining('777')]);
    expect(await dryRun({ brake: 3 }, { request: { ...request, yes: true } })).toMatchObject({
      exitCode: 0,
      tasks: [{ held: 0, planned: 6 }],
    });
  });

  it('counts no further than --limit, all tasks together, and shows no more', async () => {
    const [guest] = await subscribe(world, 1);
    for (let n = 0; n < 4; n += 1) world.operation(guest?.customer ?? '', { ago: (13 - 2 * n) * MINUTE, sum: -1 - n });
    world.operation(guest?.customer ?? '', { ago: MINUTE, accountType: BONUS });
    const tasks = [taskSettings({ id: 'a', accountTypes: [DEPOSIT] }), taskSettings({ id: 'b', accountTypes: [BONUS] })];
    const dry = await dryRun({}, { tasks, request: { kind: 'since', since: '2026-11-01 00:00:00.000', limit: 3 } });
    expect(dry.tasks).toMatchObject([
      { planned: 3, notices: 3 },
      { planned: 0, notices: 0 },
    ]);
    expect(dry.shown).toHaveLength(3);
  });

  it('names a filter that names nothing and goes on with the other task', async () => {
    const tasks = [taskSettings({ id: 'a', accountTypes: ['dddddddd-0000-4000-8000-000000000009'] }), taskSettings({ id: 'b' })];
    expect(await dryRun({}, { tasks })).toMatchObject({
      exitCode: 2,
      findings: [{ code: 'account_type_unknown' }],
      tasks: [{ taskId: 'b' }],
    });
  });

  it('says of any site and any wish what the run then plans', async () => {
    const operation = fc.record({
      who: fc.integer({ min: 0, max: 5 }),
      ago: fc.oneof(fc.integer({ min: 20, max: 900 }), fc.integer({ min: 20, max: 5 * 86_400 })),
    });
    const wish = fc.record({
      operations: fc.array(operation, { maxLength: 18, size: 'max' }),
      limit: fc.option(fc.integer({ min: 1, max: 6 })),
      brake: fc.constantFrom(2, 300),
      digestGapMs: fc.constantFrom(0, 60 * SECOND, HOUR),
      timeToLiveMs: fc.constantFrom(DAY, 72 * HOUR),
      since: fc.boolean(),
      yes: fc.boolean(),
      sign: fc.constantFrom('any', 'debit' as const),
    });
    const property = fc.asyncProperty(wish, async ({ operations, limit, since, yes, ...settings }) => {
      await world.close();
      world = await openWorld();
      const guests = await subscribe(world, 3);
      const strangers = ['', '8 916 123-45-67', '8 903 765-43-21'].map((phone) => world.customer('Пётр', phone));
      const people = [...guests.map(({ customer }) => customer), ...strangers];
      await world.clock.advance(2 * HOUR);
      // Each guest's operations are one task's: those of two tasks are parted where they alternate, which only the claim knows.
      for (const [index, { who, ago }] of operations.entries()) {
        const accountType = who % 2 === 0 ? DEPOSIT : BONUS;
        world.operation(people[who] ?? '', { ago: ago * SECOND, sum: index % 3 === 0 ? 10 + index : -10 - index, accountType });
      }
      const sms = { operator: 'smsru' } as const;
      const tasks = [
        taskSettings({ id: 'a', accountTypes: [DEPOSIT], apiRoot: world.telegram.url, sms, ...settings }),
        taskSettings({ id: 'b', accountTypes: [BONUS], apiRoot: world.telegram.url, sms, ...settings }),
      ];
      const request = { limit, yes, ...(since ? ({ kind: 'since', since: '2026-11-02 00:00:00.000' } as const) : {}) };
      const before = await dryRun({}, { tasks, request });
      const after = await world.run({ tasks, request });
      expect(after.tasks).toEqual(before.tasks);
      expect(after.invited.planned).toBe(before.invitations.reduce((sum, { texts }) => sum + texts, 0));
      expect(after.exitCode).toBe(before.exitCode);
      const received = new Set(guests.flatMap(({ person }) => person.received.map((line) => line.html)));
      for (const { html } of before.shown) expect(received).toContain(html);
    });
    await fc.assert(property, { numRuns: 25 });
  });
});
