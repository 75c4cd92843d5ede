import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';

import type { Doors, Terminal } from './cli/doors.ts';
import { runProgram } from './cli/program.ts';
import { createSystemClock } from './host/clock.ts';
import { openHostMemory } from './host/memory.ts';
import { openJournal } from './host/journal.ts';
import { saveFiles } from './host/save-files.ts';
import { createKeyring, finishRotation, openKeyring, prepareRotation } from './host/keyring.ts';
import { createGateway } from './sms/gateway.ts';
import { openDesk } from './sqlite/desk.ts';
import { install } from './sqlite/install.ts';
import { openLedger, openPlanReader } from './sqlite/ledger.ts';
import { readParameters } from './sqlite/parameters.ts';
import { openTaskLog } from './sqlite/task-log.ts';
import { uninstall } from './sqlite/uninstall.ts';
import { createTelegramChannel } from './telegram/channel.ts';

/** Wires everything and runs one command; answers the exit code. The only file that imports everything. */
export async function main(argv: readonly string[]): Promise<number> {
  const terminal = openTerminal();
  return runProgram({ argv, doors: openDoors(terminal), terminal, version: readVersion() });
}

/** The doors as they are in earnest; whoever has a terminal of its own can run commands without a process. */
export function openDoors(terminal: Pick<Terminal, 'note'>): Doors {
  const clock = createSystemClock();
  return {
    clock,
    host: hostname(),
    pid: process.pid,
    newId: randomUUID,
    program: {
      node: process.execPath,
      script: fileURLToPath(new URL('../bin/tp-tg-notify.js', import.meta.url)),
      system: process.platform === 'win32' ? 'windows' : 'linux',
    },
    env: process.env,
    ...databaseDoors(clock),
    openChannel: (settings) => createTelegramChannel({ settings, clock }),
    openGateway: (settings) => createGateway({ settings, clock }),
    openKeyring,
    createKeyring,
    prepareKey: prepareRotation,
    finishKey: finishRotation,
    saveFiles,
    openMemory: (path, { database }) => openHostMemory(path, database),
    openObjectFiles: async () => (await import('./tpxl/object-files.ts')).objectFiles,
    openJournal: (log, runId) => openJournal(log, runId, terminal.note),
  };
}

/** The engine is chosen by the place; a server's adapter is only loaded where there is one to call. */
function databaseDoors(
  clock: Doors['clock'],
): Pick<Doors, 'openLedger' | 'openPlanReader' | 'openDesk' | 'openTaskLog' | 'install' | 'uninstall' | 'planSql' | 'readParameters'> {
  return {
    openLedger: async ({ database, server }) =>
      server === null ? openLedger({ file: database, clock }) : (await import('./sql-server/ledger.ts')).openLedger({ place: server }),
    openPlanReader: async ({ database, server }) =>
      server === null
        ? openPlanReader({ file: database, clock })
        : (await import('./sql-server/ledger.ts')).openPlanReader({ place: server }),
    openDesk: async ({ database, server }) =>
      server === null ? openDesk({ file: database, clock }) : (await import('./sql-server/desk.ts')).openDesk({ place: server }),
    openTaskLog: async ({ database, server }) =>
      server === null ? openTaskLog({ file: database, clock }) : (await import('./sql-server/task-log.ts')).openTaskLog({ place: server }),
    install: async ({ database, server }, request) =>
      server === null
        ? install({ file: database, clock, ...request })
        : (await import('./sql-server/install.ts')).install({ place: server, ...request }),
    uninstall: async ({ database, server }, request) =>
      server === null
        ? uninstall({ file: database, ...request })
        : (await import('./sql-server/uninstall.ts')).uninstall({ place: server, ...request }),
    planSql: async ({ server }, request) =>
      server === null ? readScript(EMBEDDED_SCRIPT) : (await import('./sql-server/plan-sql.ts')).planSql(request),
    readParameters: async ({ database, server }) =>
      server === null ? readParameters(database) : (await import('./sql-server/parameters.ts')).readParameters({ place: server }),
  };
}

const EMBEDDED_SCRIPT = ['sqlite/tillypad/views.sql', 'sqlite/ledger/0001_ledger.sql'];

function readScript(files: readonly string[]): string {
  return files.map((file) => readFileSync(new URL(`../sql/${file}`, import.meta.url), 'utf8')).join('\n');
}

function openTerminal(): Terminal {
  const interrupt = new AbortController();
  // The first Ctrl-C ends in order; the second one is the system's own.
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());
  // A reader that closed the pipe (`| head`) must not stop a run half-way.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const seen = process.stderr.isTTY;
  return {
    print: (text) => {
      process.stdout.write(`${text}\n`);
    },
    write: async (text) =>
      new Promise((resolve) => {
        // Called after a failure too: a reader that closed the pipe holds nobody up.
        process.stdout.write(text, () => resolve());
      }),
    note: (text) => {
      process.stderr.write(`${seen ? '\r\u001B[K' : ''}${text}\n`);
    },
    progress: seen ? throttled((text) => process.stderr.write(`\r\u001B[K${text}`)) : null,
    signal: interrupt.signal,
  };
}

const PROGRESS_EVERY_MS = 200;

function throttled(write: (text: string) => void): (text: string) => void {
  let last = 0;
  return (text) => {
    const now = performance.now();
    if (now - last < PROGRESS_EVERY_MS) return;
    last = now;
    write(text);
  };
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String((manifest as { readonly version?: unknown }).version);
}
