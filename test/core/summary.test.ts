import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { addCounts } from '../../src/core/counts.ts';
import { addSent, addTask, NOTHING_SENT, uniqueFindings } from '../../src/core/summary.ts';
import type { SentSum, TaskSum } from '../../src/core/summary.ts';

const look = (wish: Partial<TaskSum> = {}): TaskSum => ({
  taskId: 'a',
  look: 'hot',
  from: '2026-11-24 11:45:00.000',
  until: null,
  planned: 0,
  notices: 0,
  skipped: {},
  unsubscribedCustomers: 0,
  held: 0,
  oldestHeld: null,
  ...wish,
});

describe('addCounts', () => {
  it('adds by key and leaves both as they were', () => {
    const a = { too_old: 1, removed: 2 } as const;
    const b = { removed: 3, late: 4 } as const;
    expect(addCounts<'too_old' | 'removed' | 'late'>(a, b)).toEqual({ too_old: 1, removed: 5, late: 4 });
    expect([a, b]).toEqual([
      { too_old: 1, removed: 2 },
      { removed: 3, late: 4 },
    ]);
  });
});

describe('addSent', () => {
  it('adds each number to its own kind, in whatever order', () => {
    const numbers = Object.keys(NOTHING_SENT).filter((key) => key !== 'skipped');
    const sum = fc.record({
      ...Object.fromEntries(numbers.map((key) => [key, fc.nat(1_000)])),
      skipped: fc.constantFrom({}, { too_old: 2 }, { removed: 1, too_old: 1 }),
    });
    fc.assert(
      fc.property(fc.array(sum as unknown as fc.Arbitrary<SentSum>, { maxLength: 6 }), (sums) => {
        const total = sums.reduce(addSent, NOTHING_SENT);
        expect(sums.toReversed().reduce(addSent, NOTHING_SENT)).toEqual(total);
        for (const key of numbers as (keyof SentSum)[]) expect(total[key]).toBe(sums.reduce((n, one) => n + Number(one[key]), 0));
      }),
    );
  });

  it('takes what a batch leaves out for nothing', () => {
    expect(addSent({ ...NOTHING_SENT, delivered: 2 }, { inDoubt: 1 })).toEqual({ ...NOTHING_SENT, delivered: 2, inDoubt: 1 });
  });
});

describe('addTask', () => {
  it('puts a task in the order of its first look', () => {
    const tasks = [look({ taskId: 'b' }), look({ taskId: 'a' }), look({ taskId: 'b' })].reduce<TaskSum[]>(addTask, []);
    expect(tasks.map((task) => task.taskId)).toEqual(['b', 'a']);
  });

  it('adds what looks did and shows the window of the first', () => {
    const first = look({
      look: 'overlap',
      from: '2026-11-17 12:00:00.000',
      planned: 3,
      notices: 2,
      skipped: { too_old: 1 },
      unsubscribedCustomers: 1,
    });
    const further = look({ planned: 1, notices: 1, skipped: { too_old: 1, not_subscribed: 2 }, unsubscribedCustomers: 2 });
    expect(addTask([first], further)).toEqual([
      { ...first, planned: 4, notices: 3, skipped: { too_old: 2, not_subscribed: 2 }, unsubscribedCustomers: 3 },
    ]);
  });

  it('counts what the brake holds once, as the last look found it', () => {
    const held = look({ held: 400, oldestHeld: '2026-11-01 10:00:00.000' });
    expect(addTask([held], { ...held, held: 398 })).toMatchObject([{ held: 398 }]);
    expect(addTask([held], look())).toMatchObject([{ held: 0, oldestHeld: null }]);
  });

  it('keeps what is held when a further look could not look', () => {
    const held = look({ held: 400, oldestHeld: '2026-11-01 10:00:00.000' });
    expect(addTask([held], look({ look: 'none', from: null }))).toEqual([held]);
    expect(addTask([look({ look: 'none', from: null })], held)).toEqual([held]);
  });
});

describe('uniqueFindings', () => {
  it('tells the same thing once, with its last numbers, at its first place', () => {
    const brake = (notices: number) => ({ code: 'brake', args: { task: 'a', notices, brake: 300, oldest: '2026-11-01 10:00:00.000' } });
    const limited = { code: 'telegram_limited', args: { seconds: 5 } };
    expect(uniqueFindings([brake(400), limited, brake(398), { code: 'telegram_limited', args: { seconds: 1 } }])).toEqual([
      brake(398),
      { ...limited, args: { seconds: 1 } },
    ]);
  });

  it('keeps what is about different things', () => {
    const findings = [
      { code: 'account_type_unknown', args: { task: 'a', id: '1' } },
      { code: 'account_type_unknown', args: { task: 'a', id: '2' } },
      { code: 'account_type_unknown', args: { task: 'b', id: '1' } },
      { code: 'customer_group_unknown', args: { task: 'b', id: '1' } },
    ];
    expect(uniqueFindings([...findings, ...findings])).toEqual(findings);
  });
});
