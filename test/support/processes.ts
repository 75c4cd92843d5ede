import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

import { makeSampleSite } from '../../scripts/sample/site.ts';
import { createSystemClock } from '../../src/host/clock.ts';
import { makePayload } from '../../src/core/start-payload.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { wallAt } from '../../src/core/wall-time.ts';
import { openKeyring } from '../../src/host/keyring.ts';
import type { BotDefinition } from '../../src/simulators/telegram/bots.ts';
import type { TelegramSimulator } from '../../src/simulators/telegram/contract.ts';
import type { DeliveredMessage } from '../../src/simulators/telegram/record.ts';
import { SIMULATED_BOT, startTelegramSimulator } from '../../src/simulators/telegram/simulator.ts';
import { makeInvitees, operatorSettings, startOperator } from './process-invitees.ts';
import type { Invitees } from './process-invitees.ts';

const BIN = fileURLToPath(new URL('../../bin/tp-tg-notify.js', import.meta.url));
const BOT_ID = SIMULATED_BOT.token.split(':')[0] ?? '';
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const RUN = ['run', '--since-last'];
/** Below a thousand, so that no separator stands in the text, and above what else a text counts. */
const FIRST_SUM = 100;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Null when it was killed, ended with a failure, or printed text. */
  readonly summary: RunSummary | null;
  readonly out: string;
  readonly err: string;
}

export interface StartOptions {
  /** A module that the process loads before the program. */
  readonly preload?: string;
  readonly uid?: number;
  /** Another settings file than the site's own, and what it refers to; null = no file is named. */
  readonly settings?: string | null;
  readonly env?: Readonly<Record<string, string>>;
}

/** The program as a scheduler starts it. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** How often a guest was told of one operation, by Telegram's own record. */
export interface Told {
  readonly plain: number;
  readonly marked: number;
  /** When the first copy came, by the host's clock; null = none yet. */
  readonly firstAt: number | null;
}

/** A sample site with the program installed on it, which has run and knows its first guests; Telegram's simulator in this process, both on the host's own clock. */
export interface ProcessSite {
  readonly telegram: TelegramSimulator;
  /** Null where nobody is invited. */
  readonly sms: Invitees | null;
  readonly database: DatabaseSync;
  /** Customers press Start; the next poll learns of them. */
  arrive(count: number): void;
  /** An operation now, or so long ago, of the next of those who arrived; nothing was told to that guest before. */
  operation(agoMs?: number): () => Told;
  /** What Tillypad's task script does at an operation. */
  wake(): void;
  /** As if the last poll were long ago: the next run polls. Telegram itself makes only those wait who have nothing to fetch. */
  passPollTime(): void;
  readonly folder: string;
  /** Puts a backup's file in the place of the database's, while no process has it open. */
  putBack(backup: string): void;
  /** Any command with the site's settings. */
  call(args: readonly string[], options?: StartOptions): Started;
  /** `run --since-last`, as a scheduler starts it. */
  start(options?: StartOptions): Started;
  /** Deliveries of the guests' operations by state. */
  states(): Record<string, number>;
  close(): Promise<void>;
}

export interface SiteWish {
  readonly linger?: string;
  readonly guests?: number;
  /** From a call's beginning to its answer's end. */
  readonly timeout?: string;
  readonly bots?: readonly BotDefinition[];
  /** An operator invites who isn't subscribed. */
  readonly invites?: boolean;
  /** Notices on the wire at once; the program's own default. */
  readonly concurrency?: number;
}

/** The site's settings as its file has them, for a site that stands elsewhere or has another bot. */
export function siteSettings({
  apiRoot,
  token = SIMULATED_BOT.token,
  linger = '0s',
  timeout = '2m',
  task = null,
  operatorRoot = null,
  concurrency = null,
}: {
  readonly apiRoot: string;
  readonly operatorRoot?: string | null;
  readonly concurrency?: number | null;
  readonly token?: string;
  readonly linger?: string;
  readonly timeout?: string;
  readonly task?: string | null;
}): string {
  return [
    'database: site.sqlite',
    'language: en',
    'filters: { startDate: off }',
    `telegram: { token: '${token}', apiRoot: '${apiRoot}', repeatAfter: 1m, timeout: ${timeout}${concurrency === null ? '' : `, concurrency: ${concurrency}`} }`,
    'notice: { balance: off, digestGap: 0s, digestWait: 0s }',
    `run: { linger: ${linger} }`,
    ...(operatorRoot === null ? [] : [operatorSettings(operatorRoot)]),
    ...(task === null ? [] : [`tasks: { ${task}: {} }`]),
    '',
  ].join('\n');
}

