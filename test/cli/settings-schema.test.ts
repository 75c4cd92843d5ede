import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { renderPlace } from '../../src/cli/render/settings-problems.ts';
import { FIELDS } from '../../src/cli/settings/fields.ts';
import { settingsJsonSchema } from '../../src/cli/settings/json-schema.ts';
import { shownSettings } from '../../src/cli/settings/show.ts';
import { loaded, onlyTask, TOKEN, USUAL } from './settings-host.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const example = read('docs/settings.example.yaml');
const published = z.fromJSONSchema(settingsJsonSchema());

describe('the published schema', () => {
  it('is the one in docs', () => {
    expect(`${JSON.stringify(settingsJsonSchema(), null, 2)}\n`).toBe(read('docs/settings.schema.json'));
  });

  it('accepts the documented example, and so does the program', () => {
    expect(published.safeParse(parse(example)).error?.issues).toBeUndefined();
    const { tasks } = loaded({ yaml: example, environment: { TG_BOT_TOKEN: TOKEN }, requireToken: true, requireDatabase: true });
    expect(tasks.map(({ id }) => id)).toEqual(['default']);
  });

  it('accepts the example’s part about tasks once it is uncommented, and so does the program', () => {
    const yaml = example.replace(/^# tasks:\n(?:# .*\n?)+/m, (part) => part.replaceAll(/^# /gm, ''));
    expect(published.safeParse(parse(yaml)).error?.issues).toBeUndefined();
    const files = { '/etc/tp-tg-notify/bar-token.txt': TOKEN };
    const { tasks } = loaded({ yaml, files, environment: { TG_BOT_TOKEN: TOKEN }, requireToken: true, requireDatabase: true });
    expect(tasks.map(({ id }) => id)).toEqual(['0d4b8e52-7d7c-4f0a-9a53-2f8f6a1f1c11', 'deposits']);
  });

  it.each([
    '{telegramm: {}}',
    '{telegram: {tokn: x}}',
    '{telegram: {rate: fast}}',
    '{run: {brake: -1}}',
    '{mode: tst}',
    '{allow: [x]}',
    '{tasks: {a: {database: x}}}',
    '{notice: {units: [{}]}}',
  ])('refuses %s, as the program does', (yaml) => {
    expect(published.safeParse(parse(yaml)).success).toBe(false);
    expect(() => loaded({ yaml })).toThrow('refused');
  });

  it('describes every setting in both languages and gives its default', () => {
    const text = JSON.stringify(settingsJsonSchema());
    for (const { path, notes } of FIELDS) {
      expect([path, /^[^а-яё]+\.$/i.test(notes.en), /[а-яё].*\.$/i.test(notes.ru)]).toEqual([path, true, true]);
      expect(text).toContain(JSON.stringify(notes.en));
      expect(text).toContain(JSON.stringify(notes.ru));
    }
    expect(settingsJsonSchema()).toMatchObject({
      $defs: { run: { properties: { timeToLive: { default: '72h' } } }, telegram: { properties: { silentHours: { default: '22-9' } } } },
    });
  });
});

describe('the example', () => {
  it('shows every setting, each with its default but where it is about the restaurant', () => {
    for (const { path } of FIELDS) expect(example).toMatch(new RegExp(`^\\s*(?:# )?\\s*${path.split('.').at(-1)}:`, 'm'));
    const [shown, plain] = [example, ''].map(
      (yaml) => new Map(shownSettings(loaded({ yaml, environment: { TG_BOT_TOKEN: TOKEN } })).map(({ path, value }) => [path, value])),
    );
    const changed = [...shown!].filter(([path, value]) => plain!.get(path) !== value).map(([path]) => path);
    expect(changed).toEqual([
      'database',
      'zone',
      'restaurant.name',
      'restaurant.contact',
      'filters.startDate',
      'telegram.token',
      'notice.templates',
      'notice.units',
    ]);
  });
});

describe('the defaults', () => {
  it('are those of the decisions', () => {
    const { zone, telegram, notice, subscriptions, run, filters, guests, mode, sms } = onlyTask({});
    expect({ zone, mode, guests, filters, notice, subscriptions, run }).toEqual({
      zone: 'Asia/Novosibirsk',
      mode: 'live',
      guests: { language: 'ru' },
      filters: { startDate: null, accountTypes: [], customerGroups: [], sign: 'any', threshold: 0n },
      notice: { balance: 'after', digestGapMs: 60_000, digestWaitMs: 10_000, templates: [], units: [] },
      subscriptions: { trustNotes: true, noteType: 'chat_ID в Telegram', legacyLinksUntil: null },
      run: { timeLimitMs: 300_000, timeToLiveMs: 259_200_000, brake: 300, brakeAgeMs: 86_400_000, lingerMs: 15_000 },
    });
    expect(telegram).toMatchObject({
      apiRoot: 'https://api.telegram.org',
      proxy: null,
      ca: null,
      broadcast: 'free',
      rate: 29.4,
      concurrency: 3,
      timeoutMs: 30_000,
      inDoubt: 'repeat',
      repeatAfterMs: 900_000,
      silentHours: { from: 22, to: 9 },
    });
    const { key, ...plain } = sms;
    expect(plain).toEqual({
      operator: null,
      sender: '',
      apiRoot: null,
      proxy: null,
      ca: null,
      timeoutMs: 60_000,
      price: null,
      countries: ['RU'],
      text: {},
      maxSegments: 2,
      intervals: [30, 90, 180],
      hours: { from: 9, to: 22, lateTo: 23 },
      caps: { run: 400, day: 200, month: 3_000, customer: 12 },
      brake: 50,
      consent: { kind: 'none' },
    });
    expect(key.reveal()).toBe('');
    expect(onlyTask({ yaml: 'telegram: {broadcast: paid}' }).telegram).toMatchObject({ rate: 970, concurrency: 100 });
    expect(loaded({}).language).toBe('ru');
  });

  it('are frozen with everything else', () => {
    const task = onlyTask({ yaml: example, environment: { TG_BOT_TOKEN: TOKEN } });
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(
      Object.entries(task)
        .filter(([, value]) => !frozen(value))
        .map(([key]) => key),
    ).toEqual(['telegram', 'sms']);
    expect([Object.isFrozen(task.telegram), Object.isFrozen(task.sms), Object.isFrozen(task.sms.caps)]).toEqual([true, true, true]);
  });
});

describe('settings show', () => {
  it('names every kind of source in both languages', () => {
    const sources = (['flag', 'environment', 'file', 'parameter', 'default'] as const).map((from) => ({
      from,
      place: from === 'default' ? '' : 'X',
    }));
    expect(sources.map((source) => renderPlace(source, 'en'))).toEqual(['flag X', 'variable X', 'X', 'task parameter X', 'default']);
    expect(sources.map((source) => renderPlace(source, 'ru'))).toEqual([
      'ключ X',
      'переменная X',
      'X',
      'параметр задачи X',
      'по умолчанию',
    ]);
  });

  it('prints each effective value as written, with its source, for the program and each task', () => {
    const [first, second] = [
      'log: {level: debug}',
      'tasks: {bar: {run: {timeToLive: 10d}}, hall: {telegram: {silentHours: off}}}',
    ] as const;
    const settings = loaded({
      yaml: `${first}\n${second}\n`,
      environment: { TP_TG_NOTIFY_FILTERS_START_DATE: '24.11.2026' },
      parameters: [{ taskId: 'bar', parameters: { SenderName: 'BAR' } }],
    });
    const rows = shownSettings(settings);
    expect(rows.filter(({ taskId }) => taskId === null).map(({ path }) => path)).toEqual([
      'database',
      'sqlServer.server',
      'sqlServer.port',
      'sqlServer.instance',
      'sqlServer.database',
      'sqlServer.user',
      'sqlServer.password',
      'sqlServer.domain',
      'sqlServer.encrypt',
      'sqlServer.trustServerCertificate',
      'sqlServer.ca',
      'sqlServer.multiSubnetFailover',
      'language',
      'log.folder',
      'log.level',
      'log.maxSize',
      'log.keep',
    ]);
    expect(rows).toContainEqual({
      taskId: null,
      path: 'log.level',
      value: 'debug',
      from: 'file',
      place: `${USUAL}:1:${first.indexOf('debug') + 1}`,
    });
    expect(rows).toContainEqual({
      taskId: 'bar',
      path: 'run.timeToLive',
      value: '10d',
      from: 'file',
      place: `${USUAL}:2:${second.indexOf('10d') + 1}`,
    });
    expect(rows).toContainEqual({ taskId: 'hall', path: 'run.timeToLive', value: '72h', from: 'default', place: '' });
    expect(rows).toContainEqual({
      taskId: 'hall',
      path: 'telegram.silentHours',
      value: 'off',
      from: 'file',
      place: `${USUAL}:2:${second.indexOf('off') + 1}`,
    });
    expect(rows).toContainEqual({
      taskId: 'bar',
      path: 'filters.startDate',
      value: '2026-11-24 00:00:00.000',
      from: 'environment',
      place: 'TP_TG_NOTIFY_FILTERS_START_DATE',
    });
    expect(rows).toContainEqual({ taskId: 'bar', path: 'sms.sender', value: 'BAR', from: 'parameter', place: 'SenderName' });
    expect(shownSettings(settings, 'bar').some(({ taskId }) => taskId === 'hall')).toBe(false);
    expect(rows).toHaveLength(17 + 2 * (FIELDS.length - 17));
  });
});
