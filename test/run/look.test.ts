import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { addWall } from '../../src/core/wall-time.ts';
import type { TaskPast } from '../../src/ports/opening.ts';
import { allowedCustomers, dueLook, lookSince, lookSinceLast } from '../../src/run/look.ts';
import type { RunRequest } from '../../src/run/request.ts';
import { taskSettings } from '../support/task-settings.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Tuesday; quiet hours are 2 to 6. */
const NOON = '2026-11-24 12:00:00.000';
const NIGHT = '2026-11-24 03:00:00.000';
const ago = (ms: number, from = NOON): string => addWall(from, -ms);

const REQUEST: RunRequest = {
  kind: 'since_last',
  botId: '1',
  tasks: [],
  asked: ['default'],
  since: null,
  until: null,
  customers: null,
  operations: null,
  limit: null,
  maxAgeMs: null,
  yes: false,
};
const CUSTOMER = 'c0000000-0000-4000-8000-000000000001';
const OTHER = 'c0000000-0000-4000-8000-000000000002';

/** A task that ran a minute ago and has nothing overdue. */
const past = (wish: Partial<TaskPast> = {}): TaskPast => ({
  taskId: 'default',
  watermark: ago(MINUTE),
  firstLookDone: true,
  overlapLookAt: ago(10 * MINUTE),
  deepLookAt: ago(9 * HOUR),
  brakeHeldAt: null,
  ...wish,
});
const NEW: TaskPast = {
  taskId: 'default',
  watermark: null,
  firstLookDone: false,
  overlapLookAt: null,
  deepLookAt: null,
  brakeHeldAt: null,
};

const look = (
  wish: {
    readonly settings?: Parameters<typeof taskSettings>[0];
    readonly past?: TaskPast;
    readonly request?: Partial<RunRequest>;
    readonly wallNow?: string;
    readonly onWake?: boolean;
  } = {},
): ReturnType<typeof lookSinceLast> =>
  lookSinceLast(taskSettings(wish.settings), wish.past ?? past(), {
    ...REQUEST,
    ...wish.request,
    wallNow: wish.wallNow ?? NOON,
    onWake: wish.onWake ?? false,
  });

describe('dueLook', () => {
  it.each([
    ['never planned', NEW, NOON, false, 'first'],
    ['never planned, woken', NEW, NOON, true, 'first'],
    ['a first look that was limited', past({ firstLookDone: false }), NOON, true, 'first'],
    ['nothing overdue', past(), NOON, false, 'hot'],
    ['nothing overdue, woken', past(), NOON, true, 'hot'],
    ['overlap an hour old', past({ overlapLookAt: ago(HOUR) }), NOON, false, 'overlap'],
    ['overlap just under an hour old', past({ overlapLookAt: ago(HOUR - 1) }), NOON, false, 'hot'],
    ['overlap an hour old, woken', past({ overlapLookAt: ago(HOUR) }), NOON, true, 'hot'],
    ['overlap three hours old, woken each time', past({ overlapLookAt: ago(3 * HOUR) }), NOON, true, 'overlap'],
    ['overlap stamped in the future', past({ overlapLookAt: ago(-DAY) }), NOON, false, 'overlap'],
    ['never an overlap', past({ overlapLookAt: null }), NOON, false, 'overlap'],
    ['deep 20 h old at noon', past({ deepLookAt: ago(20 * HOUR) }), NOON, false, 'hot'],
    ['deep 20 h old at night', past({ deepLookAt: ago(20 * HOUR, NIGHT), overlapLookAt: ago(0, NIGHT) }), NIGHT, false, 'deep'],
    ['deep 20 h old at night, woken', past({ deepLookAt: ago(20 * HOUR, NIGHT), overlapLookAt: ago(0, NIGHT) }), NIGHT, true, 'hot'],
    ['deep 19 h old at night', past({ deepLookAt: ago(19 * HOUR, NIGHT), overlapLookAt: ago(0, NIGHT) }), NIGHT, false, 'hot'],
    ['deep three days old at noon: the host sleeps at night', past({ deepLookAt: ago(3 * DAY) }), NOON, false, 'deep'],
    ['deep never, at noon', past({ deepLookAt: null }), NOON, false, 'deep'],
    ['deep and overlap due at night', past({ deepLookAt: null, overlapLookAt: null }), NIGHT, false, 'deep'],
    ['the brake holds', past({ brakeHeldAt: ago(DAY) }), NOON, false, 'overlap'],
    ['the brake holds, woken', past({ brakeHeldAt: ago(DAY) }), NOON, true, 'overlap'],
    ['the brake holds, deep due', past({ brakeHeldAt: ago(DAY), deepLookAt: null }), NIGHT, false, 'overlap'],
    ['the brake holds the first look', { ...NEW, brakeHeldAt: ago(DAY) }, NOON, false, 'first'],
  ] as const)('%s', (_what, before, wallNow, onWake, expected) => {
    expect(dueLook(before, wallNow, onWake)).toBe(expected);
  });
});

