import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { COMMANDS } from '../../../src/cli/commands.ts';
import { FIELDS } from '../../../src/cli/settings/fields.ts';
import { findInFiles, keyNeedles, MARK, plant, PLANTED, SECRET_PATHS } from '../../support/planted.ts';
import { openProcessSite } from '../../support/processes.ts';
import type { ProcessSite } from '../../support/processes.ts';
import { openRawServer, rawAnswer } from '../../support/raw-server.ts';
import type { RawRequest } from '../../support/raw-server.ts';
import { sayError, sayResult } from '../../support/telegram-wire.ts';

const CUSTOMER = '00000000-0000-4000-8000-000000000001';
const TASKS = fileURLToPath(new URL('../../../tasks/', import.meta.url));
const OBJECT = join(TASKS, readdirSync(TASKS).find((name) => name.endsWith('.tpxl_exp')) ?? '');
const WAYS = ['literal', 'reference'] as const;

let site: ProcessSite;
beforeAll(async () => {
  site = await openProcessSite();
});
afterAll(() => site.close());

/** Every command that there is, and those first that an administrator calls most. */
const CALLS: readonly (readonly string[])[] = [
  ['settings', 'show'],
  ['run', '--since-last'],
  ['run', '--since', '2026-01-01', '--dry-run'],
  ['status'],
  ['bot'],
  ['sms', 'check'],
  ['preview'],
  ['explain', CUSTOMER],
  ['link', CUSTOMER],
  ['install'],
  ['upgrade'],
  ['resolve'],
  ['retry'],
  ['invitations'],
  ['sms', 'test', '+79161234567', '--yes'],
  ['pause'],
  ['resume'],
  ['plan-sql'],
  ['schedule', 'print'],
  ['schedule', 'check'],
  ['schedule', 'set', '--way', 'none'],
  ['prune', '--older-than', '30d', '--yes'],
  ['keys', 'rotate'],
  ['bind', '--yes'],
  ['settings', 'schema'],
  ['uninstall', '--yes'],
];
/** They read no settings; whatever stands in the environment is no business of theirs. */
const OFFLINE: readonly (readonly string[])[] = [
  ['tpxl', 'inspect', OBJECT],
  ['tpxl', 'verify', OBJECT],
  ['tpxl', 'build', join(TASKS, 'client-operations-telegram'), 'out.tpxl_exp'],
];
const AT_A_SERVER = CALLS.filter((args) => ['settings show', 'run --since-last', 'status'].includes(args.join(' ')));

const variableOf = (path: string): string => FIELDS.find((field) => field.path === path)?.variable ?? '';

interface CallWish {
  readonly settings: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly of?: ProcessSite;
}

/** Everything said by a command as text and as JSON; none of them may end with a fault. */
async function said(args: readonly string[], { of = site, ...wish }: CallWish): Promise<readonly string[]> {
  const both = [[], ['--json']].map((json) => of.call([...args, ...json], wish).ended);
  return (await Promise.all(both)).flatMap(({ code, out, err }) => {
    expect(code, `${args.join(' ')}: ${err}`).not.toBe(1);
    return [out, err];
  });
}

describe('planted secrets', { timeout: 180_000 }, () => {
  it('stand in every setting that holds one, and every command is tried', () => {
    expect(Object.keys(PLANTED).toSorted()).toEqual(SECRET_PATHS.toSorted());
    const called = [...CALLS, ...OFFLINE].map((args) => args.join(' '));
    expect(COMMANDS.map(({ name }) => name).filter((name) => !called.some((args) => args.startsWith(name)))).toEqual([]);
  });

  it.each(WAYS)('by %s are in no output and no log, whatever is done with them', async (way) => {
    const { file, env } = plant(site.folder, {
      name: way,
      database: 'site.sqlite',
      way,
      more: { sms: ['operator: smsru', 'sender: PENKA'] },
    });
    const needles = [MARK, ...keyNeedles(join(site.folder, 'tp-tg-notify.key.json'))];
    const heard: string[] = [];
    for (const args of way === 'literal' ? CALLS.slice(0, 6) : CALLS) heard.push(...(await said(args, { settings: file, env })));
    needles.push(...keyNeedles(join(site.folder, 'tp-tg-notify.key.json')));
    expect(needles.length).toBeGreaterThan(6);
    expect(heard.filter((text) => needles.some((needle) => text.includes(needle)))).toEqual([]);
    expect(findInFiles(site.folder, needles)).toEqual([]);
    // They were used, and not merely left out: the proxies that they name were asked.
    const log = join(site.folder, `log-${way}`);
    heard.push(...readdirSync(log).map((name) => readFileSync(join(log, name), 'utf8')));
    expect(heard.join('\n').match(/127\.0\.0\.1/gu)?.length).toBeGreaterThan(1);
  });

  it.each([
    ['an address', 'mssql://tp:PLANTED-address-word@127.0.0.1:9/Tillypad', ['sqlServer.password'], []],
    ['an address without it', 'mssql://tp@127.0.0.1:9/Tillypad', [], []],
    ['parts', null, [], ['server: 127.0.0.1', 'port: 9', 'database: Tillypad', 'user: tp']],
  ] as const)('of a server that nobody reaches, named by %s, are in nothing that is said', async (_what, database, without, parts) => {
    const { file, env } = plant(site.folder, { name: 'server', database, without, more: { sqlServer: parts } });
    const heard: string[] = [];
    for (const args of AT_A_SERVER) heard.push(...(await said(args, { settings: file, env })));
    expect(heard.filter((text) => text.includes(MARK))).toEqual([]);
    expect(findInFiles(site.folder, [MARK])).toEqual([]);
    expect(heard.join('\n')).toMatch(/refused|answers at|nobody/iu);
  });

  it('in the environment are no business of the commands that read no settings', async () => {
    const env = Object.fromEntries(Object.entries(PLANTED).map(([path, secret]) => [variableOf(path), secret]));
    const out = join(site.folder, 'out.tpxl_exp');
    for (const args of OFFLINE) {
      const heard = await said(
        args.map((arg) => (arg === 'out.tpxl_exp' ? out : arg)),
        { settings: null, env },
      );
      expect(heard.filter((text) => text.includes(MARK))).toEqual([]);
    }
  });
});

