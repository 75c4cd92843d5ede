import type { Instant } from '../core/glossary.ts';
import { firstRow } from './rows.ts';
import type { RunSession } from './session.ts';

interface Words {
  readonly wakeNo: number;
  readonly eventAt: Instant | null;
}

/** A run's own words never count as an event, so that it doesn't linger for itself. */
export async function readWords({ connection, run }: RunSession): Promise<Words> {
  const sets = await connection.callProcedure('read_words', { bot_id: run?.botId ?? '0' });
  return firstRow<Words>(sets) ?? { wakeNo: 0, eventAt: null };
}