describe('lookSinceLast', () => {
  it.each([
    ['first: from the start date', { past: NEW, settings: { startDate: '2026-11-01 00:00:00.000' } }, '2026-11-01 00:00:00.000'],
    ['first without a start date: the ledger knows since when', { past: NEW, settings: { startDate: null } }, ago(92 * DAY)],
    ['first with a start date ahead', { past: NEW, settings: { startDate: ago(-DAY) } }, ago(-DAY)],
    ['hot: a quarter before the last look', {}, ago(16 * MINUTE)],
    ['hot after a week off: all of it', { past: past({ watermark: ago(8 * DAY) }), onWake: true }, ago(8 * DAY + 15 * MINUTE)],
    ['hot never reaches behind the start date', { settings: { startDate: ago(10 * MINUTE) } }, ago(10 * MINUTE)],
    ['overlap: seven days before the last look', { past: past({ overlapLookAt: null }) }, ago(7 * DAY + MINUTE)],
    ['overlap never reaches behind the start date', { past: past({ overlapLookAt: null }), settings: { startDate: ago(DAY) } }, ago(DAY)],
    [
      'deep: from the start date',
      { past: past({ deepLookAt: null }), settings: { startDate: '2026-01-01 00:00:00.000' } },
      '2026-01-01 00:00:00.000',
    ],
    ['deep without a start date: a quarter of a year', { past: past({ deepLookAt: null }), settings: { startDate: null } }, ago(92 * DAY)],
    ['a watermark a day ahead: from now', { past: past({ watermark: ago(-DAY) }) }, ago(15 * MINUTE)],
    ['a watermark a minute ahead: from now', { past: past({ watermark: ago(-MINUTE) }) }, ago(15 * MINUTE)],
    ['no watermark though a look was done', { past: past({ watermark: null }) }, ago(15 * MINUTE)],
  ])('%s', (_what, wish, from) => {
    expect(look(wish).query.from).toBe(from);
  });

  it('tells of a watermark only when it lies further ahead than clocks differ', () => {
    const future = (ms: number): boolean => look({ past: past({ watermark: ago(-ms) }) }).watermarkInFuture;
    expect([future(-MINUTE), future(5 * MINUTE), future(5 * MINUTE + 1), future(DAY)]).toEqual([false, false, true, true]);
  });

  it('has no upper bound, so that an operation dated ahead is told', () => {
    expect(look().query.until).toBeNull();
  });

  it('moves the task to the clock at its beginning and stamps what it covered', () => {
    expect(look().move).toEqual({
      watermark: NOON,
      firstLookDone: true,
      overlapLookAt: past().overlapLookAt,
      deepLookAt: past().deepLookAt,
      brakeHeldAt: null,
    });
    expect(look({ past: past({ overlapLookAt: null }) }).move).toMatchObject({ overlapLookAt: NOON, deepLookAt: past().deepLookAt });
    expect(look({ past: past({ deepLookAt: null }) }).move).toMatchObject({ overlapLookAt: NOON, deepLookAt: NOON });
    expect(look({ past: NEW }).move).toMatchObject({ overlapLookAt: NOON, deepLookAt: NOON });
  });

  it.each([
    ['test mode', { settings: { mode: 'test', allow: [CUSTOMER] } }],
    ['--customer', { request: { customers: [CUSTOMER] } }],
    ['--operation', { request: { operations: ['o'] } }],
  ] as const)('moves nothing with %s', (_what, wish) => {
    expect(look(wish).move).toBeNull();
  });

  it('counts age from the watermark, so that a back-dated row found late is fresh', () => {
    expect(look().query).toMatchObject({ ageAt: NOON, ageFloor: ago(MINUTE), timeToLiveMs: 72 * HOUR });
  });

  it.each([
    ['on a first look', { past: NEW }, null],
    ['on a first look with --max-age', { past: NEW, request: { maxAgeMs: HOUR } }, HOUR],
    ['with --max-age', { request: { maxAgeMs: HOUR } }, HOUR],
  ] as const)('lives %s', (_what, wish, expected) => {
    expect(look(wish).query.timeToLiveMs).toBe(expected);
  });

  it('stops ageing when the brake stopped, but never counts from a future one', () => {
    expect(look({ past: past({ brakeHeldAt: ago(2 * DAY) }) }).query.ageAt).toBe(ago(2 * DAY));
    expect(look({ past: past({ brakeHeldAt: ago(-DAY) }) }).query.ageAt).toBe(NOON);
    expect(look({ past: past({ watermark: ago(-DAY) }) }).query.ageFloor).toBeNull();
  });

  it('calls finds late where the overlap did not reach: a deep look’s, and those that a version shows to any look', () => {
    expect(look({ past: past({ deepLookAt: null }) }).query.lateBefore).toBe(ago(7 * DAY + MINUTE));
    expect(look().query.lateBefore).toBe(ago(7 * DAY + MINUTE));
    expect(look({ past: NEW }).query.lateBefore).toBeNull();
  });

  it('marks all of the past, not just the last minutes', () => {
    const marked = look({ request: { kind: 'mark_only' }, settings: { startDate: '2026-01-01 00:00:00.000' } });
    expect(marked.query).toMatchObject({ look: 'deep', from: '2026-01-01 00:00:00.000', markOnly: true });
    expect(look({ request: { kind: 'mark_only' }, past: NEW }).query.look).toBe('first');
  });

  it('leaves no gap behind it: each look begins before the look before began', () => {
    const step = fc.record({ ms: fc.integer({ min: -2 * HOUR, max: 3 * DAY }), onWake: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }), (steps) => {
        let before = NEW;
        let wallNow = NOON;
        for (const { ms, onWake } of steps) {
          wallNow = addWall(wallNow, ms);
          const { query, move } = look({ past: before, wallNow, onWake });
          expect(query.from !== null && query.from <= wallNow).toBe(true);
          if (before.watermark !== null) expect(query.from !== null && query.from < before.watermark).toBe(true);
          if (move === null) throw new Error('an ordinary look moves its task');
          before = { taskId: 'default', ...move };
        }
      }),
    );
  });
});