describe('secrets that somebody else says', { timeout: 120_000 }, () => {
  it('are not kept by the ledger when Telegram says them back, nor shown when an operator does; nor is the link key', async () => {
    const mine = await openProcessSite({ guests: 1 });
    onTestFinished(() => mine.close());
    // What a service knows of ours is what was sent to it.
    const told = ({ head, body }: RawRequest): string =>
      `${head.split('\r\n')[0]} ${body} ${decodeURIComponent(body.replaceAll('+', ' '))}`;
    const telegram = await openRawServer((request) => {
      const method = /\/bot[^/]+\/(\w+)/.exec(request.head)?.[1] ?? '';
      const results: Readonly<Record<string, unknown>> = {
        getMe: { id: 7_000_000_001, is_bot: true, first_name: 'x', username: 'simulated_guests_bot' },
        getUpdates: [],
        getWebhookInfo: { url: '', pending_update_count: 0 },
      };
      request.socket.write(method in results ? sayResult(results[method]) : sayError(400, `Bad Request: can't parse ${told(request)}`));
    });
    const operator = await openRawServer((request) => {
      request.socket.write(rawAnswer(200, JSON.stringify({ status: 'ERROR', status_code: 200, status_text: told(request) })));
    });
    onTestFinished(async () => {
      await telegram.close();
      await operator.close();
    });
    const { file, env } = plant(mine.folder, {
      name: 'echo',
      database: 'site.sqlite',
      without: ['telegram.proxy', 'sms.proxy'],
      more: {
        filters: ['startDate: off'],
        notice: ['digestWait: 0s', 'digestGap: 0s'],
        telegram: [`apiRoot: 'http://127.0.0.1:${telegram.port}'`],
        sms: ['operator: smsru', 'sender: PENKA', `apiRoot: 'http://127.0.0.1:${operator.port}'`],
      },
    });
    mine.operation();
    mine.passPollTime();
    const run = await mine.call(['run', '--since-last', '--json'], { settings: file, env }).ended;
    expect(run.code, run.err).not.toBe(1);
    const asked = await said(['sms', 'check'], { settings: file, env, of: mine });
    expect(operator.requests.length).toBeGreaterThan(0);
    expect(asked.join(' ')).toContain('***');
    const details = mine.database.prepare('select detail from attempt where detail is not null').all();
    expect(details.map((row) => row['detail']).join(' ')).toContain("can't parse");
    const needles = [MARK, ...keyNeedles(join(mine.folder, 'tp-tg-notify.key.json'))];
    expect(needles.filter((needle) => [run.out, run.err, ...asked].join(' ').includes(needle))).toEqual([]);
    expect(findInFiles(mine.folder, needles)).toEqual([]);
  });

  it('are in no word of a fault of the program itself, on paper, in JSON or in the task’s log', async () => {
    const mine = await openProcessSite();
    onTestFinished(() => mine.close());
    const { file, env } = plant(mine.folder, { name: 'fault', database: 'site.sqlite' });
    const preload = join(mine.folder, 'fault.mjs');
    writeFileSync(
      preload,
      `import { DatabaseSync } from 'node:sqlite';
const prepare = DatabaseSync.prototype.prepare;
let thrown = false;
DatabaseSync.prototype.prepare = function (text, ...more) {
  if (thrown || !/insert into run\\b/i.test(text)) return prepare.call(this, text, ...more);
  thrown = true;
  throw new TypeError('no such thing: ' + process.env.SAID);
};
`,
    );
    const { code, out, err } = await mine.call(['run', '--since-last', '--json'], {
      settings: file,
      env: { ...env, SAID: Object.values(PLANTED).join(' ') },
      preload,
    }).ended;
    expect(code).toBe(1);
    expect(err).toContain('no such thing: ***');
    expect(out + err).not.toContain(MARK);
    const lines = mine.database.prepare('select text from task_message').all();
    expect(JSON.stringify(lines)).toContain('no such thing: ***');
    expect(findInFiles(mine.folder, [MARK]).filter((name) => name !== 'fault.mjs')).toEqual([]);
  });
});
