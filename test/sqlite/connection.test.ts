import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { openConnection, placeOf } from '../../src/sqlite/connection.ts';
import { openLedger, openPlanReader } from '../../src/sqlite/ledger.ts';
import { BOT, query, runner, TASK } from '../contract/fixtures.ts';
import { makeSqliteSite } from '../support/site.ts';

const folder = mkdtempSync(join(tmpdir(), 'tp-tg-notify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clock = { now: () => 0 };
let made = 0;

function path(name = 'site.sqlite'): string {
  made += 1;
  const own = join(folder, String(made));
  mkdirSync(own);
  return join(own, name);
}

function emptyDatabase(name?: string): string {
  const file = path(name);
  new DatabaseSync(file).close();
  return file;
}

function written(content: string): string {
  const file = path();
  writeFileSync(file, content);
  return file;
}

function codeOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error instanceof Error && 'code' in error ? `${error.name} ${String(error.code)}` : error;
  }
  return 'no error';
}

describe('opening a file', () => {
  it.each([
    ['that isn’t there', () => path(), 'missing'],
    ['in a folder that isn’t there', () => join(path(), 'site.sqlite'), 'missing'],
    ['below a file', () => join(emptyDatabase(), 'site.sqlite'), 'missing'],
    ['that is a folder', () => folder, 'no_database'],
    ['of something else', () => written('A thesis on the theory of regular guests. '.repeat(99)), 'no_database'],
    ['of a database that isn’t Tillypad’s', () => emptyDatabase(), 'not_tillypad'],
    ['of no bytes', () => written(''), 'not_tillypad'],
  ])('%s says what is wrong', (_what, makeFile, code) => {
    const file = makeFile();
    for (const open of [openLedger, openPlanReader]) expect(codeOf(() => open({ file, clock }))).toBe(`DatabaseUnavailable ${code}`);
  });

  it('doesn’t make one', () => {
    const file = path();
    expect(codeOf(() => openConnection({ file }))).toBe('DatabaseUnavailable missing');
    expect(codeOf(() => openConnection({ file }))).toBe('DatabaseUnavailable missing');
  });

  it.each(['a b.sqlite', '100%.sqlite', 'what?.sqlite', 'no#1.sqlite', 'база.sqlite', 'a%20b&mode=memory.sqlite'])(
    'finds %s by its name',
    (name) => {
      const file = emptyDatabase(name);
      const connection = openConnection({ file });
      connection.database.exec('create table here (a)');
      connection.close();
      const again = openConnection({ file, readOnly: true });
      expect(again.database.prepare('select count(*) as n from here').get()).toEqual({ n: 0 });
      again.close();
    },
  );

  it('makes every commit durable: WAL, synchronous FULL', () => {
    const connection = openConnection({ file: emptyDatabase() });
    expect(connection.database.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(connection.database.prepare('pragma synchronous').get()).toEqual({ synchronous: 2 });
    connection.close();
  });

  it('for reading only can’t write', () => {
    const file = emptyDatabase();
    const connection = openConnection({ file, readOnly: true });
    expect(codeOf(() => connection.transaction(() => connection.database.exec('create table t (a)')))).toBe(
      'DatabaseUnavailable read_only',
    );
    connection.close();
  });

  it('names the same place through a link to it', () => {
    const file = emptyDatabase();
    const link = path();
    symlinkSync(file, link);
    const connection = openConnection({ file: link });
    expect(connection.place).toBe(placeOf(file));
    expect(connection.place).toBe(`${hostname()}:${file}`);
    connection.close();
  });
});

describe('a database that can’t go on', () => {
  it('is locked when another process writes for longer than the patience', async () => {
    const site = makeSqliteSite();
    const ledger = openLedger({ file: site.file, clock: site.clock, busyTimeoutMs: 20 });
    site.database.exec('begin immediate');
    await expect(ledger.openRun(runner(), [TASK])).rejects.toMatchObject({ name: 'DatabaseUnavailable', code: 'locked' });
    site.database.exec('rollback');
    expect(await ledger.openRun(runner(), [TASK])).toMatchObject({ answer: 'opened' });
    await ledger.close();
    await site.close();
  });

  it('waits for a short write of another', async () => {
    const site = makeSqliteSite();
    const ledger = openLedger({ file: site.file, clock: site.clock });
    const holder = `
      import { DatabaseSync } from 'node:sqlite';
      const database = new DatabaseSync(process.argv[1]);
      database.exec('begin immediate');
      process.stdout.write('held');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
      database.exec('commit');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', holder, site.file]);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(await ledger.openRun(runner(), [TASK])).toMatchObject({ answer: 'opened' });
    await ended;
    await ledger.close();
    await site.close();
  });

  it('is damaged when its pages make no sense', async () => {
    const site = makeSqliteSite();
    const customer = await site.addCustomer();
    await site.addOperations(Array.from({ length: 500 }, () => ({ customer, date: site.wall() })));
    const { rootpage, size } = site.database
      .prepare(
        "select rootpage, (select page_size from pragma_page_size) as size from sqlite_schema where name = 'tp_ClientPurseOperations'",
      )
      .get() as { rootpage: number; size: number };
    site.database.exec('pragma wal_checkpoint(truncate); pragma journal_mode = delete');
    const handle = openSync(site.file, 'r+');
    writeSync(handle, Buffer.alloc(size, 0xee), 0, size, (rootpage - 1) * size);
    closeSync(handle);
    const reader = openPlanReader({ file: site.file, clock: site.clock });
    await expect(reader.measure(query(site), site.wall())).rejects.toMatchObject({ name: 'DatabaseUnavailable', code: 'damaged' });
    await reader.close();
    await site.close();
  });

  it('is damaged or none at all when its file was cut short', async () => {
    const site = makeSqliteSite();
    site.database.exec('pragma wal_checkpoint(truncate)');
    site.database.close();
    truncateSync(site.file, 5_000);
    const { file } = site;
    expect(['DatabaseUnavailable damaged', 'DatabaseUnavailable not_tillypad', 'DatabaseUnavailable no_database']).toContain(
      codeOf(() => openLedger({ file, clock })),
    );
    rmSync(site.folder, { recursive: true });
  });

  it('is read-only when this user may not write the file', async () => {
    const site = makeSqliteSite();
    site.database.exec('pragma wal_checkpoint(truncate); pragma journal_mode = delete');
    site.database.close();
    // A folder that the user may not write either: nothing beside the file can be made.
    chmodSync(site.file, 0o444);
    chmodSync(site.folder, 0o555);
    const script = `
      import { openLedger } from ${JSON.stringify(new URL('../../src/sqlite/ledger.ts', import.meta.url).href)};
      try {
        const ledger = openLedger({ file: process.argv[1], clock: { now: () => 0 } });
        await ledger.openRun({ runId: 'r', botId: '${BOT}', host: 'h', pid: 1, keyFingerprint: 'f', remembered: null, startedBy: 'since' }, ['t']);
      } catch (error) {
        process.stdout.write(String(error.code));
      }`;
    // Root may write everything, so that whoever tests as root becomes nobody.
    const as = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const answer = spawnSync(process.execPath, ['--input-type=module', '-e', script, site.file], { ...as, encoding: 'utf8' });
    expect(`${answer.stdout}${answer.stderr}`).toBe('read_only');
    chmodSync(site.folder, 0o755);
    rmSync(site.folder, { recursive: true });
  });
});

describe('a transaction', () => {
  it('is undone whole when its work throws, and the error comes out as it is', () => {
    const connection = openConnection({ file: emptyDatabase() });
    connection.database.exec('create table t (a)');
    const fault = new Error('a surprise');
    const work = (): void => {
      connection.database.exec('insert into t values (1)');
      throw fault;
    };
    expect(() => connection.transaction(work)).toThrow(fault);
    expect(connection.database.prepare('select count(*) as n from t').get()).toEqual({ n: 0 });
    expect(connection.transaction(() => 7)).toBe(7);
    connection.close();
    connection.close();
  });
});