describe('lookSince', () => {
  const since = (request: Partial<RunRequest> = {}, settings: Parameters<typeof taskSettings>[0] = {}): ReturnType<typeof lookSince> =>
    lookSince(taskSettings(settings), {
      ...REQUEST,
      kind: 'since',
      since: '2026-11-10 00:00:00.000',
      until: '2026-11-11 00:00:00.000',
      ...request,
      wallNow: NOON,
    });

  it('takes just the window that was asked for, old or not, and moves nothing', () => {
    const { query, move } = since();
    expect(query).toMatchObject({
      look: 'since',
      from: '2026-11-10 00:00:00.000',
      until: '2026-11-11 00:00:00.000',
      timeToLiveMs: null,
      lateBefore: null,
      admittedOnly: false,
      revive: true,
    });
    expect(move).toBeNull();
  });

  it('lets things be too old only when asked', () => {
    expect(since({ maxAgeMs: DAY }).query).toMatchObject({ timeToLiveMs: DAY, ageAt: NOON, ageFloor: null });
  });

  it('marks without reviving', () => {
    expect(since({ kind: 'mark_only' }).query).toMatchObject({ markOnly: true, revive: false });
  });

  it('keeps to the allow-list in test mode', () => {
    expect(since({}, { mode: 'test', allow: [CUSTOMER] }).query.customers).toEqual([CUSTOMER]);
  });
});

describe('allowedCustomers', () => {
  const test = (...allow: readonly string[]) => taskSettings({ mode: 'test', allow });
  it.each([
    ['a live task', [taskSettings()], null, null],
    ['a live task with --customer', [taskSettings()], [CUSTOMER], [CUSTOMER]],
    ['a task in test mode', [test(CUSTOMER)], null, [CUSTOMER]],
    ['a task in test mode with --customer outside the list', [test(CUSTOMER)], [OTHER], []],
    ['two in test mode', [test(CUSTOMER), test(CUSTOMER, OTHER)], null, [CUSTOMER, OTHER]],
    ['one of them live', [test(CUSTOMER), taskSettings()], null, null],
    ['an empty list', [test()], null, []],
  ] as const)('%s', (_what, tasks, customers, expected) => {
    expect(allowedCustomers({ tasks, customers })).toEqual(expected);
  });
});
