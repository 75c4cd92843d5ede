import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { makeSampleSite } from '../../../scripts/sample/site.ts';
import type { SampleSite } from '../../../scripts/sample/site.ts';
import { createSystemClock } from '../../../src/host/clock.ts';
import { wallAt } from '../../../src/core/wall-time.ts';
import type { TelegramSimulator } from '../../../src/simulators/telegram/contract.ts';
import { SIMULATED_BOT, startTelegramSimulator } from '../../../src/simulators/telegram/simulator.ts';

const BIN = fileURLToPath(new URL('../../../bin/tp-tg-notify.js', import.meta.url));
const SCHEMA = z.fromJSONSchema(JSON.parse(readFileSync(new URL('../../../docs/summary.schema.json', import.meta.url), 'utf8')));
const SECRET = 'planted-secret-that-nobody-may-see-0123456789';

let folder = '';
let database = '';
let telegram: TelegramSimulator;
let site: SampleSite;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The program as an administrator starts it; the environment is its settings. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const settings = {
    TP_TG_NOTIFY_DATABASE: database,
    TP_TG_NOTIFY_TELEGRAM_TOKEN: SIMULATED_BOT.token,
    TP_TG_NOTIFY_TELEGRAM_API_ROOT: telegram.url,
    TP_TG_NOTIFY_LANGUAGE: 'en',
  };
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH: process.env['PATH'], ...settings, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-cli-'));
  database = join(folder, 'site.sqlite');
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  site = makeSampleSite({ file: database, customers: 100, operations: 2_000, seed: 3, now: wallAt(Date.now(), zone) });
  telegram = await startTelegramSimulator({ clock: createSystemClock() });
});

