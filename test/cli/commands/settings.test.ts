import { describe, expect, it } from 'vitest';

import type { CommandCall } from '../../../src/cli/command.ts';
import { settingsSchema, showSettings } from '../../../src/cli/commands/settings.ts';
import { status } from '../../../src/cli/commands/status.ts';
import { SettingsRefused } from '../../../src/cli/problem.ts';
import { DatabaseUnavailable } from '../../../src/ports/database.ts';
import { fakeDoors, runIn } from '../../support/fake-doors.ts';

describe('settings show', () => {
  it('shows each value with its source, secrets masked', async () => {
    const { text, json, code } = await runIn(
      'ru',
      { settings: 'run:\n  brake: 7\n', env: { TP_TG_NOTIFY_RESTAURANT_NAME: 'Пенка' } },
      { command: showSettings },
    ).result;
    expect(code).toBe(0);
    expect(text).toMatch(/run\.brake = 7 {2}\[\S*settings\.yaml:\d+:\d+\]/u);
    expect(text).toContain('restaurant.name = Пенка  [переменная TP_TG_NOTIFY_RESTAURANT_NAME]');
    expect(text).toContain('run.timeToLive = 72h  [по умолчанию]');
    expect(text).toMatch(/telegram\.token = \*\*\*/u);
    expect(text + JSON.stringify(json)).not.toContain('AAAAA');
    expect(json).toMatchObject({
      schema: 1,
      command: 'settings show',
      parametersRead: true,
      settings: expect.arrayContaining([expect.objectContaining({ path: 'run.brake', value: '7', from: 'file' })]),
    });
  });

  it.each(['ru', 'en'] as const)('shows lists and dates in a form that the settings take (%s)', async (language) => {
    const settings = 'filters:\n  startDate: 2026-11-24 17:49\nsms:\n  intervals: [7, 14]\n';
    const show = async (given: string): Promise<string> =>
      (await runIn(language, { settings: given }, { command: showSettings }).result).text;
    const text = await show(settings);
    const valueOf = (path: string, from: string): string | undefined => new RegExp(`${path} = (.*?)  \\[`, 'u').exec(from)?.[1];
    expect(valueOf('sms.intervals', text)).toBe('[7, 14]');
    expect(valueOf('sms.intervals', await show(''))).toBe('[30, 90, 180]');
    expect(valueOf('filters.startDate', text)).toBe(language === 'ru' ? '24.11.2026 17:49:00' : '2026-11-24 17:49:00');
    const pasted = `filters:\n  startDate: ${valueOf('filters.startDate', text)}\nsms:\n  intervals: ${valueOf('sms.intervals', text)}\n`;
    const again = await show(pasted);
    for (const path of ['filters.startDate', 'sms.intervals']) expect(valueOf(path, again)).toBe(valueOf(path, text));
  });

  it.each([
    ['ru', 'Работают задачи main (из файла настроек) и {id} (из Tillypad): рассказывается о том, что подходит хотя бы одной.'],
    ['en', 'At work: main (from the settings file) and {id} (from Tillypad). What matches at least one of them is told.'],
  ] as const)('says that a task of the file works beside Tillypad’s, as status does (%s)', async (language, sentence) => {
    const id = '0d4b8e52-7d7c-4f0a-9a53-2f8f6a1f1c11';
    for (const command of [showSettings, status]) {
      const { doors, ...call } = fakeDoors({ settings: 'tasks:\n  main: {}\n', language }).call();
      const withTask = { ...doors, readParameters: async () => [{ taskId: id, parameters: { StartDate: '2026-11-01' } }] };
      expect((await command({ ...call, doors: withTask })).text).toContain(sentence.replace('{id}', id));
      expect((await command({ ...call, doors })).text).not.toContain(sentence.slice(0, 10));
    }
  });

  it('shows it in English', async () => {
    const { text } = await runIn('en', {}, { command: showSettings }).result;
    expect(text).toContain('Task default:');
    expect(text).toContain('run.timeToLive = 72h  [default]');
  });

  it('shows one task on demand, and refuses one that isn’t there', async () => {
    const settings = 'tasks:\n  first: {}\n  second:\n    run:\n      brake: 5\n';
    const { text } = await runIn('ru', { settings }, { command: showSettings, flags: { task: 'second' } }).result;
    expect(text).toContain('Задача second:');
    expect(text).not.toContain('Задача first:');
    await expect(runIn('ru', { settings }, { command: showSettings, flags: { task: 'secnod' } }).result).rejects.toMatchObject({
      code: 2,
      findings: [{ code: 'task_unknown', args: { nearest: 'second' } }],
    });
  });

  it('works without the database, and says that task parameters are missing', async () => {
    const call = fakeDoors().call();
    const doors: CommandCall['doors'] = {
      ...call.doors,
      readParameters: async () => Promise.reject(new DatabaseUnavailable('missing', '/site.sqlite')),
    };
    const { text, json, code } = await showSettings({ ...call, doors });
    expect(code).toBe(0);
    expect(text).toContain('Базы данных /site.sqlite нет');
    expect(json).toMatchObject({ parametersRead: false });
  });

  it('refuses settings that are wrong, all of it at once', async () => {
    const error = await runIn('ru', { settings: 'run:\n  brake: many\nlanguag: ru\n' }, { command: showSettings }).result.catch(
      (problem: unknown) => problem,
    );
    expect(error).toBeInstanceOf(SettingsRefused);
    expect((error as SettingsRefused).refused.problems).toHaveLength(2);
  });
});

describe('settings schema', () => {
  it('is the JSON Schema of the file, needing no settings', async () => {
    const { text, json } = await settingsSchema(fakeDoors({ bare: true, settings: 'nonsense: [' }).call());
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(json)));
    expect(json).toMatchObject({ title: 'Settings of tp-tg-notify', properties: { database: expect.anything() } });
  });
});
