import type { BotId, Instant } from '../core/glossary.ts';
import type { RetryRequest } from '../ports/desk.ts';
import { PAUSED_FOR_GOOD } from './pause.ts';
import { firstRow } from './rows.ts';
import type { Session } from './session.ts';
import { at, numberList, textList } from './values.ts';

export interface Resolution {
  readonly rows: readonly number[] | 'all';
  readonly verdict: 'delivered' | 'refused' | 'again';
  readonly reason: string;
}

/** State and reason code of what a person resolved. */
const RESOLVED = { delivered: ['delivered', null], refused: ['refused', 'by_hand'], again: ['planned', null] } as const;
const LONGEST_REASON = 400;

export async function resolve({ connection }: Session, botId: BotId, { rows, verdict, reason }: Resolution): Promise<number> {
  const [state, code] = RESOLVED[verdict];
  const sets = await connection.callProcedure('tgn_admin.resolve', {
    bot_id: botId,
    rows: numberList(rows === 'all' ? [] : rows),
    all: rows === 'all',
    state,
    code,
    resolved: `${verdict}: ${reason}`.slice(0, LONGEST_REASON),
  });
  return firstRow<{ readonly n: number }>(sets)?.n ?? 0;
}

export async function resolveInvitations(
  { connection }: Session,
  botId: BotId,
  {
    rows,
    verdict,
    reason,
  }: { readonly rows: readonly number[] | 'all'; readonly verdict: 'delivered' | 'refused'; readonly reason: string },
): Promise<number> {
  const sets = await connection.callProcedure('tgn_admin.resolve_invitations', {
    bot_id: botId,
    rows: numberList(rows === 'all' ? [] : rows),
    all: rows === 'all',
    state: verdict === 'delivered' ? 'accepted' : 'refused',
    resolved: `${verdict}: ${reason}`.slice(0, LONGEST_REASON),
  });
  return firstRow<{ readonly n: number }>(sets)?.n ?? 0;
}

/** Answers how many it found refused; which codes may be told anew is for the caller to say. */
export async function retry({ connection }: Session, { botId, rows, codes, reason }: RetryRequest): Promise<number> {
  const sets = await connection.callProcedure('tgn_admin.retry', {
    bot_id: botId,
    rows: numberList(rows === 'all' ? [] : rows),
    all: rows === 'all',
    codes: textList(codes),
    resolved: `retry: ${reason}`.slice(0, LONGEST_REASON),
  });
  return firstRow<{ readonly n: number }>(sets)?.n ?? 0;
}

/** Null = until `resume`. */
export async function pause({ connection }: Session, botId: BotId, until: Instant | null): Promise<void> {
  await connection.callProcedure('tgn_admin.set_pause', { bot_id: botId, until: at(until ?? PAUSED_FOR_GOOD) });
}

export async function resume({ connection }: Session, botId: BotId): Promise<void> {
  await connection.callProcedure('tgn_admin.set_pause', { bot_id: botId, until: at(null) });
}

export async function saveKey({ connection }: Session, fingerprint: string): Promise<void> {
  await connection.callProcedure('tgn_admin.save_key', { key_fingerprint: fingerprint });
}