afterAll(async () => {
  await telegram.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the command line', { timeout: 60_000 }, () => {
  it('says what to run before the ledger is installed, and says what to run', async () => {
    expect(await run(['run'])).toMatchObject({ code: 2, err: expect.stringContaining('install') });
    expect(await run(['status'])).toMatchObject({ code: 6, err: expect.stringContaining('tp-tg-notify install') });
  });

  it('installs, and installing again changes nothing', async () => {
    const first = await run(['install']);
    const second = await run(['install']);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.out).not.toContain('done  ');
  });

  it('links a guest, greets them, tells a backfill once, and prints JSON by its schema', async () => {
    const customer = site.regulars[0]?.id ?? '';
    const link = await run(['link', customer, '--json']);
    const payload = /start=([\w-]{36})/.exec(link.out)?.[1];
    const guest = telegram.person({ name: 'Anna' });
    guest.start(payload);
    const greeted = await run(['run', '--json']);
    expect(greeted.code).toBe(0);
    expect(SCHEMA.safeParse(JSON.parse(greeted.out)).error).toBeUndefined();
    expect(guest.received).toHaveLength(1);
    const backfill = ['run', '--since', '2026-01-01', '--customer', customer, '--limit', '2', '--json'];
    const calls = telegram.calls.length;
    const dry = await run([...backfill, '--dry-run']);
    expect(SCHEMA.safeParse(JSON.parse(dry.out)).error).toBeUndefined();
    expect(telegram.calls).toHaveLength(calls);
    expect(await run(backfill)).toMatchObject({ code: 0 });
    expect(guest.received).toHaveLength(3);
    expect((await run(['status'])).out).toContain('delivered');
  });

  it('takes a webhook away, and reads the Start that waited behind it', async () => {
    telegram.bot().setWebhook('https://elsewhere.example/hook/of-another');
    const link = await run(['link', site.regulars[1]?.id ?? '', '--json']);
    const guest = telegram.person({ name: 'Boris' });
    guest.start(/start=([\w-]{36})/.exec(link.out)?.[1]);
    expect(await run(['bot'])).toMatchObject({ code: 5, out: expect.stringContaining('tp-tg-notify bot --delete-webhook') });
    const taken = await run(['bot', '--delete-webhook']);
    expect(taken).toMatchObject({ code: 0, out: expect.stringContaining('it was elsewhere.example') });
    expect(taken.out).not.toContain('of-another');
    // Polls within four seconds are one: the first run may learn nothing of Telegram.
    const greeted = async (): Promise<number> => {
      expect(await run(['run'])).toMatchObject({ code: 0 });
      return guest.received.length;
    };
    await expect.poll(greeted, { timeout: 30_000 }).toBe(1);
  });

  it.each([
    [['run', '--dryrun'], '--dry-run'],
    [['rnu'], 'run'],
    [['run', '--since', '31.02.2026'], '31.02.2026'],
    [['run', '--since', '03/04/2026'], '03/04/2026'],
    [['run', '--since', '2999-01-01'], '2999'],
    [['run', '--since', '24.11.2026', '--until', '23.11.2026'], '--until'],
    [['run', '--since', '2026-11-24', '--since-last'], '--since-last'],
    [['run', '--customer', 'nobody'], '--customer'],
    [['run', '--task', 'other'], 'other'],
  ])('%j ends with 2 in both languages', async (args, word) => {
    const [english, russian] = await Promise.all([run(args), run([...args, '--language', 'ru'])]);
    for (const { code, err } of [english, russian]) {
      expect(code).toBe(2);
      expect(err).toContain(word);
    }
    expect(english.err).not.toMatch(/[а-я]/i);
    expect(russian.err).toMatch(/[а-я]/i);
  });

  it.each([
    ['a misspelt setting', { TP_TG_NOTIFY_TELEGRAM_TOKN: 'x' }, 'TP_TG_NOTIFY_TELEGRAM_TOKEN', 2],
    ['a malformed token', { TP_TG_NOTIFY_TELEGRAM_TOKEN: SECRET }, 'telegram.token', 2],
    [
      'an account type that does not exist',
      { TP_TG_NOTIFY_FILTERS_ACCOUNT_TYPES: 'dddddddd-0000-4000-8000-000000000009' },
      'account type',
      2,
    ],
    ['no database at all', { TP_TG_NOTIFY_DATABASE: '' }, 'database', 2],
    ['a database that is missing', { TP_TG_NOTIFY_DATABASE: '/nowhere/site.sqlite' }, '/nowhere/site.sqlite', 3],
    ['a revoked token', { TP_TG_NOTIFY_TELEGRAM_TOKEN: '7000000001:revoked-revoked-revoked-revoked-rev' }, 'token', 5],
    ['another bot’s token', { TP_TG_NOTIFY_TELEGRAM_TOKEN: `7999999999:${SECRET}` }, 'another bot', 2],
    ['a Telegram that refuses connections', { TP_TG_NOTIFY_TELEGRAM_API_ROOT: 'http://127.0.0.1:9' }, 'Telegram', 8],
  ])('%s is told with its exit code, and no secret is', async (_what, env, word, code) => {
    // Two polls of one bot within four seconds are one: the second run would learn nothing of Telegram.
    const asked = await run(['run', '--json'], env);
    const bot = code === 5 || code === 8 ? await run(['bot'], env) : asked;
    expect(bot.code).toBe(code);
    expect(asked.out + asked.err + bot.out + bot.err).not.toContain(SECRET);
    const shown = await run(['run'], env);
    expect(shown.out + shown.err + bot.out + bot.err).toContain(word);
  });

  it('tells a failure in the language of the settings file', async () => {
    const file = join(folder, 'language.yaml');
    writeFileSync(file, 'language: en\n', { mode: 0o600 });
    const told = await run(['status', '--settings', file], { TP_TG_NOTIFY_LANGUAGE: '', TP_TG_NOTIFY_DATABASE: '/nowhere/site.sqlite' });
    expect(told).toMatchObject({ code: 3, err: expect.stringContaining('does not exist') });
  });

  it('says that a file is no database', async () => {
    const file = join(folder, 'no.sqlite');
    writeFileSync(file, 'x'.repeat(5_000));
    expect(await run(['run'], { TP_TG_NOTIFY_DATABASE: file })).toMatchObject({
      code: expect.toSatisfy((code) => code === 3 || code === 2),
    });
  });

  it('is silent on a copy of the database until it is bound', async () => {
    const copy = join(folder, 'copy');
    copyFileSync(database, `${copy}.sqlite`);
    const env = { TP_TG_NOTIFY_DATABASE: `${copy}.sqlite` };
    expect(await run(['run'], env)).toMatchObject({ code: 7, out: expect.stringContaining('bind') });
    expect(await run(['bind', '--yes'], env)).toMatchObject({ code: 0 });
    expect(await run(['run'], env)).toMatchObject({ code: expect.toSatisfy((code) => code !== 7) });
  });

  it('keeps a log of JSON lines with a run’s id and without the token', async () => {
    const logs = readdirSync(join(folder, 'log'));
    const lines = logs.flatMap((name) =>
      readFileSync(join(folder, 'log', name), 'utf8')
        .trim()
        .split('\n'),
    );
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('runId');
    expect(lines.join('')).not.toContain(SIMULATED_BOT.token.split(':')[1]);
  });

  it('names every exit code in its help, in both languages', async () => {
    const [english, russian] = await Promise.all([run(['--help']), run(['--help', '--language', 'ru'])]);
    for (const { out } of [english, russian])
      for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130]) expect(out).toMatch(new RegExp(`^ +${code} +\\S`, 'm'));
  });
});
