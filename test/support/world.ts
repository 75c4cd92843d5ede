import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { TaskSettings } from '../../src/core/settings.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { makePayload } from '../../src/core/start-payload.ts';
import { wallAt } from '../../src/core/wall-time.ts';
import { createKeyring } from '../../src/host/keyring.ts';
import type { Channel } from '../../src/ports/channel.ts';
import type { HostMemory, Journal, Keyring } from '../../src/ports/host.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { openHostMemory } from '../../src/host/memory.ts';
import type { RunApp } from '../../src/run/context.ts';
import type { RunRequest } from '../../src/run/request.ts';
import { run } from '../../src/run/run.ts';
import { createVirtualClock } from '../../src/simulators/clock.ts';
import type { VirtualClock } from '../../src/simulators/clock.ts';
import type { Person } from '../../src/simulators/telegram/people.ts';
import type { BotDefinition } from '../../src/simulators/telegram/bots.ts';
import { SIMULATED_BOT, startTelegramSimulator } from '../../src/simulators/telegram/simulator.ts';
import type { TelegramSimulator } from '../../src/simulators/telegram/contract.ts';
import type { DeliveredMessage } from '../../src/simulators/telegram/record.ts';
import { placeOf } from '../../src/sqlite/connection.ts';
import { openLedger } from '../../src/sqlite/ledger.ts';
import { createTelegramChannel } from '../../src/telegram/channel.ts';
import { fakeOperator } from './fake-gateway.ts';
import type { FakeOperator } from './fake-gateway.ts';
import { memoryFolder } from './memory-folder.ts';
import { taskSettings } from './task-settings.ts';
import { trackChannel } from '../../src/simulators/track-channel.ts';

const GROUP = 'aaaaaaaa-0000-4000-8000-000000000001';
export const DEPOSIT = 'bbbbbbbb-0000-4000-8000-000000000001';
export const BONUS = 'bbbbbbbb-0000-4000-8000-000000000002';
export const BOT_ID = SIMULATED_BOT.token.split(':')[0] ?? '';
/** 24 November 2026, 12:00 in Moscow. */
const START = Date.UTC(2026, 10, 24, 9, 0, 0);
const MOSCOW = 'Europe/Moscow';

export interface RunWish {
  readonly request?: Partial<RunRequest>;
  readonly settings?: Parameters<typeof taskSettings>[0];
  readonly tasks?: readonly TaskSettings[];
  /** Replaces parts of what the run is given: a decorated ledger or channel, an abort signal. */
  readonly app?: (app: RunApp) => Partial<RunApp>;
}

/** A small restaurant, Telegram and their guests on one virtual clock; the run is the real one on a real file and real sockets. */
export interface World {
  readonly clock: VirtualClock;
  readonly telegram: TelegramSimulator;
  readonly database: DatabaseSync;
  readonly file: string;
  readonly folder: string;
  readonly keys: Keyring;
  readonly memory: HostMemory;
  readonly operator: FakeOperator;
  readonly zone: string;
  /** A customer; `phone` as in their profile. */
  customer(name?: string, phone?: string): string;
  /** An operation now (or `ago` milliseconds before); answers its id. */
  operation(
    customerId: string,
    what?: {
      readonly sum?: number;
      readonly ago?: number;
      readonly accountType?: string;
      readonly description?: string;
      readonly id?: string;
    },
  ): string;
  /** Someone who has pressed Start behind the customer's link; known to the ledger after the next run. */
  guest(customerId: string, name?: string): Person;
  link(customerId: string, epoch?: number): string;
  run(wish?: RunWish): Promise<RunSummary>;
  openLedger(): Promise<Ledger>;
  openChannel(settings?: TaskSettings): Channel;
  states(): Record<string, number>;
  /** Invitations as `state` or `state(reason)`, in the order of their making. */
  invitations(): string[];
  wallNow(): string;
  /** The database server's clock; `jump` sets it forward or back, the host's stays. */
  serverNow(): number;
  jump(ms: number): void;
  close(): Promise<void>;
}

const sql = (path: string): string => readFileSync(new URL(`../../sql/sqlite/${path}`, import.meta.url), 'utf8');

export interface WorldWish {
  readonly bots?: readonly BotDefinition[];
  /** A folder of its own for its files; the site that stands there already is gone on with. */
  readonly folder?: string;
  /** What the database server's wall clock shows; Moscow. */
  readonly zone?: string;
  readonly start?: number;
  /** Told in the very moment when a message stands in a chat. */
  readonly onMessage?: (message: DeliveredMessage) => void;
}

