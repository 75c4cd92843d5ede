import type { BotId, Instant } from '../core/glossary.ts';
import type { RetryRequest } from '../ports/desk.ts';
import { PAUSED_FOR_GOOD } from './open-run.ts';
import type { Session } from './session.ts';

export interface Resolution {
  readonly rows: readonly number[] | 'all';
  readonly verdict: 'delivered' | 'refused' | 'again';
  readonly reason: string;
}

/** State and reason code of what a person resolved. */
const RESOLVED = { delivered: ['delivered', null], refused: ['refused', 'by_hand'], again: ['planned', null] } as const;

/** What was written before stays readable: a row may come into doubt twice. */
export function resolve(session: Session, botId: BotId, { rows, verdict, reason }: Resolution): number {
  const [state, code] = RESOLVED[verdict];
  const wanted = rows === 'all' ? null : JSON.stringify(rows);
  return session.connection.transaction(() =>
    session
      .find('desk_change')
      .run('resolve', { bot: botId, rows: wanted, state, code, resolved: `${verdict}: ${reason}`, now: session.readClock().now }),
  );
}

export function resolveInvitations(
  session: Session,
  botId: BotId,
  {
    rows,
    verdict,
    reason,
  }: { readonly rows: readonly number[] | 'all'; readonly verdict: 'delivered' | 'refused'; readonly reason: string },
): number {
  const wish = { rows: rows === 'all' ? null : JSON.stringify(rows), state: verdict === 'delivered' ? 'accepted' : 'refused' };
  return session.connection.transaction(() =>
    session
      .find('desk_invitations')
      .run('resolve', { bot: botId, ...wish, resolved: `${verdict}: ${reason}`, now: session.readClock().now }),
  );
}

/** Answers how many it found refused; which codes may be told anew is for the caller to say. */
export function retry(session: Session, { botId, rows, codes, reason }: RetryRequest): number {
  const wanted = rows === 'all' ? null : JSON.stringify(rows);
  const told = { rows: wanted, codes: JSON.stringify(codes), resolved: `retry: ${reason}`, now: session.readClock().now };
  return session.connection.transaction(() => session.find('desk_change').run('retry', { bot: botId, ...told }));
}

/** A bot that no run has bound has no row: it will start out paused, and so will every other one. */
export function pause(session: Session, botId: BotId, until: Instant | null): void {
  session.connection.transaction(() => {
    const statements = session.find('desk_change');
    if (statements.run('pause', { bot: botId, until: until ?? PAUSED_FOR_GOOD }) === 0) statements.run('pause_new_bots', { paused: 1 });
  });
}

/** Bots that are bound later stay paused where `install --paused` said so, unless this is one of them. */
export function resume(session: Session, botId: BotId): void {
  session.connection.transaction(() => {
    const statements = session.find('desk_change');
    if (statements.run('pause', { bot: botId, until: null }) === 0) statements.run('pause_new_bots', { paused: 0 });
  });
}

export function saveKey(session: Session, fingerprint: string): void {
  session.connection.transaction(() => session.find('desk_change').run('save_key', { fingerprint }));
}
