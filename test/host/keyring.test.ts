import { createHash, createHmac } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyring, finishRotation, KeyringProblem, openKeyring, prepareRotation } from '../../src/host/keyring.ts';

const POSIX = process.platform !== 'win32';
const BYTES = Uint8Array.from([1, 2, 3]);
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyring-'));
  path = join(folder, 'keys.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface KeyFile {
  readonly current: number;
  readonly keys: Readonly<Record<string, string>>;
}
function readFile(): KeyFile {
  return JSON.parse(readFileSync(path, 'utf8')) as KeyFile;
}
function rotate(file: string, wish: { readonly revokeOld: boolean }): ReturnType<typeof openKeyring> {
  prepareRotation(file, wish);
  return finishRotation(file);
}
function problemOf(act: () => unknown): KeyringProblem {
  try {
    act();
  } catch (error) {
    if (error instanceof KeyringProblem) return error;
    throw error;
  }
  throw new Error('there was no problem');
}

describe('a new key file', () => {
  it('holds one random key of 32 bytes and belongs to its owner alone', () => {
    const { keyring, created } = createKeyring(path);
    expect(created).toBe(true);
    expect(keyring).toMatchObject({ current: 1, readableByOthers: false });
    const { current, keys } = readFile();
    expect(current).toBe(1);
    expect(Buffer.from(keys['1'] ?? '', 'base64')).toHaveLength(32);
    if (POSIX) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['keys.json']);
  });

  it('is unlike any other', () => {
    expect(createKeyring(path).keyring.fingerprint).not.toBe(createKeyring(join(folder, 'other.json')).keyring.fingerprint);
  });

  it('never replaces one that is there', () => {
    const first = createKeyring(path).keyring;
    const again = createKeyring(path);
    expect(again.created).toBe(false);
    expect(again.keyring.fingerprint).toBe(first.fingerprint);
  });

  it('is not made where it can’t be written', () => {
    expect(problemOf(() => createKeyring(join(folder, 'nowhere', 'keys.json'))).code).toBe('unwritable');
  });
});

describe('an opened keyring', () => {
  it('signs with HMAC-SHA-256 under the numbered key and has none for other numbers', () => {
    const { keyring } = createKeyring(path);
    const key = Buffer.from(readFile().keys['1'] ?? '', 'base64');
    expect(keyring.mac(1, BYTES)).toEqual(new Uint8Array(createHmac('sha256', key).update(BYTES).digest()));
    expect(keyring.mac(2, BYTES)).toBeNull();
    expect(keyring.mac(0, BYTES)).toBeNull();
  });

  it('has the fingerprint of its current key', () => {
    const { keyring } = createKeyring(path);
    const key = Buffer.from(readFile().keys['1'] ?? '', 'base64');
    expect(keyring.fingerprint).toBe(
      createHash('sha256')
        .update(Buffer.concat([Buffer.from([1]), key]))
        .digest('hex')
        .slice(0, 16),
    );
  });

  it('shows no key, however it is printed', () => {
    const { keyring } = createKeyring(path);
    const secret = Buffer.from(readFile().keys['1'] ?? '', 'base64');
    const printed = `${inspect(keyring, { depth: 9, showHidden: true })}${JSON.stringify(keyring)}`;
    for (const spelling of ['base64', 'base64url', 'hex'] as const) expect(printed).not.toContain(secret.toString(spelling));
  });

  it.skipIf(!POSIX)('says when others can read its file', () => {
    createKeyring(path);
    for (const mode of [0o640, 0o604, 0o644]) {
      chmodSync(path, mode);
      expect(openKeyring(path).readableByOthers).toBe(true);
    }
    chmodSync(path, 0o400);
    expect(openKeyring(path).readableByOthers).toBe(false);
  });
});

