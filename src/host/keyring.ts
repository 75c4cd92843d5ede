import { createHash, createHmac, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { accountOf, rightsBeside } from '../core/private-group.ts';
import type { Keyring } from '../ports/host.ts';

/**
 * The key file beside the settings: `{"current": 2, "keys": {"1": "…", "2": "…"}}`, each key 32 random bytes in base64. Whoever has it can
 * make links to any account, so it belongs to the program's user alone and never goes into the database. `"next": 3` names a key that signs as
 * soon as the ledger knows it, `"revokes": true` that the others end then; both stand there only while a rotation is under way.
 */
const KEY_LENGTH = 32;
/** The key's number is one byte of a link, and a revoked one is never used again. */
const GREATEST_NUMBER = 255;
const ONLY_OWNER = 0o600;

const keyFile = z.object({
  current: z.int().min(1).max(GREATEST_NUMBER),
  keys: z.record(z.string().regex(/^[1-9]\d{0,2}$/u), z.string()),
  next: z.int().min(1).max(GREATEST_NUMBER).optional(),
  revokes: z.boolean().optional(),
});

/**
 * missing: no such file · unreadable, unwritable: rights, a folder in its place, a full disk · damaged: not the JSON it should be ·
 * exhausted: all 255 numbers are used up · exposed: others may write the file, so that its keys may be anybody's (POSIX).
 */
export type KeyringProblemCode = 'missing' | 'unreadable' | 'unwritable' | 'damaged' | 'exhausted' | 'exposed';

/** What is wrong with the key file; never anything of what it holds. */
export class KeyringProblem extends Error {
  override readonly name = 'KeyringProblem';
  readonly code: KeyringProblemCode;
  readonly path: string;
  constructor(code: KeyringProblemCode, path: string, detail: string) {
    super(`${path}: ${detail}`);
    this.code = code;
    this.path = path;
  }
}

export interface OpenedKeyring extends Keyring {
  /** The file's mode lets others than its owner read it (POSIX; always false on Windows). */
  readonly readableByOthers: boolean;
}

interface Keys {
  readonly current: number;
  readonly keys: ReadonlyMap<number, Buffer>;
  /** A rotation under way; null = none. */
  readonly next: { readonly number: number; readonly revokes: boolean } | null;
}

/** Reads the key file. Throws KeyringProblem: missing, unreadable, damaged, exposed. */
export function openKeyring(path: string): OpenedKeyring {
  const ring = makeRing(readKeys(path));
  const rights = othersRights(path);
  if ((rights & 0o022) !== 0) throw new KeyringProblem('exposed', path, 'can be written by others');
  return { ...ring, readableByOthers: rights !== 0 };
}

/** Makes a key file with its first key unless there is one, and opens it. Throws KeyringProblem: what opening does, unwritable. */
export function createKeyring(path: string): { readonly keyring: OpenedKeyring; readonly created: boolean } {
  const created = !existsSync(path) && writeKeys(path, { current: 1, keys: new Map([[1, randomBytes(KEY_LENGTH)]]), next: null }, null);
  return { keyring: openKeyring(path), created };
}

/**
 * Adds a key that signs once the ledger knows it, and answers the keys as they are then; a rotation that was broken off is taken up again, and
 * what it was to revoke stays revoked. Whoever revokes gets a key that was in no file before: the file may be what leaked. Throws KeyringProblem: what opening does, unwritable, exhausted.
 */
export function prepareRotation(
  path: string,
  { revokeOld }: { readonly revokeOld: boolean },
): { readonly next: Keyring; readonly revokesOld: boolean } {
  const old = readKeys(path);
  const number = revokeOld || old.next === null ? Math.max(...old.keys.keys()) + 1 : old.next.number;
  if (number > GREATEST_NUMBER) throw new KeyringProblem('exhausted', path, `holds key ${GREATEST_NUMBER}, which is the last`);
  const next = { number, revokes: revokeOld || old.next?.revokes === true };
  const keys: Keys = { ...old, keys: new Map([[number, randomBytes(KEY_LENGTH)], ...old.keys]), next };
  replaceKeys(path, keys);
  return { next: makeRing(rotated(keys, next)), revokesOld: next.revokes };
}

/**
 * Lets the prepared key sign. Former keys go on verifying links that are out, unless they are revoked: then those links are refused, and the
 * guests need new ones. Throws KeyringProblem: what opening does, unwritable.
 */
export function finishRotation(path: string): OpenedKeyring {
  const keys = readKeys(path);
  if (keys.next !== null) replaceKeys(path, rotated(keys, keys.next));
  return openKeyring(path);
}

function rotated({ keys }: Keys, { number, revokes }: NonNullable<Keys['next']>): Keys {
  return { current: number, keys: new Map([...keys].filter(([one]) => one === number || !revokes)), next: null };
}

/** The keys stay in closures: printing the ring shows none of them. */
function makeRing(all: Keys): Keyring {
  const { current, keys, next } = all;
  const own = keys.get(current);
  if (own === undefined) throw new TypeError('a keyring without its current key');
  const fingerprint = createHash('sha256').update(Uint8Array.of(current)).update(own).digest('hex').slice(0, 16);
  return {
    current,
    fingerprint,
    mac: (number, bytes) => {
      const key = keys.get(number);
      return key === undefined ? null : new Uint8Array(createHmac('sha256', key).update(bytes).digest());
    },
    ...(next === null ? {} : { next: makeRing(rotated(all, next)) }),
  };
}

function readKeys(path: string): Keys {
  const text = readText(path);
  const damaged = (detail: string): KeyringProblem => new KeyringProblem('damaged', path, detail);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's own words quote the text, which is the key.
    throw damaged(text.trim() === '' ? 'is empty' : 'is no JSON');
  }
  const parsed = keyFile.safeParse(json);
  if (!parsed.success) throw damaged(`needs "current" from 1 to ${GREATEST_NUMBER} and "keys" by number`);
  const keys = new Map<number, Buffer>();
  for (const [name, spelt] of Object.entries(parsed.data.keys)) {
    const number = Number(name);
    const key = Buffer.from(spelt, 'base64');
    if (number > GREATEST_NUMBER) throw damaged(`key ${name} is beyond ${GREATEST_NUMBER}`);
    if (key.length !== KEY_LENGTH || key.toString('base64') !== spelt) throw damaged(`key ${name} is not ${KEY_LENGTH} bytes in base64`);
    keys.set(number, key);
  }
  const { current, next, revokes } = parsed.data;
  if (!keys.has(current)) throw damaged(`key ${current}, the current one, is not among "keys"`);
  if (next === undefined) return { current, keys, next: null };
  if (next === current || !keys.has(next)) throw damaged(`key ${next}, the next one, is not among the other "keys"`);
  return { current, keys, next: { number: next, revokes: revokes === true } };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') throw new KeyringProblem('missing', path, 'there is no such file; `install` makes it');
    throw new KeyringProblem('unreadable', path, `can't be read (${code})`);
  }
}

