import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeSampleSite } from '../../../scripts/sample/site.ts';
import { createSystemClock } from '../../../src/host/clock.ts';
import { makePayload } from '../../../src/core/start-payload.ts';
import { wallAt } from '../../../src/core/wall-time.ts';
import { createKeyring } from '../../../src/host/keyring.ts';
import type { TelegramSimulator } from '../../../src/simulators/telegram/contract.ts';
import { SIMULATED_BOT, startTelegramSimulator } from '../../../src/simulators/telegram/simulator.ts';
import { openDesk } from '../../../src/sqlite/desk.ts';
import { install } from '../../../src/sqlite/install.ts';
import { tillypadTask } from '../../support/tillypad-task.ts';

const BIN = fileURLToPath(new URL('../../../bin/tp-tg-notify.js', import.meta.url));
const AGENT = fileURLToPath(new URL('../../support/agent-stand-in.ts', import.meta.url));
const TASK = 'aaaaaaaa-1111-4111-8111-000000000001';
const BOT_ID = SIMULATED_BOT.token.split(':')[0] ?? '';

let folder = '';
let file = '';
let database: DatabaseSync;
let telegram: TelegramSimulator;
let agent: ChildProcess;
let lines: AsyncIterator<string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-agent-'));
  file = join(folder, 'site.sqlite');
  const clock = createSystemClock();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  makeSampleSite({ file, customers: 100, operations: 200, seed: 7, now: wallAt(Date.now(), zone), settings: { odd: false } });
  telegram = await startTelegramSimulator({ clock });
  const settings = `database: ${file}\ntelegram:\n  apiRoot: ${telegram.url}\nnotice:\n  digestWait: 0s\nrun:\n  linger: 0s\n`;
  writeFileSync(join(folder, 'settings.yaml'), settings, { mode: 0o600 });
  const { keyring } = createKeyring(join(folder, 'tp-tg-notify.key.json'));
  install({ file, clock, keyFingerprint: keyring.fingerprint, paused: false, noteType: 'chat_ID в Telegram' });
  const desk = openDesk({ file, clock });
  await desk.setStartWay('agent');
  await desk.close();
  database = new DatabaseSync(file);
  agent = spawn(process.execPath, [AGENT, BIN, 'run', '--since-last', '--settings', join(folder, 'settings.yaml')], {
    env: { PATH: process.env['PATH'], TP_TEST_AGENT_DATABASE: file },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (agent.stdout === null) throw new Error('no output of the Agent');
  lines = createInterface({ input: agent.stdout })[Symbol.asyncIterator]();
  // Its first line: from now on it sees every word.
  await next();
});

afterAll(async () => {
  agent.stdin?.end();
  if (agent.exitCode === null) await once(agent, 'exit');
  database.close();
  await telegram.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function next(): Promise<string> {
  return String((await lines.next()).value);
}

describe('Tillypad’s task, the Agent and the program', { timeout: 60_000 }, () => {
  it('go the whole way: parameters saved, a word left, the program started, the guest told, the log silent', async () => {
    const tillypad = tillypadTask({ taskId: TASK, botId: BOT_ID, file, database, clock: { now: () => Date.now() } });
    const today = wallAt(Date.now(), Intl.DateTimeFormat().resolvedOptions().timeZone);
    const customer = String(
      database.prepare('select clnt_ID as id from tp_Clients where clnt_del_ID is null and clnt_IsDisabled = 0 limit 1').get()?.['id'],
    );
    const keys = createKeyring(join(folder, 'tp-tg-notify.key.json')).keyring;
    const guest = telegram.person({ name: 'Анна' });
    guest.start(makePayload(customer.toLowerCase(), { keys, botId: BOT_ID, epoch: 0 }));
    const type = String(database.prepare('select cptp_ID as id from tp_ClientPurseTypes limit 1').get()?.['id']);
    database
      .prepare(
        "insert into tp_ClientPurseOperations (cpop_ID, cpop_clnt_ID, cpop_cptp_ID, cpop_Date, cpop_Sum) values ('ffffffff-0000-4000-8000-000000000001', ?, ?, ?, 4210000)",
      )
      .run(customer, type, today);

    expect(tillypad.fire({ BotToken: SIMULATED_BOT.token, StartDate: today.slice(0, 10), ClientPurseTypes: type })).toEqual([]);
    expect(await next()).toBe('0');
    expect(guest.received.map(({ text }) => text)).toContainEqual(expect.stringContaining('421'));
    const unread = database.prepare('select count(*) as n from wake where served_utc is null').get();
    expect(unread).toEqual({ n: 0 });
    expect(database.prepare('select exit_code as code from run').all()).toEqual([{ code: 0 }]);

    // A parameter goes wrong in Tillypad: the program can't work, and the task says so at its next firing.
    tillypad.fire({ BotToken: 'mistyped', StartDate: today.slice(0, 10) });
    expect(await next()).toBe('2');
    expect(tillypad.fire()).toEqual([expect.stringContaining('BotToken')]);
    expect(await next()).toBe('2');
    expect(tillypad.log).toHaveLength(1);
  });

  it('start nothing where the schedule alone is the way; the word waits', async () => {
    const desk = openDesk({ file, clock: createSystemClock() });
    await desk.setStartWay('none');
    const tillypad = tillypadTask({ taskId: TASK, botId: BOT_ID, file, database, clock: { now: () => Date.now() } });
    tillypad.fire();
    const waiting = await desk.readStatus(BOT_ID);
    expect(waiting.unreadSince).not.toBeNull();
    await desk.setStartWay('agent');
    await desk.close();
    // The word counts as soon as the Agent is the way again.
    expect(await next()).toBe('2');
  });
});
