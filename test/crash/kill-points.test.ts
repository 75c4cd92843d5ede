import { describe, expect, it } from 'vitest';

import type { RunSummary } from '../../src/core/summary.ts';
import { MINUTE, nextPoll, subscribe } from '../support/guests.ts';
import { dieAt, Killed } from '../support/kill-points.ts';
import type { KillPoint } from '../support/kill-points.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const SUMS = [111, 222, 333] as const;
/** Two at once: a batch of two and one of one. */
const CONCURRENCY = 2;

interface Aftermath {
  readonly diedAt: string | null;
  /** For each operation, how often a guest was told: plainly and marked as a possible repeat. */
  readonly told: readonly { readonly plain: number; readonly marked: number }[];
  readonly later: readonly RunSummary[];
  readonly states: Record<string, number>;
}

/** Two subscribers, a third who has just pressed Start, an operation each; then a run that dies, and runs that don't. */
async function dieAndGoOn(point: KillPoint): Promise<Aftermath> {
  const world = await openWorld();
  try {
    const customers = [...(await subscribe(world, 2)).map(({ customer }) => customer), world.customer('Вера')];
    world.guest(customers[2] ?? '', 'Вера');
    for (const [index, customer] of customers.entries()) world.operation(customer, { ago: MINUTE, sum: -(SUMS[index] ?? 0) });
    const settings = { concurrency: CONCURRENCY };
    const dying = dieAt(point);
    await world.run({ settings, app: dying.app }).catch(isKill);
    const later: RunSummary[] = [];
    for (let n = 0; n < 3; n += 1) {
      await nextPoll(world);
      later.push(await world.run({ settings }));
      await world.clock.advance(16 * MINUTE);
    }
    return { diedAt: dying.diedAt(), told: countTold(world), later, states: world.states() };
  } finally {
    await world.close();
  }
}

function isKill(error: unknown): void {
  if (!(error instanceof Killed)) throw error;
}

/** By Telegram's own record, not by ours; the greeting shows the last operation too, but tells nothing. */
function countTold({ telegram }: World): Aftermath['told'] {
  return SUMS.map((sum) => {
    const copies = telegram.messages.filter(({ text }) => new RegExp(`[−-]${sum}\\b`).test(text) && !text.includes('Последняя операция'));
    const marked = copies.filter(({ text }) => /повтор/i.test(text)).length;
    return { plain: copies.length - marked, marked };
  });
}

/** Every guest told once; or, of the one batch that was on its way, perhaps once more with its mark, which a run has shown before. */
function expectKept({ told, later, states }: Aftermath, where: string): void {
  expect(states, where).toEqual({ delivered: SUMS.length });
  for (const { plain, marked } of told) {
    expect(plain, where).toBeLessThanOrEqual(1);
    expect(marked, where).toBeLessThanOrEqual(1);
    expect(plain + marked, where).toBeGreaterThanOrEqual(1);
  }
  const marks = told.reduce((sum, one) => sum + one.marked, 0);
  expect(marks, where).toBeLessThanOrEqual(CONCURRENCY);
  expect(
    later.reduce((sum, { sent }) => sum + sent.orphaned, 0),
    where,
  ).toBe(marks);
  if (marks > 0)
    expect(
      later.map(({ exitCode }) => exitCode),
      where,
    ).toContain(4);
}

describe('a run killed at any call', () => {
  it.each(['before', 'after'] as const)(
    '%s it is followed by runs that tell every guest once, or once more with a mark',
    { timeout: 60_000 },
    async (side) => {
      const points: string[] = [];
      const marked: string[] = [];
      for (let call = 1; ; call += 1) {
        const aftermath = await dieAndGoOn({ call, side });
        if (aftermath.diedAt === null) break;
        const where = `${side} call ${call}, ${aftermath.diedAt}`;
        expectKept(aftermath, where);
        points.push(aftermath.diedAt);
        if (aftermath.told.some((one) => one.marked > 0)) marked.push(aftermath.diedAt);
      }
      // The run had a page of subscriptions, a plan and three notices in two batches to die in.
      for (const name of ['openRun', 'pull', 'saveUpdates', 'savePoll', 'plan', 'finishRun']) expect(points).toContain(name);
      expect(points.filter((name) => name === 'send')).toHaveLength(4);
      expect(points.filter((name) => name === 'advance').length).toBeGreaterThanOrEqual(3);
      // And what was on its way is all that was ever in doubt.
      expect(new Set(marked)).toEqual(new Set(['advance', 'send']));
    },
  );
});
