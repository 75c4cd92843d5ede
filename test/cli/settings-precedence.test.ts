import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../src/cli/settings/fields.ts';
import { load, loaded, onlyTask, refused, TOKEN, USUAL } from './settings-host.ts';

const LAYERS = ['flag', 'environment', 'task', 'parameter', 'common'] as const;
type LayerName = (typeof LAYERS)[number];
const DAY: Readonly<Record<LayerName, string>> = { flag: '01', environment: '02', task: '03', parameter: '04', common: '05' };
const GROUP: Readonly<Record<LayerName, string>> = Object.fromEntries(
  LAYERS.map((layer, at) => [layer, `0000000${at}-0000-4000-8000-000000000000`]),
) as Record<LayerName, string>;

function request(given: ReadonlySet<LayerName>) {
  const value = (layer: LayerName): string => `{filters: {startDate: 2026-01-${DAY[layer]}, customerGroups: [${GROUP[layer]}]}}`;
  return {
    flags: given.has('flag')
      ? [
          { path: 'filters.startDate', flag: '--filters-start-date', text: '2026-01-01' },
          { path: 'filters.customerGroups', flag: '--filters-customer-groups', text: GROUP.flag },
        ]
      : [],
    environment: given.has('environment')
      ? { TP_TG_NOTIFY_FILTERS_START_DATE: '2026-01-02', TP_TG_NOTIFY_FILTERS_CUSTOMER_GROUPS: GROUP.environment }
      : {},
    yaml: `${given.has('common') ? `${value('common').slice(1, -1)}\n` : ''}tasks:\n  main: ${given.has('task') ? value('task') : '{}'}\n`,
    parameters: given.has('parameter') ? [{ taskId: 'main', parameters: { StartDate: '04.01.2026', ClientGroups: GROUP.parameter } }] : [],
  };
}

