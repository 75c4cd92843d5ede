import type { BotId, CustomerId, RunId, WallTime } from '../core/glossary.ts';
import type { Connection } from './connection.ts';
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