export async function openProcessSite({ guests = 0, bots, invites = false, ...wish }: SiteWish = {}): Promise<ProcessSite> {
  const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-processes-'));
  const file = join(folder, 'site.sqlite');
  const messages: DeliveredMessage[] = [];
  const telegram = await startTelegramSimulator({
    clock: createSystemClock(),
    latencyMs: 10,
    ...(bots === undefined ? {} : { bots }),
    onMessage: (message) => void messages.push(message),
  });
  const site = makeSampleSite({ file, customers: 100, operations: 200, seed: 3, now: wallAt(Date.now(), HERE) });
  const operator = invites ? await startOperator() : null;
  const settingsFile = join(folder, 'settings.yaml');
  writeFileSync(settingsFile, siteSettings({ ...wish, apiRoot: telegram.url, operatorRoot: operator?.url ?? null }), { mode: 0o600 });
  const call = (args: readonly string[], options: StartOptions = {}): Started =>
    spawnProgram(options.settings === null ? args : [...args, '--settings', options.settings ?? settingsFile], options);
  // From this run on the task tells what happens.
  await succeed(call(['install']));
  await succeed(call(RUN));
  let database = new DatabaseSync(file, { timeout: 5_000 });
  const { groups, accountTypes } = site;
  const seat = { telegram, groupId: groups.silver, keyFile: join(folder, 'tp-tg-notify.key.json') };
  const people: Guest[] = [];
  const spend = (customerId: string, sum: number, agoMs = 0): void =>
    void database
      .prepare(
        'insert into tp_ClientPurseOperations (cpop_ID, cpop_clnt_ID, cpop_cptp_ID, cpop_Date, cpop_Name, cpop_Sum) values (?, ?, ?, ?, ?, ?)',
      )
      .run(randomUUID(), customerId, accountTypes.deposit, wallAt(Date.now() - agoMs, HERE), '1', -sum * 10_000);
  let operations = 0;
  const opened: ProcessSite = {
    telegram,
    sms:
      operator === null
        ? null
        : makeInvitees({ operator, database: () => database, groupId: groups.silver, spend: (id) => spend(id, FIRST_SUM) }),
    get database() {
      return database;
    },
    folder,
    putBack: (backup) => {
      // Its last connection takes the log beside it away, as a person stops the till before.
      database.close();
      copyFileSync(backup, file);
      database = new DatabaseSync(file, { timeout: 5_000 });
    },
    arrive: (count) => {
      people.push(...seatGuests({ ...seat, database }, { from: people.length, count }));
    },
    operation: (agoMs = 0) => {
      const person = people[operations];
      if (person === undefined) throw new Error('more operations than guests');
      const sum = FIRST_SUM + operations;
      operations += 1;
      spend(person.customerId, sum, agoMs);
      return () => {
        const copies = messages.filter(({ chatId, text }) => chatId === person.chatId && new RegExp(`Списано .*: ${sum}\\b`).test(text));
        const marked = copies.filter(({ text }) => /повтор/i.test(text)).length;
        return { plain: copies.length - marked, marked, firstAt: copies[0]?.at ?? null };
      };
    },
    wake: () =>
      void database.prepare("insert into wake (bot_id, task_id, kind, made_utc) values (?, 'default', 'event', ?)").run(BOT_ID, Date.now()),
    passPollTime: () => {
      database.exec('update bot set polled_utc = polled_utc - 5000');
    },
    call,
    start: (options) => call([...RUN, '--json'], options),
    states: () =>
      Object.fromEntries(
        database
          .prepare('select state, count(*) as n from delivery where customer_id in (select value from json_each(?)) group by state')
          .all(JSON.stringify(people.map(({ customerId }) => customerId)))
          .map((row) => [String(row['state']), Number(row['n'])]),
      ),
    close: async () => {
      database.close();
      await telegram.stop();
      await operator?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  if (guests > 0) {
    opened.arrive(guests);
    opened.passPollTime();
    await succeed(opened.start());
  }
  return opened;
}

async function succeed({ ended }: Started): Promise<void> {
  const { code, err } = await ended;
  if (code !== 0) throw new Error(`a preparation ended with ${code}: ${err}`);
}

interface Seat {
  readonly database: DatabaseSync;
  readonly telegram: TelegramSimulator;
  readonly groupId: string;
  readonly keyFile: string;
}

interface Guest {
  readonly customerId: string;
  readonly chatId: string;
}

function seatGuests({ database, telegram, groupId, keyFile }: Seat, row: { readonly from: number; readonly count: number }): Guest[] {
  const keys = openKeyring(keyFile);
  const write = database.prepare('insert into tp_Clients (clnt_ID, clnt_clgr_ID, clnt_Name) values (?, ?, ?)');
  return Array.from({ length: row.count }, (_, index) => {
    const customerId = randomUUID();
    const name = `Гость ${row.from + index + 1}`;
    write.run(customerId, groupId, name);
    const person = telegram.person({ name });
    person.start(makePayload(customerId, { keys, botId: BOT_ID, epoch: 0 }));
    return { customerId, chatId: person.chatId };
  });
}

/** The program in a process of its own, with nothing of this one's environment but the path. */
export function spawnProgram(args: readonly string[], { preload, uid, env }: StartOptions = {}): Started {
  const before = preload === undefined ? [] : ['--import', preload];
  const child = spawn(process.execPath, [...before, BIN, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code, signal, summary: summaryOf(out), out, err });
    });
  });
  return { child, ended };
}

function summaryOf(out: string): RunSummary | null {
  if (!out.trimEnd().endsWith('}')) return null;
  const printed = JSON.parse(out) as { readonly runs?: readonly RunSummary[] };
  return printed.runs?.[0] ?? null;
}
