import { describe, expect, it } from 'vitest';

import { explain } from '../../../src/cli/commands/explain.ts';
import { CommandProblem } from '../../../src/cli/problem.ts';
import type { Operation } from '../../../src/core/operation.ts';
import type { Desk } from '../../../src/ports/desk.ts';
import { BOT, CUSTOMER_ID, customerStory, deliveryStory, knownCustomer, NOW, OPERATION_ID, runIn } from '../../support/fake-doors.ts';
import type { FakeWish } from '../../support/fake-doors.ts';

const UNTOLD_ID = '44444444-4444-4444-8444-444444444444';
const OPERATION: Operation = {
  id: OPERATION_ID,
  customerId: CUSTOMER_ID,
  accountTypeId: 'type-1',
  accountType: 'Бонусный',
  date: '2026-11-24 11:42:00.000',
  sum: -4_500_000n,
  document: '77',
  description: null,
  division: null,
  returnOf: null,
  balanceAfter: 12_500_000n,
};
const UNTOLD: Operation = { ...OPERATION, id: UNTOLD_ID, date: '2026-11-24 11:41:00.000', sum: 10_000n, document: null };
const SUBSCRIBED = knownCustomer({ subscription: { customerId: CUSTOMER_ID, chatId: '500', state: 'active', origin: 'note', epoch: 1 } });
const STORY = customerStory({
  customer: SUBSCRIBED,
  phones: ['+7 921 123-45-67'],
  note: '500',
  operations: [OPERATION, UNTOLD],
  deliveries: [deliveryStory()],
  refusedLinks: [{ chatId: '9', updateId: 1, reason: 'forged', customerId: CUSTOMER_ID, at: NOW - 3_600_000 }],
  subscriptionChangedAt: NOW - 86_400_000,
  guestLanguage: 'en',
});
const PASSED = { live: true, accountType: true, customerGroup: true, sign: true, threshold: true, startDate: true, admitted: true };
const TASK = {
  taskId: 'default',
  watermark: '2026-11-24 11:00:00.000',
  firstLookDone: true,
  overlapLookAt: null,
  deepLookAt: null,
  brakeHeldAt: null,
};

const desk = (wish: Partial<Desk> = {}): Partial<Desk> => ({
  findCustomers: async () => [SUBSCRIBED],
  readStory: async () => STORY,
  judgeFilters: async () => PASSED,
  ...wish,
});
const ask = (wish: FakeWish, args: readonly string[] = [CUSTOMER_ID], flags = {}) => runIn('ru', wish, { command: explain, args, flags });

