import { closeSync, openSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isBusy, withFaults } from './fault.ts';

/** The bot's lock, held until it is released or the process dies, whichever way it dies. */
export interface BotLock {
  /** False when somebody has removed or replaced the lock's file: then another run may hold a lock of its own. */
  isHeld(): boolean;
  release(): void;
}

/** Beside the database, one per bot. It stays when nobody holds it: removing it would let two runs hold two files of one name. */
export function lockFileOf(file: string, botId: string): string {
  if (!/^\w+$/u.test(botId)) throw new RangeError('a bot id is letters and digits');
  return `${file}.lock-${botId}`;
}

/**
 * Takes the lock, or answers null when another connection of any process has it; never waits. The operating system frees it with its holder,
 * so a free lock proves the holder dead.
 *
 * BEGIN IMMEDIATE, not EXCLUSIVE: both let in exactly one, but EXCLUSIVE is also refused by the passing read lock of another that is just
 * being turned away, and then both leave and a wake-up waits for the schedule. The journal in memory leaves no file that a killed holder's
 * heirs would have to roll back first.
 */
export function takeLock(file: string, botId: string): BotLock | null {
  const path = lockFileOf(file, botId);
  return withFaults(() => {
    makePrivate(path);
    const database = new DatabaseSync(path, { timeout: 0 });
    try {
      database.exec('pragma journal_mode = memory; begin immediate');
    } catch (error) {
      database.close();
      if (isBusy(error)) return null;
      throw error;
    }
    const taken = identify(path);
    return {
      isHeld: () => database.isOpen && identify(path) === taken,
      release: () => {
        if (database.isOpen) database.close();
      },
    };
  });
}

/** SQLite itself makes files for all to read. One that is there is left alone: closing it would drop the lock (POSIX). */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch {
    // It is there, or can't be made: then SQLite says so in its own words.
  }
}

/** Which file the name leads to; null when it leads nowhere. Only `stat`: opening and closing the file would drop the lock (POSIX). */
function identify(path: string): string | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.dev}:${stat.ino}`;
}
