import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

import type { Command, CommandCall, CommandResult } from '../../src/cli/command.ts';
import type { Doors, OpenedKeyring, Terminal } from '../../src/cli/doors.ts';
import type { Instant, Language } from '../../src/core/glossary.ts';
import type { Standing, StoryMargin } from '../../src/core/standing.ts';
import type { GatewayName } from '../../src/core/sms-outcome.ts';
import type { ServerStart } from '../../src/core/starting.ts';
import type { KnownCustomer } from '../../src/core/subscriber.ts';
import type { Channel } from '../../src/ports/channel.ts';
import type { CustomerStory, DeliveryStory, Desk, InstallReport, StatusReport } from '../../src/ports/desk.ts';
import type { Gateway } from '../../src/ports/gateway.ts';
import type { InvitationStory } from '../../src/ports/invitations.ts';
import { objectFiles } from '../../src/tpxl/object-files.ts';
import type { Account, Ledger } from '../../src/ports/ledger.ts';
import type { PlannedRow } from '../../src/ports/plan.ts';

export const BOT = '7000000001';
/** 24 November 2026, 12:00 in Moscow. */
export const NOW: Instant = Date.UTC(2026, 10, 24, 9);
export const CUSTOMER_ID = '11111111-1111-4111-8111-111111111111';
export const OPERATION_ID = '22222222-2222-4222-8222-222222222222';
const DATABASE = 'site.sqlite';

/** A status of a ledger where nothing has happened; what a test names wins. */
export function statusReport(wish: Partial<StatusReport & Standing> = {}): StatusReport & Standing {
  return {
    runs: [],
    holder: null,
    deliveries: {},
    skipped: {},
    subscriptions: {},
    byNote: 0,
    refusedLinks: {},
    pausedUntil: null,
    quietUntil: null,
    polledAt: null,
    offset: null,
    unreadSince: null,
    notesFailed: 0,
    tasks: [],
    now: NOW,
    wallNow: '2026-11-24 12:00:00.000',
    bound: true,
    waiting: { due: 0, later: 0, nextAt: null, oldest: null },
    place: { boundTo: 'host:/site.sqlite', here: 'host:/site.sqlite', keyFingerprint: 'key-1' },
    ...wish,
  };
}

/** A server of a usual restaurant: Standard on Windows, the Agent runs, nothing is set up. */
export function serverStart(wish: Partial<ServerStart> = {}): ServerStart {
  return {
    engine: 'sql_server',
    database: 'Tillypad',
    edition: 2,
    platform: 'windows',
    agentRunning: true,
    shellEnabled: false,
    agentReady: false,
    shellReady: false,
    way: null,
    ...wish,
  };
}

export function knownCustomer(wish: Partial<KnownCustomer> = {}): KnownCustomer {
  return { id: CUSTOMER_ID, name: 'Анна Иванова', groupId: 'group-1', group: 'Гости', live: true, subscription: null, ...wish };
}

export function customerStory(wish: Partial<CustomerStory & StoryMargin> = {}): CustomerStory & StoryMargin {
  return {
    customer: knownCustomer(),
    groupAncestors: [],
    phones: [],
    note: null,
    operations: [],
    deliveries: [],
    refusedLinks: [],
    subscriptionChangedAt: null,
    guestLanguage: null,
    ...wish,
  };
}

export function deliveryStory(wish: Partial<DeliveryStory> = {}): DeliveryStory {
  return {
    row: 12,
    operationId: OPERATION_ID,
    customerId: CUSTOMER_ID,
    taskId: 'default',
    state: 'in_doubt',
    reason: 'timeout',
    plannedAt: NOW - 60_000,
    finishedAt: NOW - 30_000,
    notBefore: null,
    resolved: null,
    attempts: [
      {
        attemptNo: 7,
        chatId: '500',
        startedAt: NOW - 60_000,
        finishedAt: NOW - 30_000,
        outcome: 'in_doubt',
        code: 'timeout',
        detail: 'no answer',
        messageId: null,
        repeat: false,
      },
    ],
    ...wish,
  };
}

export function invitationStory(wish: Partial<InvitationStory> = {}): InvitationStory {
  return {
    row: 7,
    taskId: 'default',
    customerId: CUSTOMER_ID,
    customerName: 'Анна Иванова',
    operationId: OPERATION_ID,
    state: 'accepted',
    reason: null,
    number: '79161234567',
    segments: 2,
    cost: '5.2000',
    gateway: 'smsru',
    gatewayId: '202616-1000005',
    detail: 'HTTP 200',
    plannedAt: NOW - 120_000,
    sentAt: NOW - 60_000,
    notBefore: null,
    status: 'delivered',
    statusCode: '103',
    runId: null,
    resolved: null,
    ...wish,
  };
}

