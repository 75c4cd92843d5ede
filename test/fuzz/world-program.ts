import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Doors, OpenedKeyring } from '../../src/cli/doors.ts';
import type { OpenedJournal } from '../../src/ports/host.ts';
import { runProgram } from '../../src/cli/program.ts';
import { openKeyring } from '../../src/host/keyring.ts';
import type { Channel } from '../../src/ports/channel.ts';
import { SIMULATED_BOT } from '../../src/simulators/telegram/simulator.ts';
import { trackGateway } from '../../src/simulators/track-gateway.ts';
import { createGateway } from '../../src/sms/gateway.ts';
import { openDesk } from '../../src/sqlite/desk.ts';
import { openPlanReader } from '../../src/sqlite/ledger.ts';
import { readParameters } from '../../src/sqlite/parameters.ts';
import { uninstall } from '../../src/sqlite/uninstall.ts';
import { openTaskLog } from '../../src/sqlite/task-log.ts';
import { objectFiles } from '../../src/tpxl/object-files.ts';
import { createTelegramChannel } from '../../src/telegram/channel.ts';
import { trackChannel } from '../../src/simulators/track-channel.ts';
import type { World } from '../support/world.ts';

const ZONE = 'Europe/Moscow';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface WorldProgram {
  /** Any command with the world's settings, as if typed; the program is the real one, on the world's clock. */
  say(...args: string[]): Promise<Said>;
  /** Every line of the journal so far, as JSON. */
  readonly journal: readonly string[];
}

export interface ProgramWish {
  /** More lines of the settings file. */
  readonly settings?: readonly string[];
  /** Another Telegram than the world's. */
  readonly telegramUrl?: () => string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another journal than one in memory. */
  readonly journal?: () => OpenedJournal;
}

/** The command line over a world: everything of `main.ts` but the clock and the process itself. */
export function openWorldProgram(world: World, wish: ProgramWish = {}): WorldProgram {
  const { file, folder, clock } = world;
  const journal: string[] = [];
  const settingsFile = join(folder, 'settings.yaml');
  const write = (): void =>
    writeFileSync(
      settingsFile,
      [
        'database: site.sqlite',
        'zone: Europe/Moscow',
        'filters: { startDate: 2026-11-01 }',
        `telegram: { token: '${SIMULATED_BOT.token}', apiRoot: '${(wish.telegramUrl ?? (() => world.telegram.url))()}' }`,
        ...(wish.settings ?? []),
        '',
      ].join('\n'),
      { mode: 0o600 },
    );
  const server = { now: world.serverNow };
  const place = { file, clock: server, serverZone: ZONE };
  const keys = (): OpenedKeyring => openKeyring(join(folder, 'key.json'));
  const doors: Doors = {
    clock,
    host: 'till',
    pid: 1,
    newId: randomUUID,
    program: { node: process.execPath, script: 'tp-tg-notify.js', system: 'linux' },
    env: { ...wish.env },
    openLedger: () => world.openLedger(),
    openPlanReader: async () => openPlanReader(place),
    openDesk: async () => openDesk(place),
    openTaskLog: async () => openTaskLog({ file, clock: server }),
    install: () => Promise.reject(new Error('installed already')),
    uninstall: async (_place, request) => uninstall({ file, ...request }),
    planSql: async () => '',
    readParameters: async () => readParameters(file),
    openChannel: (settings): Channel => trackChannel(createTelegramChannel({ settings, clock }), clock),
    openGateway: (settings) => trackGateway(createGateway({ settings, clock }), clock),
    openKeyring: keys,
    createKeyring: () => ({ keyring: keys(), created: false }),
    prepareKey: () => ({ next: keys(), revokesOld: false }),
    finishKey: keys,
    openMemory: () => world.memory,
    saveFiles: () => [],
    openObjectFiles: async () => objectFiles,
    openJournal: () => wish.journal?.() ?? rememberingJournal(journal),
  };
  return {
    journal,
    say: async (...args) => {
      write();
      const out: string[] = [];
      const err: string[] = [];
      const terminal = {
        print: (text: string) => void out.push(`${text}\n`),
        write: async (text: string) => void out.push(text),
        note: (text: string) => void err.push(text),
        progress: null,
        signal: new AbortController().signal,
      };
      const code = await runProgram({ argv: [...args, '--settings', settingsFile], doors, terminal, version: '0' });
      return { code, out: out.join('').replace(/\n$/, ''), err: err.join('\n') };
    },
  };
}

function rememberingJournal(lines: string[]): OpenedJournal {
  const keep = (event: string, fields?: Readonly<Record<string, unknown>>): void => void lines.push(JSON.stringify({ event, ...fields }));
  return { tell: keep, warn: keep, fail: keep, close: async () => {} };
}
