import fc from 'fast-check';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { renderProblem } from '../../src/cli/render/settings-problems.ts';
import { load, loaded, onlyTask, refused, TOKEN, USUAL, type FakeFile } from './settings-host.ts';

const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBdjCCARugAwIBAgIUQtzZeftch6DvnfqmTjZK+wak8awwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjQwNDEwNTNaGA8yMTI2MTAzMTA0MTA1
M1owDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCQX
MWB5ekpuGFDUDshARap6xeGjYysfXA2Psg4wT9aH7ECDEy6SdlpGWGvi/L6wTbif
qshuC4cYErWiKQhkECejUzBRMB0GA1UdDgQWBBQsPVLf9KT5ityyf/EWbGd1eVJN
nDAfBgNVHSMEGDAWgBQsPVLf9KT5ityyf/EWbGd1eVJNnDAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0kAMEYCIQDm67JtAL1BjvBdrNNbjRQ/S+m8w8BJdHj5
lFmQa+5+TAIhAKLxycf8uc9bEMTCTkiE9h47JO8lw2WfFvuEaGg7R3iW
-----END CERTIFICATE-----
`;
const TEXT = 'restaurant: {name: Маяк}\n';
const utf16 = (text: string, mark: boolean): Uint8Array => new Uint8Array(Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le'));
const swapped = (bytes: Uint8Array): Uint8Array => new Uint8Array(Buffer.from(bytes).swap16());

describe('the settings file', () => {
  it.each<[string, FakeFile]>([
    ['UTF-8', TEXT],
    ['UTF-8 with a mark', `\uFEFF${TEXT}`],
    ['UTF-16 as PowerShell writes it', utf16(TEXT, true)],
    ['UTF-16 without a mark', utf16(TEXT, false)],
    ['big-endian UTF-16', swapped(utf16(TEXT, true))],
    ['big-endian UTF-16 without a mark', swapped(utf16(TEXT, false))],
    ['Windows line ends', '\r\n# x\r\nrestaurant:\r\n  name: Маяк\r\n'],
    ['JSON', '{"restaurant": {"name": "Маяк"}}'],
    ['JSON with tabs', '{\n\t"restaurant": {\n\t\t"name": "Маяк"\n\t}\n}'],
    ['an anchor used once', 'guests: &g {}\nrestaurant: {name: &n Маяк, contact: *n}\n'],
  ])('is read as %s', (_name, yaml) => {
    expect(onlyTask({ yaml }).restaurant.name).toBe('Маяк');
  });

  it.each(['', '\n', '# nothing yet\n', '---\n', '{}', '\uFEFF', 'null'])('may be empty: %j', (yaml) => {
    expect(onlyTask({ yaml }).zone).toBe('Asia/Novosibirsk');
  });

  it('keeps what looks like a number but is text as it was written', () => {
    const { restaurant, filters } = onlyTask({
      yaml: 'restaurant: {name: 1812, contact: +74951234567}\nfilters: {threshold: 0.10, startDate: 2026-11-24}\n',
    });
    expect(restaurant).toEqual({ name: '1812', contact: '+74951234567' });
    expect(filters).toMatchObject({ threshold: 1_000n, startDate: '2026-11-24 00:00:00.000' });
  });

  it('is looked for where a flag, a variable, or nobody says', () => {
    const files = {
      '/home/admin/a.yaml': 'restaurant: {name: A}',
      '/srv/b.yaml': 'restaurant: {name: B}',
      [USUAL]: 'restaurant: {name: C}',
    };
    const environment = { TP_TG_NOTIFY_SETTINGS: '/srv/b.yaml' };
    expect([
      onlyTask({ files, environment, settingsFlag: 'a.yaml' }).restaurant.name,
      onlyTask({ files, environment }).restaurant.name,
      onlyTask({ files }).restaurant.name,
    ]).toEqual(['A', 'B', 'C']);
  });

  it('is never taken from the current folder', () => {
    const { file, folder, tasks } = loaded({ files: { '/home/admin/settings.yaml': 'mode: test' } });
    expect([file, folder, tasks[0]?.mode]).toEqual([null, '/etc/tp-tg-notify', 'live']);
  });

  it('stands in ProgramData on Windows, where variables have no case', () => {
    const file = 'D:\\Data\\tp-tg-notify\\settings.yaml';
    const answer = loaded({
      platform: 'win32',
      folder: 'C:\\Windows\\System32',
      environment: { PROGRAMDATA: 'D:\\Data', Tp_Tg_Notify_Run_Brake: '7', tg_token: TOKEN },
      files: { [file]: 'database: site.sqlite\ntelegram: {token: env:TG_TOKEN}\nlog: {folder: C:\\Logs\\tg}\n' },
    });
    expect(answer).toMatchObject({ file, database: 'D:\\Data\\tp-tg-notify\\site.sqlite', log: { folder: 'C:\\Logs\\tg' } });
    expect(answer.tasks[0]?.run.brake).toBe(7);
    expect(answer.tasks[0]?.telegram.token.reveal()).toBe(TOKEN);
  });

  it('is the start of relative paths inside it, and the current folder is for what was typed', () => {
    const files = { '/srv/site/settings.yaml': 'database: site.sqlite\nlog: {folder: ../log}\n' };
    const settingsFlag = '/srv/site/settings.yaml';
    expect(loaded({ files, settingsFlag })).toMatchObject({ database: '/srv/site/site.sqlite', log: { folder: '/srv/log' } });
    expect(loaded({ files, settingsFlag, flags: [{ path: 'database', flag: '--database', text: 'trial.sqlite' }] }).database).toBe(
      '/home/admin/trial.sqlite',
    );
    expect(loaded({ files, settingsFlag, environment: { TP_TG_NOTIFY_DATABASE: 'env.sqlite' } }).database).toBe('/home/admin/env.sqlite');
  });

  it('needs not be there: then the log stands beside the database', () => {
    expect(loaded({ environment: { TP_TG_NOTIFY_DATABASE: 'trial.sqlite' } }).log.folder).toBe('/home/admin/log');
  });

  it('has its log beside it, but for /etc', () => {
    expect(loaded({ files: { '/srv/s.yaml': '' }, settingsFlag: '/srv/s.yaml' }).log).toEqual({
      folder: '/srv/log',
      level: 'info',
      maxSize: 10_485_760,
      keep: 14,
    });
    expect(loaded({ yaml: '' }).log.folder).toBe('/var/log/tp-tg-notify');
    expect(loaded({ yaml: 'database: /srv/site.sqlite' }).log.folder).toBe('/var/log/tp-tg-notify');
  });

  it.each([
    [0o600, true],
    [0o640, true],
    [0o644, true],
    [0o666, false],
    [0o660, false],
    [0o620, false],
    [0o602, false],
  ])('with mode %o is accepted: %s', (mode, ok) => {
    expect(load({ yaml: { content: 'mode: live', mode } }).ok).toBe(ok);
  });

  it('names each secret that stands readable for others, and none that is a reference', () => {
    const content = `telegram: {token: ${TOKEN}, proxy: env:PROXY}\ntasks: {bar: {sms: {apiKey: abcdef}}}\n`;
    const expected = [
      { code: 'secret_readable', args: { path: 'telegram.token', file: USUAL, line: 1 } },
      { code: 'secret_readable', args: { path: 'tasks.bar.sms.apiKey', file: USUAL, line: 2 } },
    ];
    expect(loaded({ yaml: { content, mode: 0o644 }, environment: { PROXY: 'http://p:1' } }).findings).toEqual(expected);
    expect(loaded({ yaml: { content, mode: 0o640 }, environment: { PROXY: 'http://p:1' } }).findings).toEqual([]);
    expect(
      loaded({
        platform: 'win32',
        files: { 'C:\\ProgramData\\tp-tg-notify\\settings.yaml': content },
        environment: { PROXY: 'http://p:1' },
      }).findings,
    ).toEqual([]);
  });

  it('gives the certificates that it names by a path', () => {
    const files = { '/etc/tp-tg-notify/own.pem': `Our proxy\n${AUTHORITY}\n${AUTHORITY}` };
    expect(onlyTask({ yaml: 'telegram: {ca: own.pem}', files }).telegram.ca).toBe(files['/etc/tp-tg-notify/own.pem']);
  });

  it('may lift the rate for an own server only', () => {
    expect(onlyTask({ yaml: 'telegram: {rate: 0, apiRoot: "http://127.0.0.1:8081"}' }).telegram.rate).toBe(0);
    expect(onlyTask({ yaml: 'telegram: {rate: 1000, broadcast: paid}' }).telegram.rate).toBe(1000);
    expect(refused({ yaml: 'telegram: {rate: 0, apiRoot: "https://API.telegram.org:443/"}' }).problems.map(({ code }) => code)).toEqual([
      'rate_above_limit',
    ]);
  });

  it('stops references that multiply each other', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'.split('').map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[at]}`).join(',')}]`),
    ].join('\n');
    expect(refused({ yaml: bomb }).problems.map(({ code }) => code)).toEqual(['yaml_too_big']);
  });

  it('stops at nesting without end', () => {
    expect(refused({ yaml: `allow: ${'['.repeat(5_000)}${']'.repeat(5_000)}` }).problems.length).toBeGreaterThan(0);
  });

  it('may hold anything: it is loaded or refused with problems that can be told, and nothing throws', () => {
    const told = (yaml: FakeFile): void => {
      const answer = load({ yaml });
      if (!answer.ok) expect(answer.problems.map((problem) => renderProblem(problem, 'en')).join('').length).toBeGreaterThan(0);
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), told), { numRuns: 300 });
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), told), { numRuns: 300 });
    const keys = fc.constantFrom(
      'telegram',
      'token',
      'filters',
      'startDate',
      'tasks',
      'notice',
      'templates',
      'text',
      'ru',
      'run',
      'brake',
      'allow',
      '__proto__',
      'constructor',
    );
    const anything = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.constant(null),
        fc.boolean(),
        fc.double(),
        fc.string(),
        fc.array(tie('value')),
        fc.dictionary(keys, tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(anything, (value) => told(stringify(value))),
      { numRuns: 300 },
    );
  });
});
