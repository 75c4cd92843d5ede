import { composeNotice } from '../core/notice.ts';
import type { Outcome } from '../core/outcome.ts';
import { retryDelayMs } from '../core/retry.ts';
import type { TaskSettings } from '../core/settings.ts';
import { isSilent } from '../core/silence.ts';
import { wallToMs } from '../core/wall-time.ts';
import type { ClaimedNotice, FinishedNotice } from '../ports.ts';
import type { RunApp } from './context.ts';

/** The database's clocks when the notice was claimed. */
export interface ClaimTime {
  readonly now: number;
  readonly wallNow: string;
}

/**
 * One claimed notice's way to its guest: composed from the record read at claiming, sent once, its outcome a value. Operations that didn't fit
 * the message are released and come with the next one.
 */
export async function send(
  app: Pick<RunApp, 'channel' | 'clock' | 'journal'>,
  claimed: { readonly notice: ClaimedNotice; readonly settings: TaskSettings; readonly at: ClaimTime },
  mayBegin: () => boolean,
): Promise<FinishedNotice> {
  const { notice, settings, at } = claimed;
  const composed = composeNotice({
    operations: notice.operations,
    customer: notice.customer,
    restaurant: settings.restaurant.name,
    language: notice.language ?? settings.guests.language,
    settings: settings.notice,
    repeat: notice.repeat,
    reference: at.wallNow,
  });
  if (composed.fallback !== null) app.journal.warn('notice_fallback', { task: settings.id, why: composed.fallback, operation: notice.operations[0]?.id });
  const newest = notice.operations.at(composed.used - 1)?.date ?? at.wallNow;
  const silent = isSilent({ instant: at.now, zone: settings.zone, hours: settings.telegram.silentHours, operationAgeMs: wallToMs(at.wallNow) - wallToMs(newest) });
  const outcome = mayBegin() ? await app.channel.send({ chatId: notice.chatId, html: composed.html, silent }, mayBegin) : NOT_BEGUN;
  return {
    attemptNo: notice.attemptNo,
    outcome,
    released: notice.operations.slice(composed.used).map((operation) => operation.row),
    suspendChat: outcome.outcome === 'refused' && outcome.whose === 'guest',
    notBefore: notBeforeOf(outcome, { tries: notice.tries, now: app.clock.now() }),
    length: composed.visibleLength,
  };
}

const NOT_BEGUN: Outcome = { outcome: 'retry', code: 'not_begun', notBefore: null, detail: '' };

/** When a row that was surely not sent may be claimed again; what never began is due at once. */
function notBeforeOf(outcome: Outcome, tried: { readonly tries: number; readonly now: number }): number | null {
  if (outcome.outcome !== 'retry' || outcome.code === 'not_begun' || outcome.code === 'unusable') return null;
  return outcome.notBefore ?? tried.now + retryDelayMs(tried.tries);
}