export interface FakeWish {
  /** What `prune` has forgotten. */
  readonly horizon?: string;
  readonly desk?: Partial<Desk>;
  readonly status?: Partial<StatusReport & Standing>;
  /** Of all bots together, where it is unlike the bot's own. */
  readonly wholeStatus?: Partial<StatusReport & Standing>;
  readonly channel?: Partial<Channel>;
  readonly gateway?: Partial<Gateway>;
  readonly keyring?: Partial<OpenedKeyring>;
  readonly keyProblem?: boolean;
  readonly previewRows?: readonly PlannedRow[];
  readonly accounts?: readonly Account[];
  readonly installReport?: Partial<InstallReport>;
  readonly start?: Partial<ServerStart>;
  readonly program?: Partial<Doors['program']>;
  /** Written as the settings file; the database and a token stand in it already, unless `bare`. */
  readonly settings?: string;
  readonly bare?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly language?: Language;
}

/** Everything a command did to the outside, in order: `name(arguments)`. */
export interface FakeCall {
  readonly call: (args?: readonly string[], flags?: Readonly<Record<string, unknown>>) => CommandCall;
  readonly did: string[];
  readonly settingsFile: string;
}

/** Doors to an outside that is all in memory; only the settings file is real, in a temporary folder. */
export function fakeDoors(wish: FakeWish = {}): FakeCall {
  const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const settingsFile = join(folder, 'settings.yaml');
  const basics = wish.bare === true ? '' : `database: ${DATABASE}\nzone: Europe/Moscow\ntelegram:\n  token: ${BOT}:${'A'.repeat(35)}\n`;
  writeFileSync(settingsFile, `${basics}${wish.settings ?? ''}`, { mode: 0o600 });
  const did: string[] = [];
  const doors = makeDoors(wish, did);
  return {
    did,
    settingsFile,
    call: (args = [], flags = {}) => ({
      doors,
      terminal: TERMINAL,
      language: wish.language ?? 'ru',
      speak: () => {},
      flags: { settings: settingsFile, language: wish.language ?? 'ru', ...flags },
      args,
    }),
  };
}

/** Runs a command in one language against the same outside. */
export function runIn(
  language: Language,
  wish: FakeWish,
  given: { readonly command: Command; readonly args?: readonly string[]; readonly flags?: Readonly<Record<string, unknown>> },
): { readonly result: Promise<CommandResult>; readonly did: string[] } {
  const fake = fakeDoors({ ...wish, language });
  return { result: given.command(fake.call(given.args, given.flags)), did: fake.did };
}

const TERMINAL: Terminal = { print: () => {}, write: async () => {}, note: () => {}, progress: null, signal: new AbortController().signal };

function makeDoors(wish: FakeWish, did: string[]): Doors {
  const keyring = fakeKeyring(wish.keyring);
  const openKeyring = (): OpenedKeyring => {
    if (wish.keyProblem === true) throw Object.assign(new Error('no key'), { name: 'KeyringProblem', code: 'missing', path: 'key.json' });
    return keyring;
  };
  return {
    clock: { now: () => NOW, monotonic: () => 0, sleep: async () => {} },
    host: 'till-1',
    pid: 4242,
    program: {
      node: String.raw`C:\Program Files\nodejs\node.exe`,
      script: String.raw`C:\tp-tg-notify\bin\tp-tg-notify.js`,
      system: 'windows',
      ...wish.program,
    },
    saveFiles: (folder, files) => {
      did.push(`saveFiles(${folder}: ${files.map(({ name }) => name).join(', ')})`);
      return files.map(({ name }) => `${folder}/${name}`);
    },
    newId: () => '33333333-3333-4333-8333-333333333333',
    env: { USER: 'anna', ...wish.env },
    openLedger: async () => recorded(fakeLedger(wish), did),
    openPlanReader: async () => fakeReader(wish, did),
    openTaskLog: async () => recorded({ saveTaskMessages: async () => {}, close: async () => {} }, did),
    openDesk: async () => recorded(fakeDesk(wish), did),
    install: async (_place, request) => {
      did.push(`install(${JSON.stringify(request)})`);
      return {
        steps: [
          { step: 'tillypad', did: false },
          { step: 'view operation', did: true },
          { step: 'ledger', did: true },
          { step: 'place', did: true },
          { step: 'note_type', did: true },
        ],
        notes: 0,
        schema: 1,
        ...wish.installReport,
      };
    },
    uninstall: async (_place, request) => {
      did.push(`uninstall(${JSON.stringify(request)})`);
      return [];
    },
    planSql: async (_place, request) => `create table … ${JSON.stringify(request)}`,
    readParameters: async () => [],
    openChannel: () => recorded(fakeChannel(wish.channel), did),
    openGateway: ({ operator }) => recorded(fakeGateway(operator, wish.gateway), did),
    openKeyring,
    createKeyring: () => ({ keyring, created: true }),
    prepareKey: (_path, { revokeOld }) => {
      did.push(`prepareKey(${revokeOld})`);
      return { next: { ...keyring, current: 2, fingerprint: 'key-2' }, revokesOld: revokeOld };
    },
    finishKey: () => {
      did.push('finishKey');
      return { ...keyring, current: 2, fingerprint: 'key-2' };
    },
    openMemory: () => ({ recall: () => null, remember: () => {}, forget: (botId) => void did.push(`forget(${botId})`) }),
    openObjectFiles: async () => objectFiles,
    openJournal: () => unexpected('openJournal'),
  };
}

