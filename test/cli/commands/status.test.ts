import { describe, expect, it } from 'vitest';

import { status } from '../../../src/cli/commands/status.ts';
import { BOT, NOW, runIn, statusReport } from '../../support/fake-doors.ts';
import type { FakeWish } from '../../support/fake-doors.ts';

const RUN = {
  runNo: 12,
  startedAt: NOW - 60_000,
  finishedAt: NOW - 55_000,
  exitCode: 0,
  host: 'till-1',
  summary: JSON.stringify({ pulled: { subscribed: 1 }, tasks: [{ planned: 4 }], sent: { delivered: 3, refusedByGuests: 1 } }),
};
const TASK = {
  taskId: 'default',
  watermark: '2026-11-24 11:59:00.000',
  firstLookDone: true,
  overlapLookAt: null,
  deepLookAt: null,
  brakeHeldAt: null,
};
const WELL = { runs: [RUN], polledAt: NOW - 120_000, offset: 55, tasks: [TASK] };

const ask = (wish: FakeWish, language: 'ru' | 'en' = 'ru') => runIn(language, wish, { command: status }).result;

describe('status', () => {
  it('tells runs with their exit codes and what they did, in the restaurant’s time', async () => {
    const { code, text } = await ask({ status: WELL });
    expect(code).toBe(0);
    expect(text).toContain(
      '№ 12  24.11.2026 11:59:00  till-1  0 – сделано; подписались: 1, запланировано: 4, доставлено: 3, не принято: 1',
    );
    expect(text).toContain('Обновления Telegram: забирались 2 мин назад');
    expect(text).not.toContain('55');
    expect(text).toContain('Задача default: поиск дошёл до 24.11.2026 11:59:00');
  });

  it('tells the same in English', async () => {
    const { text } = await ask({ status: WELL }, 'en');
    expect(text).toContain('no. 12  2026-11-24 11:59:00  till-1  0 – done; subscribed: 1, planned: 4, delivered: 3, refused: 1');
    expect(text).not.toMatch(/[а-яё]/iu);
  });

  it('tells deliveries by state and reason, what waits, subscriptions and refused links', async () => {
    const wish = {
      ...WELL,
      deliveries: { planned: 2, delivered: 5, skipped: 3 },
      skipped: { not_subscribed: 2, too_old: 1 },
      waiting: { due: 1, later: 1, nextAt: NOW + 60_000, oldest: '2026-11-24 10:00:00.000' },
      subscriptions: { active: 4, stopped: 1 },
      byNote: 2,
      refusedLinks: { forged: 1 },
    };
    const { text } = await ask({ status: wish });
    expect(text).toContain('Доставки – ждут отправки: 2, доставлено: 5, без уведомления: 3');
    expect(text).toContain('без уведомления – не подписаны: 2, слишком старые: 1');
    expect(text).toContain(
      'Ждут: 1 можно отправлять, 1 позже (не раньше 24.11.2026 12:01:00); самая старая операция – 24.11.2026 10:00:00',
    );
    expect(text).toContain('Подписки – подписаны: 4, отписались: 1');
    expect(text).toContain('только по заметке: 2');
    expect(text).toContain('Отклонённые ссылки – подписана не этой установкой: 1');
  });

  it.each([
    ['something is in doubt', { deliveries: { in_doubt: 2 } }, 'Под вопросом 2 доставки'],
    [
      'the last run failed',
      { runs: [{ ...RUN, exitCode: 5 }] },
      'с кодом 5 (учётная запись непригодна). Увидеть причину: tp-tg-notify run',
    ],
    [
      'the last run left something to settle, which a further run would not tell',
      { runs: [{ ...RUN, exitCode: 4 }] },
      'с кодом 4 (под вопросом или отказы по нашей вине). Разберите: tp-tg-notify resolve и tp-tg-notify retry',
    ],
    ['the database is a copy', { place: { boundTo: 'there', here: 'here', keyFingerprint: 'key-1' } }, 'Это копия базы'],
    ['the key is another', { place: { boundTo: 'a', here: 'a', keyFingerprint: 'else' } }, 'не тот, что знает журнал (else)'],
    ['nobody has served a signal for half an hour', { unreadSince: NOW - 31 * 60_000 }, 'Сигнал задачи Tillypad ждёт уже 31 мин'],
    [
      'no run came for over a day',
      { runs: [{ ...RUN, startedAt: NOW - 30 * 3_600_000, finishedAt: NOW - 30 * 3_600_000 }] },
      'Запусков не было 30 ч 0 мин',
    ],
    [
      'the brake holds',
      { tasks: [{ ...TASK, brakeHeldAt: '2026-11-23 12:00:00.000' }] },
      'тормоз держит старые операции с 23.11.2026 12:00:00. Посмотрите их: `tp-tg-notify run --dry-run --yes` (ничего не отправит)',
    ],
  ])('answers no when %s', async (_when, change, text) => {
    const answer = await ask({ status: { ...WELL, ...change } });
    expect(answer.code).toBe(9);
    expect(answer.text).toContain(text);
  });

  it('answers no when the key is missing', async () => {
    expect(await ask({ status: WELL, keyProblem: true })).toMatchObject({
      code: 9,
      text: expect.stringContaining('нет или он не читается'),
    });
  });

  it('answers no when the ledger knows the task by another bot only', async () => {
    const answer = await ask({ status: { ...statusReport(), bound: false, tasks: [] }, wholeStatus: WELL });
    expect(answer.code).toBe(9);
    expect(answer.text).toContain('О задаче default до сих пор рассказывал другой бот');
  });

  it.each([
    ['nobody asked Telegram for over a day', { polledAt: NOW - 30 * 3_600_000 }, 'Обновления у Telegram не забирались 30 ч'],
    [
      'the run that went last ended for want of Telegram',
      { runs: [{ ...RUN, exitCode: 8 }] },
      'служба недоступна или просит подождать, продолжится само',
    ],
    ['notes could not be written', { notesFailed: 3 }, 'Не записаны заметки «chat_ID в Telegram»: 3'],
    ['it is paused for good', { pausedUntil: Number.POSITIVE_INFINITY }, 'Пауза: операции планируются'],
    ['it is paused until a time', { pausedUntil: NOW + 3_600_000 }, 'Пауза до 24.11.2026 13:00:00'],
    ['Telegram asked to wait', { quietUntil: NOW + 30_000 }, 'до 24.11.2026 12:00:30 ничего не отправляется'],
    [
      'no look was complete for a day',
      { tasks: [{ ...TASK, watermark: '2026-11-22 12:00:00.000' }] },
      'полного поиска не было с 22.11.2026 12:00:00 (2 дня)',
    ],
    [
      'the watermark lies in the future',
      { tasks: [{ ...TASK, watermark: '2026-11-24 13:00:00.000' }] },
      'отметка поиска оказалась в будущем',
    ],
    ['the clocks differ', { now: NOW + 120_000 }, 'расходятся на 2 мин'],
    [
      'a run is silent',
      { holder: { host: 'till-2', pid: 5, startedAt: NOW - 900_000, heartbeatAt: NOW - 600_000 } },
      'не подаёт признаков жизни 10 мин',
    ],
    ['the last run died', { runs: [{ ...RUN, exitCode: null }] }, 'Последний запуск (№ 12) погиб в пути'],
    [
      'runs come less than daily',
      { runs: [RUN, { ...RUN, runNo: 11, startedAt: NOW - 40 * 3_600_000, finishedAt: NOW - 40 * 3_600_000 }] },
      'Между двумя из последних запусков прошло 39 ч 59 мин',
    ],
    ['nothing has run', { runs: [], polledAt: null }, 'Для первого запуска'],
  ])('tells, and still answers yes, when %s', async (_when, change, text) => {
    const answer = await ask({ status: { ...WELL, ...change } });
    expect(answer.code).toBe(0);
    expect(answer.text).toContain(text);
  });

  it('tells what the settings find: test mode, a key that others can read', async () => {
    const { text } = await ask({ status: WELL, settings: 'mode: test\n', keyring: { readableByOthers: true } });
    expect(text).toContain('Задача default: mode: test – рассказывается только клиентам из allow');
    expect(text).toContain('могут читать другие');
  });

  it('tells of the whole ledger when no bot is named', async () => {
    const answer = await ask({ status: WELL, bare: true, settings: 'database: site.sqlite\n' });
    expect(answer.text).toContain('Весь журнал');
    expect(answer.json).toMatchObject({ bots: [{ bot: null }] });
  });

  it('gives programs the same as JSON, a pause without an end as null', async () => {
    const { json } = await ask({ status: { ...WELL, pausedUntil: Number.POSITIVE_INFINITY } });
    expect(JSON.parse(JSON.stringify(json))).toMatchObject({
      schema: 1,
      command: 'status',
      exitCode: 0,
      bots: [
        {
          bot: BOT,
          paused: { until: null },
          offset: 55,
          runs: [{ runNo: 12, summary: { sent: { delivered: 3 } } }],
          findings: expect.arrayContaining([{ code: 'paused', args: { until: '' } }]),
        },
      ],
    });
  });
});
