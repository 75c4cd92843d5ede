import type { BotId, CustomerId, RunId, WallTime } from '../core/glossary.ts';
import type { Connection, ResultSets } from './connection.ts';
import type { Parameters } from './values.ts';

/** What every call is given. */
export interface Session {
  readonly connection: Connection;
  /** Rows of one planning transaction. */
  readonly chunkRows: number;
}

/** A session that may hold a run. */
export interface RunSession extends Session {
  run: HeldRun | null;
}

/** The run under the bot's lock. The lock itself is the connection's, and dies with it. */
export interface HeldRun {
  readonly botId: BotId;
  readonly runId: RunId;
  readonly runNo: number;
  /** The server's wall clock when the run was opened. */
  readonly openedAt: WallTime;
  /** The customer whom the claims' rotation has come to; null before the first. */
  claimedTo: CustomerId | null;
}

/** How a writing procedure is told whose lock it must find. */
export function holderParameters({ botId, runNo }: HeldRun): Parameters {
  return { bot_id: botId, run_no: runNo };
}

/** Calls a writing procedure as the run that holds the lock. Without a run there is nothing to ask: the lock is lost. */
export async function askHolder(
  { connection, run }: RunSession,
  procedure: string,
  parameters: Parameters,
): Promise<ResultSets | 'lock_lost'> {
  return run === null ? 'lock_lost' : connection.callProcedure(procedure, { ...holderParameters(run), ...parameters });
}

/** For procedures whose whole answer is `saved` or `lock_lost`. */
export async function saveAsHolder(session: RunSession, procedure: string, parameters: Parameters): Promise<'saved' | 'lock_lost'> {
  const sets = await askHolder(session, procedure, parameters);
  return sets !== 'lock_lost' && sets[0]?.[0]?.['answer'] === 'saved' ? 'saved' : 'lock_lost';
}
