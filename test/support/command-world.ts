import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Doors, Terminal } from '../../src/cli/doors.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { GatewayName } from '../../src/core/sms-outcome.ts';
import { openHostMemory } from '../../src/host/memory.ts';
import { openJournal } from '../../src/host/journal.ts';
import { createKeyring, finishRotation, openKeyring, prepareRotation } from '../../src/host/keyring.ts';
import { SIMULATED_KEY, SIMULATED_SENDER } from '../../src/simulators/sms/account.ts';
import type { SmsSimulator } from '../../src/simulators/sms/contract.ts';
import { SIMULATED_BOT } from '../../src/simulators/telegram/simulator.ts';
import { trackChannel } from '../../src/simulators/track-channel.ts';
import { trackGateway } from '../../src/simulators/track-gateway.ts';
import { createGateway } from '../../src/sms/gateway.ts';
import { openDesk } from '../../src/sqlite/desk.ts';
import { install } from '../../src/sqlite/install.ts';
import { openLedger, openPlanReader } from '../../src/sqlite/ledger.ts';
import { readParameters } from '../../src/sqlite/parameters.ts';
import { uninstall } from '../../src/sqlite/uninstall.ts';
import { openTaskLog } from '../../src/sqlite/task-log.ts';
import { createTelegramChannel } from '../../src/telegram/channel.ts';
import { objectFiles } from '../../src/tpxl/object-files.ts';
import type { World } from './world.ts';

export interface Commanded {
  readonly code: number;
  readonly text: string;
}

/** The whole program in this process: its own command line and settings file, the world's clock and its simulators. */
export interface CommandWorld {
  readonly keyPath: string;
  /** Writes the settings file anew; below the basics stands what is given (YAML), `telegramToo` within `telegram`. */
  settle(yaml: string, telegramToo?: string): void;
  command(...argv: readonly string[]): Promise<Commanded>;
  /** As `command`, with `--json` read back. */
  ask<T>(...argv: readonly string[]): Promise<{ readonly code: number; readonly json: T }>;
}

export interface CommandWish {
  /** Writes the program's own log, as settings say. */
  readonly keepsLog?: boolean;
  /** Puts something between the commands and the outside, anew for each command. */
  readonly through?: (doors: Doors) => Doors;
}

export function commandWorld(world: World, { keepsLog = false, through = (doors) => doors }: CommandWish = {}): CommandWorld {
  const { folder, file, telegram } = world;
  const settingsFile = join(folder, 'settings.yaml');
  const keyPath = join(folder, 'tp-tg-notify.key.json');
  // One that is there has been rotated since.
  if (!existsSync(keyPath)) copyFileSync(join(folder, 'key.json'), keyPath);
  const basics = (telegramToo: string): string =>
    [
      `database: ${file}`,
      `zone: ${world.zone}`,
      `telegram: { token: '${SIMULATED_BOT.token}', apiRoot: '${telegram.url}', ${telegramToo} }`,
      'restaurant: { name: Пенка }',
      '',
    ].join('\n');
  const settle = (yaml: string, telegramToo = ''): void => writeFileSync(settingsFile, basics(telegramToo) + yaml, { mode: 0o600 });
  settle('');
  const doors = openDoors(world, keepsLog);
  const command = async (...argv: readonly string[]): Promise<Commanded> => {
    const said: string[] = [];
    const write = async (text: string): Promise<void> => void said.push(text);
    const say = (text: string): void => void said.push(`${text}\n`);
    const terminal: Terminal = { print: say, write, note: say, progress: null, signal: new AbortController().signal };
    const code = await runProgram({
      argv: [...argv, '--settings', settingsFile, '--language', 'en'],
      doors: through(doors),
      terminal,
      version: '0',
    });
    return { code, text: said.join('').replace(/\n$/, '') };
  };
  return {
    keyPath,
    settle,
    command,
    ask: async (...argv) => {
      const { code, text } = await command(...argv, '--json');
      return { code, json: JSON.parse(text) as never };
    },
  };
}

/** Settings of invitations by a simulated operator. */
export function smsSettings(operator: GatewayName, { url }: Pick<SmsSimulator, 'url'>): string {
  const key = operator === 'pushsms' ? 'token' : 'apiKey';
  return `sms: { operator: ${operator}, ${key}: '${SIMULATED_KEY}', sender: ${SIMULATED_SENDER}, apiRoot: '${url}', price: '4.5' }\n`;
}

function openDoors(world: World, keepsLog: boolean): Doors {
  const { clock } = world;
  const server = { now: () => world.serverNow() };
  const at = (database: string): { readonly file: string; readonly clock: typeof server; readonly serverZone: string } => ({
    file: database,
    clock: server,
    serverZone: world.zone,
  });
  const silent = (): void => {};
  return {
    clock,
    host: 'till',
    pid: 1,
    newId: randomUUID,
    program: { node: process.execPath, script: 'tp-tg-notify.js', system: 'linux' },
    env: { USER: 'anna' },
    openLedger: async ({ database }) => openLedger(at(database)),
    openPlanReader: async ({ database }) => openPlanReader(at(database)),
    openDesk: async ({ database }) => openDesk(at(database)),
    openTaskLog: async ({ database }) => openTaskLog(at(database)),
    install: async ({ database }, request) => install({ ...at(database), ...request }),
    uninstall: async ({ database }, request) => uninstall({ file: database, ...request }),
    planSql: async () => '',
    readParameters: async ({ database }) => readParameters(database),
    openChannel: (settings) => trackChannel(createTelegramChannel({ settings, clock }), clock),
    openGateway: (settings) => trackGateway(createGateway({ settings, clock }), clock),
    openKeyring,
    createKeyring,
    prepareKey: prepareRotation,
    finishKey: finishRotation,
    saveFiles: () => [],
    openMemory: (path, { database }) => openHostMemory(path, database),
    openObjectFiles: async () => objectFiles,
    openJournal: keepsLog
      ? (log, runId) => openJournal(log, runId, silent)
      : () => ({ tell: silent, warn: silent, fail: silent, close: async () => {} }),
  };
}