export async function openWorld({
  bots,
  folder = makeFolder(),
  zone = MOSCOW,
  start = START,
  onMessage = () => {},
}: WorldWish = {}): Promise<World> {
  const file = join(folder, 'site.sqlite');
  const clock = createVirtualClock(start);
  const telegram = await startTelegramSimulator({ clock, latencyMs: 40, onMessage, ...(bots === undefined ? {} : { bots }) });
  const { keyring } = createKeyring(join(folder, 'key.json'));
  const database = existsSync(file) ? new DatabaseSync(file) : makeSite(file, keyring.fingerprint);
  const memory = openHostMemory(join(folder, 'memory.json'), file);
  let shift = 0;
  const server = { now: () => clock.now() + shift };
  const wallNow = (): string => wallAt(server.now(), zone);
  const open = (): Promise<Ledger> => Promise.resolve(openLedger({ file, clock: server, serverZone: zone }));
  const channelOf = (settings: TaskSettings): Channel => trackChannel(createTelegramChannel({ settings: settings.telegram, clock }), clock);
  const defaults = { apiRoot: telegram.url };
  const operator = fakeOperator();
  const world: World = {
    clock,
    telegram,
    database,
    file,
    folder,
    keys: keyring,
    memory,
    operator,
    zone,
    wallNow,
    serverNow: server.now,
    jump: (ms) => {
      shift += ms;
    },
    customer: (name = 'Анна', phone = '') => {
      const id = randomUUID();
      const profile = phone === '' ? null : randomUUID();
      if (profile !== null) database.prepare('insert into tp_People (pepl_ID, pepl_PhoneCell) values (?, ?)').run(profile, phone);
      database
        .prepare('insert into tp_Clients (clnt_ID, clnt_clgr_ID, clnt_Name, clnt_pepl_ID) values (?, ?, ?, ?)')
        .run(id, GROUP, name, profile);
      return id;
    },
    operation: (customerId, { sum = -450, ago = 0, accountType = DEPOSIT, description = '', id = randomUUID() } = {}) => {
      const date = wallAt(server.now() - ago, zone);
      database
        .prepare(
          'insert into tp_ClientPurseOperations (cpop_ID, cpop_clnt_ID, cpop_cptp_ID, cpop_Date, cpop_Name, cpop_Description, cpop_Sum) values (?, ?, ?, ?, ?, ?, ?)',
        )
        .run(id, customerId, accountType, date, '1', description === '' ? null : description, sum * 10_000);
      return id;
    },
    link: (customerId, epoch = 0) => makePayload(customerId, { keys: keyring, botId: BOT_ID, epoch }),
    guest: (customerId, name = 'Анна') => {
      const person = telegram.person({ name });
      person.start(world.link(customerId));
      return person;
    },
    run: async ({ request, settings, tasks, app } = {}) => {
      const all = tasks ?? [taskSettings({ ...settings, apiRoot: telegram.url })];
      const ledger = await open();
      const channel = channelOf(all[0] ?? taskSettings(defaults));
      const base: RunApp = {
        ledger,
        channel,
        openGateway: operator.open,
        clock,
        journal: SILENT,
        keys: keyring,
        memory,
        progress: () => {},
        newId: randomUUID,
        host: 'till',
        pid: 1,
        signal: new AbortController().signal,
      };
      try {
        return await run(
          { ...base, ...app?.(base) },
          { ...REQUEST, botId: BOT_ID, tasks: all, asked: all.map((task) => task.id), ...request },
        );
      } finally {
        channel.close();
        await ledger.close();
      }
    },
    openLedger: open,
    openChannel: (settings = taskSettings(defaults)) => channelOf(settings),
    states: () =>
      Object.fromEntries(
        database
          .prepare('select state, count(*) as n from delivery group by state')
          .all()
          .map((row) => [String(row['state']), Number(row['n'])]),
      ),
    invitations: () =>
      database
        .prepare("select state || coalesce('(' || reason || ')', '') as fate from invitation order by invitation_no")
        .all()
        .map((row) => String(row['fate'])),
    close: async () => {
      database.close();
      await telegram.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}

export const REQUEST: Omit<RunRequest, 'botId' | 'tasks' | 'asked'> = {
  kind: 'since_last',
  since: null,
  until: null,
  customers: null,
  operations: null,
  limit: null,
  maxAgeMs: null,
  yes: false,
};

export const SILENT: Journal = { tell: () => {}, warn: () => {}, fail: () => {} };

function makeFolder(): string {
  return mkdtempSync(join(memoryFolder(), 'tp-tg-notify-'));
}

function makeSite(file: string, keyFingerprint: string): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal');
  for (const path of ['tillypad/tables.sql', 'tillypad/views.sql', 'ledger/0001_ledger.sql']) database.exec(sql(path));
  database.prepare('insert into ledger_schema (version, installed_utc) values (1, ?)').run(START);
  database
    .prepare("insert into place (only_row, installation_id, bound_to, key_fingerprint) values (1, 'test', ?, ?)")
    .run(placeOf(file), keyFingerprint);
  database.prepare("insert into tp_ClientGroups (clgr_ID, clgr_Name) values (?, 'Гости')").run(GROUP);
  database.prepare("insert into tp_ClientPurseTypes (cptp_ID, cptp_Name) values (?, 'Депозит'), (?, 'Бонусы')").run(DEPOSIT, BONUS);
  database
    .prepare(
      "insert into tp_NoteTypes (nttp_ID, nttp_vdt_ID, nttp_Name, nttp_IsUnique) values ('cccccccc-0000-4000-8000-000000000001', 0, 'chat_ID в Telegram', 1)",
    )
    .run();
  return database;
}
