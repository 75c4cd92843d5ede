import { hostname } from 'node:os';

import { describe, expect, it } from 'vitest';

import type { Ended } from '../support/processes.ts';
import { findBroken } from './crowd.ts';
import type { CrowdRound } from './crowd.ts';

const sender = end(100, { opened: 'opened', delivered: 1 });

function end(
  pid: number,
  { opened, delivered = 0, named }: { opened: string; delivered?: number; named?: Readonly<Record<string, unknown>> },
): CrowdRound['ends'][number] {
  const findings = named === undefined ? [] : [{ code: 'open_busy', args: named }];
  const summary = { opened, sent: { delivered }, findings } as unknown as NonNullable<Ended['summary']>;
  return { code: 0, signal: null, out: '', err: '', summary, pid };
}

const roundOf = (...named: readonly Readonly<Record<string, unknown>>[]): CrowdRound => ({
  ends: [sender, ...named.map((one, index) => end(101 + index, { opened: 'busy', named: one }))],
  told: [],
  longestMs: 0,
});

describe('a crowd', () => {
  it('is in order when whoever leaves names the process that sends', () => {
    expect(findBroken(roundOf({ host: hostname(), pid: 100 }, { host: '?', pid: 0 }))).toEqual([]);
  });

  it.each([
    ['a dead one', { host: hostname(), pid: 99 }, /naming another/u],
    ['another host', { host: 'elsewhere', pid: 100 }, /naming another/u],
    ['a process without a host', { host: '?', pid: 100 }, /without naming/u],
    ['nobody, like all the others', { host: '?', pid: 0 }, /all left without/u],
  ])('is not when somebody names %s', (_whom, named, sentence) => {
    expect(findBroken(roundOf(named)).join()).toMatch(sentence);
  });
});