describe('a rotated key', () => {
  it('signs from then on while the former one still verifies', () => {
    const before = createKeyring(path).keyring;
    const after = rotate(path, { revokeOld: false });
    expect(after.current).toBe(2);
    expect(after.mac(1, BYTES)).toEqual(before.mac(1, BYTES));
    expect(after.mac(2, BYTES)).not.toEqual(before.mac(1, BYTES));
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(readdirSync(folder)).toEqual(['keys.json']);
  });

  it('revokes the former ones when asked, and no number comes again', () => {
    createKeyring(path);
    rotate(path, { revokeOld: false });
    const after = rotate(path, { revokeOld: true });
    expect(after.current).toBe(3);
    expect(after.mac(1, BYTES)).toBeNull();
    expect(after.mac(2, BYTES)).toBeNull();
    expect(Object.keys(readFile().keys)).toEqual(['3']);
  });

  it('is refused after the 255th', () => {
    writeFileSync(path, JSON.stringify({ current: 255, keys: { 255: Buffer.alloc(32, 7).toString('base64') } }), { mode: 0o600 });
    const before = readFileSync(path, 'utf8');
    expect(problemOf(() => rotate(path, { revokeOld: true })).code).toBe('exhausted');
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it.skipIf(!POSIX)('keeps the mode that an administrator gave the file, and the link it stands behind', () => {
    const real = join(folder, 'real.json');
    createKeyring(real);
    chmodSync(real, 0o640);
    symlinkSync(real, path);
    rotate(path, { revokeOld: false });
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(openKeyring(real).current).toBe(2);
    expect(openKeyring(path).current).toBe(2);
  });
});

describe('a rotation that is broken off before the file is finished', () => {
  it('signs as before, and says what the keys are once the ledger knows the new one', () => {
    const before = createKeyring(path).keyring;
    const { next } = prepareRotation(path, { revokeOld: false });
    const opened = openKeyring(path);
    expect(opened).toMatchObject({ current: 1, fingerprint: before.fingerprint, next: { current: 2, fingerprint: next.fingerprint } });
    expect(opened.next?.mac(1, BYTES)).toEqual(before.mac(1, BYTES));
  });

  it('is taken up with the same key, and finishing it twice changes nothing more', () => {
    createKeyring(path);
    const { next } = prepareRotation(path, { revokeOld: false });
    expect(prepareRotation(path, { revokeOld: false }).next.fingerprint).toBe(next.fingerprint);
    expect(finishRotation(path).fingerprint).toBe(next.fingerprint);
    expect(readFile()).not.toHaveProperty('next');
    expect(finishRotation(path)).toMatchObject({ current: 2, fingerprint: next.fingerprint });
  });

  it.each([
    [true, false],
    [false, true],
  ])('revokes the former keys if either time asked so (%s, %s)', (first, second) => {
    createKeyring(path);
    prepareRotation(path, { revokeOld: first });
    expect(openKeyring(path).next?.mac(1, BYTES) === null).toBe(first);
    expect(prepareRotation(path, { revokeOld: second }).revokesOld).toBe(true);
    expect(finishRotation(path).mac(1, BYTES)).toBeNull();
    // Whoever asks to revoke may fear for the file: what signs then was never in it.
    expect(Object.keys(readFile().keys)).toEqual([second ? '3' : '2']);
  });
});

describe('a key file that is not right', () => {
  const key = Buffer.alloc(32, 7).toString('base64');

  it('is missing or unreadable', () => {
    expect(problemOf(() => openKeyring(path))).toMatchObject({ code: 'missing', path, name: 'KeyringProblem' });
    mkdirSync(path);
    expect(problemOf(() => openKeyring(path)).code).toBe('unreadable');
    expect(problemOf(() => createKeyring(path)).code).toBe('unreadable');
  });

  it.each([
    ['empty', ''],
    ['no JSON', `{"current": 1, "keys": {"1": "${key}"`],
    ['another JSON', '[]'],
    ['without a current key', JSON.stringify({ current: 2, keys: { 1: key } })],
    ['with a short key', JSON.stringify({ current: 1, keys: { 1: key.slice(4) } })],
    ['with a key that is no base64', JSON.stringify({ current: 1, keys: { 1: `${key.slice(0, -4)}!!!=` } })],
    ['with a key in another spelling', JSON.stringify({ current: 1, keys: { 1: key.replace('=', '') } })],
    ['with number 0', JSON.stringify({ current: 0, keys: { 0: key } })],
    ['with number 256', JSON.stringify({ current: 1, keys: { 1: key, 256: key } })],
    ['with a next key that is not there', JSON.stringify({ current: 1, keys: { 1: key }, next: 2 })],
    ['with the current key as the next', JSON.stringify({ current: 1, keys: { 1: key }, next: 1 })],
    ['with a fraction', JSON.stringify({ current: 1.5, keys: { 1: key } })],
  ])('is damaged when it is %s, which quotes nothing of it and changes nothing', (_, text) => {
    writeFileSync(path, text, { mode: 0o600 });
    for (const act of [() => openKeyring(path), () => createKeyring(path), () => rotate(path, { revokeOld: true })]) {
      const problem = problemOf(act);
      expect(problem.code).toBe('damaged');
      expect(problem.message).toContain(path);
      expect(inspect(problem)).not.toContain(key.slice(0, 12));
    }
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(existsSync(path)).toBe(true);
  });
});
