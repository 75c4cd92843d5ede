import { describe, expect, it } from 'vitest';

import { renderDryRun } from '../../../src/cli/render/dry-run.ts';
import { renderFinding } from '../../../src/cli/render/findings.ts';
import type { TaskSum } from '../../../src/core/summary.ts';

const AT = '2026-11-24 17:49:18.694';
const LATER = '2026-11-25 08:00:00.000';
const BRAKE = { task: 'default', notices: 301, brake: 300, oldest: AT };

describe('a finding', () => {
  it.each([
    ['brake', BRAKE, ['24.11.2026 17:49:18'], ['2026-11-24 17:49:18']],
    ['brake_ahead', BRAKE, ['24.11.2026 17:49:18'], ['2026-11-24 17:49:18']],
    ['since_in_future', { since: LATER, now: AT }, ['25.11.2026 08:00:00', '24.11.2026 17:49:18'], ['2026-11-25 08:00:00']],
    ['since_pruned', { since: AT, horizon: LATER }, ['24.11.2026 17:49:18', '25.11.2026 08:00:00'], ['2026-11-25 08:00:00']],
    ['until_before_since', { since: LATER, until: AT }, ['25.11.2026 08:00:00', '24.11.2026 17:49:18'], ['2026-11-25 08:00:00']],
  ])('shows dates as its reader writes them: %s', (code, args, ru, en) => {
    for (const date of ru) expect(renderFinding({ code, args }, 'ru')).toContain(date);
    for (const date of en) expect(renderFinding({ code, args }, 'en')).toContain(date);
    expect(renderFinding({ code, args }, 'ru') + renderFinding({ code, args }, 'en')).not.toMatch(/:\d\d\.\d{3}/u);
  });

  it('of the brake names the commands that show what is held, let it go, or mark it', () => {
    for (const language of ['ru', 'en'] as const)
      expect([...renderFinding({ code: 'brake', args: BRAKE }, language).matchAll(/`([^`]+)`/gu)].map(([, command]) => command)).toEqual([
        'tp-tg-notify run --dry-run --yes',
        'tp-tg-notify run --yes',
        'tp-tg-notify run --mark-only',
      ]);
  });
});

describe('a dry run', () => {
  const task: TaskSum = {
    taskId: 'default',
    look: 'hot',
    from: AT,
    until: null,
    planned: 0,
    notices: 0,
    skipped: {},
    unsubscribedCustomers: 0,
    held: 0,
    oldestHeld: null,
  };
  const shown = (from: string | null): string =>
    renderDryRun([{ exitCode: 0, tasks: [{ ...task, from }], shown: [], invitations: [], findings: [] }], 'ru');

  it('begins its look at a date as its reader writes it, or at the beginning', () => {
    expect(shown(AT)).toContain('Задача default: операции с 24.11.2026 17:49:18 (с прошлого запуска)');
    expect(shown(null)).toContain('Задача default: операции с самого начала');
  });
});
