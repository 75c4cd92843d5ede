import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderProblem } from '../../src/cli/render/settings-problems.ts';
import { FIELDS } from '../../src/cli/settings/fields.ts';
import { readSettings } from '../../src/cli/settings/load.ts';
import { shownSettings } from '../../src/cli/settings/show.ts';
import { botIdOf } from '../../src/cli/settings/token.ts';
import { Secret } from '../../src/core/secret.ts';
import { fakeHost, load, loaded, onlyTask, refused, TOKEN, USUAL, type FakeRequest } from './settings-host.ts';

const PLANTED = { token: TOKEN, proxy: 'http://robot:S3cretPassword@proxy.local:3128', key: 'K3yOfTheGateway0123456789abcdef' };
const NEEDLES = ['AAHsxxx', 'S3cretPassword', 'K3yOfTheGateway'];

/** Everything a person or a log may get to see of an answer. */
function everythingShown(request: FakeRequest): string {
  const answer = load(request);
  const printed = [JSON.stringify(answer, withBigints), inspect(answer, { depth: 20, showHidden: true })];
  if (answer.ok)
    return [...printed, JSON.stringify(shownSettings(answer)), ...answer.unread.map((problem) => renderProblem(problem, 'ru'))].join('\n');
  return [...printed, ...answer.problems.flatMap((problem) => [renderProblem(problem, 'ru'), renderProblem(problem, 'en')])].join('\n');
}

function withBigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function expectSilence(request: FakeRequest): void {
  const shown = everythingShown(request);
  for (const needle of NEEDLES) expect(shown).not.toContain(needle);
}

/** Whatever stands there is what was meant. */
const FREE_TEXTS = [
  'restaurant.name',
  'restaurant.contact',
  'subscriptions.noteType',
  'log.folder',
  'telegram.ca',
  'database',
  'sms.ca',
  'sms.text.ru',
  'sms.text.en',
  'sms.consent.note',
];

