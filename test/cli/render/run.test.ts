import { describe, expect, it } from 'vitest';

import { renderRun } from '../../../src/cli/render/run.ts';
import { NOBODY_INVITED } from '../../../src/core/invited-sum.ts';
import { NOTHING_PULLED, NOTHING_SENT } from '../../../src/core/summary.ts';
import type { RunSummary, TaskSum } from '../../../src/core/summary.ts';

const TASK: TaskSum = {
  taskId: 'default',
  look: 'hot',
  from: null,
  until: null,
  planned: 70,
  notices: 2,
  skipped: { not_subscribed: 67, too_old: 1 },
  unsubscribedCustomers: 9,
  held: 0,
  oldestHeld: null,
};
const SUMMARY: RunSummary = {
  schema: 1,
  command: 'run',
  bot: '7000000001',
  runId: '11111111-1111-4111-8111-111111111111',
  runNo: 3,
  startedAt: 1_000,
  finishedAt: 1_240,
  exitCode: 0,
  opened: 'opened',
  pulled: NOTHING_PULLED,
  tasks: [],
  sent: NOTHING_SENT,
  invited: NOBODY_INVITED,
  findings: [],
};
const told = (change: Partial<RunSummary>, language: 'ru' | 'en' = 'ru'): string[] =>
  renderRun([{ ...SUMMARY, ...change }], language).split('\n');

describe('what a run did', () => {
  it.each([
    [1_240, 'Запуск 3, бот 7000000001: 0,2 с', 'Run 3 of bot 7000000001: 0.2 s'],
    [13_000, 'Запуск 3, бот 7000000001: 12,0 с', 'Run 3 of bot 7000000001: 12.0 s'],
  ])('took as long as its reader writes it: %i', (finishedAt, ru, en) => {
    expect(told({ finishedAt })[0]).toBe(ru);
    expect(told({ finishedAt }, 'en')[0]).toBe(en);
  });

  it('counts what was left out in words that fit any number', () => {
    expect(told({ tasks: [TASK] })).toContain(
      'Задача default: запланировано 70 операций (2 уведомления); без уведомления – не подписаны: 67, слишком старые: 1',
    );
    expect(told({ tasks: [TASK] }, 'en')).toContain(
      'Task default: 70 operations planned (2 notices); without a notice – not subscribed: 67, too old: 1',
    );
  });

  it('names the whole command that shows what is in doubt', () => {
    expect(told({ sent: { ...NOTHING_SENT, inDoubt: 2 } })).toContain('Под вопросом: 2. Какие: tp-tg-notify resolve');
    expect(told({ sent: { ...NOTHING_SENT, inDoubt: 2 } }, 'en')).toContain('In doubt: 2. See which: tp-tg-notify resolve');
  });

  it('says how many invitations wait, and how many of them for money', () => {
    const invited = { ...NOBODY_INVITED, accepted: 1, segments: 2, cost: '10.0000', waiting: 1, capped: 1, cap: 'day' } as const;
    expect(told({ invited })).toEqual(
      expect.arrayContaining([
        'Приглашено по СМС: 1, 2 сегмента, 10\u00a0₽',
        'Приглашений ждёт отправки: 1, из них 1 – до нового бюджета (исчерпан предел на сутки)',
      ]),
    );
    expect(told({ invited }, 'en')).toContain(
      'Invitations waiting to be sent: 1, 1 of them until there is a new budget (the cap of a day is spent)',
    );
  });
});
