import { describe, expect, it } from 'vitest';
import { loaded, onlyTask, refused, TOKEN } from './settings-host.ts';

const ID = '6f9619ff-8b86-d011-b42d-00c04fc964ff';
const parametersOf = (parameters: Readonly<Record<string, string>>) => ({ parameters: [{ taskId: ID, parameters }] });

describe('task parameters', () => {
  it.each([
    ['24.11.2026', '2026-11-24 00:00:00.000'],
    ['2026-11-24', '2026-11-24 00:00:00.000'],
    ['24.11.2026 18:30:05', '2026-11-24 18:30:05.000'],
    ['2026-11-24T18:30:05.123', '2026-11-24 18:30:05.123'],
    ['2026-11-24 18:30:05.1230000', '2026-11-24 18:30:05.123'],
    ['20261124', '2026-11-24 00:00:00.000'],
    ['20261124 18:30', '2026-11-24 18:30:00.000'],
    ['Nov 24 2026 12:00AM', '2026-11-24 00:00:00.000'],
    ['Dec  1 2026 12:05PM', '2026-12-01 12:05:00.000'],
    ['Dec  1 2026  1:05PM', '2026-12-01 13:05:00.000'],
    ['Nov 24 2026 11:59:58:997PM', '2026-11-24 23:59:58.000'],
    ['ноя 24 2026 12:00AM', '2026-11-24 00:00:00.000'],
    ['мая  1 2026', '2026-05-01 00:00:00.000'],
    ['мар 1 2026', '2026-03-01 00:00:00.000'],
  ])('read the start date %j', (text, wall) => {
    expect(onlyTask(parametersOf({ StartDate: text })).filters.startDate).toBe(wall);
  });

  it.each(['31.02.2026', '03/04/2026', '20261340', 'Foo 24 2026', '24.11.26', '2026-11-24T18:30:00+03:00', 'Nov 24 2026 25:00'])(
    'refuse the start date %j',
    (text) => {
      expect(refused(parametersOf({ StartDate: text })).problems).toMatchObject([
        { path: 'filters.startDate', code: 'bad_date', source: { from: 'parameter', taskId: ID, parameter: 'StartDate' } },
      ]);
    },
  );

  it.each([`${ID},{${ID.toUpperCase()}}`, `${ID};${ID}`, `${ID} ${ID}`, `;{${ID}}\r\n\t{${ID}};`, `${ID}, ; ${ID}`])(
    'read a list of identifiers: %j',
    (text) => {
      expect(onlyTask(parametersOf({ ClientPurseTypes: text, ClientGroups: text })).filters).toMatchObject({
        accountTypes: [ID, ID],
        customerGroups: [ID, ID],
      });
    },
  );

  it('name all account types and groups where none is chosen', () => {
    const codesOf = (parameters: Readonly<Record<string, string>>) => onlyTask(parametersOf(parameters)).findings.map(({ code }) => code);
    expect(codesOf({ ClientPurseTypes: '', ClientGroups: ' ' })).toEqual(['all_account_types', 'all_customer_groups']);
    expect(codesOf({ ClientPurseTypes: ID })).toEqual(['all_customer_groups']);
    expect(codesOf({ ClientPurseTypes: ID, ClientGroups: ID })).toEqual([]);
  });

  it.each([
    ['SMS.RU', 'smsru'],
    ['P1SMS', 'p1sms'],
    ['PUSHSMS', 'pushsms'],
    ['Push SMS', 'pushsms'],
  ])('read the SMS operator %j', (text, operator) => {
    const { effective } = loaded(
      parametersOf({ SmsOperator: text, ApiKey: 'key-1234', PushToken: 'token-1234', SenderName: ' RESTORAN ' }),
    );
    const given = ['sms.operator', 'sms.apiKey', 'sms.token', 'sms.sender'];
    expect(effective.filter(({ path }) => given.includes(path)).map(({ shown }) => shown)).toEqual([operator, '***', '***', 'RESTORAN']);
  });

  it('give the bot token, plain or from a variable', () => {
    expect(onlyTask(parametersOf({ BotToken: ` ${TOKEN}\r\n` })).telegram.token.reveal()).toBe(TOKEN);
    expect(onlyTask({ ...parametersOf({ BotToken: 'env:BOT' }), environment: { BOT: TOKEN } }).telegram.token.reveal()).toBe(TOKEN);
  });

  it('never make the program read a file of the machine', () => {
    const request = {
      ...parametersOf({ ApiKey: 'file:/etc/tp-tg-notify/link.key' }),
      requireToken: true,
      yaml: `telegram: {token: ${TOKEN}}`,
      files: { '/etc/tp-tg-notify/link.key': 'link-key' },
    };
    expect(refused(request).problems.map(({ code, path }) => [code, path])).toEqual([['reference_refused', 'sms.apiKey']]);
  });

  it('tell names that this program does not know, and take known ones in any case', () => {
    const task = onlyTask(parametersOf({ startdate: '2026-01-01', Colour: 'red' }));
    expect(task.filters.startDate).toBe('2026-01-01 00:00:00.000');
    expect(task.findings).toContainEqual({ code: 'parameter_unknown', args: { task: ID, parameter: 'Colour' } });
  });

  it('are of a task that works beside one of the file: that is told where both are of one bot', () => {
    const both = (yaml: string) => loaded({ ...parametersOf({ BotToken: TOKEN }), yaml }).findings;
    expect(both(`telegram: {token: ${TOKEN}}\ntasks: {main: {}, bar: {}}`)).toEqual([
      { code: 'tasks_of_both', args: { file: 'main, bar', tillypad: ID } },
    ]);
    expect(both(`telegram: {token: ${TOKEN}}`)).toEqual([]);
    expect(both(`telegram: {token: ${TOKEN}}\ntasks: {${ID}: {mode: test}}`)).toEqual([]);
    expect(both(`tasks: {bar: {telegram: {token: '1${TOKEN}'}}}`)).toEqual([]);
    expect(loaded({ yaml: `telegram: {token: ${TOKEN}}\ntasks: {main: {}, bar: {}}` }).findings).toEqual([]);
  });
});
