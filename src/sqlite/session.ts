import type { BotId, CustomerId, RunId, WallTime } from '../core/glossary.ts';
import type { Connection } from './connection.ts';
import type { BotLock } from './lock.ts';
import type { ReadServerClock, ServerTime } from './server-clock.ts';
import type { FindStatements } from './statements.ts';

/** What every call is given: the connection, its statements, the database's clocks. */
export interface Session {
  readonly connection: Connection;
  readonly find: FindStatements;
  readonly readClock: ReadServerClock;
  /** Rows of one planning transaction. */
  readonly chunkRows: number;
}

/** A session that may hold a run. */
export interface RunSession extends Session {
  run: HeldRun | null;
}

/** The run under the bot's lock. */
export interface HeldRun {
  readonly botId: BotId;
  readonly runId: RunId;
  readonly runNo: number;
  /** The server's wall clock when the run was opened. */
  readonly openedAt: WallTime;
  readonly lock: BotLock;
  /** The customer whom the claims' rotation has come to. */
  claimedTo: CustomerId;
}

/**
 * One writing transaction of the run. Before the work, and inside the transaction, it proves that the lock is held and that the run's row is
 * open: nobody else can have become the holder before the commit. Otherwise nothing is written.
 */
export function asHolder<T>(session: RunSession, work: (run: HeldRun, time: ServerTime) => T): T | 'lock_lost' {
  const { run } = session;
  if (run === null) return 'lock_lost';
  return session.connection.transaction(() => {
    const owned = run.lock.isHeld() && session.find('confirm').get('own_run', { runNo: run.runNo, runId: run.runId }) !== undefined;
    return owned ? work(run, session.readClock()) : 'lock_lost';
  });
}