/** Only what reads without a run. */
function fakeLedger({ accounts = [] }: FakeWish): Ledger {
  return { readAccounts: async () => ({ accounts, newest: [] }), close: async () => {} } as unknown as Ledger;
}

function unexpected(what: string): never {
  throw new Error(`${what} was not expected`);
}

function fakeKeyring(wish: Partial<OpenedKeyring> = {}): OpenedKeyring {
  return {
    current: 1,
    fingerprint: 'key-1',
    readableByOthers: false,
    mac: (key, bytes) => (key === 1 ? Uint8Array.from({ length: 32 }, (_none, at) => (bytes[at % bytes.length] ?? 0) ^ at) : null),
    ...wish,
  };
}

function fakeReader(wish: FakeWish, did: string[]): Awaited<ReturnType<Doors['openPlanReader']>> {
  const rows = [...(wish.previewRows ?? [])].toSorted((a, b) => (a.operation.date < b.operation.date ? -1 : 1));
  return {
    readClock: async () => ({ now: NOW, wallNow: '2026-11-24 12:00:00.000' }),
    readPlace: async () => ({ boundTo: 'here', here: 'here' }),
    readHorizon: async () => wish.horizon ?? null,
    readTasks: async () => [],
    measure: async () => unexpected('measure'),
    preview: async (query, { limit }) => {
      did.push(`preview(${query.from ?? 'all'})`);
      const found = rows.filter(
        ({ operation: { date } }) => (query.from === null || date >= query.from) && (query.until === null || date < query.until),
      );
      return { rows: found.slice(0, limit), next: null };
    },
    describeFilters: async () => ({ accountTypes: [], customerGroups: [] }),
    readInvitees: async () => ({ invitees: [], total: 0, next: null }),
    readSpent: async () => ({ day: 0, month: 0, waiting: 0, waitingSegments: 0 }),
    close: async () => {},
  };
}

function fakeDesk(wish: FakeWish): Desk {
  return {
    readStatus: async (botId) => statusReport(botId === null ? (wish.wholeStatus ?? wish.status) : wish.status),
    findCustomers: async () => [],
    readStory: async () => null,
    judgeFilters: async () => null,
    listInDoubt: async () => [],
    listRefused: async () => [],
    retry: async () => 0,
    prune: async (_botId, before) => ({ horizon: before, attempts: 0, deliveries: 0, invitations: 0, runs: 0, words: 0, links: 0 }),
    listInvitations: async () => [],
    resolveInvitations: async () => 0,
    readSpent: async () => ({ day: 0, month: 0, waiting: 0, waitingSegments: 0 }),
    resolve: async () => 0,
    pause: async () => {},
    resume: async () => {},
    bind: async () => ({ place: 'host:/site.sqlite', marked: 0 }),
    saveKey: async () => {},
    readStart: async () => serverStart(wish.start),
    setStartWay: async () => {},
    close: async () => {},
    ...wish.desk,
  };
}

function fakeChannel(wish: Partial<Channel> = {}): Channel {
  return {
    identify: async () => ({ answer: 'bot', bot: { id: BOT, username: 'penka_bot', firstName: 'Пенка' } }),
    pull: async () => unexpected('pull'),
    send: async () => unexpected('send'),
    readWebhook: async () => ({ answer: 'webhook', url: '', pending: 0 }),
    deleteWebhook: async () => ({ answer: 'done' }),
    setCommands: async () => ({ answer: 'done' }),
    close: () => {},
    ...wish,
  };
}

function fakeGateway(name: GatewayName, wish: Partial<Gateway> = {}): Gateway {
  return {
    name,
    statusesAtOnce: 1,
    send: async () => unexpected('send'),
    readBalance: async () => ({ answer: 'balance', roubles: '780.70' }),
    readSenders: async () => ({ answer: 'senders', senders: [{ name: 'PENKA', approved: true }] }),
    readCost: async () => (name === 'smsru' ? { answer: 'cost', roubles: '9.00', segments: 2 } : { answer: 'unsupported' }),
    readStatuses: async () => unexpected('readStatuses'),
    close: () => {},
    ...wish,
  };
}

/** Writes down each call's name and arguments. */
function recorded<T extends object>(target: T, did: string[]): T {
  return new Proxy(target, {
    get: (object, name) => {
      const method: unknown = Reflect.get(object, name);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]): unknown => {
        did.push(`${String(name)}(${args.map((arg) => JSON.stringify(arg, bigintAsText)).join(', ')})`);
        return Reflect.apply(method, object, args);
      };
    },
  });
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
