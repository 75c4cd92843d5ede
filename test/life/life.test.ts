import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { memoryFolder } from '../support/memory-folder.ts';
import { openKept } from './kept.ts';
import { live } from './life.ts';
import type { LifeTurn } from './life.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(memoryFolder(), 'tp-tg-notify-life-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function turnOf(from: number, goesOn: () => boolean): LifeTurn {
  return {
    from,
    folder: join(folder, 'living'),
    days: 2,
    everyMs: 30 * 60_000,
    operationsADay: 100,
    customers: 60,
    subscribers: 4,
    eventDayEvery: 2,
    upkeepEvery: 1,
    upgradeOn: [2],
    log: { maxSize: '100KB', keep: 2 },
    kept: openKept(join(folder, 'kept')),
    keepEvery: 1,
    onKept: () => {},
    goesOn,
    tell: () => {},
  };
}

const WHOLE = { days: 2, clockChanges: 1, broken: [], verdict: { lost: 0, notTold: 0, doubled: 0, toldToOthers: 0 } };

/** Two days of which the second has the clocks changed, an event day among them. */
describe('a restaurant of few days', () => {
  it('loses nothing and tells everything once in spring, when an hour is missing, over prune, a new key and an upgrade', async () => {
    const lived = await live(turnOf(Date.UTC(2026, 2, 28), () => true));
    expect(lived).toMatchObject({ ...WHOLE, resumed: 0 });
    expect(lived.operations).toBeGreaterThan(150);
    expect(lived.upkeep).toHaveLength(3);
    expect(lived.pruned.map(({ day }) => day)).toEqual([1, 2]);
    for (const { rows, operations } of lived.pruned) expect(rows).toBeGreaterThan(operations / 2);
  });

  it('goes on in autumn, when an hour comes twice, where it was interrupted, as if it had not been', async () => {
    const from = Date.UTC(2026, 9, 24);
    const days = [true, false];
    const first = await live(turnOf(from, () => days.shift() ?? false));
    expect(first).toMatchObject({ ...WHOLE, days: 1, clockChanges: 0 });
    const lived = await live(turnOf(from, () => true));
    expect(lived).toMatchObject({ ...WHOLE, resumed: 1 });
    expect(lived.operations).toBeGreaterThan(first.operations + 75);
    expect(lived.upkeep).toHaveLength(3);
  });
});
