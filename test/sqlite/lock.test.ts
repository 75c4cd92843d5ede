import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFileOf, takeLock } from '../../src/sqlite/lock.ts';

const LOCK = JSON.stringify(new URL('../../src/sqlite/lock.ts', import.meta.url).href);

/** Takes the lock in a process of its own, says what it got, and stays until its input ends. */
const HOLDER = `
  import { takeLock } from ${LOCK};
  const lock = takeLock(process.argv[1], '7');
  // What nothing refers to any more is collected, and its lock with it.
  globalThis.kept = lock;
  process.stdout.write(lock === null ? 'refused' : 'held');
  process.stdin.on('end', () => process.exit()).resume();`;

/** Tries once at each moment it is told, says what it got, and lets go when it is told. */
const CONTENDER = `
  import { createInterface } from 'node:readline';
  import { takeLock } from ${LOCK};
  let lock = null;
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line === 'free') {
      lock?.release();
    } else {
      while (Date.now() < Number(line));
      lock = takeLock(process.argv[1], '7');
    }
    console.log(line === 'free' ? 'freed' : lock === null ? 'refused' : 'held');
  });
  console.log('ready');`;

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-'));
  file = join(folder, 'site.sqlite');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(script: string) {
  return spawn(process.execPath, ['--input-type=module', '-e', script, file], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function said(child: ReturnType<typeof start>): Promise<string> {
  const [answer] = (await once(child.stdout, 'data')) as [Buffer];
  return answer.toString();
}

describe('a bot’s lock', () => {
  it('lets one in and refuses the next, in one process', () => {
    const lock = takeLock(file, '7');
    expect(lock?.isHeld()).toBe(true);
    expect(takeLock(file, '7')).toBeNull();
    expect(lock?.isHeld()).toBe(true);
    lock?.release();
    expect(lock?.isHeld()).toBe(false);
    const next = takeLock(file, '7');
    expect(next?.isHeld()).toBe(true);
    next?.release();
  });

  it('is each bot’s own', () => {
    const [one, other] = [takeLock(file, '7'), takeLock(file, '8')];
    expect(other).not.toBeNull();
    one?.release();
    other?.release();
  });

  it('is held against another process', async () => {
    const child = start(HOLDER);
    expect(await said(child)).toBe('held');
    expect(takeLock(file, '7')).toBeNull();
    child.stdin.end();
    await once(child, 'exit');
    const lock = takeLock(file, '7');
    expect(lock).not.toBeNull();
    lock?.release();
  });

  it('is free as soon as its holder is killed', async () => {
    const child = start(HOLDER);
    expect(await said(child)).toBe('held');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = takeLock(file, '7');
    expect(lock).not.toBeNull();
    lock?.release();
  });

  it('is not refused because another is just being refused: a passing reader of the file is no holder', () => {
    takeLock(file, '7')?.release();
    const passing = new DatabaseSync(lockFileOf(file, '7'));
    passing.exec('begin; select * from sqlite_schema');
    const lock = takeLock(file, '7');
    expect(lock?.isHeld()).toBe(true);
    lock?.release();
    passing.close();
  });

  it('goes to exactly one of those who ask at the same moment', async () => {
    const contenders = Array.from({ length: 3 }, () => start(CONTENDER));
    const all = async (line: string): Promise<string[]> => {
      for (const { stdin } of contenders) stdin.write(`${line}\n`);
      return Promise.all(contenders.map(async (child) => (await said(child)).trim()));
    };
    await Promise.all(contenders.map(async (child) => said(child)));
    for (let round = 0; round < 15; round += 1) {
      const answers = await all(String(Date.now() + 4));
      expect(answers.toSorted()).toEqual(['held', 'refused', 'refused']);
      await all('free');
    }
    for (const child of contenders) child.stdin.end();
    await Promise.all(contenders.map(async (child) => once(child, 'exit')));
  });

  it('is no longer held when its file was removed or replaced', () => {
    const lock = takeLock(file, '7');
    renameSync(lockFileOf(file, '7'), join(folder, 'elsewhere'));
    expect(lock?.isHeld()).toBe(false);
    const usurper = takeLock(file, '7');
    expect(usurper?.isHeld()).toBe(true);
    expect(lock?.isHeld()).toBe(false);
    usurper?.release();
    lock?.release();
  });

  it('leaves nothing behind but its empty file', () => {
    takeLock(file, '7')?.release();
    expect(readdirSync(folder)).toEqual(['site.sqlite.lock-7']);
    expect(existsSync(file)).toBe(false);
  });

  it('takes no bot id that could lead elsewhere', () => {
    expect(() => takeLock(file, '../7')).toThrow(RangeError);
  });
});
