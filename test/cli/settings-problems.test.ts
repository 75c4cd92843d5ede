import { describe, expect, it } from 'vitest';
import { renderProblem } from '../../src/cli/render/settings-problems.ts';
import { PROBLEM_CODES, type ProblemCode } from '../../src/cli/settings/problem.ts';
import { loaded, refused, TOKEN, USUAL, type FakeRequest } from './settings-host.ts';

interface Case extends FakeRequest {
  readonly code: ProblemCode;
  /** Words that both languages must show. */
  readonly shows?: readonly string[];
}

const LONG = 'я'.repeat(101);
const named = (file: FakeRequest['yaml'] & object): FakeRequest => ({ settingsFlag: 'my.yaml', files: { '/home/admin/my.yaml': file } });
const template = (text: string): string => `notice:\n  templates:\n    - text:\n        ru: ${JSON.stringify(text)}\n`;

/** One way into each problem. */
const CASES: readonly Case[] = [
  { code: 'file_missing', settingsFlag: 'my.yaml', shows: ['--settings', '/home/admin/my.yaml'] },
  { code: 'file_missing', environment: { TP_TG_NOTIFY_SETTINGS: '/x/y.yaml' }, shows: ['TP_TG_NOTIFY_SETTINGS', '/x/y.yaml'] },
  { code: 'file_denied', yaml: { answer: 'denied' }, shows: [USUAL] },
  { code: 'file_not_a_file', ...named({ answer: 'not_a_file' }), shows: ['my.yaml'] },
  { code: 'file_failed', yaml: { answer: 'failed', detail: 'EIO' }, shows: ['EIO'] },
  { code: 'file_too_large', yaml: { answer: 'too_large' }, shows: [USUAL] },
  { code: 'file_writable', yaml: { content: 'mode: live', mode: 0o602 }, shows: [`chmod go-w ${USUAL}`] },
  { code: 'file_writable', yaml: { content: 'mode: live', mode: 0o620 }, shows: [`chmod go-w ${USUAL}`] },
  {
    code: 'folder_writable',
    yaml: { content: 'mode: live', mode: 0o600, folderMode: 0o777 },
    shows: ['chmod go-w /etc/tp-tg-notify'],
  },
  {
    code: 'folder_writable',
    yaml: { content: 'mode: live', mode: 0o600, folderMode: 0o775 },
    shows: ['chmod go-w /etc/tp-tg-notify'],
  },
  { code: 'parameters_damaged', parameters: [{ taskId: 'bar', parameters: null }], shows: ['bar'] },
  { code: 'file_encoding', yaml: Uint8Array.of(0x7a, 0x6f, 0x6e, 0x65, 0x3a, 0x20, 0xcc, 0xee), shows: [USUAL, 'UTF-8'] },
  { code: 'yaml_syntax', yaml: 'allow: [1,\n', shows: [`${USUAL}:`] },
  { code: 'yaml_tab', yaml: 'telegram:\n\trate: 1\n', shows: [`${USUAL}:2:1`] },
  { code: 'yaml_colon', yaml: 'restaurant:\n  name: Bar: Lighthouse\n', shows: [`${USUAL}:2:`] },
  { code: 'yaml_colon', yaml: 'telegram: {rate:5}\n', shows: [`${USUAL}:1:12`, 'telegram.rate…'] },
  { code: 'yaml_escape', yaml: 'database: "C:\\Users\\x"\n', shows: [`${USUAL}:1:`] },
  { code: 'yaml_reserved', yaml: 'restaurant:\n  name: @Bar\n', shows: [`${USUAL}:2:9`] },
  { code: 'yaml_duplicate_key', yaml: 'mode: live\nmode: test\n', shows: [`${USUAL}:2:1`] },
  { code: 'yaml_documents', yaml: 'mode: live\n---\nmode: test\n', shows: [`${USUAL}:2:1`] },
  { code: 'yaml_tag', yaml: 'mode: !!binary aGk=\n', shows: [`${USUAL}:1:`] },
  { code: 'yaml_alias', yaml: 'mode: *live\n', shows: [`${USUAL}:1:7`] },
  { code: 'yaml_key', yaml: '? [a]\n: 1\n', shows: [`${USUAL}:1:3`] },
  { code: 'yaml_too_big', yaml: 'allow: &a [*a]\n', shows: [USUAL] },
  { code: 'unknown_key', yaml: 'telegram:\n  tokn: x\n', shows: [`${USUAL}:2:3`, 'telegram.tokn', 'token?'] },
  { code: 'unknown_key', yaml: 'token: x\n', shows: [`${USUAL}:1:1`, 'telegram.token?'] },
  {
    code: 'unknown_key',
    yaml: 'notice: {units: [{txt: {ru: x}, text: {ru: x}}]}\n',
    shows: [`${USUAL}:1:19`, 'notice.units[0].txt', 'text?'],
  },
  { code: 'program_key', yaml: 'tasks: {main: {database: x}}\n', shows: [`${USUAL}:1:16`, 'tasks.main.database'] },
  { code: 'missing_key', yaml: 'notice: {units: [{digits: 1}]}\n', shows: ['notice.units[0].text'] },
  {
    code: 'unknown_variable',
    environment: { TP_TG_NOTIFY_TELEGRAM_TOKN: 'x' },
    shows: ['TP_TG_NOTIFY_TELEGRAM_TOKN', 'TP_TG_NOTIFY_TELEGRAM_TOKEN?'],
  },
  { code: 'wrong_type', yaml: 'telegram: {rate: fast}\n', shows: ['telegram.rate', `${USUAL}:1:18`] },
  { code: 'wrong_type', yaml: 'run: 5\n', shows: ['run', `${USUAL}:1:6`] },
  { code: 'wrong_type', yaml: '- a\n- b\n' },
  { code: 'wrong_type', environment: { TP_TG_NOTIFY_RUN_BRAKE: 'many' }, shows: ['TP_TG_NOTIFY_RUN_BRAKE', 'run.brake'] },
  { code: 'not_a_choice', yaml: 'telegram: {inDoubt: giveup}\n', shows: ['giveUp?', 'repeat, ask, giveUp'] },
  { code: 'not_a_choice', flags: [{ path: 'language', flag: '--language', text: 'de' }], shows: ['--language', 'de', 'ru, en'] },
  { code: 'too_small', yaml: 'run: {brake: -1}\n', shows: ['-1', 'run.brake'] },
  { code: 'too_small', yaml: 'telegram: {timeout: 10ms}\n', shows: ['10ms', '1s'] },
  { code: 'too_small', yaml: 'filters: {threshold: -5}\n', shows: ['-5'] },
  { code: 'too_big', yaml: 'telegram: {concurrency: 101}\n', shows: ['101', '100'] },
  { code: 'too_big', yaml: 'notice: {digestGap: 2h}\n', shows: ['2h', '1h'] },
  { code: 'not_whole', yaml: 'log: {keep: 2.5}\n', shows: ['2.5'] },
  { code: 'text_empty', yaml: "subscriptions: {noteType: ' '}\n", shows: ['subscriptions.noteType'] },
  { code: 'text_too_long', yaml: `restaurant: {name: ${LONG}}\n`, shows: ['100'] },
  { code: 'bad_duration', yaml: 'run: {linger: soon}\n', shows: ['soon', '72h'] },
  { code: 'duration_without_unit', yaml: 'run: {linger: 15}\n', shows: ['15s'] },
  { code: 'bad_size', yaml: 'log: {maxSize: 10}\n', shows: ['10 MB'] },
  { code: 'bad_zone', yaml: 'zone: Europe/Moskow\n', shows: ['Europe/Moskow', 'Europe/Moscow?'] },
  { code: 'bad_zone', yaml: 'zone: +03:00\n', shows: ['+03:00'] },
  { code: 'bad_date', yaml: 'filters: {startDate: 31.02.2026}\n', shows: ['31.02.2026', '24.11.2026'] },
  { code: 'bad_date', yaml: 'filters: {startDate: 03/04/2026}\n', shows: ['03/04/2026'] },
  { code: 'bad_date', yaml: 'filters: {startDate: soon}\n', shows: ['soon'] },
  { code: 'bad_guid', yaml: 'allow:\n  - 6f9619ff-8b86-d011-b42d-00c04fc964ff\n  - 42\n', shows: ['allow[1]', `${USUAL}:3:5`, '42'] },
  { code: 'bad_hours', yaml: 'telegram: {silentHours: 25-9}\n', shows: ['25-9'] },
  { code: 'bad_amount', yaml: 'filters: {threshold: "1,250"}\n', shows: ['1,250'] },
  { code: 'bad_amount', yaml: 'filters: {threshold: 0.00001}\n', shows: ['0.00001'] },
  { code: 'bad_amount', yaml: 'filters: {threshold: ten}\n', shows: ['ten'] },
  { code: 'bad_url', yaml: 'telegram: {apiRoot: api.telegram.org}\n', shows: ['telegram.apiRoot'] },
  { code: 'url_with_credentials', yaml: 'telegram: {apiRoot: "https://a:b@api.telegram.org"}\n' },
  { code: 'url_with_token', yaml: `telegram: {apiRoot: "https://api.telegram.org/bot${TOKEN}/"}\n` },
  { code: 'bad_proxy', yaml: 'telegram: {proxy: proxy.local}\n', shows: ['telegram.proxy'] },
  { code: 'bad_proxy', yaml: 'telegram: {proxy: "http://"}\n' },
  { code: 'proxy_scheme', yaml: 'telegram: {proxy: "socks4://h:1"}\n', shows: ['socks4', 'socks5h'] },
  { code: 'bad_token', yaml: `telegram: {token: bot${TOKEN}}\n`, shows: ['telegram.token'] },
  { code: 'bad_token', parameters: [{ taskId: 'main', parameters: { BotToken: 'abc' } }], shows: ['BotToken', 'main'] },
  { code: 'bad_key', yaml: 'sms: {apiKey: a b}\n', shows: ['sms.apiKey'] },
  { code: 'bad_path', yaml: "log: {folder: ' '}\n", shows: ['log.folder'] },
  { code: 'database_scheme', yaml: 'database: postgres://sa:pw@host/db\n', shows: ['database', 'mssql://'] },
  { code: 'database_address', yaml: 'database: mssql://sa:pw@host\n', shows: ['database', 'mssql://'] },
  { code: 'database_address', yaml: 'database: mssql://sa:pw@host:port/db\n', shows: ['65535'] },
  { code: 'database_address', yaml: 'database: mssql://sa:pw@host/db?encryption=no\n', shows: ['encryption', 'trustServerCertificate'] },
  { code: 'database_address', yaml: 'database: mssql://sa@host/db\n', shows: ['sqlServer.password'] },
  {
    code: 'database_address',
    yaml: 'sqlServer: {server: h, database: d, user: u, password: p, port: 1, instance: i}\n',
    shows: ['sqlServer.port'],
  },
  {
    code: 'database_password_flag',
    flags: [{ path: 'database', flag: '--database', text: 'mssql://sa:pw@host/db' }],
    shows: ['--database', 'TP_TG_NOTIFY_SQL_SERVER_PASSWORD'],
  },
  { code: 'server_incomplete', yaml: 'sqlServer: {server: h, database: d, user: u}\n', shows: ['sqlServer.password'] },
  { code: 'bad_reference', yaml: 'telegram: {token: "env:"}\n', shows: ['telegram.token'] },
  {
    code: 'reference_refused',
    requireToken: true,
    parameters: [{ taskId: 'main', parameters: { BotToken: 'file:/etc/shadow' } }],
    shows: ['BotToken'],
  },
  { code: 'secret_variable_missing', requireToken: true, yaml: 'telegram: {token: env:TG_TOKEN}\n', shows: ['TG_TOKEN', `${USUAL}:1:19`] },
  { code: 'secret_file_missing', requireToken: true, yaml: 'telegram: {token: file:token.txt}\n', shows: ['/etc/tp-tg-notify/token.txt'] },
  {
    code: 'secret_file_unreadable',
    requireToken: true,
    yaml: 'telegram: {token: file:/t}\n',
    files: { '/t': { answer: 'denied' } },
    shows: ['/t'],
  },
  { code: 'secret_empty', yaml: "telegram: {token: ''}\n" },
  { code: 'secret_empty', requireToken: true, yaml: 'telegram: {token: file:/t}\n', files: { '/t': '\n' } },
  { code: 'ca_missing', requireToken: true, yaml: `telegram: {ca: own.pem, token: ${TOKEN}}\n`, shows: ['/etc/tp-tg-notify/own.pem'] },
  {
    code: 'ca_unreadable',
    requireToken: true,
    yaml: `telegram: {ca: /c, token: ${TOKEN}}\n`,
    files: { '/c': { answer: 'denied' } },
    shows: ['/c'],
  },
  {
    code: 'ca_not_pem',
    requireToken: true,
    yaml: `telegram: {ca: /c, token: ${TOKEN}}\n`,
    files: { '/c': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
    shows: ['/c', 'PEM'],
  },
  { code: 'text_without_language', yaml: 'notice: {units: [{text: {}}]}\n', shows: ['notice.units[0].text'] },
  { code: 'template_broken_syntax', yaml: template('a\n{amount'), shows: ['notice.templates[0].text.ru', `${USUAL}:4:13`, '2'] },
  { code: 'template_unknown_variable', yaml: template('{restarant}'), shows: ['restarant', 'restaurant?'] },
  { code: 'template_wrong_use', yaml: template('{amount, plural, other {x}}'), shows: ['amount'] },
  { code: 'template_unknown_choice', yaml: template('{sign, select, plus {x} other {y}}'), shows: ['sign', 'plus'] },
  { code: 'template_choice_in_tag', yaml: template('<a href="{sign, select, credit {x} other {y}}">z</a>') },
  { code: 'template_empty', yaml: template(' '), shows: ['notice.templates[0].text.ru'] },
  { code: 'template_html_unclosed_tag', yaml: template('{amount} <b'), shows: ['<b'] },
  { code: 'template_html_unknown_tag', yaml: template('<div>x</div>'), shows: ['<div>'] },
  { code: 'template_html_bad_attribute', yaml: template('<b class="x">x</b>'), shows: ['<b>'] },
  { code: 'template_html_unexpected_end', yaml: template('x</i>'), shows: ['</i>'] },
  { code: 'template_html_wrong_end', yaml: template('<b><i>x</b></i>'), shows: ['</b>'] },
  { code: 'template_html_never_closed', yaml: template('<b>x'), shows: ['<b>'] },
  { code: 'bad_task_id', yaml: 'tasks: {_x: {}}\n', shows: ['_x', `${USUAL}:1:9`] },
  { code: 'bad_task_id', yaml: 'tasks: {bär: {}}\n', shows: ['bär', `${USUAL}:1:9`] },
  {
    code: 'same_task_id',
    yaml: 'tasks: {6F9619FF-8B86-D011-B42D-00C04FC964FF: {}, "{6f9619ff-8b86-d011-b42d-00c04fc964ff}": {}}\n',
    shows: ['6f9619ff-8b86-d011-b42d-00c04fc964ff'],
  },
  { code: 'bad_day_hours', yaml: 'sms: {hours: 22-9}\n', shows: ['22-9', 'sms.hours', `${USUAL}:1:14`] },
  { code: 'bad_country', yaml: 'sms: {countries: [RUS]}\n', shows: ['RUS', 'sms.countries[0]'] },
  { code: 'bad_sender', yaml: 'sms: {sender: A-longer-name}\n', shows: ['A-longer-name', 'sms.sender'] },
  {
    code: 'template_unknown_variable',
    yaml: "sms: {text: {ru: '{restorant}: счёт'}}\n",
    shows: ['sms.text.ru', 'restorant', 'restaurant?', `${USUAL}:1:18`],
  },
  {
    code: 'sms_key_missing',
    yaml: `telegram: {token: '${TOKEN}'}\nsms: {operator: pushsms, apiKey: of-another}\n`,
    requireToken: true,
    shows: ['pushsms', 'sms.token'],
  },
  {
    code: 'sms_text_too_long',
    yaml: `sms: {operator: smsru, text: {ru: '${'я'.repeat(58)}'}}\n`,
    shows: ['sms.text.ru', '3', '135', '2', `${USUAL}:1:35`],
  },
  {
    code: 'sms_text_too_long',
    yaml: `restaurant: {name: ${'я'.repeat(90)}}\nsms: {operator: smsru}\n`,
    shows: ['restaurant.name', `${USUAL}:1:20`],
  },
  { code: 'sms_late_hour', yaml: 'sms: {operator: smsru, lateHour: 21}\n', shows: ['21', '22', 'sms.lateHour'] },
  {
    code: 'sms_consent_twice',
    yaml: 'sms: {operator: smsru, consent: {note: Согласие, group: 6f9619ff-8b86-d011-b42d-00c04fc964ff}}\n',
    shows: ['sms.consent.group'],
  },
  { code: 'sms_no_country', yaml: 'sms: {operator: smsru, countries: []}\n', shows: ['sms.countries'] },
  { code: 'rate_above_limit', yaml: 'telegram: {rate: 31}\n', shows: ['31', '30', `${USUAL}:1:18`] },
  { code: 'rate_above_limit', yaml: 'telegram: {rate: 0}\n', shows: ['0'] },
  {
    code: 'token_missing',
    requireToken: true,
    yaml: 'tasks: {main: {}}\n',
    shows: ['main', 'telegram.token', 'TP_TG_NOTIFY_TELEGRAM_TOKEN'],
  },
  { code: 'database_missing', requireDatabase: true, shows: ['--database', 'TP_TG_NOTIFY_DATABASE'] },
];

describe('problems of settings', () => {
  it.each(CASES.map((one, at) => ({ ...one, name: `${one.code} ${at}` })))(
    '$name is told in both languages, with its place and what to do',
    ({ code, shows = [], ...request }) => {
      const { problems } = refused(request);
      expect(problems.map((problem) => problem.code)).toEqual([code]);
      const [ru, en] = (['ru', 'en'] as const).map((language) => renderProblem(problems[0]!, language));
      for (const text of [ru!, en!]) {
        for (const words of shows) expect(text).toContain(words);
        expect(text).not.toMatch(/undefined|null|\[object|\{(?:near|value|place|file|line|min|max|args)/);
      }
      expect(ru).toMatch(/[а-яё]{3}/i);
      expect(en).not.toMatch(/[а-яё]/i);
    },
  );

  it('has a way into each problem but the one for what zod may invent', () => {
    const met = new Set(CASES.map(({ code }) => code));
    expect(PROBLEM_CODES.filter((code) => !met.has(code))).toEqual(['invalid']);
    expect(renderProblem({ path: 'zone', taskId: null, source: null, code: 'invalid', args: {} }, 'en')).toContain('zone: ');
  });

  it('tells all problems at once, from the top of the file to its end, then the rest', () => {
    const { problems, language } = refused({
      yaml: {
        content: 'run: {brake: x}\nlanguage: en\nmode: tst\nmode: live\ntelegram: {ca: nowhere.pem, token: env:NOTHING, tokn: 1}\n',
        mode: 0o666,
      },
      environment: { TP_TG_NOTIFY_RUN_LINGER: '5' },
      flags: [{ path: 'zone', flag: '--zone', text: 'nowhere' }],
    });
    expect(problems.map(({ code }) => code)).toEqual([
      'file_writable',
      'wrong_type',
      'yaml_duplicate_key',
      'ca_missing',
      'secret_variable_missing',
      'unknown_key',
      'bad_zone',
      'duration_without_unit',
    ]);
    expect(language).toBe('en');
  });

  it('tells a problem that several tasks share once', () => {
    const { problems } = refused({ requireToken: true, yaml: 'telegram: {token: env:NOTHING}\ntasks: {a: , b: , c: }\n' });
    expect(problems).toHaveLength(1);
  });

  it('lets unread secrets and files pass for commands that need no token, and keeps them', () => {
    const yaml = 'telegram: {token: env:NOTHING, ca: nowhere.pem}\n';
    const { unread, tasks } = loaded({ yaml });
    expect(unread.map(({ code }) => code)).toEqual(['secret_variable_missing', 'ca_missing']);
    expect([tasks[0]?.telegram.token.reveal(), tasks[0]?.telegram.ca]).toEqual(['', null]);
    expect(refused({ yaml, requireToken: true }).problems).toEqual(unread);
  });
});