describe('precedence of settings', () => {
  it('takes the first of flag, environment, task, parameter, common part and default, for every combination', () => {
    const expectFirst = (names: readonly LayerName[]): void => {
      const given = new Set(names);
      const winner = LAYERS.find((layer) => given.has(layer));
      const settings = loaded(request(given));
      const source = settings.effective.find(({ path }) => path === 'filters.startDate')?.source;
      expect(settings.tasks[0]?.filters.startDate ?? null).toBe(winner === undefined ? null : `2026-01-${DAY[winner]} 00:00:00.000`);
      expect(settings.tasks[0]?.filters.customerGroups).toEqual(winner === undefined ? [] : [GROUP[winner]]);
      expect(source?.from).toBe(
        { flag: 'flag', environment: 'environment', task: 'file', parameter: 'parameter', common: 'file', none: 'default' }[
          winner ?? 'none'
        ],
      );
    };
    fc.assert(fc.property(fc.subarray([...LAYERS]), expectFirst), { numRuns: 100, examples: [[[]], [[...LAYERS]]] });
  });

  it('names a shadowed task parameter and what shadows it', () => {
    const { tasks } = loaded(request(new Set(['environment', 'parameter'])));
    expect(tasks[0]?.findings).toContainEqual({
      code: 'parameter_shadowed',
      args: { task: 'main', parameter: 'StartDate', path: 'filters.startDate', source: 'TP_TG_NOTIFY_FILTERS_START_DATE' },
    });
    expect(
      loaded(request(new Set(['parameter', 'common']))).tasks[0]?.findings.filter(({ code }) => code === 'parameter_shadowed'),
    ).toEqual([]);
  });

  it('does not judge a parameter that is shadowed', () => {
    const broken = [{ taskId: 'main', parameters: { StartDate: 'someday' } }];
    expect(load({ yaml: 'tasks: {main: {filters: {startDate: 2026-01-03}}}', parameters: broken }).ok).toBe(true);
    expect(load({ yaml: 'tasks: {main: {}}', parameters: broken }).ok).toBe(false);
  });

  it('lets no lower source take the place of a value that was refused', () => {
    const { problems } = refused({ yaml: 'zone: Europe/Moscow', environment: { TP_TG_NOTIFY_ZONE: 'Mars/Base' } });
    expect(problems.map(({ code }) => code)).toEqual(['bad_zone']);
  });

  it('makes one task of each id in file and database, whatever the spelling of a GUID', () => {
    const id = '6f9619ff-8b86-d011-b42d-00c04fc964ff';
    const parameters = [
      { taskId: `{${id.toUpperCase()}}`, parameters: { StartDate: '2026-02-01' } },
      { taskId: 'other', parameters: {} },
    ];
    const { tasks } = loaded({ yaml: `tasks: {bar: , ${id.toUpperCase()}: {mode: test}}`, parameters });
    expect(tasks.map((task) => [task.id, task.mode, task.filters.startDate])).toEqual([
      ['bar', 'live', null],
      [id, 'test', '2026-02-01 00:00:00.000'],
      ['other', 'live', null],
    ]);
  });

  it('makes one task named default where neither names any', () => {
    expect(onlyTask({}).id).toBe('default');
  });

  it('replaces lists whole instead of adding to them', () => {
    const { tasks } = loaded({ yaml: `allow: [${GROUP.flag}, ${GROUP.task}]\ntasks: {main: {allow: []}}` });
    expect(tasks[0]?.allow).toEqual([]);
  });

  it('counts an empty variable and a key without a value as not given', () => {
    expect(onlyTask({ yaml: 'mode: test\nzone:\ntelegram:\n', environment: { TP_TG_NOTIFY_MODE: ' ' } })).toMatchObject({
      mode: 'test',
      zone: 'Asia/Novosibirsk',
    });
  });

  it('gives every setting a variable and a flag but secrets, which have no flag, and structures, which have neither', () => {
    for (const { path, variable, flag, notes, writtenAs } of FIELDS) {
      expect([path, variable === null]).toEqual([path, writtenAs === 'structure']);
      expect([path, flag === null]).toEqual([path, writtenAs === 'structure' || notes.secret !== undefined]);
    }
    expect(FIELDS.filter(({ flag }) => flag === null).map(({ path }) => path)).toEqual([
      'sqlServer.password',
      'telegram.token',
      'telegram.proxy',
      'notice.templates',
      'notice.units',
      'sms.apiKey',
      'sms.token',
      'sms.proxy',
    ]);
    expect(new Set(FIELDS.map(({ variable, path }) => variable ?? path)).size).toBe(FIELDS.length);
    expect(() => load({ flags: [{ path: 'telegram.token', flag: '--telegram-token', text: TOKEN }] })).toThrow(
      'telegram.token takes no flag',
    );
  });

  it('takes every scalar setting from its variable in the words of the file', () => {
    const environment = {
      TP_TG_NOTIFY_TELEGRAM_API_ROOT: 'http://127.0.0.1:8081/',
      TP_TG_NOTIFY_TELEGRAM_RATE: '12,5',
      TP_TG_NOTIFY_TELEGRAM_TOKEN: TOKEN,
      TP_TG_NOTIFY_SUBSCRIPTIONS_TRUST_NOTES: 'нет',
      TP_TG_NOTIFY_SUBSCRIPTIONS_LEGACY_LINKS_UNTIL: '24.11.2026',
      TP_TG_NOTIFY_FILTERS_ACCOUNT_TYPES: `{${GROUP.flag}}; ${GROUP.task}`,
      TP_TG_NOTIFY_FILTERS_CUSTOMER_GROUPS: 'all',
      TP_TG_NOTIFY_FILTERS_THRESHOLD: '99.5',
      TP_TG_NOTIFY_RUN_TIME_LIMIT: 'off',
    };
    const task = onlyTask({ yaml: `filters: {customerGroups: [${GROUP.flag}]}`, environment });
    expect(task).toMatchObject({
      telegram: { apiRoot: 'http://127.0.0.1:8081', rate: 12.5 },
      subscriptions: { trustNotes: false, legacyLinksUntil: '2026-11-24 00:00:00.000' },
      filters: { accountTypes: [GROUP.flag, GROUP.task], customerGroups: [], threshold: 995_000n },
      run: { timeLimitMs: null },
    });
    expect(task.telegram.token.reveal()).toBe(TOKEN);
  });

  it('knows the line and column of each value of the file', () => {
    const { effective } = loaded({ yaml: 'mode: test\ntasks:\n  main:\n    run: {brake: 7}\n' });
    const sourceOf = (wanted: string) => effective.find(({ path }) => path === wanted)?.source;
    expect(sourceOf('mode')).toEqual({ from: 'file', file: USUAL, line: 1, column: 7 });
    expect(sourceOf('run.brake')).toEqual({ from: 'file', file: USUAL, line: 4, column: 18 });
    expect(sourceOf('run.linger')).toEqual({ from: 'default' });
  });
});
