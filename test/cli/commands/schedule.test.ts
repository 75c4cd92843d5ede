import { readdirSync, readFileSync } from 'node:fs';
import { dirname, win32 } from 'node:path';

import { describe, expect, it } from 'vitest';

import { checkSchedule, printSchedule, setSchedule } from '../../../src/cli/commands/schedule.ts';
import { CommandProblem } from '../../../src/cli/problem.ts';
import { fakeDoors, runIn } from '../../support/fake-doors.ts';
import type { FakeWish } from '../../support/fake-doors.ts';

const EMBEDDED = { engine: 'embedded', database: '', edition: null, platform: null, agentRunning: null, shellEnabled: null } as const;
const EXPRESS = { edition: 4, agentRunning: null } as const;
const SCRIPTS = new URL('../../../sql/sql-server/starting/', import.meta.url);

const print = (wish: FakeWish = {}, flags: Readonly<Record<string, unknown>> = {}, language: 'ru' | 'en' = 'ru') =>
  runIn(language, wish, { command: printSchedule, flags });
const codesOf = async (result: Promise<unknown>): Promise<readonly string[]> => {
  const error: unknown = await result.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CommandProblem);
  return (error as CommandProblem).findings.map(({ code }) => code);
};
/** Every command and file of a printed schedule. */
const filesOf = (json: unknown): Record<string, string> => {
  const { steps } = json as { readonly steps: readonly { readonly files: readonly { readonly name: string; readonly text: string }[] }[] };
  return Object.fromEntries(steps.flatMap(({ files }) => files).map(({ name, text }) => [name, text]));
};

