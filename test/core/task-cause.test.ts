import { describe, expect, it } from 'vitest';

import { EXIT } from '../../src/core/exit-code.ts';
import { NOBODY_INVITED } from '../../src/core/invited-sum.ts';
import type { Finding } from '../../src/core/settings.ts';
import { NOTHING_PULLED, NOTHING_SENT } from '../../src/core/summary.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { causesOf, patienceOf } from '../../src/core/task-cause.ts';

const HOUR = 3_600_000;

const summary = (wish: Partial<RunSummary> = {}): RunSummary => ({
  schema: 1,
  command: 'run',
  bot: '7000000001',
  runId: 'run',
  runNo: 1,
  startedAt: 0,
  finishedAt: 1,
  exitCode: 0,
  opened: 'opened',
  pulled: NOTHING_PULLED,
  tasks: [],
  sent: NOTHING_SENT,
  invited: NOBODY_INVITED,
  findings: [],
  ...wish,
});
const finding = (code: string, args: Finding['args'] = {}): Finding => ({ code, args });
const told = (wish: Partial<RunSummary>): readonly (readonly [string, string | null, number])[] =>
  causesOf(summary(wish)).map(({ cause, taskId, patienceMs }) => [cause, taskId, patienceMs]);

describe('what the log of Tillypad’s task is told', () => {
  it('is nothing of a run that did its work, was left to another, or was interrupted', () => {
    expect(told({})).toEqual([]);
    expect(told({ findings: [finding('all_account_types', { task: 'a' }), finding('note_unreadable', { customer: 'c' })] })).toEqual([]);
    expect(told({ opened: 'busy', exitCode: 8, findings: [finding('open_busy')] })).toEqual([]);
    expect(told({ exitCode: 130, findings: [finding('interrupted')] })).toEqual([]);
  });

  it.each([
    [5, 'webhook', 0],
    [5, 'telegram_unusable', 0],
    [7, 'open_copy', 0],
    [2, 'open_other_key', 0],
    [8, 'telegram_unreachable', HOUR],
    [3, 'lock_lost', HOUR],
    [4, 'notices_refused', 0],
  ] as const)('of exit %i is the finding %s, after %i ms', (exitCode, code, patience) => {
    expect(told({ exitCode, findings: [finding('paused'), finding(code)] })).toEqual([[code, null, patience]]);
  });

  it('is every cause, not only the one that made the exit code', () => {
    const findings = [finding('second_reader'), finding('brake', { task: 'a', notices: 301, brake: 300, oldest: '' })];
    expect(told({ exitCode: 5, findings })).toEqual([
      ['second_reader', null, 0],
      ['brake', 'a', 0],
    ]);
  });

  it('keeps two things that are wrong with one task apart', () => {
    const findings = ['x', 'y'].map((id) => finding('account_type_unknown', { task: 'a', id }));
    expect(told({ exitCode: 2, findings })).toEqual([
      ['account_type_unknown x', 'a', 0],
      ['account_type_unknown y', 'a', 0],
    ]);
  });

  it('counts what is in doubt, what a dead run left and what was refused because of us', () => {
    expect(causesOf(summary({ exitCode: 4, sent: { ...NOTHING_SENT, inDoubt: 2, orphaned: 1, refusedOurs: 5 } }))).toMatchObject([
      { cause: 'task_in_doubt', finding: { args: { n: 3 } }, patienceMs: 0 },
      { cause: 'task_refused_ours', finding: { args: { n: 5 } }, patienceMs: 0 },
    ]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9] as const)('is exit %i itself where no finding stands for it', (exitCode) => {
    expect(told({ exitCode, findings: [finding('of_a_later_version')] })).toEqual([[`exit_${exitCode}`, null, patienceOf(exitCode)]]);
  });

  it('has no patience with what a person must act upon', () => {
    for (const code of [1, 2, 4, 5, 6, 7, 9] as const) expect(patienceOf(code)).toBe(0);
    for (const code of [3, 8] as const) expect(patienceOf(code)).toBe(HOUR);
    for (const code of [EXIT.done, EXIT.interrupted]) expect(patienceOf(code)).toBeNull();
  });
});