describe('secrets', () => {
  it('are in no output when they are taken', () => {
    const yaml = `telegram: {token: '${PLANTED.token}', proxy: '${PLANTED.proxy}'}\nsms: {apiKey: ${PLANTED.key}, token: ${PLANTED.key}}\n`;
    expectSilence({ yaml });
    expectSilence({ yaml: { content: yaml, mode: 0o644 } });
    expectSilence({
      environment: {
        TP_TG_NOTIFY_TELEGRAM_TOKEN: PLANTED.token,
        TP_TG_NOTIFY_TELEGRAM_PROXY: PLANTED.proxy,
        TP_TG_NOTIFY_SMS_API_KEY: PLANTED.key,
      },
    });
    expectSilence({
      parameters: [{ taskId: 'main', parameters: { BotToken: PLANTED.token, ApiKey: PLANTED.key, PushToken: PLANTED.key } }],
    });
    expect(onlyTask({ yaml }).telegram.proxy?.reveal()).toBe(PLANTED.proxy);
  });

  it('are not printed with the first stage either', () => {
    const host = fakeHost({ files: { [USUAL]: `telegram: {token: '${TOKEN}'}` }, environment: { OTHER: PLANTED.key } });
    const first = readSettings({ settingsFlag: null, flags: [], host, requireDatabase: false });
    const printed = inspect(first, { depth: 20 }) + JSON.stringify(first);
    for (const needle of NEEDLES) expect(printed).not.toContain(needle);
  });

  const paths = FIELDS.filter(({ notes }) => notes.secret !== undefined);
  it.each(paths.map(({ path }) => path))('are in no output when %s refuses them', (path) => {
    const field = paths.find((one) => one.path === path)!;
    const [section, key] = path.split('.');
    const broken = [
      `bot${PLANTED.token}`,
      `${PLANTED.token} x`,
      `env:${PLANTED.token}`,
      `file:${PLANTED.token}`,
      `file:${PLANTED.key}`,
      `env:${PLANTED.key}`,
      `socks4://a:S3cretPassword@h:1`,
      `http://a:S3cretPassword@:x`,
      `"${PLANTED.key} ${PLANTED.key}`,
    ];
    for (const written of broken) {
      for (const requireToken of [true, false]) {
        expectSilence({ requireToken, yaml: `${section}: {${key}: ${JSON.stringify(written)}}` });
        expectSilence({ requireToken, yaml: `tasks: {main: {${section}: {${key}: ${JSON.stringify(written)}}}}` });
        expectSilence({ requireToken, environment: { [field.variable!]: written } });
      }
      expectSilence({ yaml: `${section}:\n  ${key}:${written}\n  rate: 5\n` });
      expectSilence({ yaml: `${section}: {${key}:${written}}\n` });
      expectSilence({ yaml: `${section}:\n  - ${written}\n` });
      expectSilence({ yaml: `${section}:\n  ${key}: "${written}\n` });
      expectSilence({ requireToken: true, yaml: `${section}: {${key}: file:/s}`, files: { '/s': { content: written, mode: 0o644 } } });
      expectSilence({ requireToken: true, yaml: `${section}: {${key}: env:S}`, environment: { S: written } });
    }
  });

  it('are masked where a token or key was pasted into the wrong setting', () => {
    for (const pasted of [PLANTED.token, `https://api.telegram.org/bot${PLANTED.token}/getMe`, PLANTED.key]) {
      for (const field of FIELDS.filter(
        ({ notes, path }) =>
          notes.secret === undefined &&
          // Names of a server, an instance, a database may be any word.
          !/^sqlServer\.(?:server|instance|database|user|domain|ca)$/u.test(path) &&
          !FREE_TEXTS.includes(path),
      )) {
        const [last, ...sections] = field.path.split('.').toReversed();
        expectSilence({ yaml: sections.reduce((inner, section) => `{${section}: ${inner}}`, `{${last}: ${JSON.stringify(pasted)}}`) });
        expectSilence({ yaml: `{${JSON.stringify(pasted)}: 1}` });
      }
    }
  });

  it('follow references to variables and to files in whatever encoding, relative to the settings', () => {
    const bytes = new Uint8Array(Buffer.from(`\uFEFF${TOKEN}\r\n`, 'utf16le'));
    expect(
      onlyTask({ yaml: 'telegram: {token: file:bot.txt}', files: { '/etc/tp-tg-notify/bot.txt': bytes } }).telegram.token.reveal(),
    ).toBe(TOKEN);
    expect(
      onlyTask({
        environment: { TP_TG_NOTIFY_TELEGRAM_TOKEN: 'file:bot.txt' },
        files: { '/home/admin/bot.txt': TOKEN },
      }).telegram.token.reveal(),
    ).toBe(TOKEN);
    expect(
      onlyTask({ yaml: 'telegram: {token: env:TP_TG_NOTIFY_MY_BOT}', environment: { TP_TG_NOTIFY_MY_BOT: TOKEN } }).telegram.token.reveal(),
    ).toBe(TOKEN);
  });

  it('that are shadowed are not looked for', () => {
    expect(
      load({ requireToken: true, yaml: 'telegram: {token: env:NOTHING}', environment: { TP_TG_NOTIFY_TELEGRAM_TOKEN: TOKEN } }).ok,
    ).toBe(true);
  });

  it('in files that others can read are named', () => {
    const request = { yaml: 'telegram: {token: file:/s}', files: { '/s': { content: TOKEN, mode: 0o644 } } };
    expect(onlyTask(request).findings).toContainEqual({ code: 'secret_file_readable', args: { path: 'telegram.token', file: '/s' } });
    expect(onlyTask({ ...request, files: { '/s': { content: TOKEN, mode: 0o640 } } }).findings.map(({ code }) => code)).not.toContain(
      'secret_file_readable',
    );
  });

  it('are shown as asterisks with the place they come from', () => {
    const settings = loaded({
      yaml: `telegram: {token: env:BOT, proxy: '${PLANTED.proxy}'}\nsms: {token: file:p.txt}`,
      environment: { BOT: TOKEN },
      files: { '/etc/tp-tg-notify/p.txt': PLANTED.key },
    });
    const shown = shownSettings(settings).filter(({ path }) =>
      ['telegram.token', 'telegram.proxy', 'sms.apiKey', 'sms.token'].includes(path),
    );
    expect(shown.map(({ value }) => value)).toEqual(['*** (env:BOT)', '***', null, '*** (file:p.txt)']);
  });

  it('give a bot its id, and none when there is no token', () => {
    expect(botIdOf(new Secret(TOKEN))).toBe('987654321');
    expect(botIdOf(onlyTask({}).telegram.token)).toBeNull();
  });

  it('are required only where a command says so', () => {
    expect(loaded({}).tasks).toHaveLength(1);
    expect(refused({ requireToken: true, yaml: `tasks: {a: {telegram: {token: '${TOKEN}'}}, b: }` }).problems).toMatchObject([
      { code: 'token_missing', taskId: 'b' },
    ]);
  });
});