describe('schedule print', () => {
  it.each([
    ['the Agent', 'agent', {}, ['tp-tg-notify.xml', 'tp-tg-notify-agent.sql']],
    ['xp_cmdshell', 'xp_cmdshell', { ...EXPRESS, shellEnabled: true }, ['tp-tg-notify.xml', 'tp-tg-notify-xp_cmdshell.sql']],
    ['the schedule alone', 'none', EXPRESS, ['tp-tg-notify.xml', 'tp-tg-notify-none.sql']],
  ] as const)('takes %s where the server has nothing better, with the schedule beside it', async (_what, way, start, files) => {
    const { json } = await print({ start }).result;
    expect(json).toMatchObject({ way, system: 'windows' });
    expect(Object.keys(filesOf(json))).toEqual(files);
  });

  it('prints the scheduler’s entry alone on the embedded engine', async () => {
    const { text, json } = await print({ start: EMBEDDED }).result;
    expect(Object.keys(filesOf(json))).toEqual(['tp-tg-notify.xml']);
    expect(text).toContain('У встроенной СУБД нет сервера');
  });

  it('prints systemd’s units for Linux, where the task itself starts nothing', async () => {
    const { json } = await print({}, { os: 'linux' }).result;
    expect(json).toMatchObject({
      way: 'none',
      findings: expect.arrayContaining([{ code: 'schedule_other_system', args: { system: 'linux' } }]),
    });
    expect(Object.keys(filesOf(json))).toEqual(['tp-tg-notify.service', 'tp-tg-notify.timer', 'tp-tg-notify-none.sql']);
    expect(await codesOf(print({}, { os: 'linux', way: 'agent' }).result)).toEqual(['schedule_way_linux']);
  });

  it('never offers the Agent of Express, nor a server’s way on the embedded engine', async () => {
    expect(await codesOf(print({ start: EXPRESS }, { way: 'agent' }).result)).toEqual(['start_edition_without_agent']);
    expect(await codesOf(print({ start: EMBEDDED }, { way: 'xp_cmdshell' }).result)).toEqual(['start_embedded']);
  });

  it('prints a way that is wanted though something is still missing, and says what', async () => {
    const { json, text } = await print({ start: { agentRunning: false } }, { way: 'agent' }).result;
    expect(json).toMatchObject({ way: 'agent', findings: [{ code: 'start_agent_stopped' }] });
    expect(text).toContain('Служба «Агент SQL Server» не запущена');
  });

  it('writes the files with --save, and then names them instead of showing them', async () => {
    const { result, did } = print({}, { save: 'out' });
    const { text, json } = await result;
    expect(did).toContain('saveFiles(out: tp-tg-notify.xml, tp-tg-notify-agent.sql)');
    expect(text).toContain('Записан: out/tp-tg-notify-agent.sql');
    expect(text).not.toContain('<Task');
    expect(json).toMatchObject({ saved: ['out/tp-tg-notify.xml', 'out/tp-tg-notify-agent.sql'] });
  });

  it('tells what a scheduler would not see or would replace', async () => {
    const env = { TP_TG_NOTIFY_ZONE: 'Europe/Moscow', BOT_TOKEN: `7000000001:${'A'.repeat(35)}` };
    const program = { script: String.raw`C:\%TEMP%\tp-tg-notify.js` };
    const settings = 'database: site.sqlite\ntelegram:\n  token: env:BOT_TOKEN\n';
    const { json } = await print({ env, program, settings, bare: true }).result;
    expect(json).toMatchObject({
      findings: [
        { code: 'schedule_environment', args: { names: 'TP_TG_NOTIFY_ZONE, BOT_TOKEN' } },
        { code: 'schedule_replaced', args: { path: program.script } },
      ],
    });
    const hundred = await print({ program: { script: String.raw`C:\100%\tp-tg-notify.js` } }).result;
    expect(hundred.json).toMatchObject({ findings: [] });
  });

  it('ends a run that hangs only well after its own limit', async () => {
    const limit = async (settings: string): Promise<string | undefined> =>
      /<ExecutionTimeLimit>(\w+)</u.exec(filesOf((await print({ settings }).result).json)['tp-tg-notify.xml'] ?? '')?.[1];
    expect(await limit('')).toBe('PT15M');
    expect(await limit('run:\n  timeLimit: 20m\n')).toBe('PT45M');
    expect(await limit('run:\n  timeLimit: off\n')).toBe('PT720M');
  });

  it('says the same in English, without a Russian word', async () => {
    const { text } = await print({ start: { ...EXPRESS, shellEnabled: true } }, {}, 'en').result;
    expect(text).not.toMatch(/[а-яё]/iu);
  });

  it.each([
    ['agent-ru', {}, { login: 'tillypad', account: String.raw`PENKA\notify` }, 'ru'],
    ['xp_cmdshell-en', { ...EXPRESS, shellEnabled: true }, { login: "O'Hara", starter: String.raw`PENKA\запуск` }, 'en'],
    ['none-en', EXPRESS, {}, 'en'],
    ['linux-ru', EMBEDDED, { os: 'linux' }, 'ru'],
  ] as const)('prints %s word for word', async (name, start, flags, language) => {
    const database = 'database' in start ? start.database : `Пенка 'Центр' 100%`;
    const program = { system: name.startsWith('linux') ? 'linux' : 'windows' } as const;
    const fake = fakeDoors({ start: { ...start, database }, program, language });
    const { text } = await printSchedule(fake.call([], flags));
    // The settings file stands in a temporary folder.
    const folder = dirname(fake.settingsFile);
    const shown = [folder, win32.normalize(folder)].reduce((all, one) => all.replaceAll(one, '/etc/tp-tg-notify'), text);
    await expect(`${shown}\n`).toMatchFileSnapshot(`../schedule/golden/${name}.txt`);
  });
});

