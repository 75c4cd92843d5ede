import { spawn } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * SQL Server Agent's stand-in, a process of its own: `node agent-stand-in.ts DATABASE PROGRAM [ARGUMENT…]`. It looks for events that were left
 * since it last started the program, and starts it where `agent` is the way in force; never a second one beside a running one. Each end is
 * printed as a line: the exit code. It ends when its standard input does.
 */
const [database = '', program = '', ...words] = process.argv.slice(2);
const LOOK_EVERY_MS = 50;

const connection = new DatabaseSync(database, { readOnly: true });
const newest = connection.prepare(
  "select coalesce(max(wake_no), 0) as no from wake where kind = 'event' and (select way from start_way) = 'agent'",
);
let seen = Number(newest.get()?.['no']);
let isOver = false;
process.stdin.resume().once('end', () => (isOver = true));
process.stdout.write('ready\n');

while (!isOver) {
  const no = Number(newest.get()?.['no']);
  if (no > seen) {
    seen = no;
    process.stdout.write(`${await start()}\n`);
  } else await sleep(LOOK_EVERY_MS);
}
connection.close();

async function start(): Promise<number | null> {
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve) => {
    child.once('close', resolve);
  });
}
