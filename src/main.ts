import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';

import type { Doors, Terminal } from './cli/doors.ts';
import { runProgram } from './cli/program.ts';
import { createSystemClock } from './clock.ts';
import { openHostMemory } from './host-memory.ts';
import { openJournal } from './journal.ts';
import { saveFiles } from './save-files.ts';
import { createKeyring, openKeyring, rotateKeyring } from './keyring.ts';
import { createGateway } from './sms/gateway.ts';
import { openDesk } from './sqlite/desk.ts';
import { install } from './sqlite/install.ts';
import { openLedger, openPlanReader } from './sqlite/ledger.ts';
import { readParameters } from './sqlite/parameters.ts';
import { openTaskLog } from './sqlite/task-log.ts';
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
    openLedger: async ({ database }) => openLedger({ file: database, clock }),
    openPlanReader: async ({ database }) => openPlanReader({ file: database, clock }),
    openDesk: async ({ database }) => openDesk({ file: database, clock }),
    openTaskLog: async ({ database }) => openTaskLog({ file: database, clock }),
    install: async ({ database }, request) => install({ file: database, clock, ...request }),
    readParameters: async ({ database }) => readParameters(database),
    openChannel: (settings) => createTelegramChannel({ settings, clock }),
    openGateway: (settings) => createGateway({ settings, clock }),
    openKeyring,
    createKeyring,
    rotateKey: rotateKeyring,
    saveFiles,
    openMemory: (path, { database }) => openHostMemory(path, database),
    openObjectFiles: async () => (await import('./tpxl/object-files.ts')).objectFiles,
    openJournal: (log, runId) => openJournal(log, runId, terminal.note),
  };
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