describe('explain', () => {
  it('tells the whole story of a customer', async () => {
    const { text, code } = await ask({ desk: desk() }).result;
    expect(code).toBe(0);
    expect(text.split('\n')).toEqual([
      'Анна Иванова, группа Гости',
      `  код ${CUSTOMER_ID}`,
      '  телефоны: +7 921 123-45-67',
      '  заметка «chat_ID в Telegram»: 500',
      '  подписка: подписан, по заметке, чат 500, с 23.11.2026 12:00:00, переездов в другой чат: 1',
      '  язык, выбранный в боте: en',
      'Операции, сначала новые:',
      `  24.11.2026 11:42:00  −450\u00a0₽  «Бонусный», документ 77  ${OPERATION_ID}`,
      '    под вопросом: Telegram не ответил вовремя (строка 12, задача default, запланировано 24.11.2026 11:59:00, так с 24.11.2026 11:59:30)',
      '      попытка 7, 24.11.2026 11:59:00, чат 500: под вопросом (Telegram не ответил вовремя), через 30000 мс',
      '        Telegram: no answer',
      `  24.11.2026 11:41:00  +1\u00a0₽  «Бонусный»  ${UNTOLD_ID}`,
      '    задача default: не рассказано: поиск до неё ещё не дошёл; дойдёт следующий запуск',
      'Отклонённые ссылки:',
      '  24.11.2026 11:00:00  чат 9: подписана не этой установкой',
    ]);
  });

  it('gives programs the same, money as decimal text', async () => {
    const { json } = await ask({ desk: desk({ judgeFilters: async () => ({ ...PASSED, sign: false }) }) }).result;
    expect(JSON.parse(JSON.stringify(json))).toMatchObject({
      schema: 1,
      command: 'explain',
      stories: [
        {
          bot: BOT,
          note: '500',
          operations: [{ sum: '-450.0000', balanceAfter: '1250.0000' }, { sum: '1.0000' }],
          leftOut: { [UNTOLD_ID]: [{ taskId: 'default', reasons: ['sign'] }] },
        },
      ],
    });
  });

  it('tells it in English', async () => {
    const { text } = await runIn('en', { desk: desk() }, { command: explain, args: [CUSTOMER_ID] }).result;
    expect(text).toContain('subscription: subscribed, by note, chat 500, since 2026-11-23 12:00:00, moved once');
    expect(text).toContain('in doubt: Telegram did not answer in time (row 12, task default, planned 2026-11-24 11:59:00');
    expect(text).toContain('task default: not told: no look has come to it yet; the next run will');
  });

  it.each([
    [
      { judgeFilters: async () => ({ ...PASSED, sign: false, threshold: false }) },
      {},
      'по настройкам – только зачисления или только списания; сумма меньше порога',
    ],
    [
      { judgeFilters: async () => ({ ...PASSED, admitted: false }) },
      {},
      'случилась до первого запуска программы (или до того, как в задаче выбрали этот тип счёта или группу); рассказать о ней: tp-tg-notify run --since ДАТА',
    ],
    [
      {},
      { status: { tasks: [{ ...TASK, brakeHeldAt: '2026-11-24 11:30:00.000' }] } },
      'придержана тормозом; посмотреть: tp-tg-notify run --dry-run --yes',
    ],
    [{}, { status: { tasks: [{ ...TASK, watermark: '2026-11-24 12:00:00.000' }] } }, 'датирована раньше последнего поиска'],
    [{}, { settings: 'mode: test\n' }, 'mode: test, а клиента нет в allow'],
  ])('says why an operation has no row: case %#', async (change, wish, reason) => {
    const { text } = await ask({ desk: desk(change), ...wish }).result;
    expect(text).toContain('задача default: не рассказано: ');
    expect(text).toContain(reason);
  });

  it('tells reasons once where operations one after the other share them', async () => {
    const untold = [1, 2, 3, 4].map((n) => ({ ...UNTOLD, id: UNTOLD_ID.replace(/^4/, String(n)) }));
    const judgeFilters: Desk['judgeFilters'] = async (_bot, _task, id) => ({ ...PASSED, sign: id.startsWith('4') });
    const story = { ...STORY, operations: [OPERATION, ...untold] };
    const { text } = await ask({ desk: desk({ readStory: async () => story, judgeFilters }) }).result;
    const lines = text.split('\n').slice(11, 17);
    expect(lines.slice(0, 3).map((line) => line.slice(-36))).toEqual(untold.slice(0, 3).map(({ id }) => id));
    expect(lines[3]).toBe(
      '    задача default: не рассказано (и о 2 операциях выше): по настройкам – только зачисления или только списания',
    );
    expect(lines[5]).toBe('    задача default: не рассказано: поиск до неё ещё не дошёл; дойдёт следующий запуск');
  });

  it('says why more operations are listed than were asked for', async () => {
    expect((await ask({ desk: desk() }, [CUSTOMER_ID], { limit: '1' }).result).text).toContain(
      'Операции, сначала новые (последних: 1; более старых, о которых рассказано недавно: 1):',
    );
  });

  it('asks for an operation when no customer has the id', async () => {
    const keys: object[] = [];
    const readStory: Desk['readStory'] = async (_bot, key) => {
      keys.push(key);
      return STORY;
    };
    await ask({ desk: desk({ findCustomers: async () => [], readStory }) }, [OPERATION_ID.toUpperCase()]).result;
    expect(keys).toEqual([{ operationId: OPERATION_ID }]);
  });

  it('tells of an operation that is gone from Tillypad', async () => {
    const gone = customerStory({ deliveries: [deliveryStory({ state: 'skipped', reason: 'removed', attempts: [] })] });
    const { text } = await ask({ desk: desk({ readStory: async () => gone }) }).result;
    expect(text).toContain(`${OPERATION_ID}: в Tillypad больше нет`);
    expect(text).toContain('без уведомления: удалена до отправки');
  });

  it('lists several customers of one phone', async () => {
    const { result, did } = ask(
      { desk: desk({ findCustomers: async () => [knownCustomer(), knownCustomer({ id: OPERATION_ID, name: 'Пётр', live: false })] }) },
      ['+7 (921) 123-45-67'],
    );
    const { text, code } = await result;
    expect(code).toBe(0);
    expect(did).toContain('findCustomers({"phone":"79211234567"}, 50)');
    expect(text.split('\n')).toEqual([
      'С этим телефоном 2 клиента. Выберите по коду:',
      `  ${CUSTOMER_ID}  Анна Иванова, группа Гости`,
      `  ${OPERATION_ID}  Пётр, группа Гости (удалён или отключён)`,
    ]);
  });

  it('passes on how many operations to show', async () => {
    const { result, did } = ask({ desk: desk() }, [CUSTOMER_ID], { limit: '3' });
    await result;
    expect(did).toContain(`readStory("${BOT}", {"customerId":"${CUSTOMER_ID}"}, 3)`);
  });

  it('cleans what others wrote before it reaches a terminal', async () => {
    const nasty = customerStory({ customer: knownCustomer({ name: '\u001b[31mЗлой\u202eтекст\nвторая строка' }) });
    const { text } = await ask({ desk: desk({ readStory: async () => nasty }) }).result;
    expect(text.split('\n')[0]).toBe('[31mЗлойтекст вторая строка, группа Гости');
  });

  it.each([
    ['what is neither an id nor a phone', ['Анна'], 2, 'bad_key'],
    ['a phone that is too short', ['1234'], 2, 'bad_key'],
    ['an id that nobody has', [CUSTOMER_ID], 9, 'story_unknown'],
    ['a phone that nobody has', ['89211234567'], 9, 'customer_unknown'],
  ])('refuses %s', async (_what, args, code, finding) => {
    const error = await ask({}, args).result.catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(CommandProblem);
    expect(error).toMatchObject({ code, findings: [{ code: finding }] });
  });

  it('refuses a limit that is none', async () => {
    await expect(ask({}, [CUSTOMER_ID], { limit: '0' }).result).rejects.toMatchObject({ code: 2, findings: [{ code: 'bad_count' }] });
  });
});
