import { spawn } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

import { parseServerAddress } from '../../src/core/server-place.ts';
import { openConnection } from '../../src/sql-server/connection.ts';

/**
 * SQL Server Agent's stand-in, a process of its own: `node agent-stand-in.ts PROGRAM [ARGUMENT…]`, the database in `TP_TEST_AGENT_DATABASE`: a file,
 * or a server's address, whose password no list of processes may show. It looks for events that were left since it last started the program, and
 * starts it where `agent` is the way in force; never a second one beside a running one. Each end is printed as a line: the exit code. It ends when
 * its standard input does.
 */
const [program = '', ...words] = process.argv.slice(2);
const database = process.env['TP_TEST_AGENT_DATABASE'] ?? '';
const LOOK_EVERY_MS = 50;

interface Words {
  /** Of the newest event, where the Agent is the way in force. */
  newest(): Promise<number>;
  close(): Promise<void>;
}

const signals = database.startsWith('mssql://') ? await onServer(database) : onFile(database);
let seen = await signals.newest();
let isOver = false;
process.stdin.resume().once('end', () => (isOver = true));
process.stdout.write('ready\n');

while (!isOver) {
  const no = await signals.newest();
  if (no > seen) {
    seen = no;
    process.stdout.write(`${await start()}\n`);
  } else await sleep(LOOK_EVERY_MS);
}
await signals.close();

async function start(): Promise<number | null> {
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve) => {
    child.once('close', resolve);
  });
}

function onFile(file: string): Words {
  const connection = new DatabaseSync(file, { readOnly: true });
  const newest = connection.prepare(
    "select coalesce(max(wake_no), 0) as no from wake where kind = 'event' and (select way from start_way) = 'agent'",
  );
  return { newest: async () => Number(newest.get()?.['no']), close: async () => connection.close() };
}

async function onServer(address: string): Promise<Words> {
  const parsed = parseServerAddress(address);
  if (!parsed.ok) throw new Error(parsed.code);
  const connection = await openConnection({ place: parsed.place });
  const query = `SELECT COALESCE(MAX(wake_no), 0) AS no FROM tgn.wake WHERE kind = 'event' AND EXISTS (SELECT 1 FROM tgn.start_way WHERE way = 'agent')`;
  return {
    newest: async () => Number((await connection.executeBatch(query)).sets.at(-1)?.[0]?.['no']),
    close: async () => connection.close(),
  };
}
