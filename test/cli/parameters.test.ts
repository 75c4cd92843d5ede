import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openDoors } from '../../scripts/demo/doors.ts';
import { run as runCommand } from '../../src/cli/commands/run.ts';
import type { CommandResult } from '../../src/cli/command.ts';
import { renderFailure } from '../../src/cli/render/failure.ts';
import { makePayload } from '../../src/core/start-payload.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import type { Person } from '../../src/simulators/telegram/people.ts';
import { SIMULATED_BOT } from '../../src/simulators/telegram/simulator.ts';
import { tillypadTask } from '../support/tillypad-task.ts';
import type { TillypadTask } from '../support/tillypad-task.ts';
import { BONUS, BOT_ID, DEPOSIT, openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const TASK = 'aaaaaaaa-1111-4111-8111-000000000001';
const OTHER_TASK = 'aaaaaaaa-1111-4111-8111-000000000002';
const SECOND_BOT = { token: '7000000002:SIMULATED-no-secret-at-all-9876543210', username: 'second_guests_bot', firstName: 'Second bot' };
const SECOND_ID = '7000000002';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PARAMETERS = { BotToken: SIMULATED_BOT.token, StartDate: '01.11.2026' };

let world: World;
beforeEach(async () => {
  world = await openWorld({ bots: [SIMULATED_BOT, SECOND_BOT] });
  copyFileSync(join(world.folder, 'key.json'), join(world.folder, 'tp-tg-notify.key.json'));
  writeSettings();
});
afterEach(() => world.close());

function writeSettings(more = ''): void {
  const basics = `database: ${world.file}\nzone: Europe/Moscow\ntelegram:\n  apiRoot: ${world.telegram.url}\nnotice:\n  digestGap: 0s\n  digestWait: 0s\n`;
  writeFileSync(join(world.folder, 'settings.yaml'), basics + more, { mode: 0o600 });
}

const task = (taskId = TASK, botId = BOT_ID): TillypadTask =>
  tillypadTask({ taskId, botId, file: world.file, database: world.database, clock: world.clock });

/** The command as the Agent or a schedule starts it. */
async function start(flags: Readonly<Record<string, unknown>> = {}): Promise<CommandResult> {
  // No two polls of one bot within four seconds.
  await world.clock.advance(5_000);
  return runCommand({
    doors: openDoors(world.clock, join(world.folder, 'settings.yaml')),
    terminal: { print: () => {}, write: async () => {}, note: () => {}, progress: null, signal: new AbortController().signal },
    language: 'ru',
    speak: () => {},
    flags: { sinceLast: true, ...flags },
    args: [],
  });
}

const summariesOf = (result: CommandResult): readonly RunSummary[] => (result.json as { readonly runs: readonly RunSummary[] }).runs;
const noticesOf = (person: Person): readonly string[] => person.received.slice(1).map(({ text }) => text);
const failed = async (): Promise<{ readonly code: number; readonly text: string }> =>
  start().then(
    () => expect.fail('it worked'),
    (error: unknown) => renderFailure(error, 'ru'),
  );

describe('parameters of Tillypad’s task', () => {
  it('take effect in the next run when they are changed, for operations from then on', async () => {
    const tillypad = task();
    const customer = world.customer();
    const guest = world.guest(customer);
    tillypad.fire({ ...PARAMETERS, ClientPurseTypes: DEPOSIT });
    expect((await start()).code).toBe(0);
    world.operation(customer, { sum: -100, accountType: DEPOSIT });
    world.operation(customer, { sum: -200, accountType: BONUS });
    tillypad.fire();
    await start();
    expect(noticesOf(guest)).toEqual([expect.stringContaining('100')]);
    tillypad.fire({ ...PARAMETERS, ClientPurseTypes: `${DEPOSIT},${BONUS}` });
    await start();
    expect(noticesOf(guest)).toHaveLength(1);
    world.operation(customer, { sum: -300, accountType: BONUS });
    tillypad.fire();
    await start();
    expect(noticesOf(guest)).toEqual([expect.stringContaining('100'), expect.stringContaining('300')]);
    expect(tillypad.log).toEqual([]);
  });

  it('are named in the summary where the settings file overrides them', async () => {
    writeSettings(`tasks:\n  ${TASK}:\n    filters:\n      startDate: 2026-11-20\n`);
    task().fire(PARAMETERS);
    const result = await start();
    expect(summariesOf(result)[0]?.findings).toContainEqual(
      expect.objectContaining({
        code: 'parameter_shadowed',
        args: expect.objectContaining({ parameter: 'StartDate', path: 'filters.startDate' }),
      }),
    );
    expect(result.text).toContain('параметр задачи StartDate перекрыт');
    expect(summariesOf(result)[0]?.tasks[0]).toMatchObject({ look: 'first', from: '2026-11-20 00:00:00.000' });
  });

  it('say where the first run begins; later ones begin where the last that succeeded did', async () => {
    const customer = world.customer();
    const guest = world.guest(customer);
    const day = 24 * HOUR;
    world.operation(customer, { sum: -111, ago: 30 * day });
    world.operation(customer, { sum: -222, ago: 20 * day });
    task().fire(PARAMETERS);
    const first = summariesOf(await start())[0];
    expect(first?.tasks).toMatchObject([{ look: 'first', from: '2026-11-01 00:00:00.000', planned: 1 }]);
    expect(noticesOf(guest)).toEqual([expect.stringContaining('222')]);
    const lastSuccess = world.clock.now();

    await world.telegram.refuse();
    world.operation(customer, { sum: -333 });
    await world.clock.advance(40 * MINUTE);
    expect((await start()).code).toBe(8);
    await world.telegram.accept();
    await world.clock.advance(10 * MINUTE);
    const again = summariesOf(await start())[0];
    expect(again?.tasks).toMatchObject([{ look: 'hot', planned: 1 }]);
    // Quarter of an hour before the last success, and not before the failure.
    expect(Date.parse(`${again?.tasks[0]?.from?.replace(' ', 'T')}+03:00`)).toBeLessThan(lastSuccess - 14 * MINUTE);
    expect(noticesOf(guest)).toEqual([expect.stringContaining('222'), expect.stringContaining('333')]);
  });

  it('of two tasks on one bot hold each for its own operations; whoever fires, both are served', async () => {
    const customer = world.customer();
    const guest = world.guest(customer);
    const [deposits, bonuses] = [task(TASK), task(OTHER_TASK)];
    deposits.fire({ ...PARAMETERS, ClientPurseTypes: DEPOSIT });
    bonuses.fire({ ...PARAMETERS, StartDate: '24.11.2026', ClientPurseTypes: BONUS });
    await start();
    world.operation(customer, { sum: -100, accountType: DEPOSIT });
    world.operation(customer, { sum: -200, accountType: BONUS });
    bonuses.fire();
    const [summary, ...others] = summariesOf(await start());
    expect(others).toEqual([]);
    expect(summary?.tasks.map(({ taskId, planned }) => [taskId, planned])).toEqual([
      [TASK, 1],
      [OTHER_TASK, 1],
    ]);
    expect(noticesOf(guest)).toHaveLength(2);
    expect(noticesOf(guest)).toEqual(
      expect.arrayContaining([expect.stringContaining('«Депозит»: 100'), expect.stringContaining('«Бонусы»: 200')]),
    );
    const told = world.database.prepare('select task_id as taskId, state from delivery order by task_id').all();
    expect(told.map((row) => [row['taskId'], row['state']])).toEqual([
      [TASK, 'delivered'],
      [OTHER_TASK, 'delivered'],
    ]);
    expect(world.database.prepare('select count(*) as n from wake where served_utc is null').get()).toEqual({ n: 0 });
  });

  it('of two bots on one database are each told by its own bot, and one revoked token doesn’t silence the other', async () => {
    const customer = world.customer();
    const guest = world.guest(customer);
    const same = world.telegram.person({ name: 'Анна', bot: SECOND_BOT.username });
    same.start(makePayload(customer, { keys: world.keys, botId: SECOND_ID, epoch: 0 }));
    const [first, second] = [task(TASK), task(OTHER_TASK, SECOND_ID)];
    first.fire(PARAMETERS);
    second.fire({ ...PARAMETERS, BotToken: SECOND_BOT.token });
    expect(summariesOf(await start()).map(({ bot }) => bot)).toEqual([BOT_ID, SECOND_ID]);
    world.operation(customer, { sum: -100 });
    await start();
    expect([noticesOf(guest), noticesOf(same)]).toEqual([[expect.stringContaining('100')], [expect.stringContaining('100')]]);

    world.telegram.bot(SIMULATED_BOT.username).revoke();
    world.operation(customer, { sum: -700 });
    const result = await start();
    expect(result.code).toBe(5);
    expect(summariesOf(result).map(({ exitCode }) => exitCode)).toEqual([5, 0]);
    expect(noticesOf(same)).toEqual([expect.stringContaining('100'), expect.stringContaining('700')]);
    expect(first.fire()).toEqual([expect.stringContaining('Telegram не принимает токен бота')]);
    expect(second.fire()).toEqual([]);
  });

  it('that one task can’t use stop that task alone, and only its own log says so', async () => {
    const customer = world.customer();
    const guest = world.guest(customer);
    const [good, broken] = [task(TASK), task(OTHER_TASK, SECOND_ID)];
    good.fire(PARAMETERS);
    broken.fire({ ...PARAMETERS, BotToken: SECOND_BOT.token });
    await start();
    broken.fire({ ...PARAMETERS, BotToken: 'mistyped' });
    world.operation(customer, { sum: -100 });
    const result = await start();
    expect(result.code).toBe(2);
    expect(result.text).toContain(`параметр задачи BotToken: задача ${OTHER_TASK}`);
    expect(result.json).toMatchObject({ exitCode: 2, leftOut: [{ taskId: OTHER_TASK, problems: ['bad_token'] }] });
    expect(noticesOf(guest)).toEqual([expect.stringContaining('100')]);
    expect(good.fire()).toEqual([]);
    expect(broken.fire()).toEqual([expect.stringContaining('BotToken')]);
    broken.fire({ ...PARAMETERS, BotToken: SECOND_BOT.token });
    expect(await start()).toMatchObject({ code: 0, json: { leftOut: [] } });
  });

  it('that come a moment after the program has been started are waited for', async () => {
    const before = world.clock.now();
    const started = start();
    void world.clock.sleep(12_000).then(() => task().fire(PARAMETERS));
    expect((await started).code).toBe(0);
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(12_000);
    world.database.exec('delete from task_parameters');
    expect(await failed()).toMatchObject({ code: 2 });
  });
});

describe('the log of Tillypad’s task', () => {
  it('says once what is wrong with a parameter, until it is mended and goes wrong again', async () => {
    const tillypad = task();
    const broken = { ...PARAMETERS, BotToken: 'no-token-at-all' };
    expect(tillypad.fire(broken)).toEqual([]);
    for (let n = 0; n < 2; n++) {
      const { code, text } = await failed();
      expect(code).toBe(2);
      expect(text).not.toContain('no-token-at-all');
    }
    const [line, ...more] = tillypad.fire();
    expect(more).toEqual([]);
    expect(line).toMatch(/^tp-tg-notify: Запуск не смог работать\. .*BotToken/u);
    expect(line).not.toContain('no-token-at-all');
    expect(tillypad.fire(PARAMETERS)).toEqual([]);
    expect((await start()).code).toBe(0);
    await world.clock.advance(2 * HOUR);
    tillypad.fire(broken);
    await failed();
    expect(tillypad.fire()).toEqual([expect.stringContaining('BotToken')]);
  });

  it('has patience with a Telegram that can’t be reached for less than an hour, and tells it once after that', async () => {
    const tillypad = task();
    tillypad.fire(PARAMETERS);
    await start();
    await world.telegram.refuse();
    for (let minutes = 0; minutes < 50; minutes += 10) {
      await world.clock.advance(10 * MINUTE);
      expect((await start()).code).toBe(8);
      expect(tillypad.fire()).toEqual([]);
    }
    await world.clock.advance(20 * MINUTE);
    await start();
    expect(tillypad.fire()).toEqual([expect.stringContaining('Telegram недоступен')]);
    await world.clock.advance(3 * HOUR);
    await start();
    expect(tillypad.fire()).toEqual([]);
  });

  it('says that no run has served it when the program doesn’t start at all', async () => {
    const tillypad = task();
    tillypad.fire(PARAMETERS);
    await world.clock.advance(31 * MINUTE);
    expect(tillypad.fire()).toEqual([expect.stringContaining('Больше 30 минут ни один запуск не обслужил эту задачу')]);
    expect(tillypad.fire()).toEqual([]);
    await start();
    await world.clock.advance(31 * MINUTE);
    expect(tillypad.fire()).toEqual([]);
  });

  it('says that the database is a copy, and that the schema doesn’t fit', async () => {
    const tillypad = task();
    tillypad.fire(PARAMETERS);
    await start();
    world.database.exec("update place set bound_to = 'elsewhere'");
    expect((await start()).code).toBe(7);
    expect(tillypad.fire()).toEqual([expect.stringContaining('Это копия базы')]);
    world.database.exec('update ledger_schema set version = 9');
    expect(await failed()).toMatchObject({ code: 6 });
    expect(tillypad.fire()).toEqual([expect.stringContaining('Схема журнала – 9')]);
  });

  it('is told nothing by a run that a person started for the past', async () => {
    const tillypad = task();
    tillypad.fire(PARAMETERS);
    await start();
    await expect(start({ sinceLast: undefined, since: '31.02.2026' })).rejects.toThrow('date_impossible');
    expect(tillypad.fire()).toEqual([]);
  });
});