describe('the scripts for SQL Server', () => {
  const scripts = readdirSync(SCRIPTS).map((name) => [name, readFileSync(new URL(name, SCRIPTS), 'utf8')] as const);

  it.each(scripts)('%s is pure ASCII and says first what it is for', (_name, text) => {
    expect(text).toMatch(/^-- tp-tg-notify: [\n -~]+$/u);
  });

  it.each(scripts.filter(([name]) => name !== 'none.sql'))('%s checks before it changes anything, and stops the rest', (_name, text) => {
    const [, checks = ''] = text.split('DECLARE @wrong');
    expect(checks).toContain('SET NOEXEC ON');
    expect(text.indexOf('SET NOEXEC ON')).toBeLessThan(text.indexOf('CREATE PROCEDURE'));
    expect(text).toContain('SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON');
    expect(text).not.toContain('SQLAgentOperatorRole');
  });

  it('the wrapper of the Agent runs as the owner of the one job, asks before it starts, and raises nothing', () => {
    const agent = readFileSync(new URL('agent.sql', SCRIPTS), 'utf8');
    const wrapper = agent.slice(agent.indexOf('CREATE PROCEDURE dbo.tgn_start'), agent.indexOf("-- Tillypad's login may execute"));
    expect(wrapper).toContain("WITH EXECUTE AS 'tgn_agent'");
    expect(wrapper.indexOf('sp_help_jobactivity')).toBeLessThan(wrapper.indexOf('sp_start_job'));
    expect(wrapper).toContain('BEGIN CATCH');
    expect(wrapper).not.toMatch(/RAISERROR|THROW|COMMIT|ROLLBACK/u);
  });

  it('xp_cmdshell is given one fixed command', () => {
    const shell = readFileSync(new URL('xp_cmdshell.sql', SCRIPTS), 'utf8');
    expect(shell.match(/dbo\.xp_cmdshell N'[^']*'/gu)).toEqual(["dbo.xp_cmdshell N'schtasks /run /tn tp-tg-notify'"]);
    expect(shell).not.toMatch(/^\s*EXEC sp_configure/mu);
  });
});

describe('schedule check', () => {
  const check = (start: NonNullable<FakeWish['start']>, language: 'ru' | 'en' = 'ru') =>
    runIn(language, { start }, { command: checkSchedule }).result;

  it('answers yes when the way in force works, and says what would be better', async () => {
    const { code, text, json } = await check({ way: 'none' });
    expect(code).toBe(0);
    expect(json).toMatchObject({ inForce: 'none', recommended: 'agent' });
    expect(text).toContain('Сейчас программу запускает: только расписание');
    expect(text).toContain('Здесь лучше: агент SQL Server');
    expect((await check({ way: 'agent', agentReady: true })).code).toBe(0);
  });

  it.each([
    ['the Agent is stopped', { way: 'agent', agentReady: true, agentRunning: false }, 'не запущена'],
    ['the way in force was never set up', { way: 'agent' }, 'Ещё не настроено'],
    ['xp_cmdshell was switched off', { way: 'xp_cmdshell', shellReady: true }, 'xp_cmdshell на этом сервере выключена'],
    ['the server is Express by now', { way: 'agent', ...EXPRESS, agentReady: true }, 'нет агента, который запускает программы'],
  ] as const)('answers no when %s', async (_when, start, word) => {
    const { code, text } = await check(start);
    expect(code).toBe(9);
    expect(text).toContain(word);
  });

  it('says on the embedded engine that only a schedule starts the program', async () => {
    const { code, text } = await check(EMBEDDED, 'en');
    expect(code).toBe(0);
    expect(text).toContain('+  the schedule alone: ready');
    expect(text).not.toMatch(/[а-яё]/iu);
  });
});

describe('schedule set', () => {
  const set = (start: NonNullable<FakeWish['start']>, flags: Readonly<Record<string, unknown>>) =>
    runIn('en', { start }, { command: setSchedule, flags });

  it('puts a way into force that is set up, or that can’t be seen from here', async () => {
    for (const start of [{ agentReady: true }, { agentReady: null, agentRunning: null }]) {
      const { result, did } = set(start, { way: 'agent' });
      expect(await result).toMatchObject({ code: 0, text: 'From now on the program is started by: SQL Server Agent' });
      expect(did).toContain('setStartWay("agent")');
    }
  });

  it('refuses what is not set up, what can’t be had, and no way at all; nothing is changed then', async () => {
    for (const [start, flags, codes] of [
      [{}, { way: 'agent' }, ['start_not_set_up']],
      [EXPRESS, { way: 'agent' }, ['start_edition_without_agent']],
      [{ shellReady: true }, { way: 'xp_cmdshell' }, ['start_shell_off']],
      [EMBEDDED, { way: 'agent' }, ['start_embedded']],
      [{}, {}, ['schedule_way_missing']],
    ] as const) {
      const { result, did } = set(start, flags);
      expect(await codesOf(result)).toEqual(codes);
      expect(did.filter((call) => call.startsWith('setStartWay'))).toEqual([]);
    }
  });
});