/** Behind a link there may be a mounted secret: what is replaced is the file, not the link. */
function replaceKeys(path: string, keys: Keys): void {
  const file = realpathSync(path);
  writeKeys(file, keys, statSync(file));
}

/**
 * A new file beside, flushed, then put in place at once: after a crash there is the old file or the new one. Without a file to replace, one that
 * somebody else has made meanwhile stays, and the answer is false.
 */
function writeKeys(path: string, { current, keys, next }: Keys, replaced: Stats | null): boolean {
  const fresh = `${path}.${randomBytes(6).toString('hex')}.new`;
  const spelt = Object.fromEntries([...keys].map(([number, key]) => [number, key.toString('base64')]));
  const underWay = next === null ? {} : { next: next.number, revokes: next.revokes };
  const text = `${JSON.stringify({ current, keys: spelt, ...underWay }, null, 2)}\n`;
  try {
    const file = openSync(fresh, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, ONLY_OWNER);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (replaced === null && !putNew(fresh, path)) return false;
    if (replaced !== null) putOver(fresh, path, replaced);
    flushFolder(path);
    return true;
  } catch (error) {
    throw new KeyringProblem('unwritable', path, `can't be written (${codeOf(error)})`);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** A link fails where a rename would overwrite; file systems without links have to do with the look before. */
function putNew(fresh: string, path: string): boolean {
  try {
    linkSync(fresh, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error))) throw error;
    renameSync(fresh, path);
  }
  return true;
}

/** Rotated by an administrator, the file must go on belonging to the user who runs the program. */
function putOver(fresh: string, path: string, replaced: Stats): void {
  if (process.platform !== 'win32') {
    const { uid, gid } = statSync(fresh);
    if (uid !== replaced.uid || gid !== replaced.gid) chownSync(fresh, replaced.uid, replaced.gid);
    chmodSync(fresh, replaced.mode & 0o777);
  }
  renameSync(fresh, path);
}

/** On POSIX a rename is durable only with its folder; Windows has no such call. */
function flushFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), constants.O_RDONLY);
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Bits of the group and of others; 0 on Windows, where they say nothing. */
function othersRights(path: string): number {
  return process.platform === 'win32' ? 0 : rightsBeside(statSync(path), accountOf(process)) & 0o077;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
